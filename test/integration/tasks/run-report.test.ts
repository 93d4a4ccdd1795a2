import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Consumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { cancelJob } from '../../../src/application/tasks/jobs/cancel-job.ts';
import { runReport } from '../../../src/application/tasks/reports/run-report.ts';
import { consumeJobs } from '../../support/job-consumer.ts';
import { poll } from '../../support/poll.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('run_report', () => {
  let harness: TaskHarness;
  let consumer: Consumer;
  const problems: unknown[] = [];
  beforeAll(async () => {
    harness = await openTaskHarness({ knobs: { reportTickMs: 5 } });
    consumer = consumeJobs(harness, (problem) => problems.push(problem));
  });
  afterAll(async () => {
    await consumer.close(0);
    await harness.close();
    expect(problems).toEqual([]);
  });

  it('finds broken links below a page, and only there', async () => {
    const { brokenLinkPage, tuitionPage } = harness.landmarks;
    const answer = await harness.run(runReport, { report: 'broken_links', under: brokenLinkPage });
    expect(answer).toMatchObject({ state: 'succeeded', percent: 100, report: 'broken_links' });
    expect(answer.total).toBeGreaterThan(0);
    expect(new Set(answer.rows?.map(({ id }) => id))).toEqual(new Set([brokenLinkPage]));
    const clean = await harness.run(runReport, {
      report: 'broken_links',
      under: tuitionPage,
      include_descendants: false,
    });
    expect(clean).toMatchObject({ total: 0, rows: [], summary: '0 rows.' });
  });

  it('cuts a long table and says where the rest is', async () => {
    const answer = await harness.run(runReport, { report: 'text', text: 'the' });
    expect(answer.total).toBeGreaterThan(30);
    expect(answer.rows).toHaveLength(30);
    expect(answer.left_out).toBe((answer.total ?? 0) - 30);
    expect(answer.next).toEqual({ tool: 'get_job', input: { job: answer.job } });
  });

  it('tells who refers to a page and to an asset', async () => {
    const page = Object.values(harness.state.pages).find((each) => each.id === harness.landmarks.tuitionPage);
    const answer = await harness.run(runReport, { report: 'page_references', item: page?.id ?? '' });
    expect(answer.state).toBe('succeeded');
    expect(answer.rows?.every(({ id }) => id !== undefined && id in harness.state.pages)).toBe(true);
    const unused = await harness.run(runReport, { report: 'unused_assets' });
    expect(unused.total).toBeGreaterThan(0);
    const [asset] = unused.rows ?? [];
    const references = await harness.run(runReport, { report: 'asset_references', item: asset?.id ?? '' });
    expect(references).toMatchObject({ state: 'succeeded', total: 0 });
  });

  it('lists the use of a content type and the items in a workflow state', async () => {
    const usage = await harness.run(runReport, { report: 'schema_usage', text: 'NewsArticle' });
    const schema = harness.state.schemas.find(({ rootName }) => rootName === 'NewsArticle');
    const used = Object.values(harness.state.pages).filter(({ schemaId }) => schemaId === schema?.id);
    expect(usage.total).toBe(used.length);
    const drafts = await harness.run(runReport, { report: 'workflow', text: 'draft' });
    expect(drafts.rows?.map(({ id }) => id)).toContain(harness.landmarks.draftPage);
    expect(drafts.rows?.every(({ note }) => note?.includes('Draft'))).toBe(true);
  });

  it('finds pages that nobody has touched for long, oldest first', async () => {
    const old = harness.landmarks.tuitionPage;
    const page = harness.state.pages[old];
    if (page === undefined) throw new Error(`The sandbox has no page ${old}.`);
    page.lastModified = '2001-05-05T00:00:00Z';
    const answer = await harness.run(runReport, { report: 'stale', parameters: { days: 7000 } });
    expect(answer.rows?.map(({ id }) => id)).toEqual([old]);
    expect((await harness.refusal(runReport, { report: 'stale', parameters: { days: -1 } })).code).toBe('BAD_INPUT');
  });

  it('finds translations whose master has moved on', async () => {
    const { spanishMasterPage, spanishClonePage } = harness.landmarks;
    const before = await harness.run(runReport, { report: 'translation_drift' });
    const drifted = before.rows?.some(({ id }) => id === spanishClonePage) ?? false;
    const master = harness.state.pages[spanishMasterPage];
    const newest = master?.versions.at(-1);
    if (master === undefined || newest === undefined) throw new Error('The sandbox has no translated page.');
    master.versions.push({ ...structuredClone(newest), number: newest.number + 1 });
    const after = await harness.run(runReport, { report: 'translation_drift' });
    expect(drifted).toBe(false);
    expect(after.rows).toContainEqual(
      expect.objectContaining({
        id: spanishClonePage,
        note: expect.stringContaining(`renders version ${newest.number}, the master is at ${newest.number + 1}`),
      }),
    );
  });

  it('tells what hinders a publish', async () => {
    const { brokenLinkPage, neverCheckedInPage } = harness.landmarks;
    const broken = await harness.run(runReport, { report: 'readiness', under: brokenLinkPage });
    expect(broken.rows).toContainEqual(expect.objectContaining({ id: brokenLinkPage, note: 'broken link' }));
    const fresh = await harness.run(runReport, { report: 'readiness', under: neverCheckedInPage }, { role: 'author' });
    expect(fresh.rows).toContainEqual(expect.objectContaining({ id: neverCheckedInPage, note: 'never checked in' }));
  });

  it('runs a report saved in the CMS, with the caller’s rights', async () => {
    const answer = await harness.run(runReport, { report: 'saved', saved_report: 'Reports/1' });
    const schema = harness.state.schemas.find(({ rootName }) => rootName === 'NewsArticle');
    const articles = Object.values(harness.state.pages).filter(
      (page) => page.schemaId === schema?.id && page.parentId !== harness.state.recycleFolderId,
    );
    expect(answer).toMatchObject({ state: 'succeeded', report: 'saved', total: articles.length });
    expect(JSON.parse(answer.rows?.[0]?.found ?? '')).toMatchObject({ Id: articles[0]?.id, Name: expect.any(String) });
    expect(harness.state.administration.reports.reports[0]?.visitedBy).toBe('User/praman');
  });

  it('gives a saved report its parameters, and says which it takes', async () => {
    const saved = { report: 'saved', saved_report: 'Reports/2' } as const;
    const answer = await harness.run(runReport, { ...saved, parameters: { schema: 'NewsArticle', name: '*library*' } });
    expect(answer.total).toBeGreaterThan(0);
    expect(answer.rows?.every(({ found }) => /library/i.test(found ?? ''))).toBe(true);
    const failed = async (input: object) =>
      (await harness.run(runReport, { ...saved, ...input })) as { error?: unknown };
    expect(await failed({ parameters: { colour: 'red' } })).toMatchObject({
      state: 'failed',
      error: { code: 'BAD_INPUT', message: expect.stringContaining('schema, name') },
    });
    expect(await failed({})).toMatchObject({
      state: 'failed',
      error: { code: 'BAD_INPUT', details: { cms_message: expect.stringContaining('schema') } },
    });
    expect(await failed({ saved_report: 'Reports/99' })).toMatchObject({
      state: 'failed',
      error: { code: 'NOT_FOUND' },
    });
    expect(await failed({ saved_report: 'Reports/4' })).toMatchObject({
      state: 'failed',
      error: { code: 'CONFLICT' },
    });
  });

  it('refuses what does not fit together', async () => {
    const { tuitionPage } = harness.landmarks;
    const folder = Object.keys(harness.state.assetFolders)[0] ?? '';
    const cases = [
      { report: 'text' },
      { report: 'page_references' },
      { report: 'saved' },
      { report: 'unused_assets', under: tuitionPage },
      { report: 'broken_links', under: folder },
      { report: 'asset_references', item: tuitionPage },
      { report: 'moon_phase' },
    ];
    for (const input of cases) {
      expect([input, (await harness.refusal(runReport, input)).code]).toEqual([input, 'BAD_INPUT']);
    }
  });

  it('ends a search in the CMS when the job is cancelled', async () => {
    harness.sandbox.knobs.reportTickMs = 60_000;
    // What the tests before have called must not pass for the beginning of this search.
    harness.sandbox.calls.clear();
    const running = harness.run(runReport, { report: 'text', text: 'the' });
    const [job] = await poll('the search to begin', async () => {
      const started = harness.sandbox.calls.list().some(({ operationId }) => operationId === 'Site_GetReportStatus');
      const jobs = await harness.runtime().ports.jobs.list({ owner: 'agent-of-editor', limit: 1 });
      return started && jobs[0]?.state === 'running' && jobs;
    });
    await harness.run(cancelJob, { job: job?.id ?? '' });
    expect(await running).toMatchObject({ state: 'cancelled' });
    await poll('the search to be ended in the CMS', () =>
      harness.sandbox.calls.list().some(({ operationId }) => operationId === 'Site_CancelReport'),
    );
    harness.sandbox.knobs.reportTickMs = 5;
  });
});
