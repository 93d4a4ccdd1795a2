import { describe, expect, it, vi } from 'vitest';
import { aliveMs, renewMs } from '../../../../src/application/pipeline/steps/replay-idempotent.ts';
import { DomainError, type ErrorCode } from '../../../../src/domain/errors.ts';
import { pipelineFixture, probeTask, request } from '../../../support/pipeline-fixture.ts';

const input = { name: 'page' };
const keyed = (idempotencyKey = 'key-1') => request({ idempotencyKey, requestId: crypto.randomUUID() });
const failing = (code: ErrorCode) =>
  probeTask({
    execute: async () => {
      throw new DomainError(code, 'failed');
    },
  });

describe('replay-idempotent', () => {
  it('answers the same key with the first answer, and runs once', async () => {
    const { runTask } = pipelineFixture();
    const task = probeTask({ execute: async () => ({ run: 1, name: crypto.randomUUID() }) });
    const first = await runTask(task, input, keyed());
    const second = await runTask(task, input, keyed());
    expect(task.runs()).toBe(1);
    expect(first.replayed).toBe(false);
    expect(second).toEqual({ ...first, replayed: true });
  });

  it('runs once for twenty calls at the same time', async () => {
    const { runTask } = pipelineFixture();
    const task = probeTask();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => runTask(task, input, keyed())));
    expect(task.runs()).toBe(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CONFLICT' });
    }
  });

  it('refuses the same key with other arguments', async () => {
    const { runTask } = pipelineFixture();
    const task = probeTask();
    await runTask(task, input, keyed());
    await expect(runTask(task, { name: 'other' }, keyed())).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('keeps the keys of users, clients and tasks apart', async () => {
    const { runTask } = pipelineFixture();
    const task = probeTask();
    const other = probeTask({ name: 'other_task' });
    const principal = request().principal;
    await runTask(task, input, keyed());
    await runTask(task, input, { ...keyed(), principal: { ...principal, subject: 'bob' } });
    await runTask(task, input, { ...keyed(), principal: { ...principal, clientId: 'another' } });
    await runTask(other, input, keyed());
    expect(task.runs()).toBe(3);
    expect(other.runs()).toBe(1);
  });

  it('forgets after a day', async () => {
    const { runTask, clock } = pipelineFixture();
    const task = probeTask();
    await runTask(task, input, keyed());
    clock.advance(24 * 3600 * 1000 + 1);
    await runTask(task, input, keyed());
    expect(task.runs()).toBe(2);
  });

  it.each(['BAD_INPUT', 'NOT_FOUND', 'LOCKED', 'FORBIDDEN', 'CMS_UNAVAILABLE', 'CONTENT_FREEZE'] as const)(
    'frees the key after %s: nothing was changed',
    async (code) => {
      const { runTask } = pipelineFixture();
      const task = failing(code);
      await expect(runTask(task, input, keyed())).rejects.toMatchObject({ code });
      await expect(runTask(task, input, keyed())).rejects.toMatchObject({ code });
      expect(task.runs()).toBe(2);
    },
  );

  it.each(['OUTCOME_UNKNOWN', 'WRITE_UNVERIFIED', 'TIMED_OUT', 'INTERNAL'] as const)(
    'keeps the key after %s and repeats the error: the write may have happened',
    async (code) => {
      const { runTask } = pipelineFixture();
      const task = failing(code);
      await expect(runTask(task, input, keyed())).rejects.toMatchObject({ code });
      await expect(runTask(task, input, keyed())).rejects.toMatchObject({ code, details: { replayed: true } });
      expect(task.runs()).toBe(1);
    },
  );

  it('keeps the key of a call that was cancelled, and says that its outcome is unknown', async () => {
    const { runTask } = pipelineFixture();
    const task = failing('CANCELLED');
    await expect(runTask(task, input, keyed())).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(runTask(task, input, keyed())).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringContaining('under a new key'),
      details: { replayed: true },
    });
    expect(task.runs()).toBe(1);
  });

  /** The server ends in the middle of a call: nobody writes how it ended. */
  const interrupted = async (differing: Parameters<typeof probeTask>[0]) => {
    const { runTask, clock } = pipelineFixture();
    let runs = 0;
    const task = probeTask({
      ...differing,
      execute: () => {
        runs += 1;
        return runs === 1 ? new Promise(() => undefined) : Promise.resolve({ run: runs, name: 'page' });
      },
    });
    const retry = () => runTask(task, input, keyed());
    // Its answer never comes.
    void retry();
    await vi.waitFor(() => expect(runs).toBe(1));
    return { retry, clock, task, runs: () => runs };
  };
  it('says that the outcome is unknown when the first call shows no life any more, and never does it again', async () => {
    const { retry, clock, runs } = await interrupted({ idempotent: false });
    clock.advance(aliveMs - 1);
    await expect(retry()).rejects.toMatchObject({ code: 'CONFLICT', retryAfterSeconds: 2 });
    clock.advance(1);
    await expect(retry()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await expect(retry()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(runs()).toBe(1);
  });

  it.each([
    ['twice is as once', { idempotent: true }],
    ['its job has the same id', { idempotent: false, outcomeOf: () => ({}) }],
  ])('does a call again that shows no life any more where %s, and keeps that answer', async (_why, differing) => {
    const { retry, clock, runs } = await interrupted(differing);
    await expect(retry()).rejects.toMatchObject({ code: 'CONFLICT' });
    clock.advance(aliveMs);
    const answers = await Promise.allSettled([retry(), retry(), retry()]);
    expect(runs()).toBe(2);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'CONFLICT' });
    }
    expect(await retry()).toMatchObject({ replayed: true, output: { run: 2 } });
  });

  it('knows a long call that goes on from one that shows no life', async () => {
    vi.useFakeTimers();
    try {
      const { runTask, clock } = pipelineFixture();
      const { promise, resolve } = Promise.withResolvers<{ run: number; name: string }>();
      const task = probeTask({ idempotent: true, execute: () => promise });
      const first = runTask(task, input, keyed());
      for (let passedMs = 0; passedMs < 4 * aliveMs; passedMs += renewMs) {
        clock.advance(renewMs);
        await vi.advanceTimersByTimeAsync(renewMs);
        await expect(runTask(task, input, keyed())).rejects.toMatchObject({ code: 'CONFLICT' });
      }
      resolve({ run: 1, name: 'page' });
      await first;
      clock.advance(2 * aliveMs);
      await vi.advanceTimersByTimeAsync(2 * aliveMs);
      expect(await runTask(task, input, keyed())).toMatchObject({ replayed: true });
      expect(task.runs()).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does a call again whose error leaves its effect unknown where twice is as once', async () => {
    const { runTask } = pipelineFixture();
    let runs = 0;
    const task = probeTask({
      idempotent: true,
      execute: async () => {
        runs += 1;
        if (runs === 1) throw new DomainError('OUTCOME_UNKNOWN', 'no answer');
        return { run: runs, name: 'page' };
      },
    });
    await expect(runTask(task, input, keyed())).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(await runTask(task, input, keyed())).toMatchObject({ replayed: false, output: { run: 2 } });
    expect(await runTask(task, input, keyed())).toMatchObject({ replayed: true, output: { run: 2 } });
  });

  it('keeps nothing of dry runs, reads and confirmations', async () => {
    const { runTask } = pipelineFixture();
    const dry = probeTask();
    await runTask(dry, { ...input, dry_run: true }, keyed());
    await runTask(dry, input, keyed());
    expect(dry.runs()).toBe(2);
    const read = probeTask({ effect: 'read' });
    await runTask(read, input, keyed('key-2'));
    await runTask(read, input, keyed('key-2'));
    expect(read.runs()).toBe(2);
    const dangerous = probeTask({ impact: async () => ({ summary: 's', facts: {}, warnings: [], fingerprint: 'f' }) });
    await runTask(dangerous, input, keyed('key-3'));
    await expect(runTask(dangerous, input, keyed('key-3'))).resolves.toMatchObject({ kind: 'confirmation' });
  });

  describe('a call that a job makes again after its worker was lost', () => {
    const ask = () => Promise.reject(new Error('asked'));
    /** The first run never ends, as its worker is gone. */
    const lostOnce = (idempotent: boolean) => {
      const seen: (boolean | undefined)[] = [];
      const task = probeTask({
        idempotent,
        execute(_input, _ports, call) {
          seen.push(call.mayHaveRun);
          if (seen.length === 1) return new Promise(() => undefined);
          return Promise.resolve({ run: seen.length, name: 'again' });
        },
      });
      return { task, seen };
    };
    const runTwice = async (task: ReturnType<typeof probeTask>) => {
      const { runTask } = pipelineFixture();
      const job = { ...keyed('job_1'), ask };
      runTask(task, input, job).catch(() => undefined);
      await expect.poll(() => task.runs()).toBe(1);
      return runTask(task, input, job);
    };

    it('is done again at once, and told so, where that is safe', async () => {
      const { task, seen } = lostOnce(true);
      expect((await runTwice(task)).output).toEqual({ run: 2, name: 'again' });
      expect(seen).toEqual([undefined, true]);
    });

    it('is not done again where it may happen twice', async () => {
      const { task, seen } = lostOnce(false);
      await expect(runTwice(task)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
      expect(seen).toHaveLength(1);
    });

    it('answers what it has answered when it had ended', async () => {
      const { runTask } = pipelineFixture();
      const task = probeTask();
      const first = await runTask(task, input, { ...keyed('job_1'), ask });
      expect(await runTask(task, input, { ...keyed('job_1'), ask })).toEqual({ ...first, replayed: true });
      expect(task.runs()).toBe(1);
    });
  });
});
