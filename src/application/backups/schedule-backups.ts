import type { BackupKeep } from '../../domain/model/backup.ts';
import type { Principal } from '../../domain/model/principal.ts';
import type { JobScheduler } from '../../domain/ports/job-scheduler.ts';
import { scheduleJob } from '../jobs/start-job.ts';
import { takeBackupJob } from '../jobs/take-backup.ts';

/** When backups are taken, as the operator says it. */
export interface BackupTimes {
  readonly cron: string;
  readonly timeZone: string;
}

const scheduleId = 'take-backup';

/** In whose name: the server's own. It may do nothing in the CMS. */
const server: Principal = { subject: 'server', clientId: 'server', scopes: [] };

/**
 * Has backups taken at their times, by whichever process is there; `undefined` ends that. A time that was slept through
 * is made up for, once.
 *
 * @throws DomainError STORAGE_UNAVAILABLE.
 */
export async function scheduleBackups(
  times: BackupTimes | undefined,
  keep: BackupKeep,
  ports: { readonly schedules: JobScheduler },
): Promise<void> {
  if (times === undefined) {
    await ports.schedules.remove(scheduleId);
    return;
  }
  const time = { kind: 'recurring' as const, ...times };
  await scheduleJob(takeBackupJob, { keep }, { id: scheduleId, time, missed: 'run' }, ports, { principal: server });
}
