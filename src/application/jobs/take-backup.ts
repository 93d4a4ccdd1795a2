import { z } from 'zod';
import { pruneBackups } from '../backups/prune-backups.ts';
import { takeStoredBackup } from '../backups/take-backup.ts';
import { defineJob } from '../define-job.ts';

/** Takes a backup and removes those that are not kept any more. Run again, it takes another one: that harms nobody. */
export const takeBackupJob = defineJob({
  kind: 'take_backup',
  queue: 'backups',
  attemptsMax: 4,
  backoffMs: 60_000,
  needs: ['backups', 'clock', 'ids'],
  // Two at a time would read the same.
  lanes: () => ['backup'],
  input: z.object({
    keep: z.object({ unit: z.enum(['days', 'backups']), count: z.int().min(1) }),
  }),
  output: z.object({
    name: z.string(),
    size_bytes: z.int(),
    records: z.int(),
    removed: z.array(z.string()),
  }),
  async execute({ keep }, ports, run) {
    await run.progress({ percent: 0, message: 'Reading what is stored.' });
    const { name, sizeBytes, records } = await takeStoredBackup(ports);
    await run.progress({ percent: 90, message: `Kept ${name}; removing what is no longer kept.` });
    const removed = await pruneBackups(keep, { store: ports.backups.store, clock: ports.clock });
    return { name, size_bytes: sizeBytes, records, removed: [...removed] };
  },
});
