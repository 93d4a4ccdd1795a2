import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Consumer, startConsumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import type { AnyTask } from '../../../src/application/define-task.ts';
import { jobs } from '../../../src/application/jobs/index.ts';
import { createRunTask } from '../../../src/application/pipeline/run-task.ts';
import { getDitaMap } from '../../../src/application/tasks/dita/get-dita-map.ts';
import { publishDitaMap } from '../../../src/application/tasks/dita/publish-dita-map.ts';
import { getAnalytics } from '../../../src/application/tasks/reports/get-analytics.ts';
import { poll } from '../../support/poll.ts';
import { openScriptedTasks, type ScriptedTasks } from '../../support/scripted-tasks.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';
import type { ScriptedAnswer } from '../../unit/adapters/ingeniux/scripted-cms.ts';

describe('tasks on answers that only a scripted CMS gives', () => {
  let harness: TaskHarness;
  let scripted: ScriptedTasks;
  const answers: Record<string, ScriptedAnswer> = {};
  beforeAll(async () => {
    harness = await openTaskHarness();
    scripted = await openScriptedTasks(harness, answers);
  });
  afterAll(async () => {
    await scripted.close();
    await harness.close();
  });
  beforeEach(() => {
    for (const path of Object.keys(answers)) delete answers[path];
    answers['/publishing/targets'] = { json: { Results: [{ Id: 'T/1', Name: 'Production' }], TotalResults: 1 } };
  });

  const run = async (task: AnyTask, input: unknown) => {
    const call = {
      principal: harness.principal(),
      requestId: 'req_test',
      signal: new AbortController().signal,
    };
    return (await createRunTask(scripted.runtime)(task, input, call)).output;
  };

  describe('get_analytics', () => {
    const period = { target: 'Production', from: '2026-01-01', to: '2026-01-31' };

    it('shows the figures of a site and where visitors came from', async () => {
      answers['/analytics/site-overview'] = {
        json: { NotInitialized: false, ProviderName: 'P', Data: [{ Name: 'Visits', Value: 12, ChartData: [5, 7] }] },
      };
      answers['/dashboard/analytic_medium-data'] = { json: { PiePieces: [{ Label: 'organic', Data: 9 }] } };
      expect(await run(getAnalytics, period)).toMatchObject({
        connected: true,
        provider: 'P',
        figures: [{ name: 'Visits', value: '12', series: [5, 7] }],
        sources: [{ name: 'organic', value: 9 }],
      });
      expect(Object.fromEntries(scripted.cms.to('/api/v1/analytics/site-overview').at(-1)?.query ?? [])).toEqual({
        pubTgtId: 'T/1',
        startDate: '2026-01-01',
        endDate: '2026-01-31',
      });
    });

    it('says when nothing is connected', async () => {
      answers['/analytics/site-overview'] = { json: { NotInitialized: true } };
      const answer = await run(getAnalytics, period);
      expect(answer).toMatchObject({ connected: false, notes: [expect.stringContaining('No analytics service')] });
      expect(answer).not.toHaveProperty('figures');
    });

    it('tells of one page what the CMS knows, and what it does not', async () => {
      answers['/pages/page'] = { json: { Id: 'x42', Name: 'Tuition', Type: 'Page' } };
      answers['/analytics/page-overview'] = { json: { NotInitialized: false, LiveUrl: 'https://www.example.edu/t' } };
      expect(await run(getAnalytics, { ...period, item: 'x42' })).toMatchObject({
        page: { id: 'x42', name: 'Tuition', live_url: 'https://www.example.edu/t' },
        notes: [expect.stringContaining('no figures of a single page')],
      });
    });

    it('refuses periods that are none', async () => {
      for (const wrong of [{ from: '2026-02-01' }, { from: 'January' }, { to: '2026-13-01' }]) {
        await expect(run(getAnalytics, { ...period, ...wrong })).rejects.toMatchObject({ code: 'BAD_INPUT' });
      }
    });
  });

  describe('get_dita_map', () => {
    beforeEach(() => {
      answers['/dita/ditamaps'] = {
        json: {
          Results: [
            { id: 7, name: 'Guide.ditamap', checkedOut: true, path: [{ Name: 'DITA' }], workstate: { state: 'Draft' } },
            { id: 8, name: 'Notes.ditamap', markedTargets: [{ Id: 'T/1', Name: 'Production' }] },
          ],
          TotalResults: 2,
        },
      };
    });

    it('lists maps', async () => {
      const answer = await run(getDitaMap, { query: 'gui' });
      expect(answer).toMatchObject({
        total: 2,
        maps: [
          { id: '7', path: 'DITA', checked_out: true, state: 'Draft', marked_for: [] },
          { id: '8', marked_for: ['Production'] },
        ],
      });
      expect(scripted.cms.to('/api/v1/dita/ditamaps').at(-1)?.query.get('filter')).toBe('gui');
    });

    it('shows a tree as an outline, found by name', async () => {
      answers['/dita/ditamaptree'] = {
        json: {
          Id: '7',
          Name: 'Guide',
          checkedIn: true,
          children: [
            { Id: '9', Name: 'Start', checkedIn: false, children: [{ Id: '10', Name: 'Log in', checkedIn: true }] },
          ],
        },
      };
      const answer = await run(getDitaMap, { map: 'guide.ditamap' });
      expect(answer).toMatchObject({ topics: 2, outline: 'Guide (7)\n  Start (9) !\n    Log in (10)' });
      await expect(run(getDitaMap, { map: 'Nothing' })).rejects.toMatchObject({
        code: 'NOT_FOUND',
        candidates: [{ id: '7' }, { id: '8' }],
      });
    });

    it('shows details, formats and dependents', async () => {
      answers['/dita/ditamap-detail'] = {
        json: {
          id: 7,
          name: 'Guide',
          checkedOutToOthers: 2,
          fields: [
            { label: 'Audience', value: 'Staff' },
            { label: 'X', value: '' },
          ],
        },
      };
      answers['/dita/output-formats'] = {
        json: { OutputFormats: [{ Id: 'pdf', Name: 'PDF', Selected: true }], HasOT: true },
      };
      answers['/dita/ditavals'] = { json: [{ id: 3, name: 'staff.ditaval' }] };
      answers['/assets/asset-dependents-deep'] = {
        json: [{ Id: 'a/9', Name: 'Start', DependencyType: 'topicref', Broken: true, Distance: 1 }],
      };
      expect(await run(getDitaMap, { map: '7', part: 'details' })).toMatchObject({
        fields: [{ label: 'Audience', value: 'Staff' }],
        checked_out_to_others: 2,
      });
      expect(await run(getDitaMap, { part: 'formats' })).toEqual({
        formats: [{ id: 'pdf', name: 'PDF', selected: true }],
        ditavals: [{ id: '3', name: 'staff.ditaval' }],
      });
      expect(await run(getDitaMap, { map: '7', part: 'dependents' })).toMatchObject({
        dependents: [{ id: 'a/9', relation: 'topicref', broken: true }],
      });
    });
  });

  describe('publish_dita_map', () => {
    const log = { Id: 'L/2', PublishingTargetId: 'T/1', PublishingTargetName: 'Production', TotalPagesPublished: 3 };
    let consumer: Consumer;
    const problems: unknown[] = [];
    beforeAll(() => {
      consumer = startConsumer({
        runtime: scripted.runtime,
        jobs,
        jobsMax: 4,
        leaseMs: 10_000,
        onProblem: (problem) => problems.push(problem),
      });
    });
    afterAll(async () => {
      await consumer.close(0);
      expect(problems).toEqual([]);
    });
    beforeEach(() => {
      answers['/dita/ditamaps'] = { json: { Results: [{ id: 7, name: 'Guide', checkedOut: true }], TotalResults: 1 } };
      answers['/dita/ditamap-detail'] = { json: { id: 7, name: 'Guide', checkedOut: true, checkedOutToOthers: 0 } };
      answers['/dita/output-formats'] = {
        json: {
          OutputFormats: [
            { Id: 'pdf', Name: 'PDF', Selected: true },
            { Id: 'web', Name: 'Web' },
          ],
          HasOT: true,
        },
      };
      answers['/dita/ditavals'] = { json: [{ id: 3, name: 'staff.ditaval' }] };
      answers['/notifications/contentfreeze'] = {
        json: { StartTime: null, EndTime: null, AllowMe: true, Message: null },
      };
      answers['/dita/checkin-ditamap'] = { json: true };
      answers['/dita/mark-ditamap'] = { json: true };
      answers['/publishing/log-detail'] = { json: log };
      answers['/publishing/current-tasks'] = { json: { PendingItemsCount: 0, RecentCompletedPublishes: [] } };
    });
    const given = { map: 'Guide', targets: ['Production'], ditavals: ['staff.ditaval'] };

    it('checks in, marks, publishes in the selected formats and tells the result of the log', async () => {
      answers['/dita/publish-ditamap'] = { json: true };
      const running = run(publishDitaMap, given);
      await poll('the publish to be submitted', () => scripted.cms.to('/api/v1/dita/publish-ditamap').length > 0);
      answers['/publishing/current-tasks'] = { json: { PendingItemsCount: 0, RecentCompletedPublishes: [log] } };
      expect(await running).toMatchObject({
        state: 'succeeded',
        summary: '"Guide" published to 1 of 1 targets.',
        targets: [{ id: 'T/1', outcome: 'published', pages: 3 }],
      });
      expect(scripted.cms.to('/api/v1/dita/checkin-ditamap')).toHaveLength(1);
      expect(JSON.parse(scripted.cms.to('/api/v1/dita/mark-ditamap')[0]?.body ?? '')).toMatchObject([{ Id: 'T/1' }]);
      const [sent] = scripted.cms.to('/api/v1/dita/publish-ditamap');
      expect(JSON.parse(sent?.body ?? '')).toEqual({
        mapId: '7',
        pubTgtIds: ['T/1'],
        replicate: false,
        formats: ['pdf'],
        ditavals: ['3'],
      });
    });

    it('plans without changing anything, and refuses what cannot be', async () => {
      const before = scripted.cms.to('/api/v1/dita/mark-ditamap').length;
      expect(await run(publishDitaMap, { ...given, formats: ['Web'], dry_run: true })).toMatchObject({
        state: 'planned',
        formats: ['web'],
        checks_in: true,
      });
      await expect(run(publishDitaMap, { ...given, formats: ['ePub'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      answers['/dita/ditamap-detail'] = { json: { id: 7, name: 'Guide', checkedOutToOthers: 2 } };
      await expect(run(publishDitaMap, given)).rejects.toMatchObject({ code: 'LOCKED' });
      expect(scripted.cms.to('/api/v1/dita/mark-ditamap')).toHaveLength(before);
    });

    it('fails when the CMS does not start it', async () => {
      answers['/dita/publish-ditamap'] = { json: false };
      expect(await run(publishDitaMap, given)).toMatchObject({ state: 'failed', error: { code: 'CMS_REFUSED' } });
    });
  });
});
