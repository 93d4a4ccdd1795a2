import { describe, expect, it, vi } from 'vitest';
import { createReadiness } from '../../../../src/application/health/check-readiness.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

describe('readiness', () => {
  it('is not held up by a check that never ends', async () => {
    const bounds: (() => void)[] = [];
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController();
      bounds.push(() => controller.abort(new Error(`after ${ms} ms`)));
      return controller.signal;
    });
    const ready = createReadiness(
      [
        { name: 'cms', check: () => new Promise(() => undefined) },
        { name: 'storage', check: async () => undefined },
      ],
      createFakeClock(),
    );
    const answer = ready();
    for (const pass of bounds) pass();
    expect(await answer).toEqual({
      ready: false,
      checks: {
        cms: { status: 'failed', detail: 'no answer within 2 seconds', latency_ms: 0 },
        storage: { status: 'ok', latency_ms: 0 },
      },
    });
    timeout.mockRestore();
  });

  it('is true when there is nothing to check', async () => {
    expect(await createReadiness([], createFakeClock())()).toEqual({ ready: true, checks: {} });
  });
});
