import { escapeHtml } from './http.ts';
import { pageShell } from './page-shell.ts';

export type LoginPageOptions = {
  siteName: string;
  /** Where the form is posted. */
  action: string;
  /** Values the form carries along. */
  hidden: Record<string, string>;
  /** What was wrong with the last attempt. */
  error: string | null;
};

/** The sign-in page of the sandbox CMS. */
export function loginPage({ siteName, action, hidden, error }: LoginPageOptions): string {
  const hiddenInputs = Object.entries(hidden)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
  return pageShell(
    'Sign in',
    `<main class="card">
  <p class="eyebrow">Ingeniux CMS sandbox</p>
  <h1>Sign in to ${escapeHtml(siteName)}</h1>
  ${error === null ? '' : `<p class="error" role="alert">${escapeHtml(error)}</p>`}
  <form method="post" action="${escapeHtml(action)}">
    ${hiddenInputs}
    <label>User name <input name="username" autocomplete="username" required autofocus></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
    <button>Sign in</button>
    <button name="cancel" value="1" formnovalidate>Cancel</button>
  </form>
</main>`,
  );
}
