import { foreign } from './foreign-text.ts';
import { html } from './html.ts';
import type { PageParts } from './layout.ts';
import { clientName } from './parts.ts';
import { texts } from './texts.ts';
import type { ContinueView } from './views.ts';

export function continuePage(view: ContinueView): PageParts {
  return {
    title: texts.continue.title,
    heading: texts.continue.headings[view.towards],
    leadsTo: view.to,
    body: html`<p class="lead">${bodyOf(view)}</p>
<div class="actions one"><a class="button primary" href="${view.to}">${texts.labels.continue}</a></div>`,
  };
}

function bodyOf({ towards, client, host }: ContinueView) {
  switch (towards) {
    case 'next-step':
      return texts.continue.bodies['next-step']();
    case 'client':
      return texts.continue.bodies.client(client && clientName(client));
    case 'sign-in':
      return texts.continue.bodies['sign-in'](host === undefined ? undefined : foreign(host));
  }
}
