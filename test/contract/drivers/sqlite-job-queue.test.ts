import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { type Database, openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteJobQueue } from '../../../src/adapters/outbound/sqlite/job-queue.ts';
import { createJobRows } from '../../../src/adapters/outbound/sqlite/job-rows.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import type { NewJob } from '../../../src/domain/model/job.ts';
import { type JobQueue, keepSeconds, keptJobsMax } from '../../../src/domain/ports/job-queue.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createSqliteStorage, wideFleet } from '../../support/job-queue-storage.ts';
import { poll } from '../../support/poll.ts';
import { jobQueueContract } from '../suites/job-queue.ts';

jobQueueContract('SQLite', createSqliteStorage);

describe('JobQueue on SQLite with a clock of its own', () => {
  let database: Database;
  let clock: FakeClock;
  let queue: JobQueue;
  let problems: unknown[];

  beforeEach(() => {
    problems = [];
    database = openDatabase(':memory:');
    clock = createFakeClock();
    queue = createSqliteJobQueue({ database, clock, ids: createIdSource(), pollMs: 5 });
  });
  afterEach(async () => {
    await queue.close();
    database.close();
  });

  const options = {
    concurrency: 1,
    fleet: wideFleet,
    leaseMs: 5_000,
    onProblem: (error: unknown) => problems.push(error),
  };
  const inState = (id: string, state: string) =>
    poll(`${id} to be ${state}`, async () => (await queue.get(id))?.state === state);

  it('takes its times from the clock', async () => {
    const { createdAtMs } = await queue.add({ ...newJob('delayed'), delayMs: 3_600_000 });
    expect(createdAtMs).toBe(clock.nowMs());
    const runs: string[] = [];
    queue.work('publishing', async (run) => runs.push(run.job.id), options);
    clock.advance(3_599_999);
    await queue.add(newJob('other'));
    await inState('other', 'succeeded');
    expect(runs).toEqual(['other']);
    clock.advance(1);
    await inState('delayed', 'succeeded');
    expect(await queue.get('delayed')).toMatchObject({ startedAtMs: clock.nowMs(), finishedAtMs: clock.nowMs() });
  });

  it('keeps ended jobs and their steps for keepSeconds, and forgets them after that', async () => {
    const first = queue.work('publishing', async (run) => run.step('step', async () => 1), options);
    await queue.add(newJob('ended'));
    await queue.add({ ...newJob('waiting'), delayMs: 30 * 24 * 3_600_000 });
    await inState('ended', 'succeeded');
    clock.advance(keepSeconds * 1000);
    await queue.add(newJob('in-time'));
    await inState('in-time', 'succeeded');
    await first.close(1_000);
    expect(await queue.get('ended')).toMatchObject({ result: 1 });

    clock.advance(1);
    queue.work('publishing', async () => 2, options);
    await poll('the ended job to be forgotten', async () => (await queue.get('ended')) === undefined);
    expect(await queue.get('in-time')).toBeDefined();
    expect(await queue.get('waiting')).toMatchObject({ state: 'queued' });
    expect(database.all('SELECT job_id FROM job_steps')).toEqual([{ job_id: 'in-time' }]);
  });

  it(`keeps ${keptJobsMax} ended jobs of a queue and state at most, the youngest`, async () => {
    for (const state of ['failed', 'cancelled']) {
      database.run(
        `WITH RECURSIVE count (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM count WHERE number < ?)
         INSERT INTO jobs (id, queue, kind, owner, input, state, priority, attempts_max, backoff_ms, created_at_ms,
           run_at_ms, finished_at_ms)
         SELECT ? || number, 'publishing', 'test_job', 'owner', 'null', ?, 5, 1, 0, ?, ?, ? + number FROM count`,
        ...[keptJobsMax + 3, state, state, clock.nowMs(), clock.nowMs(), clock.nowMs()],
      );
    }
    queue.work('publishing', async () => 1, options);
    await poll('the oldest to be forgotten', async () => (await queue.get('cancelled3')) === undefined);
    expect(await queue.get('cancelled4')).toBeDefined();
    expect((await queue.counts()).publishing.failed).toBe(keptJobsMax);
  });

  it('writes nothing for a claim that was taken over', async () => {
    const rows = createJobRows(database, clock);
    const { id } = await queue.add(newJob('fenced'));
    rows.claim('publishing', 'stale', { leaseMs: 1_000, fleet: wideFleet });
    clock.advance(1_001);
    rows.recoverLost('publishing');
    rows.claim('publishing', 'holder', { leaseMs: 1_000, fleet: wideFleet });
    const [stale, before] = [{ id, claim: 'stale' }, await queue.get(id)];
    expect(rows.watch(stale)).toBe('lost');
    expect(rows.findStep(stale, 'step')).toEqual({ found: 'lost' });
    expect(rows.renew(stale, 60_000)).toBe(false);
    expect(rows.progress(stale, { percent: 99, message: 'stale' })).toBe(false);
    expect(rows.keepStep(stale, 'step', 'stale')).toBe(false);
    expect(rows.succeed(stale, '"stale"')).toBe(false);
    expect(rows.fail(stale, new DomainError('FORBIDDEN', 'stale'))).toBe(false);
    expect(rows.release(stale)).toBe(false);
    expect(await queue.get(id)).toEqual(before);
    const holder = { id, claim: 'holder' };
    expect(rows.findStep(holder, 'step')).toEqual({ found: 'nothing' });
    expect(rows.keepStep(holder, 'step', 'holder')).toBe(true);
    expect(rows.succeed(holder, '"holder"')).toBe(true);
    expect(await queue.get(id)).toMatchObject({ state: 'succeeded', result: 'holder', attempts: 2 });
  });

  it('reports a storage that cannot be used, and does not crash', async () => {
    queue.work('publishing', async () => 1, options);
    database.close();
    await poll('the problem to be reported', () => problems.length > 0);
    expect(problems[0]).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await expect(queue.add(newJob('late'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });
});

function newJob(id: string): NewJob {
  return { id, queue: 'publishing', kind: 'test_job', owner: 'owner', input: null, attemptsMax: 3, backoffMs: 10 };
}
