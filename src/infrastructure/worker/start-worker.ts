import { startConsumer } from '../../adapters/inbound/jobs/consumer.ts';
import { jobs } from '../../application/jobs/index.ts';
import type { QueueName } from '../../domain/model/job.ts';
import type { CommandContext } from '../cli/context.ts';
import type { Wired } from '../di/container.ts';
import { T } from '../di/tokens.ts';

/** The CMS publishes one after the other anyway, and wants at most four calls at a time from us. */
const concurrency: Readonly<Record<QueueName, number>> = { publishing: 2, 'cms-writes': 2, reports: 1, backups: 1 };

/** A worker that has been silent for this long counts as dead, and its jobs run again elsewhere. */
const leaseMs = 30_000;

/** How long running jobs may take to end when the worker is stopped; what does not end runs again later. */
const graceMs = 10_000;

/** Takes jobs of all queues until the program closes. */
export function startWorker(
  container: Wired,
  { logger, resources }: Pick<CommandContext, 'logger' | 'resources'>,
): void {
  const consumer = startConsumer({
    runtime: container.get(T.Runtime),
    jobs,
    concurrency,
    leaseMs,
    onProblem: (error) => logger.warn({ err: error }, 'trouble with the queues'),
  });
  resources.own('job worker', () => consumer.close(graceMs));
  logger.info({ queues: Object.keys(concurrency) }, 'taking jobs');
}
