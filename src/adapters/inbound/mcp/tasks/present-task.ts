import type { CallToolResult } from '@modelcontextprotocol/server';
import type { FollowedJob } from '../../../../application/following/follow-job.ts';
import type { AnswerField, Question } from '../../../../domain/model/question.ts';
import { keepSeconds } from '../../../../domain/ports/job-queue.ts';
import type { Caller } from '../caller.ts';
import type { McpDeps } from '../mcp-deps.ts';
import { presentReport } from '../present-error.ts';
import { presentResult } from '../present-result.ts';

type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** A task on the wire: a job, in the words of the extension. */
export interface TaskFacts {
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly statusMessage: string;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  readonly ttlMs: number;
  readonly pollIntervalMs: number;
}

/** Results and questions are kept at least this long: the queue keeps its jobs for as long after their end. */
const ttlMs = keepSeconds * 1_000;

/** Jobs tell progress about once a second. */
const pollIntervalMs = 1_000;

/** The first answer: that the call goes on as a task, and how it stands. */
export function presentCreatedTask(followed: FollowedJob): CallToolResult {
  // A task has no content; the SDK's type of a tool's result asks for it, and what it adds the extension allows.
  return { resultType: 'task', ...factsOf(followed) } as unknown as CallToolResult;
}

/** How a task stands, with what its status brings along: questions, the tool's result, or the fault. */
export function presentTask(followed: FollowedJob, deps: McpDeps, caller: Caller): Record<string, unknown> {
  const facts = factsOf(followed);
  const base = { resultType: 'complete', ...facts };
  switch (facts.status) {
    case 'working':
    case 'cancelled':
      return base;
    case 'input_required':
      return { ...base, inputRequests: requestsOf(followed.questions) };
    case 'completed':
      return { ...base, result: { resultType: 'complete', ...resultOf(followed, deps, caller) } };
    case 'failed':
      return {
        ...base,
        error: { code: internalError, message: followed.job.error?.message, data: followed.job.error },
      };
  }
}

/** Of JSON-RPC: what failed is the server, not the tool. */
const internalError = -32603;

function factsOf(followed: FollowedJob): TaskFacts {
  const { job } = followed;
  return {
    taskId: job.id,
    status: statusOf(followed),
    statusMessage: (job.error?.message ?? job.progress.message) || job.state,
    createdAt: new Date(job.createdAtMs).toISOString(),
    lastUpdatedAt: new Date(job.finishedAtMs ?? job.startedAtMs ?? job.createdAtMs).toISOString(),
    ttlMs,
    pollIntervalMs,
  };
}

function statusOf({ job, questions }: FollowedJob): TaskStatus {
  switch (job.state) {
    case 'queued':
    case 'running':
      return 'working';
    case 'held':
      // Between the last answer and the next run nothing is open any more.
      return Object.keys(questions).length > 0 ? 'input_required' : 'working';
    case 'succeeded':
      return 'completed';
    case 'failed':
      // What the CMS or a rule refused is a result that the model reads; only a defect is a fault of the protocol.
      return job.error?.code === 'INTERNAL' ? 'failed' : 'completed';
    case 'cancelled':
      return 'cancelled';
  }
}

function resultOf({ job, answer }: FollowedJob, { registry, server }: McpDeps, caller: Caller): CallToolResult {
  if (job.error !== undefined) return presentReport(job.error, caller);
  const task = answer === undefined ? undefined : registry.find(answer.task);
  if (task === undefined || answer === undefined) throw new Error(`The job ${job.id} was started by no known tool.`);
  return presentResult(task, { kind: 'done', replayed: false, output: answer.output }, caller, server);
}

function requestsOf(questions: FollowedJob['questions']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(questions).map(([name, question]) => [
      name,
      {
        method: 'elicitation/create',
        params: { mode: 'form', message: question.message, requestedSchema: formOf(question) },
      },
    ]),
  );
}

function formOf({ fields }: Question): Record<string, unknown> {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)])),
    required: Object.keys(fields),
  };
}

function schemaOf(field: AnswerField): Record<string, unknown> {
  switch (field.kind) {
    case 'yes_no':
      return { type: 'boolean', title: field.title };
    case 'text':
      return { type: 'string', title: field.title };
    case 'choice':
      return { type: 'string', title: field.title, enum: [...field.options] };
  }
}
