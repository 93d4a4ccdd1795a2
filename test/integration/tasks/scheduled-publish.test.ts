import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import type { Consumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { cancelJob } from '../../../src/application/tasks/jobs/cancel-job.ts';
import { getJob } from '../../../src/application/tasks/jobs/get-job.ts';
import { publishContent } from '../../../src/application/tasks/publishing/publish-content.ts';
import type { Job } from '../../../src/domain/model/job.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
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
    expect((await waitFor(job, 'failed')).error).toMatchObject({
      code: 'CONFLICT',
      retry: 'after_check',
      message: expect.stringMatching(/nothing was published\. .*was edited.* schedule it anew/),
    });
    expect(markOf(tuitionPage)).toBe(before);
  });

  it('holds in a content freeze that began a moment ago, and goes on at once when it was lifted', async () => {
    const { tuitionPage } = harness.landmarks;
    // Scheduling asks whether there is a freeze: from here on, that there is none is remembered for a minute.
    const job = await schedule([tuitionPage]);
    const [startTime, endTime] = ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'];
    harness.sandbox.setFreeze({ startTime, endTime, message: 'Audit', allowedUserIds: [] });
    consume();
    expect((await waitFor(job, 'held')).error).toMatchObject({ message: expect.stringContaining('content freeze') });
    harness.sandbox.setFreeze(null);
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
      expect(refusal).toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringMatching(/give a later "at"|with its zone/),
      });
    }
  });

  it('is nobody else’s to see or to stop', async () => {
    const job = await schedule([harness.landmarks.tuitionPage], soon(3_600_000));
    for (const task of [getJob, cancelJob]) {
      expect((await harness.refusal(task, { job }, { role: 'publisher' })).code).toBe('NOT_FOUND');
    }
  });
});

