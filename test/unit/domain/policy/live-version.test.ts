import { describe, expect, it } from 'vitest';
import type { VersionInfo } from '../../../../src/domain/model/content-item.ts';
import type { PublishLog } from '../../../../src/domain/model/publishing.ts';
import { liveVersion } from '../../../../src/domain/policy/live-version.ts';

const version = (number: number, date: string, marked: boolean): VersionInfo => ({
  version: number,
  date,
  user: 'Somebody',
  comment: '',
  isCurrent: false,
  isCheckedOutCopy: false,
  targets: marked ? [{ id: 'T/1', name: 'Production' }] : [],
});

const log = (id: string, startedAt: string, message: string, success = true): PublishLog => ({
  id,
  targetId: 'T/1',
  targetName: 'Production',
  userName: 'Somebody',
  startedAt,
  incremental: true,
  failedCount: success ? 0 : 1,
  pagesPublished: 1,
  assetsPublished: 0,
  entries: [{ itemId: 'x1', success, message }],
});

const facts = { itemId: 'x1', targetId: 'T/1', published: true };

describe('liveVersion', () => {
  it('believes a log that names the version', () => {
    const versions = [version(3, '20260103T00:00:00', true), version(2, '20260102T00:00:00', false)];
    const logs = [log('L/1', '2026-01-04T00:00:00Z', 'Version 2 published to Production.')];
    expect(liveVersion({ ...facts, versions, logs })).toMatchObject({ live: 2, marked: { version: 3 } });
  });

  it('takes the marked version when it was there before the publish', () => {
    const versions = [version(3, '20260103T00:00:00', true), version(2, '20260102T00:00:00', false)];
    const told = liveVersion({ ...facts, versions, logs: [log('L/1', '2026-01-04T00:00:00Z', 'Done')] });
    expect(told.live).toBe(3);
    expect(told.note).toContain('Told from times');
  });

  it('names the likely version when the marked one is newer than the publish', () => {
    const versions = [version(3, '20260105T00:00:00', true), version(2, '20260102T00:00:00', false)];
    const told = liveVersion({ ...facts, versions, logs: [log('L/1', '2026-01-04T00:00:00Z', 'Done')] });
    expect(told.live).toBeUndefined();
    expect(told.likely).toBe(2);
  });

  it('passes over publishes that failed for the item', () => {
    const versions = [version(2, '20260102T00:00:00', true)];
    const logs = [
      log('L/2', '2026-01-05T00:00:00Z', 'Version 2 refused', false),
      log('L/1', '2026-01-04T00:00:00Z', 'Version 1 published'),
    ];
    expect(liveVersion({ ...facts, versions, logs }).live).toBe(1);
  });

  it('admits that it does not know without a log, and says nothing of what is not published', () => {
    const versions = [version(2, '20260102T00:00:00', true)];
    expect(liveVersion({ ...facts, versions, logs: [] })).toEqual({
      marked: versions[0],
      note: expect.stringContaining('does not tell'),
    });
    expect(liveVersion({ ...facts, published: false, versions, logs: [] })).toEqual({ marked: versions[0] });
  });
});
