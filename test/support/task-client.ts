import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import {
  type ApplicationElicitResult,
  createTaskSessionFromClient,
  resultFromTaskOutcome,
  type TaskEnabledSession,
} from '@modelcontextprotocol/ext-tasks/client';
import { TaskStatusNotificationV2Schema } from '@modelcontextprotocol/ext-tasks/core/v2';
import { poll } from './poll.ts';
import { mcpHeaders, modernRequest, rawHttp } from './raw-http.ts';

export const tasksExtension = 'io.modelcontextprotocol/tasks';

/** What a client tells that follows tasks and shows forms. */
export const tasksCapabilities = { elicitation: {}, extensions: { [tasksExtension]: {} } };

/** A JSON-RPC answer. */
export interface RpcAnswer {
  readonly status: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** One request of revision 2026-07-28, by default of a client that follows tasks and shows forms. */
export async function sendModern(
  url: URL,
  token: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
  { capabilities = tasksCapabilities as object, meta = {} as Readonly<Record<string, unknown>> } = {},
): Promise<RpcAnswer> {
  const envelope = { ...meta, 'io.modelcontextprotocol/clientCapabilities': capabilities };
  const answer = await rawHttp(url, modernRequest(token, method, params, envelope));
  return { status: answer.status, ...readRpcAnswer(answer.text) };
}

/** A JSON-RPC answer, from a JSON body or from the last event of a stream. */
function readRpcAnswer(text: string): Omit<RpcAnswer, 'status'> {
  const events = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));
  return JSON.parse(events.at(-1) ?? text) as RpcAnswer;
}

/** Waits until a task has a status, and answers how it stands then. */
export function taskIs(
  url: URL,
  token: string,
  taskId: string,
  status: string,
): Promise<Readonly<Record<string, unknown>>> {
  return poll(
    `the task to be ${status}`,
    async () => {
      const { result } = await sendModern(url, token, 'tasks/get', { taskId });
      return result?.['status'] === status && result;
    },
    { timeoutMs: 60_000 },
  );
}

/** One form that a server shows, and what the user answers. */
export type FormAnswer = (form: Readonly<Record<string, unknown>>) => ApplicationElicitResult;

/** Today's SDK client with the extension's client library over it. */
export interface TaskClient {
  readonly session: TaskEnabledSession;
  /** Calls a tool, follows its task, answers its forms, and answers the tool's result as text. */
  call(name: string, input: Readonly<Record<string, string | readonly string[]>>): Promise<string>;
  /** Hears of tasks, and of resources, until it is closed. */
  listen(filter: {
    readonly taskIds: readonly string[];
    readonly resourceSubscriptions?: string[];
  }): Promise<TaskStream>;
  close(): Promise<void>;
}

export interface TaskStream {
  /** Every `notifications/tasks`, held against the extension's schema, without its `_meta`. */
  readonly news: readonly Readonly<Record<string, unknown>>[];
  /** Resources that were said to have changed. */
  readonly updated: readonly string[];
  close(): Promise<void>;
}

export async function connectTaskClient(
  url: URL,
  token: string,
  answer: FormAnswer = () => ({ action: 'cancel' }),
): Promise<TaskClient> {
  const info = { name: 'task-client', version: '1.0.0' };
  const client = new Client(info, { versionNegotiation: { mode: 'auto' }, capabilities: tasksCapabilities });
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  const session = createTaskSessionFromClient(client, {
    endpointId: 'test',
    v2RequestFraming: {
      protocolVersion: '2026-07-28',
      clientInfo: info,
      clientCapabilities: tasksCapabilities,
    },
    async onInputRequest(request) {
      // Tools of this server ask by forms alone, and the library's type asks for the answer of every kind.
      return answer((request.params ?? {}) as Readonly<Record<string, unknown>>) as never;
    },
    async rawDispatch(request) {
      const { method, params } = request as { method: string; params: Record<string, unknown> };
      const headers = mcpHeaders(token, {
        'MCP-Protocol-Version': '2026-07-28',
        'Mcp-Method': method,
        'Mcp-Name': String(params['name'] ?? params['taskId']),
      });
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
      const { result, error } = readRpcAnswer((await rawHttp(url, { method: 'POST', headers, body })).text);
      return result === undefined
        ? ({ kind: 'error', error: { jsonrpc: '2.0', id: 1, error } } as never)
        : { kind: 'result', result: result as never };
    },
  });
  return {
    session,
    async call(name, input) {
      const execution = await session.callTool(name, input);
      const { outcome } = await execution.settle();
      return JSON.stringify(resultFromTaskOutcome(outcome));
    },
    async listen(filter) {
      const news: Readonly<Record<string, unknown>>[] = [];
      const updated: string[] = [];
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => void updated.push(params.uri));
      client.fallbackNotificationHandler = async (notification) => {
        if (notification.method !== 'notifications/tasks') return;
        const { _meta, ...task } = TaskStatusNotificationV2Schema.parse(notification).params;
        news.push(task);
      };
      // The SDK's type knows the fields of the base protocol; it sends what it is given.
      const stream = await client.listen(filter as Parameters<typeof client.listen>[0]);
      return { news, updated, close: () => stream.close() };
    },
    async close() {
      await session.close();
      await client.close();
    },
  };
}
