import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelJob } from '../../../src/application/tasks/jobs/cancel-job.ts';
import { getJob } from '../../../src/application/tasks/jobs/get-job.ts';
import type { Job, Json, NewJob } from '../../../src/domain/model/job.ts';
import type { JobHandler, Worker } from '../../../src/domain/ports/job-queue.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('get_job and cancel_job', () => {
  let harness: TaskHarness;
  let worker: Worker;
  /** What the worker does with a job, by the job's id. */
  const handlers = new Map<string, JobHandler>();
  let count = 0;

  beforeAll(async () => {
    harness = await openTaskHarness();
    worker = harness
      .runtime()
      .ports.jobs.work(
        'reports',
        (run) => handlers.get(run.job.id)?.(run) ?? Promise.reject(new Error(`no handler for ${run.job.id}`)),
        { concurrency: 4, fleet: { all: 4, queue: 4 }, leaseMs: 30_000, onProblem: () => undefined },
      );
  });
  afterAll(async () => {
    await worker.close(1_000);
    await harness.close();
  });

  function start(handler: JobHandler, facts: Partial<NewJob> = {}): Promise<Job> {
    count += 1;
    const id = `job_test${count}`;
    handlers.set(id, handler);
    return harness.runtime().ports.jobs.add({
      id,
      queue: 'reports',
      kind: 'test_report',
      owner: harness.principal().subject,
      input: {},
      attemptsMax: 1,
      backoffMs: 10,
      ...facts,
    });
  }

  /** A handler that waits until it is told, or until its signal ends it. */
  function held(result: Json): { handler: JobHandler; release: () => void } {
    const gate = Promise.withResolvers<void>();
    return {
      release: () => gate.resolve(),
      async handler(run) {
        await run.progress({ percent: 40, message: 'half way' });
        await Promise.race([
          gate.promise,
          new Promise((_, reject) => run.signal.addEventListener('abort', () => reject(run.signal.reason))),
        ]);
        return result;
      },
    };
  }

  it('waits for the end and answers the result', async () => {
    const job = await start(async () => ({ rows: 3 }));
    const answer = await harness.run(getJob, { job: job.id, wait_seconds: 20 });
    expect(answer).toMatchObject({ job: job.id, kind: 'test_report', state: 'succeeded', result: { rows: 3 } });
    expect(answer.next).toBeUndefined();
    expect(answer.finished_at).toBeDefined();
  });

  it('answers at once when not asked to wait, and says how to follow', async () => {
    const { handler, release } = held('done');
    const job = await start(handler);
    const seen: string[] = [];
    const first = await harness.run(getJob, { job: job.id });
    expect(['queued', 'running']).toContain(first.state);
    expect(first.next).toMatchObject({ tool: 'get_job', input: { job: job.id } });
    const waiting = harness.run(
      getJob,
      { job: job.id, wait_seconds: 20 },
      {
        onProgress: (percent, message) => {
          seen.push(`${percent} ${message}`);
          if (percent === 40) release();
        },
      },
    );
    expect(await waiting).toMatchObject({ state: 'succeeded', result: 'done' });
    expect(seen).toContain('40 half way');
  });

  it('stops waiting when the caller goes away; the job goes on', async () => {
    const { handler, release } = held('done');
    const job = await start(handler);
    const controller = new AbortController();
    const waiting = harness.refusal(getJob, { job: job.id, wait_seconds: 25 }, { signal: controller.signal });
    controller.abort();
    expect((await waiting).code).toBe('CANCELLED');
    release();
    expect(await harness.run(getJob, { job: job.id, wait_seconds: 20 })).toMatchObject({ state: 'succeeded' });
  });

  it('shows why a job failed', async () => {
    const job = await start(() => Promise.reject(new Error('broken')));
    const answer = await harness.run(getJob, { job: job.id, wait_seconds: 20 });
    expect(answer).toMatchObject({ state: 'failed', error: { code: 'INTERNAL' } });
    expect(JSON.stringify(answer)).not.toContain('broken');
  });

  it('pages long results', async () => {
    const rows = Array.from({ length: 120 }, (_, index) => ({ row: index }));
    const job = await start(async () => ({ title: 'Rows', rows }));
    const seen: unknown[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await harness.run(getJob, {
        job: job.id,
        wait_seconds: 20,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const result = page.result as { title: string; rows: unknown[] };
      expect(result.title).toBe('Rows');
      seen.push(...result.rows);
      cursor = page.next_cursor;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual(rows);
  });

  it('lists recent jobs, newest first, and only the own ones', async () => {
    const mine = await start(async () => 'mine');
    const foreign = await start(async () => 'foreign', { owner: 'somebody else' });
    const { jobs } = await harness.run(getJob, {});
    expect(jobs?.[0]?.job).toBe(mine.id);
    expect(jobs?.map(({ job }) => job)).not.toContain(foreign.id);
    for (const task of [getJob, cancelJob]) {
      const refusal = await harness.refusal(task, { job: foreign.id });
      expect(refusal.code).toBe('NOT_FOUND');
      expect(refusal.message).toBe(
        (await harness.refusal(task, { job: 'job_none' })).message.replace('job_none', foreign.id),
      );
    }
  });

  it('cancels a job that has not started, so that it never runs', async () => {
    let ran = false;
    const job = await start(
      async () => {
        ran = true;
        return null;
      },
      { delayMs: 3_600_000 },
    );
    const answer = await harness.run(cancelJob, { job: job.id });
    expect(answer).toMatchObject({ state: 'cancelled', cancelled: 'now' });
    expect(harness.events).toContainEqual({
      type: 'job_changed',
      jobId: job.id,
      owner: harness.principal().subject,
      state: 'cancelled',
    });
    expect(ran).toBe(false);
    expect(await harness.run(cancelJob, { job: job.id })).toMatchObject({ cancelled: 'now', state: 'cancelled' });
  });

  it('asks a running job to stop', async () => {
    const { handler } = held('never');
    const job = await start(handler);
    for (let polls = 0; polls < 200; polls += 1) {
      const { state } = await harness.run(getJob, { job: job.id, wait_seconds: 1 });
      if (state === 'running') break;
    }
    const answer = await harness.run(cancelJob, { job: job.id });
    expect(['requested', 'now']).toContain(answer.cancelled);
    expect(await harness.run(getJob, { job: job.id, wait_seconds: 20 })).toMatchObject({ state: 'cancelled' });
  });

  it('says that it is too late for a job that has ended', async () => {
    const job = await start(async () => 'done');
    await harness.run(getJob, { job: job.id, wait_seconds: 20 });
    expect(await harness.run(cancelJob, { job: job.id })).toMatchObject({ cancelled: 'too_late', state: 'succeeded' });
  });

  it('needs the scope to write for cancelling only', async () => {
    const job = await start(async () => 'done');
    expect((await harness.refusal(cancelJob, { job: job.id }, { scopes: ['cms:read'] })).code).toBe('SCOPE_MISSING');
    expect(await harness.run(getJob, { job: job.id }, { scopes: ['cms:read'] })).toMatchObject({ job: job.id });
    expect((await harness.refusal(getJob, { job: job.id, wait_seconds: 26 })).code).toBe('BAD_INPUT');
  });
});
