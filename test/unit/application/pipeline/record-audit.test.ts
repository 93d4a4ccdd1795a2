import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AnyTask } from '../../../../src/application/define-task.ts';
import { confirmationOutput } from '../../../../src/application/tasks/parameters.ts';
import { DomainError, type ErrorCode } from '../../../../src/domain/errors.ts';
import type { AuditRecord } from '../../../../src/domain/model/audit-event.ts';
import type { AuditLog } from '../../../../src/domain/ports/audit-log.ts';
import { pipelineFixture, probeTask, request } from '../../../support/pipeline-fixture.ts';

type Fixture = ReturnType<typeof pipelineFixture>;

const input = { name: 'page' };
const reader = { subject: 'bob', clientId: 'tests', scopes: ['cms:read'] } as const;

/** Oldest first. */
async function recorded({ audit }: Fixture): Promise<readonly AuditRecord[]> {
  return (await audit.list({ filter: {}, limit: 100 })).records.toReversed();
}

/** A writing task with the arguments and the answer of a real one. */
function editTask(over: Partial<AnyTask> = {}): AnyTask {
  return probeTask({
    input: z.object({ item: z.string(), items: z.array(z.string()).optional(), text: z.string().optional() }).strict(),
    output: z.object({ changed: z.array(z.record(z.string(), z.unknown())), job: z.string().optional() }),
    execute: async () => ({
      changed: [
        { id: 'x7', name: 'Secret page', version_before: 3, version_after: 4 },
        { id: 'x8', name: 'New', version_after: 1 },
      ],
    }),
    ...over,
  });
}

const failing = (code: ErrorCode, effect: AnyTask['effect']) =>
  probeTask({
    effect,
    scopes: ['cms:read'],
    execute: async () => {
      throw new DomainError(code, 'A text that quotes what the caller wrote.');
    },
  });