/** Days pass by moving the clock that tasks, jobs and schedules go by. */
describe('publish_content at a time that the clock is moved to', () => {
  let clock: FakeClock;
  let harness: TaskHarness;
  let consumer: Consumer | undefined;
  let problems: unknown[];

  beforeEach(async () => {
    clock = createFakeClock();
    harness = await openTaskHarness({ clock, knobs: { publishTickMs: 5 } });
    [consumer, problems] = [undefined, []];
  });
  afterEach(async () => {
    await consumer?.close(0);
    await harness.close();
  });

  const moveTo = (time: string | number): void => clock.advance(new Date(time).getTime() - clock.nowMs());
  const consume = (): void => {
    consumer = consumeJobs(harness, (problem) => problems.push(problem));
  };
  const page = () => harness.landmarks.tuitionPage;
  const schedule = async (at: string, over: object = {}) => {
    const answer = await harness.run(publishContent, { items: [page()], target: 'Production', at, ...over });
    expect(answer).toMatchObject({ state: 'scheduled' });
    return String(answer.job);
  };
  const waitFor = (job: string, state: string) =>
    poll(`the publish to be ${state}`, async () => {
      const view = await harness.run(getJob, { job });
      return view.state === state && view;
    });
  const logCount = () => harness.state.publishing.logs.length;

  it.each([
    ['the morning after the clocks went forward', '2031-03-29T12:00Z', '2031-03-30T09:00', '2031-03-30T07:00:00.000Z'],
    ['an hour that the spring skips', '2031-03-29T12:00Z', '2031-03-30T02:30', '2031-03-30T01:30:00.000Z'],
    ['the morning after they went back', '2031-10-25T12:00Z', '2031-10-26T09:00', '2031-10-26T08:00:00.000Z'],
    [
      'an hour that the autumn has twice, the first time',
      '2031-10-25T12:00Z',
      '2031-10-26T02:30',
      '2031-10-26T00:30:00.000Z',
    ],
  ])('goes by the wall clock of Berlin on %s', async (_what, now, at, due) => {
    moveTo(now);
    const before = logCount();
    const job = await schedule(`${at} Europe/Berlin`);
    expect(await harness.run(getJob, { job })).toMatchObject({ state: 'scheduled', due_at: due });
    consume();
    // A second before, the keeper of the time has looked and found nothing: another schedule that was due ran.
    moveTo(Date.parse(due) - 60_000);
    const earlier = await schedule(new Date(Date.parse(due) - 30_000).toISOString(), {
      items: [harness.landmarks.approvedPage],
    });
    moveTo(Date.parse(due) - 1_000);
    await waitFor(earlier, 'succeeded');
    expect(await harness.run(getJob, { job })).toMatchObject({ state: 'scheduled' });
    expect(logCount()).toBe(before + 1);
    moveTo(due);
    await waitFor(job, 'succeeded');
    expect(logCount()).toBe(before + 2);
  });

  const dueAt = '2031-05-06T08:00:00.000Z';
  const minutesAfter = (minutes: number) => Date.parse(dueAt) + minutes * 60_000;

  it.each([
    ['within the hour, whatever the policy', 59, false, 'succeeded'],
    ['after the hour, where it is to be reported', 61, false, 'missed'],
    ['within the hour, where late is better than never', 59, true, 'succeeded'],
    ['days after, where late is better than never', 5_000, true, 'succeeded'],
  ])('that was missed while nobody was there is noticed %s', async (_when, minutes, runLate, state) => {
    moveTo('2031-05-05T08:00Z');
    const before = logCount();
    const job = await schedule(dueAt, { run_late: runLate });
    moveTo(minutesAfter(minutes));
    consume();
    const view = await waitFor(job, state);
    if (state === 'missed') {
      expect(view.message).toContain(`due at ${dueAt}, when no worker ran`);
      await poll('it to be told', () => problems.some((problem) => String(problem).includes('nothing was started')));
      expect(logCount()).toBe(before);
    } else {
      expect(view.result).toMatchObject({ live: 1 });
      expect(logCount()).toBe(before + 1);
      expect(problems).toEqual([]);
    }
  });

  it('holds on when what it waited for is over and its window too, and is never dropped', async () => {
    moveTo('2031-05-05T08:00Z');
    harness.state.contentFreeze = {
      startTime: '2031-05-06T07:00:00Z',
      endTime: '2031-05-06T08:30:00Z',
      message: 'Audit',
      allowedUserIds: [],
    };
    const job = await schedule(dueAt);
    const before = logCount();
    moveTo(dueAt);
    consume();
    expect((await waitFor(job, 'held')).error).toMatchObject({ message: expect.stringContaining('content freeze') });
    moveTo(minutesAfter(90));
    await harness.run(cancelJob, { job, action: 'resume' });
    const held = await poll('the second look', async () => {
      const view = await harness.run(getJob, { job });
      return view.state === 'held' && JSON.stringify(view.error).includes('guards:2') && view;
    });
    expect(JSON.stringify(held.error)).toContain('The window ended at 2031-05-06T09:00:00.000Z');
    expect(JSON.stringify(held.error)).not.toContain('freeze');
    expect(logCount()).toBe(before);
    expect((await harness.runtime().ports.jobs.counts()).publishing).toMatchObject({ held: 1, failed: 0 });
  });

  it('has not failed while it holds, for those who watch failures', async () => {
    const ended: string[] = [];
    const observer = { ...harness.runtime().observer, jobEnded: (job: Job) => void ended.push(job.state) };
    moveTo('2031-05-05T08:00Z');
    const job = await schedule(dueAt, { items: [harness.landmarks.brokenLinkPage] });
    moveTo(dueAt);
    consumer = consumeJobs({ ...harness, runtime: () => ({ ...harness.runtime(), observer }) }, () => undefined);
    await waitFor(job, 'held');
    await harness.run(cancelJob, { job, action: 'resume', answers: { 'guards:1': { decision: 'give_up' } } });
    await waitFor(job, 'failed');
    await poll('the failure to be told', () => ended.length > 0);
    expect(ended).toEqual(['failed']);
  });

  it('takes as many items as it may, and no more', async () => {
    moveTo('2031-05-05T08:00Z');
    const items = [page(), harness.landmarks.approvedPage];
    const refusal = await harness.refusal(publishContent, { items, target: 'Production', at: dueAt, max_items: 1 });
    expect(refusal).toMatchObject({ code: 'TOO_LARGE', message: expect.stringContaining('max_items is 1') });
    const job = await schedule(dueAt, { items, max_items: 2 });
    moveTo(dueAt);
    consume();
    expect((await waitFor(job, 'succeeded')).result).toMatchObject({ live: 2 });
  });

  it('leaves an item as it is that was edited while others were published', async () => {
    moveTo('2031-05-05T08:00Z');
    const second = harness.landmarks.approvedPage;
    const before = harness.state.pages[second]?.versions.length;
    const job = await schedule(dueAt, { items: [page(), second] });
    // The CMS takes its time with the first item, and that is when somebody checks out the other one.
    harness.sandbox.faults.add({
      ...{ kind: 'latency', ms: 3_000, times: 1 },
      match: { operationId: 'Pages_AdvanceWorkflow' },
    });
    moveTo(dueAt);
    consume();
    await poll('the first item to be about to be submitted', () => {
      return harness.sandbox.calls.list().some(({ operationId }) => operationId === 'Publishing_GetCurrentTasks');
    });
    const call = { signal: AbortSignal.timeout(20_000), allowStale: false };
    const { pages } = harness.runtime().connector.as(harness.principal(), call);
    await pages.checkOut(second);
    const ended = await waitFor(job, 'succeeded');
    expect(ended.result).toMatchObject({
      live: 1,
      items: [
        { id: page(), outcome: 'live' },
        {
          id: second,
          outcome: 'failed',
          code: 'VERSION_CONFLICT',
          message: expect.stringContaining('schedule it anew'),
        },
      ],
    });
    expect(harness.state.pages[second]?.versions).toHaveLength(before ?? 0);
  });

  it('holds for a version that was checked in since', async () => {
    moveTo('2031-05-05T08:00Z');
    const job = await schedule(dueAt);
    const call = { signal: AbortSignal.timeout(20_000), allowStale: false };
    const { pages } = harness.runtime().connector.as(harness.principal(), call);
    await pages.checkOut(page());
    await pages.checkIn(page(), { recursive: false, markTargetIds: [], comment: 'Newer than approved.' });
    moveTo(dueAt);
    consume();
    expect((await waitFor(job, 'held')).error).toMatchObject({ message: expect.stringContaining('was edited after') });
  });
});
