import type { SandboxRole } from '../../sandbox/seed/people.ts';
import { type Consumer, type ConsumerOptions, startConsumer } from '../../src/adapters/inbound/jobs/consumer.ts';
import { jobs } from '../../src/application/jobs/index.ts';
import { tasks } from '../../src/application/tasks/index.ts';
import type { TaskHarness } from './task-harness.ts';

/** A worker for all queues of a harness, as a role of the CMS. */
export function consumeJobs(
  harness: TaskHarness,
  onProblem: (error: unknown) => void,
  role?: SandboxRole,
  differing: Partial<ConsumerOptions> = {},
): Consumer {
  return startConsumer({
    runtime: harness.runtime(role),
    jobs,
    tasks,
    jobsMax: 4,
    leaseMs: 10_000,
    onProblem,
    ...differing,
  });
}
