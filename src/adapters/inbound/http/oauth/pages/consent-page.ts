import type { Scope } from '../../../../../domain/model/principal.ts';
import { consentFields } from './consent-form.ts';
import { foreign } from './foreign-text.ts';
import { type Html, html } from './html.ts';
import type { PageParts } from './layout.ts';
import {
  clientName,
  clientOrigin,
  clientRedirect,
  clientTitle,
  clientWarnings,
  facts,
  form,
  problem,
} from './parts.ts';
import { texts } from './texts.ts';
import type { ConsentView } from './views.ts';

/**
 * The decision. Deny comes first in the document: the Enter key in a form presses its first button, so no key pressed by
 * habit allows anything. Both buttons are of one size and one reach.
 */
export function consentPage(view: ConsentView): PageParts {
  const { client, cms, person } = view;
  const grants = html`<a href="${view.grantsUrl}" target="_blank" rel="noopener">${texts.consent.grantsLink}</a>`;
  return {
    title: texts.consent.title(clientTitle(client)),
    heading: texts.consent.question(clientName(client)),
    isSandbox: cms.isSandbox,
    body: html`${view.isMissingToolsets === true && problem(texts.consent.toolsetsMissing)}
${clientWarnings(client)}
${facts([
  [texts.labels.vouched, clientOrigin(client)],
  [texts.labels.redirect, clientRedirect(client)],
  [texts.labels.cms, foreign(cms.address)],
  [texts.labels.person, foreign(person.displayName)],
])}
${form(
  view.form,
  html`<h2>${texts.consent.scopesHeading}</h2>
<ul class="scopes">${view.scopes.map(scopeEntry)}</ul>
<p>${view.isSharedAccount === true ? texts.consent.asShared : texts.consent.asYou}</p>
<h2>${texts.consent.limitsHeading}</h2>
${view.scopes.some((scope) => scope !== 'cms:read' && scope !== 'cms:admin') && readOnlySwitch(view.isReadOnly)}
${toolsetChoice(view)}
<div class="actions">
<button class="secondary" type="submit" name="${consentFields.decision}" value="deny">${texts.labels.deny}</button>
<button class="primary armed" type="submit" name="${consentFields.decision}" value="allow">${texts.labels.allow}</button>
</div>
<p class="hint">${texts.consent.remembered(grants)}</p>`,
)}`,
  };
}

function scopeEntry(scope: Scope): Html {
  const { title, does, doesNot } = texts.scopes[scope];
  return html`<li><strong>${title}</strong><span>${does}</span><span class="not">${doesNot}</span></li>`;
}

function readOnlySwitch(isOn: boolean): Html {
  return html`<label class="choice"><input type="checkbox" name="${consentFields.readOnly}" value="on"${checked(isOn)}><span><strong>${texts.consent.readOnly}</strong><span>${texts.consent.readOnlyHint}</span></span></label>`;
}

function toolsetChoice({ toolsets, isMissingToolsets }: ConsentView): Html {
  const open = isMissingToolsets === true ? html` open` : html``;
  const selected = toolsets.filter(({ isSelected }) => isSelected);
  const picked = selected.map(({ word }) => texts.toolsets[word]?.title ?? word).join(', ');
  const boxes = toolsets.map(({ word, isSelected }) => {
    const { title, does } = texts.toolsets[word] ?? { title: word, does: '' };
    return html`<label class="choice"><input type="checkbox" name="${consentFields.toolset}" value="${word}"${checked(isSelected)}><span><strong>${title}</strong><span>${does}</span></span></label>`;
  });
  return html`<details${open}><summary><span><strong>${texts.consent.toolsetsSummary}</strong>${picked !== '' && html`<span>${texts.consent.toolsetsDefault(picked)}</span>`}</span></summary>
<fieldset><legend class="unseen">${texts.consent.toolsetsSummary}</legend><p class="hint">${texts.consent.toolsetsHint}</p><div class="choices">${boxes}</div></fieldset></details>`;
}

function checked(isOn: boolean): Html {
  return isOn ? html` checked` : html``;
}
