import type { ServerContext } from '@modelcontextprotocol/server';
import type { CallRequest } from '../../../application/call.ts';
import type { AnyTask } from '../../../application/define-task.ts';
import type { TaskAnswer } from '../../../application/pipeline/flow.ts';
import type { RunTask } from '../../../application/pipeline/run-task.ts';
import { DomainError } from '../../../domain/errors.ts';
import { traceIdOf } from '../../../domain/policy/trace-id.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { Visitor } from './caller.ts';
import { createProgressReporter } from './report-progress.ts';

/** The caller's own name for one write, in the request's `_meta`. */
export const idempotencyMetaKey = 'ingeniux/idempotency-key';
const idempotencyCharactersMax = 200;

/**
 * Runs a task for one MCP request: its signal, its idempotency key, its progress.
 *
 * @throws DomainError and nothing else.
 */
export async function callTask(
  deps: { readonly runTask: RunTask; readonly clock: Clock },
  task: AnyTask,
  input: unknown,
  caller: Visitor,
  context: ServerContext,
  ways: Pick<CallRequest, 'followsJobs' | 'showsQuestions'> = {},
): Promise<TaskAnswer> {
  const idempotencyKey = idempotencyKeyOf(context);
  const progress = createProgressReporter(context, deps.clock);
  // What the message itself says goes before what its carrier says.
  const traceId = traceIdOf(context.mcpReq._meta?.['traceparent']) ?? caller.traceId;
  try {
    return await deps.runTask(task, input, {
      principal: caller.principal,
      requestId: caller.requestId,
      signal: context.mcpReq.signal,
      exposure: caller.exposure,
      ...ways,
      ...(caller.isCounted === true ? { isCounted: true } : {}),
      ...(traceId === undefined ? {} : { traceId }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(progress === undefined ? {} : { onProgress: progress.report }),
    });
  } finally {
    await progress?.sent();
  }
}

function idempotencyKeyOf(context: ServerContext): string | undefined {
  const key: unknown = context.mcpReq._meta?.[idempotencyMetaKey];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || key.trim() === '' || key.length > idempotencyCharactersMax) {
    throw new DomainError(
      'BAD_INPUT',
      `_meta "${idempotencyMetaKey}" must be a text of 1 to ${idempotencyCharactersMax} characters, new for each new write.`,
    );
  }
  return key;
}
