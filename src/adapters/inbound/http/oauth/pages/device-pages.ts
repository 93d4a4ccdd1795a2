import { foreign } from './foreign-text.ts';
import { html } from './html.ts';
import type { PageParts } from './layout.ts';
import { clientName, clientOrigin, clientWarnings, facts, form, problem, warning } from './parts.ts';
import { texts } from './texts.ts';
import type { DeviceCodeView, DeviceConfirmView, DeviceDoneView } from './views.ts';

const problemId = 'problem';

/** Letters and digits as devices show them; the server ignores case, spaces and dashes. */
export function deviceCodePage(view: DeviceCodeView): PageParts {
  const wrong = view.problem;
  const marks = wrong === undefined ? html`` : html` aria-invalid="true" aria-describedby="${problemId}"`;
  return {
    title: wrong === undefined ? texts.deviceCode.title : `${texts.labels.error}: ${texts.deviceCode.title}`,
    heading: texts.deviceCode.heading,
    body: html`<p class="lead">${texts.deviceCode.body}</p>
${wrong !== undefined && problem(texts.deviceCode.problems[wrong], problemId)}
${form(
  view.form,
  html`<div class="field"><label for="user-code">${texts.deviceCode.label}</label>
<input class="code" id="user-code" name="user_code" type="text" value="${view.userCode ?? ''}" autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck="false" maxlength="64" required autofocus${marks}></div>
<div class="actions one"><button class="primary" type="submit">${texts.labels.continue}</button></div>`,
)}
${warning(texts.deviceCode.caution)}`,
  };
}

export function deviceConfirmPage(view: DeviceConfirmView): PageParts {
  return {
    title: texts.deviceConfirm.title,
    heading: texts.deviceConfirm.heading,
    body: html`<p class="lead">${texts.deviceConfirm.body(html`<strong>${clientName(view.client)}</strong>`)}</p>
<p class="code shown">${view.userCode}</p>
${clientWarnings(view.client)}
${facts([
  [texts.labels.vouched, clientOrigin(view.client)],
  [texts.labels.device, view.address === undefined ? undefined : foreign(view.address)],
])}
${warning(texts.deviceConfirm.caution)}
${form(
  view.form,
  html`<div class="actions"><button class="secondary" type="submit" name="abort" value="yes">${texts.deviceConfirm.no}</button>
<button class="primary armed" type="submit" name="confirm" value="yes">${texts.deviceConfirm.yes}</button></div>`,
)}`,
  };
}

export function deviceDonePage(view: DeviceDoneView): PageParts {
  const { title, body } = texts.deviceDone[view.outcome];
  const client = view.client === undefined ? html`${texts.deviceDone.client}` : clientName(view.client);
  return { title, heading: title, body: html`<p class="lead">${body(client)}</p>` };
}
