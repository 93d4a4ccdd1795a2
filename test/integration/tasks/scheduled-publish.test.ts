import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import type { Consumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { cancelJob } from '../../../src/application/tasks/jobs/cancel-job.ts';
import { getJob } from '../../../src/application/tasks/jobs/get-job.ts';
import { publishContent } from '../../../src/application/tasks/publishing/publish-content.ts';
import { consumeJobs } from '../../support/job-consumer.ts';
import { poll } from '../../support/poll.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const { targets } = seedIds;

describe('publish_content at a time', () => {
  let harness: TaskHarness;
  let consumer: Consumer | undefined;
  const problems: unknown[] = [];

  beforeEach(async () => {
    harness = await openTaskHarness({ knobs: { publishTickMs: 5 } });
    consumer = undefined;
    problems.length = 0;
  });
  afterEach(async () => {
    await consumer?.close(0);
    await harness.close();
  });

  const consume = (): void => {
    consumer = consumeJobs(harness, (problem) => problems.push(problem));
  };
  /** Soon enough to wait for, late enough to be accepted by a busy machine. */
  const soon = (ms = 2_000): string => new Date(Date.now() + ms).toISOString();
  const schedule = async (items: readonly string[], at = soon()): Promise<string> => {
    const answer = await harness.run(publishContent, { items: [...items], target: 'Production', at });
    expect(answer).toMatchObject({ state: 'scheduled', next: { tool: 'get_job' } });
    return String(answer.job);
  };
  const waitFor = (job: string, state: string) =>
    poll(`the publish to be ${state}`, async () => {
      const view = await harness.run(getJob, { job });
      return view.state === state && view;
    });
  const markOf = (id: string) => harness.state.pages[id]?.published[targets.production]?.version;

  it('waits, is listed, publishes when the time has come, and says since when it is live', async () => {
    const { tuitionPage } = harness.landmarks;
    const job = await schedule([tuitionPage], soon(3_000));
    expect(await harness.run(getJob, { job })).toMatchObject({ state: 'scheduled', kind: 'publish_content' });
    expect((await harness.run(getJob, {})).jobs?.[0]).toMatchObject({ job, state: 'scheduled' });
    consume();
    const ended = await waitFor(job, 'succeeded');
    expect(ended.result).toMatchObject({
      live: 1,
      items: [{ id: tuitionPage, outcome: 'live', since: expect.any(String) }],
    });
    expect(problems).toEqual([]);
  });

  it('holds when somebody edited after it was scheduled, says so, and can be given up', async () => {
    const { tuitionPage } = harness.landmarks;
    const before = markOf(tuitionPage);
    const job = await schedule([tuitionPage]);
    const call = { signal: AbortSignal.timeout(20_000), allowStale: false };
    await harness.runtime().connector.as(harness.principal(), call).pages.checkOut(tuitionPage);
    consume();
    const held = await waitFor(job, 'held');
    expect(held.error).toMatchObject({
      code: 'HELD',
      message: expect.stringContaining('was edited after it was scheduled'),
    });
    const again = await harness.run(cancelJob, { job, action: 'resume' });
    expect(again.note).toContain('goes on');
    const heldAgain = await poll('the second look', async () => {
      const view = await harness.run(getJob, { job });
      return view.state === 'held' && JSON.stringify(view.error).includes('guards:2') && view;
    });
    expect(heldAgain.next).toMatchObject({ tool: 'cancel_job' });
    await harness.run(cancelJob, { job, action: 'resume', answers: { 'guards:2': { decision: 'give_up' } } });
    expect((await waitFor(job, 'failed')).error).toMatchObject({ code: 'CONFLICT' });
    expect(markOf(tuitionPage)).toBe(before);
  });

  it('holds in a content freeze, and goes on after it when resumed', async () => {
    const { tuitionPage } = harness.landmarks;
    const endMs = Date.now() + 6_000;
    harness.state.contentFreeze = {
      startTime: soon(1_500),
      endTime: new Date(endMs).toISOString(),
      message: 'Audit',
      allowedUserIds: [],
    };
    const job = await schedule([tuitionPage]);
    consume();
    expect((await waitFor(job, 'held')).error).toMatchObject({ message: expect.stringContaining('content freeze') });
    await poll('the end of the freeze', () => Date.now() > endMs);
    await harness.run(cancelJob, { job, action: 'resume' });
    expect((await waitFor(job, 'succeeded')).result).toMatchObject({ live: 1 });
  });

  it('holds for broken links', async () => {
    const job = await schedule([harness.landmarks.brokenLinkPage]);
    consume();
    expect((await waitFor(job, 'held')).error).toMatchObject({ message: expect.stringContaining('broken link') });
    await harness.run(cancelJob, { job });
    await waitFor(job, 'cancelled');
  });

  it('never starts when it was cancelled, and refuses times that have passed or have no zone', async () => {
    const { tuitionPage } = harness.landmarks;
    const job = await schedule([tuitionPage], soon(3_600_000));
    expect(await harness.run(cancelJob, { job })).toMatchObject({ state: 'cancelled', cancelled: 'now' });
    expect((await harness.refusal(getJob, { job })).code).toBe('NOT_FOUND');
    for (const at of [soon(-60_000), '2026-12-01T09:00']) {
      const refusal = await harness.refusal(publishContent, { items: [tuitionPage], target: 'Production', at });
      expect(refusal.code).toBe('BAD_INPUT');
    }
  });

  it('is nobody else’s to see or to stop', async () => {
    const job = await schedule([harness.landmarks.tuitionPage], soon(3_600_000));
    for (const task of [getJob, cancelJob]) {
      expect((await harness.refusal(task, { job }, { role: 'publisher' })).code).toBe('NOT_FOUND');
    }
  });
});
