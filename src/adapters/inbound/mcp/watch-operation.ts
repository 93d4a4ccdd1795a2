import type { ServerContext } from '@modelcontextprotocol/server';

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
