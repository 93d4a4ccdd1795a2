import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DomainError } from '../../../../src/domain/errors.ts';
import { pipelineFixture, probeTask, request } from '../../../support/pipeline-fixture.ts';

const input = { name: 'page' };
const reader = { subject: 'bob', clientId: 'tests', scopes: ['cms:read'] } as const;

describe('authorise', () => {
  it('names all scopes that are needed and those that are missing', async () => {
    const { runTask } = pipelineFixture();
    const task = probeTask();
    await expect(runTask(task, input, request({ principal: reader }))).rejects.toMatchObject({
      code: 'SCOPE_MISSING',
      details: { required_scopes: ['cms:read', 'cms:write'], missing_scopes: ['cms:write'] },
    });
    expect(task.runs()).toBe(0);
  });

  it('comes before the arguments are looked at: a caller without the scope learns nothing of them', async () => {
    const { runTask } = pipelineFixture();
    await expect(runTask(probeTask(), { nonsense: 1 }, request({ principal: reader }))).rejects.toMatchObject({
      code: 'SCOPE_MISSING',
    });
  });
});

describe('limit-rate', () => {
  it('refuses the call over the limit and says when to come back', async () => {
    const { runTask } = pipelineFixture({ rateLimitRpm: 3 });
    const task = probeTask();
    for (let call = 0; call < 3; call += 1) await runTask(task, input, request());
    const error = await runTask(task, input, request()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number), recoverable: true });
    expect(task.runs()).toBe(3);
  });

  it('counts each user and client apart', async () => {
    const { runTask } = pipelineFixture({ rateLimitRpm: 1 });
    const task = probeTask({ scopes: ['cms:read'] });
    await runTask(task, input, request());
    await expect(runTask(task, input, request({ principal: reader }))).resolves.toBeDefined();
    await expect(runTask(task, input, request({ principal: { ...reader, clientId: 'other' } }))).resolves.toBeDefined();
  });
});

describe('parse-input', () => {
  it('tells every wrong argument, what was expected, and which arguments there are', async () => {
    const { runTask } = pipelineFixture();
    const error = await runTask(probeTask(), { name: 'x', colour: 'red' }, request()).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'BAD_INPUT', details: { arguments: ['name', 'dry_run', 'confirm'] } });
    expect(String(error)).toContain('"name"');
    expect(String(error)).toContain('"colour"');
    expect(String(error)).not.toContain('red');
  });

  it.each([undefined, null, 'text', 7, []])(
    'refuses %j where an object is needed, or takes it as no arguments',
    async (raw) => {
      const { runTask } = pipelineFixture();
      await expect(runTask(probeTask(), raw, request())).rejects.toMatchObject({ code: 'BAD_INPUT' });
    },
  );
});

describe('parse-input, when a host quotes what is no text', () => {
  const typed = () =>
    probeTask({
      input: z
        .object({ items: z.array(z.string()).min(1), depth: z.int().optional(), flat: z.boolean().optional() })
        .strict(),
      output: z.object({ input: z.unknown() }),
      execute: async (given) => ({ input: given }),
    });

  it.each([
    [{ items: '["x1","x2"]' }, { items: ['x1', 'x2'] }],
    [
      { items: '["x1"]', depth: '2', flat: 'true' },
      { items: ['x1'], depth: 2, flat: true },
    ],
  ])('takes %j as it is meant', async (raw, meant) => {
    const { runTask } = pipelineFixture();
    expect((await runTask(typed(), raw, request())).output).toEqual({ input: meant });
  });

  it.each([
    [{ items: 'x1' }, '"items": expected a list'],
    [{ items: [] }, '"items": needs at least 1 entries'],
    [{ items: ['x1'], depth: 'deep' }, '"depth": expected'],
    [{ items: '[1]' }, '"items.0": expected a text'],
  ])('says of %j what was expected', async (raw, message) => {
    const { runTask } = pipelineFixture();
    await expect(runTask(typed(), raw, request())).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(message),
    });
  });
});

