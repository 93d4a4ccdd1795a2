import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getPublishStatus } from '../../../src/application/tasks/publishing/get-publish-status.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('get_publish_status', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  it('tells the queue, the targets and the last results', async () => {
    const answer = await harness.run(getPublishStatus, {});
    expect(answer.waiting_count).toBe(0);
    expect(answer.running).toBeUndefined();
    expect(answer.targets?.map(({ name }) => name).sort()).toEqual(
      harness.state.publishingTargets.map(({ name }) => name).sort(),
    );
    expect(answer.recent?.length).toBeGreaterThan(0);
    expect(answer.recent?.find(({ error }) => error !== undefined)?.succeeded).toBe(false);
  });

  it('does not say that nothing was published when the queue does not answer', async () => {
    harness.sandbox.faults.add({ match: { operationId: 'Publishing_GetCurrentTasks' }, kind: 'status', code: 500 });
    try {
      const answer = await harness.run(getPublishStatus, {});
      expect(answer.recent).toBeUndefined();
      expect(answer.unavailable?.map(({ part }) => part)).toEqual(['queue']);
    } finally {
      harness.sandbox.faults.clear();
    }
  });

  it('tells of each item what is marked, and what is live where that can be told', async () => {
    const { tuitionPage, newerVersionMarkedPage, neverPublishedPage } = harness.landmarks;
    const answer = await harness.run(getPublishStatus, {
      items: [tuitionPage, newerVersionMarkedPage, neverPublishedPage],
      target: 'Production',
    });
    const production = harness.state.publishingTargets.find(({ name }) => name === 'Production')?.id ?? '';
    const stateOf = (id: string) => answer.items?.find((item) => item.id === id)?.targets[0];
    for (const id of [tuitionPage, newerVersionMarkedPage, neverPublishedPage]) {
      const page = harness.state.pages[id];
      expect(stateOf(id)?.published).toBe(page?.published[production] !== undefined);
      expect(stateOf(id)?.marked_version).toBe(page?.marks[production]?.version);
    }
    expect(stateOf(tuitionPage)?.live_version).toBe(harness.state.pages[tuitionPage]?.published[production]?.version);
    const newer = stateOf(newerVersionMarkedPage);
    expect(newer?.live_version).toBeUndefined();
    expect(newer?.likely_live_version).toBe(
      harness.state.pages[newerVersionMarkedPage]?.published[production]?.version,
    );
    expect(newer?.note).toContain('not live');
    expect(answer.targets?.map(({ name }) => name)).toEqual(['Production']);
    expect(answer.recent?.every(({ target }) => target === 'Production')).toBe(true);
  });

  it('shows a log with the entries that failed first', async () => {
    const log = harness.state.publishing.logs.find(({ entries }) => entries.length > 1);
    const entry = log?.entries.at(-1);
    if (entry !== undefined) Object.assign(entry, { success: false, error: 'No such version.', message: null });
    const { log: shown } = await harness.run(getPublishStatus, { log: log?.id ?? '' });
    expect(shown).toMatchObject({ log: log?.id, entries_total: log?.entries.length });
    expect(shown?.entries[0]).toMatchObject({ id: entry?.itemId, success: false, message: 'No such version.' });
    expect(shown?.entries.length).toBeLessThanOrEqual(60);
  });

  it('refuses unknown logs, targets and items', async () => {
    expect((await harness.refusal(getPublishStatus, { log: 'nope' })).code).toBe('NOT_FOUND');
    const target = await harness.refusal(getPublishStatus, { target: 'Nowhere' });
    expect(target.candidates?.map(({ name }) => name)).toContain('Production');
    expect((await harness.refusal(getPublishStatus, { items: ['x99999999'] })).code).toBe('NOT_FOUND');
  });
});
