import { describe, expect, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import type { ServiceKnobs } from '../../../sandbox/services/service-knobs.ts';
import type { Abilities } from '../../../src/domain/model/site.ts';
import { planDraft } from '../../../src/domain/policy/plan-draft.ts';
import { cmsAnalyticsSuite } from '../suites/cms-analytics.ts';
import { cmsAssetsSuite } from '../suites/cms-assets.ts';
import { cmsDitaSuite } from '../suites/cms-dita.ts';
import { cmsDraftsMissingSuite, cmsDraftsSuite } from '../suites/cms-drafts.ts';
import { cmsEditingSuite } from '../suites/cms-editing.ts';
import { cmsHealthSuite } from '../suites/cms-health.ts';
import { cmsOperationsSuite } from '../suites/cms-operations.ts';
import { cmsPagesSuite } from '../suites/cms-pages.ts';
import { cmsPublishingSuite } from '../suites/cms-publishing.ts';
import { cmsReportsSuite } from '../suites/cms-reports.ts';
import { cmsSchemasSuite } from '../suites/cms-schemas.ts';
import { cmsSearchSuite } from '../suites/cms-search.ts';
import { cmsSiteSuite } from '../suites/cms-site.ts';
import { cmsTaxonomySuite } from '../suites/cms-taxonomy.ts';
import { cmsUsersSuite } from '../suites/cms-users.ts';
import { cmsWorkflowSuite } from '../suites/cms-workflow.ts';
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

const withServices: Abilities = {
  editFields: 'services',
  submitPublish: 'workflow',
  discardPageCheckout: 'services',
  unmark: 'services',
  schedulePublish: 'none',
  cancelPublish: 'none',
  rollBack: 'services',
  createBySchema: 'services',
};

const withRest: Abilities = {
  ...withServices,
  editFields: 'find-replace',
  discardPageCheckout: 'none',
  unmark: 'workflow',
  rollBack: 'find-replace',
  createBySchema: 'none',
};

describe('the services driver', () => {
  const open = () => openWith({});
  cmsDraftsSuite(open);
  cmsPagesSuite(open);
  cmsAssetsSuite(open);
  cmsSchemasSuite(open);
  cmsSearchSuite(open);
  cmsEditingSuite(open);
  cmsPublishingSuite(open);
  cmsWorkflowSuite(open);
  cmsTaxonomySuite(open);
  cmsSiteSuite(open, withServices);
  cmsReportsSuite(open);
  cmsUsersSuite(open);
  cmsHealthSuite(open);
  cmsOperationsSuite(open);
  cmsDitaSuite(open);
  cmsAnalyticsSuite(open);
});

describe('the services driver on a CMS that saves whole trees only, and empties what a tree leaves out', () => {
  cmsDraftsSuite(() => openWith({ without: ['PageCommandsServices.SavePartial'], saveMode: 'replace' }));
});

describe('the services driver on a CMS that serves the layer below /api, reads by POST, and words refusals otherwise', () => {
  cmsDraftsSuite(() =>
    openWith({
      urlForm: 'api',
      verbReads: 'post',
      envelopeVersion: 9,
      without: ['PageCommandsServices.SavePartial'],
      failure: { httpStatus: 500, code: -1, error: 'object' },
    }),
  );
});

describe('the services driver on a CMS without envelopes', () => {
  cmsDraftsSuite(() => openWith({ bareMessage: true, verbReads: 'both', encodeNames: false }));
});

describe('the services driver on a CMS whose GetPageMarks takes its input as the body', () => {
  cmsDraftsSuite(() => openWith({ singleArgument: 'bare', verbReads: 'post' }));
});

describe('the services driver on a CMS that serves the layer below /api with refusals of status 500', () => {
  const open = () =>
    openWith({
      urlForm: 'api',
      verbReads: 'post',
      bareMessage: true,
      failure: { httpStatus: 500, code: -1, error: 'string' },
    });
  cmsPagesSuite(open);
  cmsEditingSuite(open);
  cmsPublishingSuite(open);
  cmsSiteSuite(open, withServices);
});

describe('the services driver on a CMS without the layer', () => {
  cmsDraftsMissingSuite(() => openIngeniuxStage({}, { services: true }));
  cmsSiteSuite(() => openIngeniuxStage({}, { services: true }), withRest);
});

describe('the services driver on a CMS that serves only the reads of the layer', () => {
  cmsDraftsMissingSuite(() => openWith({ without: writes }));
});

const writes = [
  'PageCommandsServices.Save',
  'PageCommandsServices.SavePartial',
  'PageCommandsServices.UndoCheckout',
  'MarkForPublishServices.MarkPages',
  'SiteTreeServices.CreateNewPage',
];

describe('the probe', () => {
  test.each<[string, Partial<ServiceKnobs>]>([
    ['svc by GET', { urlForm: 'svc', verbReads: 'get' }],
    ['svc by POST', { urlForm: 'svc', verbReads: 'post' }],
    ['api by GET', { urlForm: 'api', verbReads: 'get' }],
    ['api by POST', { urlForm: 'api', verbReads: 'post' }],
  ])('finds the layer served as %s', (_title, knobs) =>
    on(knobs, async (stage) => {
      expect(await stage.as().site.abilities()).toEqual(withServices);
    }),
  );

  test('finds nothing where only the REST API is served', () =>
    on(undefined, async (stage) => {
      expect(await stage.as().site.abilities()).toEqual(withRest);
    }));

  test('asks nothing of the layer when the operator has not switched it on', async () => {
    const stage = await openIngeniuxStage({ services: {} });
    try {
      expect(await stage.as().site.abilities()).toEqual(withRest);
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
      expect(await stage.as().site.abilities()).toEqual(isOpen ? withRest : withServices);
      expect(stage.events.some(({ kind }) => kind === 'background_failure')).toBe(isOpen);
    }),
  );

  test('does not use a layer whose refusals look like success', () =>
    on({ failure: { httpStatus: 200, code: 0, error: 'string' } }, async (stage) => {
      expect(await stage.as().site.abilities()).toEqual(withRest);
      expect(stage.events).toContainEqual(expect.objectContaining({ kind: 'background_failure' }));
    }));

  test.each<[string, Partial<Abilities>]>([
    ['PageCommandsServices.Save', { editFields: 'find-replace', rollBack: 'find-replace' }],
    ['PageCommandsServices.UndoCheckout', { discardPageCheckout: 'none' }],
    ['MarkForPublishServices.MarkPages', { unmark: 'workflow' }],
    ['MarkForPublishServices.GetPageMarks', { unmark: 'workflow' }],
    ['SiteTreeServices.CreateNewPage', { createBySchema: 'none' }],
    // The children of the root page are the second read that proves the layer.
    ['SiteTreeServices.GetPageProperties', withRest],
  ])('finds each method by itself: without %s', (method, lacking) =>
    on({ without: [method] }, async (stage) => {
      expect(await stage.as().site.abilities()).toEqual({ ...withServices, ...lacking });
    }),
  );

  test('finds the layer by the children of the root page where it tells no properties', () =>
    on({ without: ['SiteTreeServices.GetPageProperties'], verbReads: 'post' }, async (stage) => {
      expect(await stage.as().site.abilities()).toEqual(withServices);
    }));

  test('is repeated once the layer answers otherwise than it did', () =>
    on({}, async (stage) => {
      const id = pagesById.checkedOutByEditorPage;
      expect(await stage.as().site.abilities()).toEqual(withServices);
      stage.sandbox.services?.without.push('PageCommandsServices.UndoCheckout');
      await expect(stage.as().drafts.discard(id)).rejects.toMatchObject({ code: 'CMS_UNEXPECTED' });
      expect(await stage.as().site.abilities()).toEqual({ ...withServices, discardPageCheckout: 'none' });
      await expect(stage.as().drafts.discard(id)).rejects.toMatchObject({ code: 'CAPABILITY_MISSING' });
    }));

  test('signs in once, also where the layer takes no token', () =>
    on({ acceptsBearer: false }, async (stage) => {
      expect(await stage.as().site.abilities()).toEqual(withRest);
      expect(stage.callsOf('OAuth_Token')).toHaveLength(1);
    }));

  test('tells apart what is served of the layer', () =>
    on({ without: ['PageCommandsServices.SavePartial'] }, async (stage) => {
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