describe('record-audit', () => {
  it('keeps who did what through which client, the items, the versions, the request and the time', async () => {
    const fixture = pipelineFixture();
    await fixture.runTask(editTask(), { item: 'x7.xml', items: ['a_5', 'Home / About'] }, request());
    expect(await recorded(fixture)).toEqual([
      {
        sequence: 1,
        previousHash: expect.any(String),
        hash: expect.any(String),
        atMs: fixture.clock.nowMs(),
        action: 'probe_task',
        subject: 'ada',
        clientId: 'tests',
        requestId: 'req_1',
        outcome: 'ok',
        itemIds: ['x7', 'a/5', 'x8'],
        versions: [
          { id: 'x7', before: 3, after: 4 },
          { id: 'x8', after: 1 },
        ],
      },
    ]);
  });

  it('keeps no content, no name, no path and no free text', async () => {
    const fixture = pipelineFixture();
    const texts = { item: '/canary/path', items: ['canary name', 'x1 canary', 'x2'], text: 'canary text' };
    await fixture.runTask(editTask(), texts, request());
    await fixture.runTask(editTask(), { item: 'x1', canary: 'canary' }, request()).catch(() => undefined);
    const kept = JSON.stringify(await recorded(fixture));
    expect(kept).toContain('"x2"');
    expect(kept).not.toContain('canary');
    expect(kept).not.toContain('Secret page');
  });

  it('keeps the items of events, also of a call that failed after it changed something', async () => {
    const fixture = pipelineFixture();
    const task = editTask({
      execute: async (_input, _ports, call) => {
        call.emit({ type: 'content_changed', itemIds: ['x9'], change: 'fields', subject: 'ada' });
        throw new DomainError('WRITE_UNVERIFIED', 'It reads otherwise.');
      },
    });
    await expect(fixture.runTask(task, { item: '/news' }, request())).rejects.toThrow('reads otherwise');
    expect(await recorded(fixture)).toMatchObject([{ outcome: 'failed', code: 'WRITE_UNVERIFIED', itemIds: ['x9'] }]);
  });

  it('keeps nothing of reads that end well or fail', async () => {
    const fixture = pipelineFixture();
    await fixture.runTask(probeTask({ effect: 'read', scopes: ['cms:read'] }), input, request());
    await fixture.runTask(failing('NOT_FOUND', 'read'), input, request()).catch(() => undefined);
    await fixture.runTask(failing('CMS_UNAVAILABLE', 'read'), input, request()).catch(() => undefined);
    expect(await recorded(fixture)).toEqual([]);
  });

  it.each(['read', 'additive', 'destructive'] as const)('keeps the refusals of a task that is %s', async (effect) => {
    const fixture = pipelineFixture({ rateLimitRpm: 3 });
    const task = probeTask({ effect });
    await fixture.runTask(task, input, request({ principal: reader })).catch(() => undefined);
    for (const code of ['FORBIDDEN', 'LOCKED'] as const) {
      await fixture.runTask(failing(code, effect), input, request()).catch(() => undefined);
    }
    for (let call = 0; call < 2; call++) {
      await fixture.runTask(failing('NOT_FOUND', 'read'), input, request()).catch(() => undefined);
    }
    const kept = (await recorded(fixture)).map(({ subject, outcome, code }) => `${subject} ${outcome} ${code}`);
    expect(kept).toEqual([
      'bob refused SCOPE_MISSING',
      'ada refused FORBIDDEN',
      'ada refused LOCKED',
      'ada refused RATE_LIMITED',
    ]);
  });

  it('tells a confirmation, its refusal and the act apart', async () => {
    const fixture = pipelineFixture();
    const task = probeTask({
      effect: 'destructive',
      impact: async () => ({ summary: 'One page goes.', facts: {}, warnings: [], fingerprint: '1' }),
    });
    const held = await fixture.runTask(task, input, request());
    const { confirm } = confirmationOutput.parse(held.output);
    await fixture.runTask(task, { ...input, confirm: 'confirm_made-up' }, request()).catch(() => undefined);
    await fixture.runTask(task, { ...input, confirm }, request());
    const kept = await recorded(fixture);
    expect(kept.map(({ outcome, code }) => code ?? outcome)).toEqual(['confirmation', 'CONFIRMATION_INVALID', 'ok']);
    expect(JSON.stringify(kept)).not.toContain(confirm);
  });

  it('marks a dry run, a replay, a job, and the operation that was called by its id', async () => {
    const fixture = pipelineFixture();
    await fixture.runTask(probeTask(), { ...input, dry_run: true }, request());
    const task = probeTask();
    for (let call = 0; call < 2; call++) await fixture.runTask(task, input, request({ idempotencyKey: 'key-1' }));
    const job = editTask({ execute: async () => ({ changed: [], job: 'job_1' }) });
    await fixture.runTask(job, { item: 'x1' }, request());
    const gateway = probeTask({ input: z.object({ operation: z.string() }), output: z.object({}) });
    await fixture.runTask(gateway, { operation: 'Pages_AdvanceWorkflow' }, request());
    await fixture.runTask(gateway, { operation: 'some text' }, request());
    const kept = await recorded(fixture);
    expect(kept.map(({ dryRun, replayed, jobId, operation }) => [dryRun, replayed, jobId, operation])).toEqual([
      [true, undefined, undefined, undefined],
      [undefined, undefined, undefined, undefined],
      [undefined, true, undefined, undefined],
      [undefined, undefined, 'job_1', undefined],
      [undefined, undefined, undefined, 'Pages_AdvanceWorkflow'],
      [undefined, undefined, undefined, undefined],
    ]);
  });

  it.each([
    undefined,
    null,
    'x1',
    7,
    [],
    { item: { id: 'x1' } },
    { items: Array.from({ length: 5_000 }, (_, n) => `x${n}`) },
  ])('takes any arguments: %#', async (raw) => {
    const fixture = pipelineFixture();
    await fixture.runTask(editTask(), raw, request()).catch(() => undefined);
    const [record] = await recorded(fixture);
    expect(record).toMatchObject({ outcome: 'failed', code: 'BAD_INPUT' });
    expect(record?.itemIds.length).toBeLessThanOrEqual(100);
  });

  it('leaves the end of a call as it is when the log cannot be written, and tells the operator', async () => {
    const cause = new DomainError('STORAGE_UNAVAILABLE', 'The disk is full.');
    const broken: AuditLog = {
      append: () => Promise.reject(cause),
      list: () => Promise.reject(cause),
      verify: () => Promise.reject(cause),
      close: async () => undefined,
    };
    const fixture = pipelineFixture({ audit: broken });
    const task = probeTask();
    await expect(fixture.runTask(task, input, request())).resolves.toMatchObject({ kind: 'done' });
    expect(task.runs()).toBe(1);
    await expect(fixture.runTask(failing('LOCKED', 'additive'), input, request())).rejects.toMatchObject({
      code: 'LOCKED',
    });
    expect(fixture.problems.map(({ code, cause: told }) => [code, told])).toEqual([
      ['STORAGE_UNAVAILABLE', cause],
      ['STORAGE_UNAVAILABLE', cause],
    ]);
  });
});
