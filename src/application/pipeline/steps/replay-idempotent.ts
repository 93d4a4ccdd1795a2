import { DomainError, type ErrorCode, type ErrorReport, errorTable } from '../../../domain/errors.ts';
import type { Json } from '../../../domain/model/job.ts';
import type { AnyTask } from '../../define-task.ts';
import type { Flow, Next, Step, TaskAnswer } from '../flow.ts';

/** How long an answer can be asked for again. */
export const idempotencyTtlSeconds = 24 * 3600;

/** A call that goes on says so this often, in milliseconds; one that has not for `aliveMs` ended with its server. */
export const renewMs = 5_000;
export const aliveMs = 3 * renewMs;

/** What is kept of a call under its key. */
type Kept = {
  readonly input: string;
  /** Of the call that wrote it. */
  readonly requestId: string;
} & (
  | { readonly state: 'running'; readonly aliveUntilMs: number }
  | { readonly state: 'done'; readonly output: Json; readonly startedJob?: string }
  | { readonly state: 'uncertain'; readonly error: Json }
);

/**
 * The same key with the same arguments is one write: the second call gets the first one's answer. A call that failed
 * before it changed anything frees its key. One whose effect is not certain, because its server ended or for an error,
 * is done again where twice is as once; otherwise it keeps its key, and says that the caller has to look.
 */
export const replayIdempotent: Step = async (flow, next) => {
  const { idempotencyKey, principal } = flow.request;
  if (idempotencyKey === undefined || flow.task.effect === 'read' || flow.input['dry_run'] === true) return next(flow);
  const { records, digest } = flow.runtime.ports;
  const key = `idempotency:${digest.sha256(JSON.stringify([principal.subject, principal.clientId, flow.task.name, idempotencyKey]))}`;
  const input = digest.sha256(JSON.stringify(flow.input));
  if (await records.create(key, running(flow, input), idempotencyTtlSeconds)) return callOnce(flow, next, key, input);
  return answerAgain(flow, next, key, input);
};

function running(flow: Flow, input: string): Kept {
  const aliveUntilMs = flow.runtime.ports.clock.nowMs() + aliveMs;
  return { state: 'running', input, requestId: flow.request.requestId, aliveUntilMs };
}

/** Does the call, and keeps how it ended. */
async function callOnce(flow: Flow, next: Next, key: string, input: string): Promise<TaskAnswer> {
  const { records } = flow.runtime.ports;
  const { requestId } = flow.request;
  let renewed = Promise.resolve();
  const renewing = setInterval(() => {
    renewed = settle(flow, () => records.replace(key, running(flow, input), idempotencyTtlSeconds));
  }, renewMs);
  let answer: TaskAnswer;
  try {
    try {
      answer = await next(flow);
    } finally {
      clearInterval(renewing);
      // What is written below must be the last.
      await renewed;
    }
  } catch (thrown) {
    // The key's fate depends on whether the write may have happened; the error itself rises as it is.
    const error = thrown instanceof DomainError ? thrown : undefined;
    if (error !== undefined && !isUncertain(error.code)) {
      await settle(flow, () => records.remove(key));
    } else {
      const report = (error ?? new DomainError('OUTCOME_UNKNOWN', uncertainText)).toJSON();
      const kept: Kept = { state: 'uncertain', input, requestId, error: toJson(report) };
      await settle(flow, () => records.replace(key, kept, idempotencyTtlSeconds));
    }
    throw thrown;
  }
  if (answer.kind === 'confirmation') {
    await settle(flow, () => records.remove(key));
    return answer;
  }
  const done: Kept = {
    state: 'done',
    input,
    requestId,
    output: toJson(answer.output),
    ...(answer.startedJob === undefined ? {} : { startedJob: answer.startedJob }),
  };
  await settle(flow, () => records.replace(key, done, idempotencyTtlSeconds));
  return answer;
}

