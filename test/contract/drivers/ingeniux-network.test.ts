import { describe, expect, onTestFinished, test } from 'vitest';
import { createSeedState, sandboxLandmarks } from '../../../sandbox/seed.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import type { IngeniuxEvent } from '../../../src/adapters/outbound/ingeniux/events.ts';
import { createIngeniux, type IngeniuxOptions } from '../../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../../src/adapters/outbound/memory/cache.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import type { DomainError } from '../../../src/domain/errors.ts';
import { type NetworkFault, startFaultProxy } from '../../support/fault-proxy.ts';
import { poll } from '../../support/poll.ts';

const page = sandboxLandmarks.tuitionPage;
const timeoutMs = 1_500;
const volumeThreshold = 4;
const breaker = { volumeThreshold, errorThresholdPercentage: 50, windowMs: 20_000, resetMs: 500 };

/** What networks do to answers, and what a caller is told of it. */
const faults: Readonly<Record<string, NetworkFault>> = {
  'answers later than the deadline': { kind: 'latency', ms: 10 * timeoutMs },
  'resets every connection': { kind: 'reset' },
  'answers byte by byte': { kind: 'drip', msPerByte: 200 },
  'cuts answers off': { kind: 'truncation', bytes: 60 },
  'answers what is no HTTP': { kind: 'garbage', bytes: Buffer.from([0, 255, 17, 3, 13, 10, 13, 10]) },
};

describe.each(Object.entries(faults))('a network that %s', (_name, fault) => {
  test('is told in words, opens the breaker, is asked no more, and is used again when it is well', async () => {
    const stage = await openStage({ retriesMax: 0 });
    await stage.read();
    stage.proxy.set(fault);
    for (let call = 1; call <= volumeThreshold + 1; call++) {
      const error = await failureOf(stage.read());
      expect(['CMS_UNAVAILABLE', 'CMS_TIMEOUT', 'CMS_UNEXPECTED']).toContain(error.code);
      expect(JSON.stringify(error)).not.toMatch(/ECONN|socket|undici|127\.0\.0\.1/i);
    }
    expect(stage.states()[0]).toBe('open');
    const madeBefore = stage.proxy.connections();
    const refusals = await Promise.all(Array.from({ length: 50 }, () => timedFailureOf(stage.read())));
    const held = refusals.filter(({ error }) => error.retryAfterSeconds !== undefined);
    // At most one of them was the trial of a half-open breaker.
    expect(held.length).toBeGreaterThanOrEqual(49);
    expect(Math.min(...held.map(({ ms }) => ms))).toBeLessThan(timeoutMs);
    expect(stage.proxy.connections() - madeBefore).toBeLessThanOrEqual(1);
    stage.proxy.set({ kind: 'none' });
    await poll('the breaker to close', async () => {
      await stage.read().catch(() => undefined);
      return stage.states().at(-1) === 'closed';
    });
    expect(stage.states()).toContain('half_open');
    expect((await stage.read())?.id).toBe(page);
  });
});

test('a network that resets one connection in three is hidden from readers by repeating', async () => {
  const stage = await openStage({ retriesMax: 3 });
  stage.proxy.set({ kind: 'reset', everyNth: 3 });
  const found = await Promise.allSettled(Array.from({ length: 30 }, () => stage.read()));
  expect(found.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(27);
});

test('an outage is not made worse by repeating: at most 1.1 requests for each call', async () => {
  const calls = 300;
  const stage = await openStage({ retriesMax: 3, breaker: { ...breaker, resetMs: 60_000 } });
  await stage.read();
  stage.sandbox.calls.clear();
  stage.sandbox.faults.add({ kind: 'status', code: 503 });
  for (let call = 0; call < calls; call++) await failureOf(stage.read());
  expect(stage.sandbox.calls.list().length).toBeLessThanOrEqual(calls * 1.1);
  expect(stage.states()).toEqual(['open']);
});

async function openStage(options: Partial<IngeniuxOptions>) {
  const sandbox = await startSandbox({ port: 0, state: createSeedState() });
  const proxy = await startFaultProxy(sandbox.port);
  const clock = createClock();
  const events: IngeniuxEvent[] = [];
  const connector = createIngeniux({
    baseUrl: sandbox.siteRoot.replace(String(sandbox.port), String(proxy.port)),
    clientId: 'sandbox-editor',
    clientSecret: 'sandbox-secret-editor',
    timeoutMs,
    retriesMax: 0,
    cache: createMemoryCache({ maxSize: 10, clock }),
    cacheTtlSeconds: 0,
    clock,
    breaker,
    onProblem: (event) => events.push(event),
    ...options,
  });
  onTestFinished(async () => {
    await connector.close();
    await proxy.close();
    await sandbox.close();
  });
  const principal = { subject: 'agent', clientId: 'network', scopes: [] };
  return {
    sandbox,
    proxy,
    read: () => connector.as(principal, { signal: new AbortController().signal, allowStale: false }).pages.get(page),
    states: () => events.flatMap((event) => (event.kind === 'breaker' ? [event.state] : [])),
  };
}

async function failureOf(work: Promise<unknown>): Promise<DomainError> {
  return (await timedFailureOf(work)).error;
}

async function timedFailureOf(work: Promise<unknown>): Promise<{ readonly error: DomainError; readonly ms: number }> {
  const startedAtMs = performance.now();
  try {
    await work;
  } catch (error) {
    // The driver's law: whatever it throws is a DomainError. The assertions look at its properties.
    return { error: error as DomainError, ms: performance.now() - startedAtMs };
  }
  throw new Error('The call was expected to fail.');
}
