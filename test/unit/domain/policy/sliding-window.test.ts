import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Slices, takeFromWindow } from '../../../../src/domain/policy/sliding-window.ts';
import { rateSlices } from '../../../../src/domain/ports/rate-limiter.ts';

const windowMs = 60_000;
const sliceMs = windowMs / rateSlices;

/** Takes as they come, with gaps between them; answers when each allowed one was. */
function run(limit: number, gapsMs: readonly number[]) {
  let slices: Slices = new Map();
  let nowMs = 1_000_000;
  const allowed: number[] = [];
  for (const gapMs of gapsMs) {
    nowMs += gapMs;
    const taken = takeFromWindow(slices, { limit, cost: 1, nowMs, windowMs });
    slices = taken.slices;
    if (taken.decision.allowed) allowed.push(nowMs);
  }
  return { allowed, slices };
}

const gaps = fc.array(fc.integer({ min: 0, max: 7_000 }), { minLength: 1, maxLength: 300 });

it('never lets more than the limit through in any minute, and keeps a bounded count', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), gaps, (limit, gapsMs) => {
      const { allowed, slices } = run(limit, gapsMs);
      allowed.slice(limit).forEach((atMs, index) => {
        expect(atMs - (allowed[index] ?? 0)).toBeGreaterThanOrEqual(windowMs);
      });
      expect(slices.size).toBeLessThanOrEqual(rateSlices + 1);
    }),
  );
});

it('refuses nothing that an exact count would allow half a second later', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), gaps, (limit, gapsMs) => {
      let slices: Slices = new Map();
      let nowMs = 1_000_000;
      const allowed: number[] = [];
      for (const gapMs of gapsMs) {
        nowMs += gapMs;
        const exact = allowed.filter((atMs) => atMs > nowMs - windowMs - sliceMs).length;
        const taken = takeFromWindow(slices, { limit, cost: 1, nowMs, windowMs });
        slices = taken.slices;
        if (exact < limit) expect(taken.decision.allowed).toBe(true);
        if (taken.decision.allowed) allowed.push(nowMs);
      }
    }),
  );
});

it('says when to come back: then, and not a second earlier, the same take is allowed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), gaps, (limit, cost, gapsMs) => {
      fc.pre(cost <= limit);
      const { slices } = run(limit, gapsMs);
      const nowMs = 1_000_000 + gapsMs.reduce((sum, gapMs) => sum + gapMs, 0);
      const at = (laterMs: number) =>
        takeFromWindow(slices, { limit, cost, nowMs: nowMs + laterMs, windowMs }).decision;
      const { allowed, retryAfterSeconds = 0 } = at(0);
      if (allowed) return;
      expect(retryAfterSeconds).toBeLessThanOrEqual(61);
      expect(at(retryAfterSeconds * 1000).allowed).toBe(true);
      if (retryAfterSeconds > 1) expect(at((retryAfterSeconds - 1) * 1000 - 1).allowed).toBe(false);
    }),
  );
});
