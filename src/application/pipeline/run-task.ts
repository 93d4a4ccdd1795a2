import type { CallRequest } from '../call.ts';
import type { AnyTask } from '../define-task.ts';
import type { Flow, Next, Runtime, Step, TaskAnswer } from './flow.ts';
import { askInJob } from './steps/ask-in-job.ts';
import { authorise } from './steps/authorise.ts';
import { bindCursors } from './steps/bind-cursors.ts';
import { confirmDangerous } from './steps/confirm-dangerous.ts';
import { enforceDeadline } from './steps/enforce-deadline.ts';
import { executeTask } from './steps/execute-task.ts';
import { limitRate } from './steps/limit-rate.ts';
import { observe } from './steps/observe.ts';
import { parseInput } from './steps/parse-input.ts';
import { recordAudit } from './steps/record-audit.ts';
import { refuseInFreeze } from './steps/refuse-in-freeze.ts';
import { refuseInLockdown } from './steps/refuse-in-lockdown.ts';
import { releaseEvents } from './steps/release-events.ts';
import { replayIdempotent } from './steps/replay-idempotent.ts';

/**
 * Every call passes these, from top to bottom, and leaves in the opposite order. Errors rise through all of them.
 * Later concerns (change sets, output budgets) are further lines here, not code in tasks.
 */
const steps: readonly Step[] = [
  observe, //           one span and one log line, whatever happens below; every error becomes a DomainError
  recordAudit, //       every write and every refusal is kept in the audit log
  authorise, //         SCOPE_MISSING
  limitRate, //         RATE_LIMITED
  parseInput, //        BAD_INPUT: which field, what was expected
  bindCursors, //       BAD_INPUT for a cursor that was given to somebody else
  enforceDeadline, //   TIMED_OUT
  replayIdempotent, //  the first answer again; IDEMPOTENCY_KEY_REUSED
  refuseInLockdown, //  LOCKED_DOWN
  refuseInFreeze, //    CONTENT_FREEZE
  askInJob, //          a call that has to ask its user goes on as a job
  confirmDangerous, //  the impact and a token instead of the act; CONFIRMATION_INVALID
  releaseEvents, //     what was emitted is told, cached reads are dropped before the answer
];

/**
 * The one way a task runs.
 *
 * @throws DomainError and nothing else.
 */
export type RunTask = (task: AnyTask, rawInput: unknown, request: CallRequest) => Promise<TaskAnswer>;

export function createRunTask(runtime: Runtime): RunTask {
  const run = steps.reduceRight<Next>((below, step) => (flow) => step(flow, below), executeTask);
  return (task, rawInput, request) => {
    const flow: Flow = {
      runtime,
      task,
      request,
      rawInput,
      input: {},
      signal: request.signal,
      emitted: [],
      staleAgesSeconds: [],
      startedJobs: [],
    };
    return run(flow);
  };
}
