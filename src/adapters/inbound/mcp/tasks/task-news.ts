import { SUBSCRIPTION_ID_META_KEY } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { FollowedJob } from '../../../../application/following/follow-job.ts';
import { DomainError, type ErrorCode } from '../../../../domain/errors.ts';
import type { Visitor } from '../caller.ts';
import type { McpDeps } from '../mcp-deps.ts';
import { jobUri } from '../resources/uris.ts';
import { presentTask } from './present-task.ts';

/** A `subscriptions/listen` that asks for news of tasks, as the SDK is given it, and its stream as the client gets it. */
export interface TaskNews {
  /** The request in words that the SDK knows: a task changes when the resource of its job does. */
  readonly body: unknown;
  through(response: Response): Response;
}

/** How a task of the listener stands, as `tasks/get` tells it; `undefined` for what is no task of theirs. */
export type TaskReader = (taskId: string) => Promise<Readonly<Record<string, unknown>> | undefined>;

/** More than an agent follows at once; each one is read for the listener before it is agreed to. */
const tasksMax = 100;

const filter = z.looseObject({ resourceSubscriptions: z.array(z.string()).optional() });
const listening = z.looseObject({
  params: z.looseObject({ notifications: filter.extend({ taskIds: z.array(z.string()).min(1) }) }),
});

/** Whether a request asks for news of tasks. */
export function watchesTasks(body: unknown): boolean {
  return listening.safeParse(body).success;
}

/**
 * The SDK's streams know no news of tasks: its router refuses what it does not know by leaving it out. So it listens to
 * the resources of their jobs, and what it says of these is told in the extension's words: `notifications/tasks` with the
 * whole task. The first one follows the acknowledgement, so that no change is missed between the two.
 *
 * @throws DomainError STORAGE_UNAVAILABLE.
 */
export async function listenToTasks(
  body: unknown,
  read: TaskReader,
  onProblem: (error: unknown) => void,
): Promise<TaskNews | undefined> {
  const request = listening.safeParse(body).data;
  if (request === undefined) return undefined;
  const { taskIds, resourceSubscriptions: watched = [], ...others } = request.params.notifications;
  const agreed: string[] = [];
  for (const taskId of [...new Set(taskIds)].slice(0, tasksMax)) {
    if ((await read(taskId)) !== undefined) agreed.push(taskId);
  }
  const uris = [...new Set([...watched, ...agreed.map(jobUri)])];
  const notifications = { ...others, ...(uris.length === 0 ? {} : { resourceSubscriptions: uris }) };
  return {
    body: { ...request, params: { ...request.params, notifications } },
    through: (response) => translated(response, { agreed, watched, read, onProblem }),
  };
}

interface Translation {
  readonly agreed: readonly string[];
  /** Resources that the client itself asked for. */
  readonly watched: readonly string[];
  readonly read: TaskReader;
  readonly onProblem: (error: unknown) => void;
}

function translated(response: Response, translation: Translation): Response {
  const { body, status, headers } = response;
  if (body === null || headers.get('content-type') !== 'text/event-stream') return response;
  const told = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(translateFrames(translation))
    .pipeThrough(new TextEncoderStream());
  return new Response(told, { status, headers });
}

const acknowledgement = z.looseObject({
  method: z.literal('notifications/subscriptions/acknowledged'),
  params: z.looseObject({ notifications: filter, _meta: z.record(z.string(), z.unknown()) }),
});
const update = z.looseObject({
  method: z.literal('notifications/resources/updated'),
  params: z.looseObject({ uri: z.string() }),
});

function translateFrames({ agreed, watched, read, onProblem }: Translation): TransformStream<string, string> {
  const taskOf = new Map(agreed.map((taskId) => [jobUri(taskId), taskId]));
  const lastTold = new Map<string, string>();
  let rest = '';
  let subscriptionId: unknown;

  /** Tells how a task stands, unless that was the last thing that was told of it. */
  const tell = async (taskId: string, send: (message: unknown) => void): Promise<void> => {
    try {
      const { resultType: _ofAnswers, ...task } = (await read(taskId)) ?? {};
      const text = JSON.stringify(task);
      if (text === '{}' || lastTold.get(taskId) === text) return;
      lastTold.set(taskId, text);
      const params = { ...task, _meta: { [SUBSCRIPTION_ID_META_KEY]: subscriptionId } };
      send({ jsonrpc: '2.0', method: 'notifications/tasks', params });
    } catch (error) {
      // This piece of news is lost; the next one tells the whole task again.
      onProblem(error);
    }
  };

  const translate = async (frame: string, controller: TransformStreamDefaultController<string>): Promise<void> => {
    const send = (message: unknown) => controller.enqueue(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    const message = messageOf(frame);
    const acknowledged = acknowledgement.safeParse(message).data;
    if (acknowledged !== undefined) {
      const { notifications, _meta } = acknowledged.params;
      const { resourceSubscriptions: _ours, ...others } = notifications;
      subscriptionId = _meta[SUBSCRIPTION_ID_META_KEY];
      const honoured = {
        ...others,
        ...(watched.length === 0 ? {} : { resourceSubscriptions: watched }),
        ...(agreed.length === 0 ? {} : { taskIds: agreed }),
      };
      send({ ...acknowledged, params: { ...acknowledged.params, notifications: honoured } });
      for (const taskId of agreed) await tell(taskId, send);
      return;
    }
    const uri = update.safeParse(message).data?.params.uri;
    if (uri === undefined || watched.includes(uri)) controller.enqueue(`${frame}\n\n`);
    const taskId = uri === undefined ? undefined : taskOf.get(uri);
    if (taskId !== undefined) await tell(taskId, send);
  };

  return new TransformStream({
    async transform(text, controller) {
      const frames = `${rest}${text}`.split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) await translate(frame, controller);
    },
  });
}

const dataLine = 'data: ';

/** The message of a frame; `undefined` of one that only keeps the connection open. */
function messageOf(frame: string): unknown {
  const line = frame.split('\n').find((candidate) => candidate.startsWith(dataLine));
  return line === undefined ? undefined : JSON.parse(line.slice(dataLine.length));
}

/** Reads tasks for a listener: with the rights of the call that opened the stream, and none of its limits. */
export function taskReaderOf(deps: McpDeps, visitor: Visitor, signal: AbortSignal): TaskReader {
  const { principal, requestId, exposure } = visitor;
  return async (taskId) => {
    try {
      const request = { principal, requestId, exposure, signal, isCounted: true };
      const { output } = await deps.runTask(deps.registry.followJob, { job: taskId }, request);
      const { followed } = output as { readonly followed: FollowedJob };
      return followed.answer === undefined ? undefined : presentTask(followed, deps, visitor);
    } catch (thrown) {
      if (thrown instanceof DomainError && unknownTask.includes(thrown.code)) return undefined;
      throw thrown;
    }
  };
}

const unknownTask: readonly ErrorCode[] = ['NOT_FOUND', 'BAD_INPUT'];
