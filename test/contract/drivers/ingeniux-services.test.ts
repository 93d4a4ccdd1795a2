import { describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import type { ServiceKnobs } from '../../../sandbox/services/service-knobs.ts';
import { planDraft } from '../../../src/domain/policy/plan-draft.ts';
import { cmsDraftsSuite } from '../suites/cms-drafts.ts';
import { cmsEditingSuite } from '../suites/cms-editing.ts';
import { cmsPagesSuite } from '../suites/cms-pages.ts';
import { type IngeniuxStage, openIngeniuxStage } from './ingeniux-stage.ts';

const openWith = (services: Partial<ServiceKnobs>) => openIngeniuxStage({ services }, { services: true });

/** Runs `act` on a stage of its own. */
async function on(
  services: Partial<ServiceKnobs> | undefined,
  act: (stage: IngeniuxStage) => Promise<void>,
): Promise<void> {
  const stage = await openIngeniuxStage(services === undefined ? {} : { services }, { services: true });
  try {
    await act(stage);
  } finally {
    await stage.close();
  }
}

describe('the services driver', () => {
  cmsDraftsSuite(() => openWith({}));
  cmsPagesSuite(() => openWith({}));
  cmsEditingSuite(() => openWith({}));
});

describe('the services driver on a CMS that saves whole trees only, and empties what a tree leaves out', () => {
  cmsDraftsSuite(() => openWith({ savePartial: false, saveMode: 'replace' }));
});

describe('the services driver on a CMS that serves the layer below /api, reads by POST, and words refusals otherwise', () => {
  cmsDraftsSuite(() =>
    openWith({
      urlForm: 'api',
      verbReads: 'post',
      envelopeVersion: 9,
      savePartial: false,
      failure: { httpStatus: 500, code: -1, error: 'object' },
    }),
  );
});

describe('the services driver on a CMS without envelopes', () => {
  cmsDraftsSuite(() => openWith({ bareMessage: true, verbReads: 'both', encodeNames: false }));
});

describe('the probe', () => {
  const services = {
    editFields: 'services',
    discardPageCheckout: 'services',
    unmark: 'services',
    rollBack: 'services',
  };
  const rest = { editFields: 'find-replace', discardPageCheckout: 'none', unmark: 'workflow', rollBack: 'none' };

  test.each<[string, Partial<ServiceKnobs>]>([
    ['svc by GET', { urlForm: 'svc', verbReads: 'get' }],
    ['svc by POST', { urlForm: 'svc', verbReads: 'post' }],
    ['api by GET', { urlForm: 'api', verbReads: 'get' }],
    ['api by POST', { urlForm: 'api', verbReads: 'post' }],
  ])('finds the layer served as %s', (_title, knobs) =>
    on(knobs, async (stage) => {
      expect(await stage.as().site.abilities()).toMatchObject(services);
    }),
  );

  test('finds nothing where only the REST API is served', () =>
    on(undefined, async (stage) => {
      expect(await stage.as().site.abilities()).toMatchObject(rest);
    }));

  test('asks nothing of the layer when the operator has not switched it on', async () => {
    const stage = await openIngeniuxStage({ services: {} });
    try {
      expect(await stage.as().site.abilities()).toMatchObject(rest);
      expect(stage.sandbox.calls.list().filter(({ path }) => path.includes('.svc'))).toEqual([]);
      await expect(stage.as().drafts.discard(pagesById.deadlinesPage)).rejects.toMatchObject({
        code: 'CAPABILITY_MISSING',
        message: expect.stringContaining('CMS_SERVICES=on'),
      });
    } finally {
      await stage.close();
    }
  });

  test('sends no id of a page with a method that writes, and probes once', () =>
    on({}, async (stage) => {
      await Promise.all([stage.as('editor', {}, 'a').site.abilities(), stage.as('editor', {}, 'b').site.abilities()]);
      await stage.as().site.abilities();
      const calls = stage.sandbox.calls.list().filter(({ path }) => path.includes('.svc'));
      const posts = calls.filter(({ method }) => method === 'POST');
      expect(posts.map(({ body }) => body ?? {})).toEqual(posts.map(() => ({})));
      expect(calls.filter(({ path }) => path.endsWith('/Save'))).toHaveLength(1);
    }));

  test.each<[string, Partial<ServiceKnobs>]>([
    ['does not accept the token', { authMiss: '302-html' }],
    ['lets everybody in', { authMiss: 'open' }],
  ])('judges a layer that %s', (_title, knobs) =>
    on(knobs, async (stage) => {
      const isOpen = knobs.authMiss === 'open';
      expect(await stage.as().site.abilities()).toMatchObject(isOpen ? rest : services);
      expect(stage.events.some(({ kind }) => kind === 'background_failure')).toBe(isOpen);
    }),
  );

  test('signs in once, also where the layer takes no token', () =>
    on({ acceptsBearer: false }, async (stage) => {
      expect(await stage.as().site.abilities()).toMatchObject(rest);
      expect(stage.callsOf('OAuth_Token')).toHaveLength(1);
    }));

  test('tells apart what is served of the layer', () =>
    on({ savePartial: false }, async (stage) => {
      const { pages, drafts } = stage.as();
      await pages.checkOut(pagesById.deadlinesPage);
      const fields = (await pages.details(pagesById.deadlinesPage, 0))?.fields ?? [];
      const plan = planDraft(fields, [{ op: 'set', field: 'Summary', value: 'Short' }]);
      if (!plan.ok) throw new Error('not planned');
      await drafts.saveFields(pagesById.deadlinesPage, plan.fields);
      const bodies = stage.callsOf('PageCommandsServices.Save').map(({ body }) => body);
      expect(bodies.at(-1)).toMatchObject({
        pageId: pagesById.deadlinesPage,
        pubTarget: '',
        pageData: { nodeName: 'StandardPage', selectedVersion: 0, attributes: [{ Key: 'Name', Value: 'Deadlines' }] },
      });
    }));

  test('the version of the REST API is read from its own description', () =>
    on(undefined, async (stage) => {
      expect(await stage.as().site.apiVersion()).toBe('10.6.378');
    }));
});
