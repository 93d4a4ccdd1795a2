import type { JobScheduler } from '../../domain/ports/job-scheduler.ts';
import { revokeExpiredGrantsJob } from '../jobs/revoke-expired-grants.ts';
import { scheduleJob } from '../jobs/start-job.ts';
import { serverPrincipal } from '../server-principal.ts';

/** Once a day, when few work. */
const time = { kind: 'recurring', cron: '17 3 * * *', timeZone: 'UTC' } as const;

/**
 * Has expired grants revoked every day, by whichever process is there. A day that was slept through is made up for, once.
 *
 * @throws DomainError STORAGE_UNAVAILABLE.
 */
export async function scheduleRevocation(ports: { readonly schedules: JobScheduler }): Promise<void> {
  const when = { id: 'revoke-expired-grants', time, missed: 'run' } as const;
  await scheduleJob(revokeExpiredGrantsJob, {}, when, ports, { principal: serverPrincipal });
}
