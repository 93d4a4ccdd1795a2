import { startConsumer } from '../../adapters/inbound/jobs/consumer.ts';
import { scheduleBackups } from '../../application/backups/schedule-backups.ts';
import { scheduleRevocation } from '../../application/identity/schedule-revocation.ts';
import { jobs } from '../../application/jobs/index.ts';
import { tasks } from '../../application/tasks/index.ts';
import { queueNames } from '../../domain/model/job.ts';
import type { CommandContext } from '../cli/context.ts';
import type { Wired } from '../di/container.ts';
import { T } from '../di/tokens.ts';

/** A worker that has been silent for this long counts as dead, and its jobs run again elsewhere. */
const leaseMs = 30_000;

/** How long running jobs may take to end when the worker is stopped; what does not end runs again later. */
const graceMs = 10_000;

/** Has backups taken at their times and expired grants revoked, and takes jobs of all queues until the program closes. */
export async function startWorker(
  container: Wired,
  { config, logger, resources }: Pick<CommandContext, 'config' | 'logger' | 'resources'>,
): Promise<void> {
  const { backupSchedule, backupKeep } = config;
  const times = backupSchedule === 'off' ? undefined : backupSchedule;
  const schedules = container.get(T.Schedules);
  await scheduleBackups(times, backupKeep, { schedules });
  await scheduleRevocation({ schedules });
  const consumer = startConsumer({
    runtime: container.get(T.Runtime),
    jobs,
    tasks,
    jobsMax: config.jobsMax,
    leaseMs,
    onProblem: (error) => logger.warn({ err: error }, 'trouble with the queues'),
    onLost: (job) => logger.warn(job, 'the worker of a job was lost'),
  });
  resources.own('job worker', () => consumer.close(graceMs));
  logger.info({ queues: queueNames }, 'taking jobs');
}
