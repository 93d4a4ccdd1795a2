import { describe, expect, it } from 'vitest';
import { copyProblem, followCopies, isCopying } from '../../../../src/application/items/follow-copies.ts';
import { DomainError } from '../../../../src/domain/errors.ts';
import type { PublishLog, PublishReplication } from '../../../../src/domain/model/publishing.ts';
import type { Ports } from '../../../../src/domain/ports/index.ts';

const log = (replication?: PublishReplication): PublishLog => ({
  id: 'Logs/1',
  targetId: 'Targets/1',
  targetName: 'Production',
  userName: 'somebody',
  incremental: true,
  failedCount: 0,
  pagesPublished: 1,
  assetsPublished: 0,
  entries: [],
  ...(replication === undefined ? {} : { replication }),
});
const running = log({ destinationCount: 2, isStopped: false });
const stopped = log({ destinationCount: 2, isStopped: true });
const done = log({ destinationCount: 2, isStopped: false, completedAt: '2026-12-01T08:00:00Z' });

/** A CMS whose log changes with each read. */
function cms(...answers: readonly PublishLog[]): Pick<Ports, 'publishing'> {
  const left = [...answers];
  const publishing = {
    monitor: async () => ({
      pendingCount: 0,
      recent: [],
      replicating: [{ targetId: 'Targets/1', targetName: 'Production', percent: 50 }],
    }),
    log: async () => left.shift() ?? running,
  };
  // The two reads that following takes.
  return { publishing: publishing as unknown as Ports['publishing'] };
}

describe('followCopies', () => {
  const told: string[] = [];
  const watched = {
    signal: new AbortController().signal,
    onProgress: async (message: string) => void told.push(message),
  };

  it('follows a copy to its end, and tells how far it is', async () => {
    expect(await followCopies([running], 60_000, cms(running, done), watched)).toEqual([done]);
    expect(told).toContain('Copying to the web servers: Production 50 %');
  });

  it('ends with a copy that stopped, and with the time it has', async () => {
    expect(await followCopies([running], 60_000, cms(stopped), watched)).toEqual([stopped]);
    expect(await followCopies([running], 0, cms(done), watched)).toEqual([running]);
  });

  it('asks nothing where nothing is copied', async () => {
    const nobody = {} as Pick<Ports, 'publishing'>;
    expect(await followCopies([log(), done, stopped], 60_000, nobody, watched)).toEqual([log(), done, stopped]);
    expect([log(), running, stopped, done].map(isCopying)).toEqual([false, true, false, false]);
  });
});

describe('copyProblem', () => {
  const health = (over: object): Pick<Ports, 'health'> => ({
    // The two reads that it takes.
    health: {
      replicationTargets: async () => [{ id: 'R/1', name: 'Web farm' }],
      replicationLog: async () => undefined,
      ...over,
    } as unknown as Ports['health'],
  });

  it('tells what stopped it, who stopped it, or nothing', async () => {
    const ended = (over: object) => health({ replicationLog: async () => over });
    expect(await copyProblem('Targets/1', ended({ error: 'No space.' }))).toBe('Web farm: No space.');
    expect(await copyProblem('Targets/1', ended({ cancelled: true }))).toBe('Web farm: cancelled by a user');
    expect(await copyProblem('Targets/1', health({}))).toBeUndefined();
  });

  it('leaves it out for users who may not know it, and hides no defect', async () => {
    const refusing = (error: Error) =>
      health({
        replicationTargets: async () => {
          throw error;
        },
      });
    expect(await copyProblem('Targets/1', refusing(new DomainError('FORBIDDEN', 'no')))).toBeUndefined();
    await expect(copyProblem('Targets/1', refusing(new TypeError('broken')))).rejects.toThrow('broken');
  });
});
