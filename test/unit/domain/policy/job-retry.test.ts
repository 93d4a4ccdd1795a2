import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError, type ErrorCode, errorTable } from '../../../../src/domain/errors.ts';
import {
  afterFailedRun,
  afterLostRun,
  GaveWay,
  isRetried,
  nextRunDelayMs,
  nextRunDelayMsMax,
} from '../../../../src/domain/policy/job-retry.ts';
import { stalledRunsMax } from '../../../../src/domain/ports/job-queue.ts';

const failedRun = { cancelRequested: false, failedRuns: 1, attemptsMax: 3, backoffMs: 100 };

describe('afterFailedRun', () => {
  // The keys of a table that is declared with exactly these codes.
  const codes = Object.keys(errorTable) as ErrorCode[];

  it.each(codes)('follows the retry column of the error table for %s', (code) => {
    const turn = afterFailedRun({ ...failedRun, thrown: new DomainError(code, 'told to the owner') });
    expect(turn.next).toBe(code === 'HELD' ? 'held' : errorTable[code].retry === 'later' ? 'queued' : 'failed');
    expect(turn).toMatchObject({ error: { code, message: 'told to the owner' } });
  });

  it('lets a run give way, however often it failed, unless the job was cancelled', () => {
    const thrown = new GaveWay();
    expect(afterFailedRun({ ...failedRun, failedRuns: 3, thrown })).toEqual({ next: 'gives_way' });
    expect(afterFailedRun({ ...failedRun, cancelRequested: true, thrown }).next).toBe('cancelled');
  });

  it('retries what is no DomainError and hides its text', () => {
    const turn = afterFailedRun({ ...failedRun, thrown: new TypeError('secret detail') });
    expect(turn).toMatchObject({ next: 'queued', delayMs: 100, error: { code: 'INTERNAL' } });
    expect(JSON.stringify(turn)).not.toContain('secret detail');
    expect(isRetried('not even an error')).toBe(true);
  });

  it('fails the job when the last attempt failed', () => {
    const thrown = new DomainError('CMS_UNAVAILABLE', 'away');
    expect(afterFailedRun({ ...failedRun, thrown, failedRuns: 2 }).next).toBe('queued');
    expect(afterFailedRun({ ...failedRun, thrown, failedRuns: 3 })).toMatchObject({
      next: 'failed',
      error: { code: 'CMS_UNAVAILABLE' },
    });
    expect(afterFailedRun({ ...failedRun, thrown, attemptsMax: 1 }).next).toBe('failed');
  });

  it('cancels a job that was to be cancelled, whatever its handler threw', () => {
    const cancelled = { ...failedRun, cancelRequested: true };
    expect(afterFailedRun({ ...cancelled, thrown: new TypeError('aborted') })).toMatchObject({
      next: 'cancelled',
      error: { code: 'CANCELLED' },
    });
    expect(afterFailedRun({ ...cancelled, thrown: new DomainError('OUTCOME_UNKNOWN', 'sent') })).toMatchObject({
      next: 'cancelled',
      error: { code: 'OUTCOME_UNKNOWN' },
    });
  });
});

describe('nextRunDelayMs', () => {
  it('begins with backoffMs and doubles', () => {
    expect(nextRunDelayMs({ failedRuns: 5000, backoffMs: 0 })).toBe(0);
    expect([1, 2, 3, 4].map((failedRuns) => nextRunDelayMs({ failedRuns, backoffMs: 250 }))).toEqual([
      250, 500, 1000, 2000,
    ]);
  });

  it('never falls and never passes its bound', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), fc.integer({ min: 1, max: 5000 }), (backoffMs, failedRuns) => {
        const delayMs = nextRunDelayMs({ backoffMs, failedRuns });
        expect(delayMs).toBeLessThanOrEqual(nextRunDelayMsMax);
        expect(nextRunDelayMs({ backoffMs, failedRuns: failedRuns + 1 })).toBeGreaterThanOrEqual(delayMs);
      }),
    );
  });
});

describe('afterLostRun', () => {
  it(`runs the job again at once until its worker was lost ${stalledRunsMax} times`, () => {
    const turns = Array.from({ length: stalledRunsMax }, (_, index) =>
      afterLostRun({ cancelRequested: false, lostRuns: index + 1 }),
    );
    expect(turns.slice(0, -1)).toEqual(turns.slice(0, -1).map(() => ({ next: 'queued', delayMs: 0 })));
    expect(turns.at(-1)).toMatchObject({
      next: 'failed',
      error: {
        code: 'INTERNAL',
        retry: 'never',
        message: expect.stringMatching(/What it has done stays done.*tell the user/),
      },
    });
  });

  it('does not run a cancelled job again', () => {
    expect(afterLostRun({ cancelRequested: true, lostRuns: 1 })).toMatchObject({
      next: 'cancelled',
      error: { code: 'CANCELLED' },
    });
  });
});
