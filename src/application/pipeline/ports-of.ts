import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import type { Ask } from '../following/ask.ts';
import { heldBack } from '../following/questions.ts';
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
  const ask = askOf(flow);
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
    ...(ask === undefined ? {} : { ask }),
    ...(flow.mayHaveRun === undefined ? {} : { mayHaveRun: flow.mayHaveRun }),
    started: (jobId) => flow.startedJobs.push(jobId),
    emit: (event) => flow.emitted.push(event),
    progress: (percent, message) => request.onProgress?.(percent, message),
  };
}

/** How this call asks people, if it can: a job does, and a call that may become one is told to. */
function askOf({ request, task, input }: Flow): Ask | undefined {
  if (input['dry_run'] === true || task.takesSecrets === true) return undefined;
  return request.ask ?? (request.showsQuestions === true ? askLater : undefined);
}

/** Ends the call with its questions: the step ask-in-job makes a job of it. */
const askLater: Ask = (questions) => Promise.reject(heldBack(questions));
