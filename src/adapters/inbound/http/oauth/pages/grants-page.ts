import { foreign } from './foreign-text.ts';
import { type Html, html } from './html.ts';
import type { PageParts } from './layout.ts';
import { clientName, clientOrigin, clientRedirect, facts, form } from './parts.ts';
import { texts } from './texts.ts';
import type { GrantsView, GrantView, RevokeView } from './views.ts';

/** What a person granted. Revoking leads over a page that asks. */
export function grantsPage(view: GrantsView): PageParts {
  const { grants, person, cms } = view;
  return {
    title: texts.grants.title,
    heading: texts.grants.heading,
    isWide: true,
    isSandbox: cms.isSandbox,
    body: html`${view.revoked !== undefined && html`<p class="notice done" role="status">${texts.grants.revoked(view.revoked)}</p>`}
<p class="lead">${texts.grants.intro(foreign(person.displayName), foreign(cms.address))}</p>
${grants.length === 0 && html`<p class="empty">${texts.grants.none}</p>`}
<ul class="grants">${grants.map((grant) => grantEntry(grant, view.revokePath))}</ul>
<div class="foot">
${grants.length > 1 && html`<a class="button danger" href="${view.revokePath}">${texts.labels.revokeAll}</a>`}
${form(view.signOut, html`<button class="secondary" type="submit">${texts.labels.signOut}</button>`)}
</div>`,
  };
}

function grantEntry(grant: GrantView, revokePath: string): Html {
  return html`<li class="grant"><h2>${clientName(grant.client)}</h2>
${facts([
  [texts.labels.vouched, clientOrigin(grant.client)],
  [texts.labels.redirect, clientRedirect(grant.client)],
  [texts.labels.permissions, grant.scopes.map((scope) => texts.scopes[scope].title).join(', ')],
  [texts.labels.toolsets, toolsetsOf(grant)],
  [texts.labels.since, moment(grant.createdAtMs)],
  [texts.labels.lastUsed, grant.lastUsedAtMs === undefined ? texts.labels.never : moment(grant.lastUsedAtMs)],
])}
<a class="button danger" href="${revokePath}?grant=${encodeURIComponent(grant.id)}">${texts.grants.revokeOne(clientName(grant.client))}</a></li>`;
}

function toolsetsOf({ toolsets, isReadOnly }: GrantView): string {
  const names = toolsets.map((word) => texts.toolsets[word]?.title ?? word).join(', ');
  return isReadOnly ? `${names} (${texts.labels.readOnly})` : names;
}

/** To the minute and in UTC: the server does not know where the reader is. */
function moment(atMs: number): Html {
  const iso = new Date(atMs).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

/** Asks before it is done; Cancel comes first, as the Enter key presses the first button. */
export function revokePage(view: RevokeView): PageParts {
  const [first] = view.grants;
  const heading =
    view.isAll || first === undefined
      ? texts.revoke.all(view.grants.length)
      : texts.revoke.one(clientName(first.client));
  return {
    title: texts.revoke.title,
    heading,
    body: html`${view.isAll && html`<ul class="names">${view.grants.map(({ client }) => html`<li>${clientName(client)}</li>`)}</ul>`}
<p class="lead">${texts.revoke.body}</p>
${form(
  view.form,
  html`<div class="actions"><a class="button secondary" href="${view.backPath}">${texts.labels.cancel}</a>
<button class="danger" type="submit">${view.isAll ? texts.labels.revokeAll : texts.labels.revoke}</button></div>`,
)}`,
  };
}
