import { DomainError, type ErrorCode, type ErrorReport, errorTable } from '../../../domain/errors.ts';
import type { Json } from '../../../domain/model/job.ts';
import type { Flow, Step, TaskAnswer } from '../flow.ts';

/** How long an answer can be asked for again. */
export const idempotencyTtlSeconds = 24 * 3600;

/** What is kept of a call under its key. */
type Kept =
  | { readonly state: 'running'; readonly input: string }
  | { readonly state: 'done'; readonly input: string; readonly output: Json; readonly startedJob?: string }
  | { readonly state: 'uncertain'; readonly input: string; readonly error: Json };

/**
 * The same key with the same arguments is one write: the second call gets the first one's answer. A call that failed
 * before it changed anything frees its key; one whose effect is not certain keeps it, and repeats its error.
 */
export const replayIdempotent: Step = async (flow, next) => {
  const { idempotencyKey, principal } = flow.request;
  if (idempotencyKey === undefined || flow.task.effect === 'read' || flow.input['dry_run'] === true) return next(flow);
  const { records, digest } = flow.runtime.ports;
  const key = `idempotency:${digest.sha256(JSON.stringify([principal.subject, principal.clientId, flow.task.name, idempotencyKey]))}`;
  const input = digest.sha256(JSON.stringify(flow.input));
  const running: Kept = { state: 'running', input };
  if (!(await records.create(key, running, idempotencyTtlSeconds))) {
    return answerAgain(flow, input, await records.get(key));
  }
  let answer: TaskAnswer;
  try {
    answer = await next(flow);
  } catch (thrown) {
    // The key's fate depends on whether the write may have happened; the error itself rises as it is.
    const error = thrown instanceof DomainError ? thrown : undefined;
    if (error !== undefined && !isUncertain(error.code)) {
      await settle(flow, () => records.remove(key));
    } else {
      const report = (error ?? new DomainError('OUTCOME_UNKNOWN', uncertainText)).toJSON();
      const kept: Kept = { state: 'uncertain', input, error: toJson(report) };
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
    output: toJson(answer.output),
    ...(answer.startedJob === undefined ? {} : { startedJob: answer.startedJob }),
  };
  await settle(flow, () => records.replace(key, done, idempotencyTtlSeconds));
  return answer;
};

/**
 * Writes how a call ended. A store that fails now must not hide that end: an answer would become a failure to be tried
 * again, and a doubt a harmless one. The key stays taken, so that the same call is never done a second time.
 */
async function settle(flow: Flow, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    // Told to the operator; the caller has its answer.
    flow.runtime.observer.problem(
      new DomainError('STORAGE_UNAVAILABLE', 'The end of a call could not be kept under its idempotency key.', {
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

function answerAgain(flow: Flow, input: string, record: Json | undefined): TaskAnswer {
  // The store holds what this step wrote, so its shape is known.
  const kept = record as Kept | undefined;
  if (kept === undefined) {
    throw new DomainError('CONFLICT', 'A call with this idempotency key has just ended without effect. Send it again.');
  }
  if (kept.input !== input) {
    throw new DomainError(
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key was used with other arguments in the last 24 hours. Use a new key for a new call.',
    );
  }
  switch (kept.state) {
    case 'running':
      throw new DomainError(
        'CONFLICT',
        `The first call with this idempotency key has not ended. Ask again in a moment; if it never ends, read the item to see whether ${flow.task.name} took effect.`,
        { retryAfterSeconds: 2 },
      );
    case 'uncertain': {
      const report = kept.error as unknown as ErrorReport;
      throw new DomainError(report.code in errorTable ? report.code : 'INTERNAL', report.message, {
        ...(report.next === undefined ? {} : { next: report.next }),
        details: { ...report.details, replayed: true },
      });
    }
    case 'done':
      // Written by this step from a checked output.
      return {
        kind: 'done',
        output: kept.output as Record<string, unknown>,
        replayed: true,
        ...(kept.startedJob === undefined ? {} : { startedJob: kept.startedJob }),
      };
  }
}

/** Outputs and error reports are plain JSON by their schemas; the types do not say so. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
