import { plainLine } from './foreign-text.ts';
import { html } from './html.ts';
import type { PageParts } from './layout.ts';
import { facts } from './parts.ts';
import { texts } from './texts.ts';
import type { ErrorView, PageError } from './views.ts';

/** The HTTP status of each error page. */
export const errorStatuses: Readonly<Record<PageError, number>> = {
  'unknown-client': 400,
  'redirect-mismatch': 400,
  'bad-request': 400,
  expired: 410,
  'foreign-form': 403,
  'sign-in-refused': 403,
  limited: 429,
  'not-found': 404,
  unavailable: 503,
  internal: 500,
};

const detailCharactersMax = 300;

/** What happened, whose fault it is, and what to do next. */
export function errorPage({ error, detail, requestId }: ErrorView): PageParts {
  const { title, what, next } = texts.errors[error];
  return {
    title,
    heading: title,
    body: html`<p class="lead">${what}</p>
<p><strong>${next}</strong></p>
${detail !== undefined && html`<blockquote><bdi>${plainLine(detail, detailCharactersMax)}</bdi></blockquote>`}
${facts([[texts.labels.requestId, html`<code>${requestId}</code>`]])}`,
  };
}
