import { type McpHttpHandler, ProtocolError, type ServerContext } from '@modelcontextprotocol/server';
import { messagesOf } from './messages.ts';

/** One MCP request, as whoever watches it may see it: names of the protocol and of the catalogue, nothing of its content. */
export interface McpOperation {
  readonly method: string;
  /** Of `tools/call`: a tool of the catalogue, or `other`. */
  readonly tool?: string;
  /** Of `prompts/get`: a prompt of the catalogue, or `other`. */
  readonly prompt?: string;
  /** To be asked when the request has ended: `initialize` is what agrees on one. */
  readonly protocolVersion: () => string;
  readonly transport: 'http' | 'stdio';
  readonly rpcId: string;
  readonly sessionId?: string;
  /** What the request says of itself; may hold `traceparent` and `tracestate`, and anything else. */
  readonly meta: unknown;
}

/** Runs `work`, which answers or throws what the request is answered with. */
export type WatchOperation = <T>(operation: McpOperation, work: () => Promise<T>) => Promise<T>;

/** What is known of a request before its handler runs. */
export function operationOf(
  context: ServerContext,
  target: Pick<McpOperation, 'tool' | 'prompt'>,
  protocolVersion: () => string,
): McpOperation {
  const { id, method, _meta: meta } = context.mcpReq;
  return {
    method,
    ...target,
    protocolVersion,
    transport: context.http === undefined ? 'stdio' : 'http',
    rpcId: String(id),
    ...(context.sessionId === undefined ? {} : { sessionId: context.sessionId }),
    meta,
  };
}

/** The method that the SDK serves in front of its servers: it is a stream, which belongs to no single answer. */
export const listenMethod = 'subscriptions/listen';

/** The only revision that has it so far. */
const listenRevision = '2026-07-28';

/**
 * Watches `subscriptions/listen` from its arrival to its acknowledgement, which is the first thing on its stream: how long
 * a client listens says nothing about how it was served. Every other request goes through as it is.
 */
export function watchListens(fetch: McpHttpHandler['fetch'], watch: WatchOperation | undefined): typeof fetch {
  return async (request, options) => {
    const [message] = messagesOf(options?.parsedBody);
    if (watch === undefined || message?.method !== listenMethod) return fetch(request, options);
    const answer = fetch(request, options);
    const operation: McpOperation = {
      method: listenMethod,
      protocolVersion: () => listenRevision,
      transport: 'http',
      rpcId: String(message.id),
      meta: message.params['_meta'],
    };
    // The refusal is in the answer; it is thrown for those who watch alone.
    await watch(operation, async () => throwRefusal(await answer)).catch(() => undefined);
    return answer;
  };
}

async function throwRefusal(answer: Response): Promise<void> {
  if (answer.headers.get('content-type')?.includes('json') !== true) return;
  const { error } = (await answer.clone().json()) as {
    readonly error?: { readonly code: number; readonly message: string };
  };
  if (error !== undefined) throw new ProtocolError(error.code, error.message);
}