describe('enforce-deadline', () => {
  it('ends a call that passes its deadline and warns that the write may have happened', async () => {
    const { runTask } = pipelineFixture();
    const task = probeTask({
      deadlineMs: 20,
      execute: (_input, _ports, call) =>
        new Promise((_resolve, reject) => {
          call.signal.addEventListener('abort', () => reject(call.signal.reason));
        }),
    });
    await expect(runTask(task, input, request())).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  it.each([
    ['none', undefined],
    ["a text, as a client's notification may bring", 'I changed my mind'],
    ['the error of a connection that closed', new Error('Connection closed')],
  ])('calls a cancellation by the caller a cancellation, with reason: %s', async (_what, reason) => {
    const { runTask } = pipelineFixture();
    const controller = new AbortController();
    const task = probeTask({
      execute: async (_input, _ports, call) => {
        controller.abort(reason);
        call.signal.throwIfAborted();
        return {};
      },
    });
    await expect(runTask(task, input, request({ signal: controller.signal }))).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describe('refuse-in-freeze', () => {
  const frozen = {
    startsAt: '2026-03-01T11:00:00Z',
    endsAt: '2026-03-01T13:00:00Z',
    allowsMe: false,
    message: 'Upgrade',
  };

  it('stops a write during the freeze and says until when', async () => {
    const fixture = pipelineFixture();
    fixture.freeze = frozen;
    const task = probeTask({ heedsFreeze: true });
    await expect(fixture.runTask(task, input, request())).rejects.toMatchObject({
      code: 'CONTENT_FREEZE',
      retryAfterSeconds: 3600,
    });
    expect(task.runs()).toBe(0);
  });

  it.each([
    ['before it', { ...frozen, startsAt: '2026-03-01T12:30:00Z' }],
    ['after it', { ...frozen, endsAt: '2026-03-01T11:30:00Z' }],
    ['for someone it lets through', { ...frozen, allowsMe: true }],
  ])('lets a write pass %s', async (_when, freeze) => {
    const fixture = pipelineFixture();
    fixture.freeze = freeze;
    await expect(fixture.runTask(probeTask({ heedsFreeze: true }), input, request())).resolves.toMatchObject({
      kind: 'done',
    });
  });
});

describe('execute', () => {
  it('opens the CMS so that only reads may be stale', async () => {
    const { runTask, gatewayOptions } = pipelineFixture();
    await runTask(probeTask({ effect: 'read' }), input, request());
    await runTask(probeTask({ effect: 'additive' }), input, request());
    expect(gatewayOptions.map((options) => options.allowStale)).toEqual([true, false]);
  });

  it('tells the oldest stale age that an answer rests on', async () => {
    const fixture = pipelineFixture();
    const task = probeTask({ execute: async () => ({ run: 1, name: 'x' }) });
    const stale = probeTask({
      effect: 'read',
      execute: async () => {
        for (const age of [3, 8, 5]) fixture.gatewayOptions.at(-1)?.onStale?.(age);
        return { run: 1, name: 'x' };
      },
    });
    expect(await fixture.runTask(task, input, request())).not.toHaveProperty('staleSeconds');
    expect(await fixture.runTask(stale, input, request())).toMatchObject({ staleSeconds: 8 });
  });

  it('calls an answer that breaks its own schema a defect', async () => {
    const { runTask, outcomes } = pipelineFixture();
    const task = probeTask({ execute: async () => ({ run: 'many' }) });
    await expect(runTask(task, input, request())).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(outcomes.at(-1)).toMatchObject({ result: 'error', error: { code: 'INTERNAL' } });
  });

  it('refuses an answer that is too large, and says to ask for less', async () => {
    const { runTask } = pipelineFixture();
    const task = probeTask({
      output: z.object({ text: z.string() }),
      execute: async () => ({ text: 'x'.repeat(200_000) }),
    });
    await expect(runTask(task, input, request())).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('gives an unknown error the code INTERNAL and keeps it as the cause', async () => {
    const { runTask, outcomes } = pipelineFixture();
    const task = probeTask({
      execute: async () => {
        throw new TypeError('secret detail');
      },
    });
    const error = await runTask(task, input, request()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DomainError);
    expect(JSON.stringify(error)).not.toContain('secret detail');
    expect(outcomes.at(-1)?.error?.cause).toBeInstanceOf(TypeError);
  });
});

describe('release-events', () => {
  const event = { type: 'content_changed', itemIds: ['x1'], change: 'fields', subject: 'ada' } as const;

  it('tells what was emitted before the answer leaves', async () => {
    const { runTask, events } = pipelineFixture();
    await runTask(
      probeTask({
        execute: async (_input, _ports, call) => {
          call.emit(event);
          return { run: 1, name: 'x' };
        },
      }),
      input,
      request(),
    );
    expect(events).toEqual([event]);
  });

  it('tells it also when the call fails after the write', async () => {
    const { runTask, events } = pipelineFixture();
    const task = probeTask({
      execute: async (_input, _ports, call) => {
        call.emit(event);
        throw new DomainError('WRITE_UNVERIFIED', 'no');
      },
    });
    await expect(runTask(task, input, request())).rejects.toMatchObject({ code: 'WRITE_UNVERIFIED' });
    expect(events).toEqual([event]);
  });
});
