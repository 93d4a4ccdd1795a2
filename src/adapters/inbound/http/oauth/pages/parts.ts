import { imitatedAgent } from '../../../../../domain/policy/imitated-agent.ts';
import { redirectTarget } from '../../../../../domain/policy/redirect-target.ts';
import { foreign, plainLine } from './foreign-text.ts';
import { type Html, html } from './html.ts';
import { texts } from './texts.ts';
import type { ClientView, FormView } from './views.ts';

/** A form of ours around its fields and buttons. It goes by POST, so that nothing of it gets into an address. */
export function form(view: FormView, content: Html): Html {
  const hidden = Object.entries(view.hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${view.action}">${hidden}${content}</form>`;
}

/** A term and what holds; rows without a value are left out. */
export function facts(rows: readonly (readonly [term: string, value: Html | string | undefined])[]): Html {
  const shown = rows.flatMap(([term, value]) =>
    value === undefined ? [] : [html`<div><dt>${term}</dt><dd>${value}</dd></div>`],
  );
  return html`<dl class="facts">${shown}</dl>`;
}

/** Something to stop at. The word stands there for those who see no colour. */
export function warning(...contents: readonly (Html | string)[]): Html {
  const paragraphs = contents.map((content) => html`<p>${content}</p>`);
  return html`<div class="notice warning"><strong class="kind">${texts.labels.warning}</strong> ${paragraphs}</div>`;
}

/** What went wrong, before everything else on the page. */
export function problem(content: Html | string, id?: string): Html {
  const named = id === undefined ? html`` : html` id="${id}"`;
  return html`<p class="notice problem" role="alert"${named}><strong class="kind">${texts.labels.error}</strong> ${content}</p>`;
}

export function clientName(client: ClientView): Html {
  return foreign(clientTitle(client));
}

/** The same without markup, for the title of the tab. */
export function clientTitle(client: ClientView): string {
  const name = plainLine(client.name ?? '');
  return name === '' ? texts.namelessClient : name;
}

/** Who vouches for the client. */
export function clientOrigin(client: ClientView): Html | string {
  const host = certainHost(client);
  if (host !== undefined) return texts.origin['metadata-document'](html`<strong><bdi>${host}</bdi></strong>`);
  return client.registration === 'configured' ? texts.origin.configured : texts.origin.dynamic;
}

/** Where the browser goes afterwards, in words; `undefined` where it goes nowhere. */
export function clientRedirect(client: ClientView): Html | string | undefined {
  if (client.redirectUri === undefined) return undefined;
  const target = redirectTarget(client.redirectUri);
  if (target === undefined) return texts.redirect.unknown;
  const text = target.kind === 'app' ? target.scheme : target.host;
  return texts.redirect[target.kind](html`<strong><bdi>${plainLine(text, hostCharactersMax)}</bdi></strong>`);
}

/** What a person should stop at before they let this client in. */
export function clientWarnings(client: ClientView): Html | undefined {
  const target = client.redirectUri === undefined ? undefined : redirectTarget(client.redirectUri);
  const isConfigured = client.registration === 'configured';
  const agent = isConfigured ? undefined : imitatedAgent(client.name ?? '', certainHost(client));
  const found = [
    ...(agent === undefined ? [] : [texts.warnings.imitates(agent)]),
    ...(target?.kind === 'this-machine' ? [texts.warnings.thisMachine] : []),
    ...(target?.kind === 'app' ? [texts.warnings.app] : []),
  ];
  return found.length === 0 ? undefined : warning(...found);
}

/** The longest name that the DNS knows: a host is never cut, because its end is what tells whose it is. */
const hostCharactersMax = 260;

/** The host that vouches for a client: where the document is that its id names. */
function certainHost(client: ClientView): string | undefined {
  return client.registration === 'metadata-document' ? URL.parse(client.id)?.host : undefined;
}
