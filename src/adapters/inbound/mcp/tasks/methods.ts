import { ProtocolError, ProtocolErrorCode, type Server, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { AnyTask } from '../../../../application/define-task.ts';
import { answerJob } from '../../../../application/following/answer-job.ts';
import type { FollowedJob } from '../../../../application/following/follow-job.ts';
import { cancelJob } from '../../../../application/tasks/jobs/cancel-job.ts';
import { DomainError } from '../../../../domain/errors.ts';
import type { Answer } from '../../../../domain/model/question.ts';
import { callTask } from '../call-task.ts';
import type { CallerSource, Visitor } from '../caller.ts';
import type { McpDeps } from '../mcp-deps.ts';
import { presentMethodError } from '../present-error.ts';
import { requireTasks } from './extension.ts';
import { presentTask } from './present-task.ts';

const byTaskId = { params: z.looseObject({ taskId: z.string() }) };

/** Registers `tasks/get`, `tasks/update` and `tasks/cancel`. Each one runs a task of ours: there is one way through. */
export function registerTaskMethods(server: Server, deps: McpDeps, callerOf: CallerSource): void {
  const answering =
    <R>(act: (followed: FollowedJob, caller: Visitor, context: ServerContext) => Promise<R>) =>
    async ({ taskId }: { readonly taskId: string }, context: ServerContext): Promise<R> => {
      requireTasks(context);
      const caller = callerOf(context);
      return act(await readTask(taskId, deps, caller, context), caller, context);
    };
  server.setRequestHandler(
    'tasks/get',
    byTaskId,
    answering(async (followed, caller) => presentTask(followed, deps, caller)),
  );
  server.setRequestHandler(
    'tasks/update',
    byTaskId,
    answering(async ({ job, questions }, caller, context) => {
      await runOrRefuse(answerJob, { job: job.id, answers: answersOf(context, questions) }, deps, caller, context);
      return acknowledged;
    }),
  );
  server.setRequestHandler(
    'tasks/cancel',
    byTaskId,
    answering(async ({ job }, caller, context) => {
      await runOrRefuse(cancelJob, { job: job.id }, deps, caller, context);
      return acknowledged;
    }),
  );
}

/** How a task stands is read by `tasks/get`; the other methods only say that they were heard. */
const acknowledged = { resultType: 'complete' };

/**
 * The job behind a task id.
 *
 * @throws ProtocolError -32602 for ids that are unknown, somebody else's, or of a job that no tool started.
 */
export async function readTask(
  taskId: string,
  deps: McpDeps,
  caller: Visitor,
  context: ServerContext,
): Promise<FollowedJob> {
  const { followed } = (await runOrRefuse(deps.registry.followJob, { job: taskId }, deps, caller, context)) as {
    readonly followed: FollowedJob;
  };
  if (followed.answer !== undefined) return followed;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown task.');
}

async function runOrRefuse(
  task: AnyTask,
  input: unknown,
  deps: McpDeps,
  caller: Visitor,
  context: ServerContext,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await callTask(deps, task, input, caller, context)).output;
  } catch (thrown) {
    // These methods have no results for errors: the report travels in the JSON-RPC error.
    if (thrown instanceof DomainError) throw presentMethodError(thrown, caller);
    throw thrown;
  }
}

const elicited = z.discriminatedUnion('action', [
  z.looseObject({ action: z.literal('accept'), content: z.record(z.string(), z.union([z.string(), z.boolean()])) }),
  z.looseObject({ action: z.literal('decline') }),
  z.looseObject({ action: z.literal('cancel') }),
]);

/**
 * What a `tasks/update` answers of the open questions; for what is not asked (any more) there is nothing to do.
 *
 * @throws ProtocolError -32602 for what is no answer to an elicitation.
 */
function answersOf(context: ServerContext, questions: FollowedJob['questions']): Record<string, Answer> {
  const responses = Object.entries(context.mcpReq.inputResponses ?? {});
  const entries = responses.filter(([name]) => Object.hasOwn(questions, name));
  return Object.fromEntries(
    entries.map(([name, response]): [string, Answer] => {
      const read = elicited.safeParse(response);
      if (!read.success) {
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          `"${name.slice(0, 100)}" is not answered as a form is.`,
        );
      }
      return [
        name,
        read.data.action === 'accept' ? { accepted: true, values: read.data.content } : { accepted: false },
      ];
    }),
  );
}