/**
 * Writes that a call goes on, or how it ended. A store that fails now must not hide that end: an answer would become a failure to be tried
 * again, and a doubt a harmless one. The key stays taken, so that the same call is never done a second time.
 */
async function settle(flow: Flow, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    // Told to the operator; the caller has its answer.
    flow.runtime.observer.problem(
      new DomainError('STORAGE_UNAVAILABLE', 'What became of a call could not be kept under its idempotency key.', {
        cause,
      }),
      flow.request,
    );
  }
}

const uncertainText = 'An earlier call with this idempotency key failed in a way that leaves its effect unknown.';

/** Errors after which the write may have taken effect: those that the table says to check after. */
function isUncertain(code: ErrorCode): boolean {
  const uncertain: readonly ErrorCode[] = ['TIMED_OUT', 'OUTCOME_UNKNOWN', 'WRITE_UNVERIFIED', 'CANCELLED', 'INTERNAL'];
  return uncertain.includes(code);
}

async function answerAgain(flow: Flow, next: Next, key: string, input: string): Promise<TaskAnswer> {
  const { records, clock } = flow.runtime.ports;
  // The store holds what this step wrote, so its shape is known.
  const kept = (await records.get(key)) as Kept | undefined;
  if (kept === undefined) {
    throw new DomainError('CONFLICT', 'A call with this idempotency key has just ended without effect. Send it again.');
  }
  if (kept.input !== input) {
    throw new DomainError(
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key was used with other arguments in the last 24 hours. Use a new key for a new call.',
    );
  }
  if (kept.state === 'done') {
    return {
      kind: 'done',
      // Written by this step from a checked output.
      output: kept.output as Record<string, unknown>,
      replayed: true,
      ...(kept.startedJob === undefined ? {} : { startedJob: kept.startedJob }),
    };
  }
  // A job runs once at a time: what is kept of its call is of a run that is over, and nobody else takes its place.
  const isJobs = flow.request.ask !== undefined;
  if (!isJobs && kept.state === 'running' && clock.nowMs() < kept.aliveUntilMs) throw underWay();
  if (!isRepeatable(flow.task)) throw doubtOf(flow.task, kept);
  // Of several callers one takes the place of that call.
  if (!isJobs && !(await records.create(`${key}:after:${kept.requestId}`, true, succeedingSeconds))) throw underWay();
  await records.replace(key, running(flow, input), idempotencyTtlSeconds);
  return callOnce({ ...flow, mayHaveRun: true }, next, key, input);
}

/** How long nobody else takes the place of a call, should its successor end before it has written that it runs. */
const succeedingSeconds = 60;

const underWay = (): DomainError =>
  new DomainError('CONFLICT', 'The first call with this idempotency key has not ended. Ask again in a moment.', {
    retryAfterSeconds: 2,
  });

/** Whether a call that may have taken effect can be done again: its job has the same id then, or its end is the same. */
function isRepeatable(task: AnyTask): boolean {
  return task.idempotent || task.outcomeOf !== undefined;
}

function doubtOf(task: AnyTask, kept: Kept & { readonly state: 'running' | 'uncertain' }): DomainError {
  const look = `It may have taken effect: look first, and call ${task.name} again under a new key if it did not.`;
  if (kept.state === 'running') {
    return new DomainError(
      'OUTCOME_UNKNOWN',
      `The server that ran the first call with this idempotency key ended in the middle of it. ${look}`,
    );
  }
  const report = kept.error as unknown as ErrorReport;
  if (report.code === 'CANCELLED') {
    return new DomainError(
      'OUTCOME_UNKNOWN',
      `The first call with this idempotency key was cancelled before it ended. ${look}`,
      { details: { replayed: true } },
    );
  }
  return new DomainError(report.code in errorTable ? report.code : 'INTERNAL', report.message, {
    ...(report.next === undefined ? {} : { next: report.next }),
    details: { ...report.details, replayed: true },
  });
}

/** Outputs and error reports are plain JSON by their schemas; the types do not say so. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
