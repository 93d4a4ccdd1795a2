import { expect } from 'vitest';
import type { RateDecision, RateLimiter } from '../../../src/domain/ports/rate-limiter.ts';
import { poll } from '../../support/poll.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/rate-limiter.ts. */
export interface OpenedRateLimiter extends Opened {
  /** With the window of the law: a minute. */
  readonly subject: RateLimiter;
  /** The limiter of another process. */
  readonly other?: RateLimiter;
  /** With a window of `shortWindowSeconds`, so that its end can be waited for. */
  readonly short: RateLimiter;
  /** What the subject's `onProblem` was told. */
  readonly problems: readonly unknown[];
  readonly breakStore?: () => Promise<void>;
}

export const shortWindowSeconds = 2;

export function rateLimiterContract(contract: Contract<OpenedRateLimiter>): void {
  describeContract('RateLimiter', contract, {
    'as many as `limit` are allowed, the next ones refused': async ({ subject }) => {
      const decisions = await takeTimes(subject, 'key', 3, 6);
      expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false, false]);
      expect(decisions.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0, 0, 0]);
      expect(decisions.every(({ limit }) => limit === 3)).toBe(true);
    },

    'takes at the same time are all counted': async ({ subject, other }) => {
      const takers = [subject, other ?? subject];
      const decisions = await Promise.all(Array.from({ length: 50 }, (_, n) => takers[n % 2]?.take('key', 20)));
      expect(decisions.filter((decision) => decision?.allowed)).toHaveLength(20);
    },

    'at most `limit` are allowed in any window, wherever it begins': async ({ short }) => {
      const limit = 20;
      const windowMs = shortWindowSeconds * 1000;
      const allowed: { readonly beganMs: number; readonly endedMs: number }[] = [];
      const startMs = performance.now();
      // Late in a window as fixed ones would have it, then as fast as it goes: the seam is where such a limiter fails.
      await poll('the end of a window to come near', () => performance.now() - startMs > windowMs * 0.8);
      while (performance.now() - startMs < windowMs * 3) {
        const beganMs = performance.now();
        const decision = await short.take('key', limit);
        if (decision.allowed) allowed.push({ beganMs, endedMs: performance.now() });
      }
      // The true moment of a take lies between its beginning and its end.
      const spans = allowed.slice(limit).map(({ endedMs }, index) => endedMs - (allowed[index]?.beganMs ?? 0));
      expect(Math.min(...spans)).toBeGreaterThanOrEqual(windowMs);
      // From 0.8 to 3 windows: a first lot at once, a second one after a window, each in full.
      expect(allowed.length).toBeGreaterThanOrEqual(2 * limit);
    },

    'what is refused is not counted: the wait is as long as the first refusal said': async ({ short }) => {
      const key = 'key';
      await takeTimes(short, key, 2, 2);
      const refusal = await short.take(key, 2);
      expect(refusal.allowed).toBe(false);
      expect(refusal.retryAfterSeconds).toBeLessThanOrEqual(shortWindowSeconds + 1);
      const beganMs = performance.now();
      const again = await poll('room', async () => {
        const decision = await short.take(key, 2);
        return decision.allowed && decision;
      });
      // As the refusal said, up to a busy machine.
      expect(performance.now() - beganMs).toBeLessThan((refusal.retryAfterSeconds ?? 0) * 1000 + 5_000);
      expect(again.remaining).toBeLessThanOrEqual(1);
    },

    'a take that costs more is allowed as a whole or not at all': async ({ subject }) => {
      expect(await subject.take('key', 10, 7)).toMatchObject({ allowed: true, remaining: 3 });
      expect(await subject.take('key', 10, 4)).toMatchObject({ allowed: false, remaining: 3 });
      expect(await subject.take('key', 10, 3)).toMatchObject({ allowed: true, remaining: 0 });
      expect(await subject.take('other', 10, 11)).toMatchObject({ allowed: false, remaining: 10 });
    },

    'keys are counted apart': async ({ subject }) => {
      await takeTimes(subject, 'one', 1, 2);
      expect((await subject.take('two', 1)).allowed).toBe(true);
      expect((await subject.take('one', 1)).allowed).toBe(false);
    },

    'the limit is that of the call': async ({ subject }) => {
      await takeTimes(subject, 'key', 2, 2);
      expect(await subject.take('key', 5)).toMatchObject({ allowed: true, limit: 5, remaining: 2 });
      expect(await subject.take('key', 2)).toMatchObject({ allowed: false, limit: 2, remaining: 0 });
      expect(await subject.take('key', 0)).toMatchObject({ allowed: false, limit: 0, remaining: 0 });
    },

    'processes that share a store share the count': async ({ subject, other }) => {
      await takeTimes(subject, 'key', 4, 2);
      const there = await takeTimes(another(other), 'key', 4, 3);
      expect(there.map(({ allowed }) => allowed)).toEqual([true, true, false]);
      expect((await subject.take('key', 4)).allowed).toBe(false);
    },

    '`retryAfterSeconds` of a refusal is at least 1 and at most 61, and only of a refusal': async ({
      subject,
      short,
    }) => {
      for (const [key, limiter] of Object.entries({ subject, short })) {
        const [allowed, refused] = await takeTimes(limiter, key, 1, 2);
        expect(allowed).not.toHaveProperty('retryAfterSeconds');
        expect(refused?.retryAfterSeconds).toBeGreaterThanOrEqual(1);
        expect(refused?.retryAfterSeconds).toBeLessThanOrEqual(61);
        expect(Number.isInteger(refused?.retryAfterSeconds)).toBe(true);
        expect(refused?.resetSeconds).toBe(refused?.retryAfterSeconds);
      }
    },

    'a store that fails is told to `onProblem`, and each process counts for itself': async ({
      subject,
      problems,
      breakStore,
    }) => {
      if (breakStore === undefined) throw new Error('Nothing to break: exempt this driver, with the reason.');
      await takeTimes(subject, 'key', 1, 2);
      await breakStore();
      const problemsBefore = problems.length;
      const decision = await subject.take('key', 1);
      expect(decision).toMatchObject({ allowed: true, limit: 1 });
      expect(decision.resetSeconds).toBeLessThanOrEqual(61);
      expect(problems.length).toBeGreaterThan(problemsBefore);
      expect((await subject.take('key', 1)).allowed).toBe(false);
    },
  });
}

async function takeTimes(limiter: RateLimiter, key: string, limit: number, times: number): Promise<RateDecision[]> {
  const decisions: RateDecision[] = [];
  for (let time = 0; time < times; time++) decisions.push(await limiter.take(key, limit));
  return decisions;
}
