import { takeSnapshotJob } from '../../application/jobs/take-snapshot.ts';
import type { Observer } from '../../application/pipeline/observer.ts';
import { errorTable } from '../../domain/errors.ts';
import type { Telemetry } from './start.ts';
import type { OpenSpan } from './tracing.ts';

/** A span for each call of a task, and counts of ended jobs; what is logged, `logged` does, inside of that span. */
export function createTelemetryObserver(logged: Observer, { metrics, tracing }: Telemetry): Observer {
  const spans = new WeakMap<object, OpenSpan>();
  return {
    task: (task, request, work) => {
      const span = tracing.start({
        name: task.name,
        kind: 'internal',
        attributes: {
          'mcp_server.task': task.name,
          'mcp_server.task.effect': task.effect,
          'mcp_server.request.id': request.requestId,
        },
      });
      spans.set(request, span);
      return span.within(() => logged.task(task, request, work)).finally(() => span.end());
    },
    taskEnded: (task, request, outcome) => {
      const span = spans.get(request);
      span?.set({ 'mcp_server.task.outcome': outcome.result });
      if (outcome.error !== undefined) {
        const { code } = outcome.error;
        span?.set({ 'error.type': code });
        // What a caller did wrong is no failure of the span, and its message may quote what was sent.
        if (errorTable[code].fault !== 'caller') span?.fail(code);
      }
      logged.taskEnded(task, request, outcome);
    },
    problem: (error, request) => logged.problem(error, request),
    jobEnded: (job) => {
      logged.jobEnded(job);
      if (job.state === 'succeeded') metrics.count('bullmq_jobs_completed_total', { queue: job.queue });
      if (job.state === 'failed') metrics.count('bullmq_jobs_failed_total', { queue: job.queue });
      if (job.kind === takeSnapshotJob.kind) metrics.count('snapshot_jobs_total', { result: job.state });
    },
  };
}
