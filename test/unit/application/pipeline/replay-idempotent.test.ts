import { describe, expect, it } from 'vitest';
import { DomainError, type ErrorCode } from '../../../../src/domain/errors.ts';
import { pipelineFixture, probeTask, request } from '../../../support/pipeline-fixture.ts';

const input = { name: 'page' };
const keyed = (idempotencyKey = 'key-1') => request({ idempotencyKey });
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

  it.each(['OUTCOME_UNKNOWN', 'WRITE_UNVERIFIED', 'TIMED_OUT', 'CANCELLED', 'INTERNAL'] as const)(
    'keeps the key after %s and repeats the error: the write may have happened',
    async (code) => {
      const { runTask } = pipelineFixture();
      const task = failing(code);
      await expect(runTask(task, input, keyed())).rejects.toMatchObject({ code });
      await expect(runTask(task, input, keyed())).rejects.toMatchObject({ code, details: { replayed: true } });
      expect(task.runs()).toBe(1);
    },
  );

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
});
