import { foreign } from './foreign-text.ts';
import { html } from './html.ts';
import type { PageParts } from './layout.ts';
import { clientName, form } from './parts.ts';
import { texts } from './texts.ts';
import type { SignInRedirectView } from './views.ts';

export function signInRedirectPage(view: SignInRedirectView): PageParts {
  const { heading, body } = texts.signInRedirect[view.driver === 'oidc' ? 'organisation' : 'cms'];
  const address = html`<strong>${foreign(view.cms.address)}</strong>`;
  return {
    title: texts.signInRedirect.title,
    heading,
    isSandbox: view.cms.isSandbox,
    body: html`<p class="lead">${view.client === undefined ? texts.signIn.forGrants(address) : texts.signIn.forClient(html`<strong>${clientName(view.client)}</strong>`, address)}</p>
<p>${body(foreign(view.host))}</p>
${form(view.form, html`<div class="actions one"><button class="primary" type="submit">${texts.labels.continue}</button></div>`)}
${view.client !== undefined && html`<p class="hint">${texts.signIn.nextStep}</p>`}`,
  };
}
