import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import type { Flow } from './flow.ts';

/** The ports of one call: the CMS as its principal sees it, and what is the same for all. */
export function portsOf(flow: Flow): Ports {
  const gateway = flow.runtime.connector.as(flow.request.principal, {
    signal: flow.signal,
    allowStale: flow.task.effect === 'read',
    onStale: (ageSeconds) => flow.staleAgesSeconds.push(ageSeconds),
  });
  return { ...flow.runtime.ports, ...gateway };
}

/** The call as its task sees it. */
export function callOf(flow: Flow): Call {
  const { request } = flow;
  return {
    principal: request.principal,
    requestId: request.requestId,
    signal: flow.signal,
    ...(request.exposure === undefined ? {} : { exposure: request.exposure }),
    ...(request.idempotencyKey === undefined
      ? {}
      : {
          idempotencyKey: flow.runtime.ports.digest.sha256(
            JSON.stringify([request.principal.subject, flow.task.name, request.idempotencyKey]),
          ),
        }),
    task: flow.task.name,
    ...(request.followsJobs === undefined ? {} : { followsJobs: request.followsJobs }),
    started: (jobId) => flow.startedJobs.push(jobId),
    emit: (event) => flow.emitted.push(event),
    progress: (percent, message) => request.onProgress?.(percent, message),
  };
}
