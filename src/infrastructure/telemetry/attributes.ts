/**
 * Every attribute that a span may carry: names of OpenTelemetry's conventions, and nothing that holds a token, a query, an
 * argument or the text of a page.
 *
 * Sources: semantic-conventions 1.44 (HTTP, messaging), semantic-conventions-genai (MCP).
 */
export interface SpanAttributes {
  readonly 'http.request.method'?: string;
  readonly 'http.route'?: string;
  readonly 'http.response.status_code'?: number;
  /** Of a request that was sent again: 1 for the first repetition. */
  readonly 'http.request.resend_count'?: number;
  readonly 'url.scheme'?: string;
  /** The route: what stands in a path may be a ticket. */
  readonly 'url.path'?: string;
  readonly 'url.template'?: string;
  readonly 'server.address'?: string;
  readonly 'server.port'?: number;
  readonly 'network.transport'?: 'tcp' | 'pipe';
  readonly 'network.protocol.name'?: 'http';
  readonly 'mcp.method.name'?: string;
  readonly 'mcp.protocol.version'?: string;
  readonly 'mcp.session.id'?: string;
  readonly 'jsonrpc.request.id'?: string;
  readonly 'rpc.response.status_code'?: string;
  readonly 'gen_ai.tool.name'?: string;
  readonly 'gen_ai.prompt.name'?: string;
  readonly 'gen_ai.operation.name'?: 'execute_tool';
  readonly 'messaging.system'?: 'bullmq';
  readonly 'messaging.operation.name'?: 'send' | 'process';
  readonly 'messaging.operation.type'?: 'send' | 'process';
  readonly 'messaging.destination.name'?: string;
  readonly 'messaging.message.id'?: string;
  readonly 'error.type'?: string;
  /** Ours, where no convention has a name. */
  readonly 'mcp_server.task'?: string;
  readonly 'mcp_server.task.effect'?: string;
  readonly 'mcp_server.task.outcome'?: string;
  readonly 'mcp_server.request.id'?: string;
  readonly 'mcp_server.cms.operation'?: string;
  readonly 'mcp_server.job.kind'?: string;
  readonly 'mcp_server.job.attempt'?: number;
}
