import { describe, expect, it } from 'vitest';
import type { Flow, Next } from '../../../../src/application/pipeline/flow.ts';
import { replayIdempotent } from '../../../../src/application/pipeline/steps/replay-idempotent.ts';
import { DomainError } from '../../../../src/domain/errors.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createBareRuntime } from '../../../support/mcp-bench.ts';
import { probeTask, request } from '../../../support/pipeline-fixture.ts';

/** The storage goes away between the beginning and the end of a write: what the write came to must still be told. */
describe('replay-idempotent when the storage is lost during the call', () => {
  const away = () => Promise.reject(new DomainError('STORAGE_UNAVAILABLE', 'away'));

  function lostDuringCall() {
    const problems: string[] = [];
    const runtime = createBareRuntime(createFakeClock(), 1_000);
    const { records } = runtime.ports;
    let isAway = false;
    const flow: Flow = {
      runtime: {
        ...runtime,
        observer: { ...runtime.observer, problem: ({ code }) => problems.push(code) },
        ports: {
          ...runtime.ports,
          records: {
            ...records,
            replace: (key, value, ttlSeconds) => (isAway ? away() : records.replace(key, value, ttlSeconds)),
            remove: (key) => (isAway ? away() : records.remove(key)),
          },
        },
      },
      task: probeTask(),
      request: request({ idempotencyKey: 'key-1' }),
      rawInput: {},
      input: { name: 'page' },
      signal: new AbortController().signal,
      emitted: [],
      staleAgesSeconds: [],
      startedJobs: [],
    };
    let runs = 0;
    const run = (end: () => ReturnType<Next>) =>
      replayIdempotent(flow, () => {
        runs += 1;
        isAway = true;
        return end();
      });
    return { run, problems, runs: () => runs };
  }

  it('answers what was done, and does not do it again', async () => {
    const { run, problems, runs } = lostDuringCall();
    const done = async () => ({ kind: 'done' as const, output: { run: 1 }, replayed: false });
    await expect(run(done)).resolves.toEqual(await done());
    expect(problems).toEqual(['STORAGE_UNAVAILABLE']);
    await expect(run(done)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(runs()).toBe(1);
  });

  it.each(['OUTCOME_UNKNOWN', 'LOCKED'] as const)('lets %s rise as it is', async (code) => {
    const { run, problems } = lostDuringCall();
    await expect(run(() => Promise.reject(new DomainError(code, 'failed')))).rejects.toMatchObject({ code });
    expect(problems).toEqual(['STORAGE_UNAVAILABLE']);
  });
});
