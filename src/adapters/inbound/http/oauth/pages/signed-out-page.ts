import { html } from './html.ts';
import type { PageParts } from './layout.ts';
import { texts } from './texts.ts';
import type { SignedOutView } from './views.ts';

export function signedOutPage({ signInPath }: SignedOutView): PageParts {
  return {
    title: texts.signedOut.title,
    heading: texts.signedOut.heading,
    body: html`<p class="lead">${texts.signedOut.body}</p>
${signInPath !== undefined && html`<div class="actions one"><a class="button secondary" href="${signInPath}">${texts.signedOut.again}</a></div>`}`,
  };
}
