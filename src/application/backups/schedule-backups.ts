import type { BackupKeep } from '../../domain/model/backup.ts';
import type { JobScheduler } from '../../domain/ports/job-scheduler.ts';
import { scheduleJob } from '../jobs/start-job.ts';
import { takeBackupJob } from '../jobs/take-backup.ts';
import { serverPrincipal } from '../server-principal.ts';

/** When backups are taken, as the operator says it. */
export interface BackupTimes {
  readonly cron: string;
  readonly timeZone: string;
}

const scheduleId = 'take-backup';

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
  await scheduleJob(takeBackupJob, { keep }, { id: scheduleId, time, missed: 'run' }, ports, {
    principal: serverPrincipal,
  });
}
