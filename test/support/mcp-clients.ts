import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';

/** The clients that the server must serve alike: today's SDK in its three modes, and the one before it. */
export const clientKinds = ['v2 auto', 'v2 pinned 2026-07-28', 'v2 legacy', 'v1'] as const;
export type ClientKind = (typeof clientKinds)[number];

export const legacyKinds: readonly ClientKind[] = ['v2 legacy', 'v1'];

export interface CallOptions {
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly onProgress?: (percent: number, message: string | undefined) => void;
  readonly signal?: AbortSignal;
}

/** What the tests see of a tool's result. */
export interface ToolResult {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>> | undefined;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** What all clients can do, in one shape. */
export interface TestClient {
  readonly protocolVersion: string | undefined;
  readonly instructions: string | undefined;
  listTools(): Promise<readonly { readonly name: string; readonly [key: string]: unknown }[]>;
  callTool(name: string, input?: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<ToolResult>;
  listResources(): Promise<readonly string[]>;
  listTemplates(): Promise<readonly string[]>;
  readResource(uri: string): Promise<string>;
  listPrompts(): Promise<readonly string[]>;
  getPrompt(name: string, input: Readonly<Record<string, string>>): Promise<string>;
  complete(ref: CompletionRef, argument: string, value: string): Promise<readonly string[]>;
  /** Hears of changes of one resource; answers when the server has confirmed. */
  watch(uri: string, onUpdated: (uri: string) => void): Promise<void>;
  close(): Promise<void>;
}

type CompletionRef = { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string };

const info = { name: 'test-client', version: '1.0.0' };

const modes = {
  'v2 auto': 'auto',
  'v2 pinned 2026-07-28': { pin: '2026-07-28' },
  'v2 legacy': 'legacy',
} as const;

/** Connects a client of the kind to the server with this token. */
export async function connectClient(kind: ClientKind, url: URL, token: string): Promise<TestClient> {
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  if (kind === 'v1') {
    const client = new V1Client(info);
    const transport = new V1Transport(url, { requestInit });
    // The v1 package declares its optional members without `undefined`, which exactOptionalPropertyTypes minds.
    await client.connect(transport as unknown as Parameters<typeof client.connect>[0]);
    return adaptV1(client, () => transport.terminateSession());
  }
  const client = new Client(info, { versionNegotiation: { mode: modes[kind] } });
  const transport = new StreamableHTTPClientTransport(url, { requestInit });
  await client.connect(transport);
  return adaptV2(kind, client, async () => {
    if (transport.sessionId !== undefined) await transport.terminateSession();
  });
}

/** The shape that tests use, for a client of today's SDK that is connected over any transport. */
export function adaptV2(
  kind: ClientKind,
  client: Client,
  endSession: () => Promise<void> = async () => undefined,
): TestClient {
  const watchers = new Map<string, (uri: string) => void>();
  client.setNotificationHandler('notifications/resources/updated', ({ params }) =>
    watchers.get(params.uri)?.(params.uri),
  );
  return {
    protocolVersion: client.getNegotiatedProtocolVersion(),
    instructions: client.getInstructions(),
    listTools: async () => (await client.listTools(undefined, { cacheMode: 'bypass' })).tools,
    callTool: async (name, input, options) =>
      toToolResult(await client.callTool(callParams(name, input, options), callOptions(options))),
    listResources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    listTemplates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    readResource: async (uri) => textOf((await client.readResource({ uri }, { cacheMode: 'bypass' })).contents),
    listPrompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    getPrompt: async (name, input) =>
      textOf((await client.getPrompt({ name, arguments: { ...input } })).messages.map(({ content }) => content)),
    complete: async (ref, argument, value) =>
      (await client.complete({ ref, argument: { name: argument, value } })).completion.values,
    watch: async (uri, onUpdated) => {
      watchers.set(uri, onUpdated);
      if (legacyKinds.includes(kind)) await client.subscribeResource({ uri });
      else await client.listen({ resourceSubscriptions: [uri] });
    },
    close: async () => {
      await endSession();
      await client.close();
    },
  };
}

function adaptV1(client: V1Client, endSession: () => Promise<void>): TestClient {
  const watchers = new Map<string, (uri: string) => void>();
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    watchers.get(params.uri)?.(params.uri);
  });
  return {
    // The v1 client keeps to itself what it agreed on.
    protocolVersion: undefined,
    instructions: client.getInstructions(),
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, input, options) =>
      toToolResult(await client.callTool(callParams(name, input, options), undefined, callOptions(options))),
    listResources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    listTemplates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    readResource: async (uri) => textOf((await client.readResource({ uri })).contents),
    listPrompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    getPrompt: async (name, input) =>
      textOf((await client.getPrompt({ name, arguments: { ...input } })).messages.map(({ content }) => content)),
    complete: async (ref, argument, value) =>
      (await client.complete({ ref, argument: { name: argument, value } })).completion.values,
    watch: async (uri, onUpdated) => {
      watchers.set(uri, onUpdated);
      await client.subscribeResource({ uri });
    },
    close: async () => {
      await endSession();
      await client.close();
    },
  };
}

function callParams(name: string, input: Readonly<Record<string, unknown>> = {}, options: CallOptions = {}) {
  return { name, arguments: { ...input }, ...(options.meta === undefined ? {} : { _meta: { ...options.meta } }) };
}

function callOptions({ signal, onProgress }: CallOptions = {}) {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : {
          onprogress: (at: { progress: number; message?: string | undefined }) => onProgress(at.progress, at.message),
        }),
  };
}

function toToolResult(result: unknown): ToolResult {
  // Both SDKs validate results by the protocol's schema; the union of their types says less than that.
  const { isError, content, structuredContent, _meta } = result as {
    isError?: boolean;
    content: readonly unknown[];
    structuredContent?: Record<string, unknown>;
    _meta?: Record<string, unknown>;
  };
  return { isError: isError === true, text: textOf(content), structured: structuredContent, meta: _meta ?? {} };
}

function textOf(parts: readonly unknown[]): string {
  return parts
    .map((part) => (typeof part === 'object' && part !== null && 'text' in part ? String(part.text) : ''))
    .join('\n');
}
