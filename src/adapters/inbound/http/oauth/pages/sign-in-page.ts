import { foreign } from './foreign-text.ts';
import { type Html, html } from './html.ts';
import type { PageParts } from './layout.ts';
import { clientName, form, problem } from './parts.ts';
import { texts } from './texts.ts';
import type { SignInFieldView, SignInView } from './views.ts';

const problemId = 'problem';

/** What went wrong stands above the fields, and the first field to correct has the focus. */
export function signInPage(view: SignInView): PageParts {
  const { client, cms, driver, fields } = view;
  const wrong = view.problem;
  const wrongField = wrong?.field ?? fields.find(({ kind }) => kind !== 'choice')?.name;
  const message = wrong && texts.signIn.problems[wrong.reason](wrong.retryAfterSeconds);
  const hint = texts.signIn.hints[driver];
  const address = html`<strong>${foreign(cms.address)}</strong>`;
  return {
    title: wrong === undefined ? texts.signIn.title : `${texts.labels.error}: ${texts.signIn.title}`,
    heading: texts.signIn.heading,
    isSandbox: cms.isSandbox,
    body: html`<p class="lead">${client === undefined ? texts.signIn.forGrants(address) : texts.signIn.forClient(html`<strong>${clientName(client)}</strong>`, address)}</p>
${message !== undefined && problem(message, problemId)}
${form(
  view.form,
  html`${fields.map((field) => entry(field, view, wrong !== undefined && field.name === wrongField))}
${hint !== undefined && html`<p class="hint">${hint}</p>`}
<div class="actions one"><button class="primary" type="submit">${texts.labels.signIn}</button></div>`,
)}
${client !== undefined && html`<p class="hint">${texts.signIn.nextStep}</p>`}`,
  };
}

function entry(field: SignInFieldView, view: SignInView, isWrong: boolean): Html {
  const id = `field-${field.name}`;
  const hintId = field.hint === undefined ? undefined : `${id}-hint`;
  const described = [isWrong ? problemId : undefined, hintId].filter((one) => one !== undefined).join(' ');
  const marks = html`${described !== '' && html` aria-describedby="${described}"`}${isWrong && html` aria-invalid="true" autofocus`}`;
  const hint = hintId !== undefined && html`<p class="hint" id="${hintId}">${field.hint}</p>`;
  return html`<div class="field"><label for="${id}">${field.label}</label>${control(field, id, view.values?.[field.name], marks)}${hint}</div>`;
}

function control(field: SignInFieldView, id: string, value: string | undefined, marks: Html): Html {
  if (field.kind === 'choice') {
    const options = (field.options ?? []).map(
      (option) =>
        html`<option value="${option.value}"${option.value === value ? html` selected` : html``}>${option.label}</option>`,
    );
    return html`<select id="${id}" name="${field.name}"${marks}>${options}</select>`;
  }
  // A secret is never sent back to the page.
  const shown = field.kind === 'password' ? '' : (value ?? '');
  return html`<input id="${id}" name="${field.name}" type="${field.kind}" value="${shown}" autocomplete="${field.autocomplete ?? 'off'}" autocapitalize="none" autocorrect="off" spellcheck="false" maxlength="1024" required${marks}>`;
}
