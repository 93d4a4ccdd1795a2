import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PublishLog, PublishMonitor } from '../../../../src/domain/model/publishing.ts';
import {
  baselineOf,
  candidateLogs,
  isIdle,
  logOfItem,
  publishesAhead,
} from '../../../../src/domain/policy/find-publish-log.ts';

const running = {
  taskId: 't',
  targetName: 'Production',
  percent: 10,
  status: '',
  pagesPublished: 0,
  pagesTotal: 1,
  errors: [],
};

describe('whose log a log is', () => {
  it('counts what runs and what waits as ahead', () => {
    expect(baselineOf(monitor([]))).toEqual({ knownLogIds: [], aheadCount: 0 });
    expect(baselineOf({ ...monitor([log('1')]), running, pendingCount: 2 })).toEqual({
      knownLogIds: ['1'],
      aheadCount: 3,
    });
    expect(isIdle(monitor([]))).toBe(true);
    expect(isIdle({ ...monitor([]), pendingCount: 1 })).toBe(false);
  });

  it('takes no log that was there before', () => {
    const before = monitor([log('2'), log('1')]);
    expect(candidateLogs(before, baselineOf(before), 'production')).toEqual([]);
  });

  it('leaves out the publishes that were ahead, and other targets', () => {
    const baseline = { knownLogIds: ['1'], aheadCount: 2 };
    const now = { ...monitor([log('5'), log('4', 'staging'), log('3'), log('2'), log('1')]), running };
    expect(candidateLogs(now, baseline, 'production').map(({ id }) => id)).toEqual(['5']);
    expect(candidateLogs(now, baseline, 'staging').map(({ id }) => id)).toEqual(['4']);
  });

  it('waits while those ahead have not ended, and takes the newest once the queue is empty', () => {
    const baseline = { knownLogIds: ['1'], aheadCount: 2 };
    const logs = [log('3'), log('2'), log('1')];
    expect(candidateLogs({ ...monitor(logs), running }, baseline, 'production')).toEqual([]);
    expect(candidateLogs(monitor(logs), baseline, 'production').map(({ id }) => id)).toEqual(['3']);
  });

  it('finds exactly its own log in a queue that works one after the other', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.nat(4), fc.nat(5), (doneCount, aheadCount, laterCount) => {
        const names = (prefix: string, count: number) =>
          Array.from({ length: count }, (_, index) => `${prefix}${index}`);
        const done = names('done', doneCount);
        const before: PublishMonitor = {
          ...monitor(done.toReversed().map((id) => log(id))),
          pendingCount: Math.max(0, aheadCount - 1),
          ...(aheadCount > 0 ? { running } : {}),
        };
        const order = [...done, ...names('ahead', aheadCount), 'own', ...names('later', laterCount)];
        const after = monitor(order.toReversed().map((id) => log(id)));
        expect(candidateLogs(after, baselineOf(before), 'production')[0]?.id).toBe('own');
      }),
    );
  });

  it('counts the publishes ahead until each has ended, and none once the queue is idle', () => {
    const before = { knownLogIds: ['0'], aheadCount: 2 };
    const busy = (recent: readonly PublishLog[]) => ({ ...monitor(recent), pendingCount: 3 });
    expect(publishesAhead(busy([log('0')]), before)).toBe(2);
    expect(publishesAhead(busy([log('1'), log('0')]), before)).toBe(1);
    expect(publishesAhead(busy([log('3'), log('2'), log('1'), log('0')]), before)).toBe(0);
    expect(publishesAhead(monitor([log('0')]), before)).toBe(0);
  });

  it('prefers the log that speaks of the item to one that failed as a whole', () => {
    const failed = { ...log('1'), error: 'Nothing to publish' };
    const other = { ...log('2'), entries: [{ itemId: 'x1', success: true, message: '' }] };
    const own = { ...log('3'), entries: [{ itemId: 'x2', success: false, message: 'no' }] };
    expect(logOfItem([failed, other, own], 'x2')?.id).toBe('3');
    expect(logOfItem([failed, other], 'x2')?.id).toBe('1');
    expect(logOfItem([other], 'x2')).toBeUndefined();
    expect(logOfItem([{ ...other, error: 'half' }], 'x2')).toBeUndefined();
  });
});

function monitor(recent: readonly PublishLog[]): PublishMonitor {
  return { pendingCount: 0, replicating: [], recent };
}

function log(id: string, targetId = 'production'): PublishLog {
  return {
    id,
    targetId,
    targetName: targetId,
    userName: 'somebody',
    incremental: true,
    failedCount: 0,
    pagesPublished: 0,
    assetsPublished: 0,
    entries: [],
  };
}
