import { escapeHtml } from './http.ts';
import type { SandboxState } from './model.ts';
import { pageShell } from './page-shell.ts';

/** What a person sees at the site root: what this is, who may sign in, where the published sites are. */
export function indexPage(state: SandboxState, siteRoot: string): string {
  // On a narrow screen a row becomes a block, and each cell says what it holds.
  const cell = (label: string, text: string) => `<td data-label="${label}">${escapeHtml(text)}</td>`;
  const code = (label: string, text: string) => `<td data-label="${label}"><code>${escapeHtml(text)}</code></td>`;
  const users = state.users.map(
    (user) =>
      `<tr>${cell('Name', user.name)}${code('User name', user.userId)}${code('Password', user.password)}${cell('Groups', groupNames(state, user.id))}</tr>`,
  );
  const identities = state.oauthIdentities.map((identity) => {
    const user = state.users.find((candidate) => candidate.id === identity.userId);
    return `<tr>${cell('Name', identity.name)}${code('Client id', identity.clientId)}${code('Client secret', identity.clientSecret)}${cell('Runs as', user?.name ?? '')}</tr>`;
  });
  const targets = state.publishingTargets.map(
    (target) =>
      `<li><a href="${escapeHtml(`${siteRoot}/live/${target.slug}/`)}">${escapeHtml(target.name)}</a> <code>${escapeHtml(target.id)}</code></li>`,
  );
  const pages = Object.values(state.pages).length;
  return pageShell(
    'CMS sandbox',
    `<header><strong>CMS sandbox</strong></header>
<main>
<p class="eyebrow">A simulated Ingeniux CMS for trying things out; not the product, and nothing in it is real.</p>
<h1>${escapeHtml(state.siteName)}</h1>
<p>${pages} pages and ${Object.keys(state.assets).length} assets. The API is at <code>${escapeHtml(siteRoot)}/api/v1</code>,
sign-in at <code>${escapeHtml(siteRoot)}/oauth/auth</code> and <code>${escapeHtml(siteRoot)}/oauth/token</code>.</p>
<h2>Published sites</h2>
<ul>${targets.join('')}</ul>
<h2>Users</h2>
<table><thead><tr><th>Name</th><th>User name</th><th>Password</th><th>Groups</th></tr></thead><tbody>${users.join('')}</tbody></table>
<h2>OAuth identities</h2>
<table><thead><tr><th>Name</th><th>Client id</th><th>Client secret</th><th>Runs as</th></tr></thead><tbody>${identities.join('')}</tbody></table>
</main>
<footer>The list of operations: <a href="${escapeHtml(siteRoot)}/swagger/v1/swagger.json">swagger.json</a></footer>`,
  );
}

function groupNames(state: SandboxState, userId: string): string {
  return state.groups
    .filter((group) => group.userIds.includes(userId))
    .map((group) => group.name)
    .join(', ');
}
