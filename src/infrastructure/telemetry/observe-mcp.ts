import type { McpEndpoint } from '../../adapters/inbound/mcp/http-endpoint.ts';
import type { McpOperation, WatchOperation } from '../../adapters/inbound/mcp/watch-operation.ts';
import type { SpanAttributes } from './attributes.ts';
import type { Metrics } from './metrics.ts';
import type { Telemetry } from './start.ts';
import { carrierIn } from './tracing.ts';

/**
 * A span and a measurement for each MCP request, by the conventions for MCP: `{method} {target}`, below the context in the
 * request's `_meta` with the HTTP request as a link, else below the HTTP request.
 */
export function watchOperations({ metrics, tracing }: Telemetry): WatchOperation {
  return async (operation, work) => {
    const span = tracing.start({
      name: nameOf(operation),
      kind: 'server',
      attributes: attributesOf(operation),
      remote: carrierIn(operation.meta),
    });
    const startMs = performance.now();
    let failure: OperationFailure | undefined;
    try {
      const result = await span.within(work);
      if (isToolError(result)) failure = { errorType: 'tool_error', isOurs: false };
      return result;
    } catch (error) {
      // Rises as it is: the SDK answers it.
      failure = failureOf(error);
      throw error;
    } finally {
      const protocolVersion = operation.protocolVersion();
      span.set({ 'mcp.protocol.version': protocolVersion });
      if (failure !== undefined) {
        span.set({
          'error.type': failure.errorType,
          ...(failure.code === undefined ? {} : { 'rpc.response.status_code': failure.code }),
        });
        if (failure.isOurs || failure.errorType === 'tool_error') span.fail();
      }
      span.end();
      metrics.record('mcp_server_operation_duration_seconds', (performance.now() - startMs) / 1000, {
        mcp_method_name: operation.method,
        gen_ai_tool_name: operation.tool ?? '',
        error_type: failure?.errorType ?? '',
        mcp_protocol_version: protocolVersion,
      });
    }
  };
}

/** Reads for the page what is open at the door. */
export function watchEndpoint(
  metrics: Metrics,
  endpoint: Pick<McpEndpoint, 'sessionCount' | 'streamCounts'>,
  listening: { connectionCount(): number },
): void {
  metrics.observe('mcp_sessions_active', () => [{ value: endpoint.sessionCount(), labels: {} }]);
  metrics.observe('mcp_streams_active', () => {
    const { subscription, session } = endpoint.streamCounts();
    return [
      { value: subscription, labels: { kind: 'subscription' } },
      { value: session, labels: { kind: 'session' } },
    ] as const;
  });
  metrics.observe('active_connections', () => [
    { value: listening.connectionCount(), labels: { transport: 'http' } } as const,
  ]);
}

interface OperationFailure {
  readonly errorType: string;
  readonly code?: string;
  readonly isOurs: boolean;
}

function nameOf({ method, tool, prompt }: McpOperation): string {
  const target = tool ?? prompt;
  return target === undefined ? method : `${method} ${target}`;
}

function attributesOf(operation: McpOperation): SpanAttributes {
  const { method, tool, prompt, sessionId } = operation;
  return {
    'mcp.method.name': method,
    'jsonrpc.request.id': operation.rpcId,
    ...(operation.transport === 'stdio'
      ? { 'network.transport': 'pipe' }
      : { 'network.transport': 'tcp', 'network.protocol.name': 'http' }),
    ...(tool === undefined ? {} : { 'gen_ai.tool.name': tool, 'gen_ai.operation.name': 'execute_tool' }),
    ...(prompt === undefined ? {} : { 'gen_ai.prompt.name': prompt }),
    ...(sessionId === undefined ? {} : { 'mcp.session.id': sessionId }),
  };
}

/** A failed task is a result with this mark. */
function isToolError(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'isError' in result && result.isError === true;
}

function failureOf(error: unknown): OperationFailure {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : internalError;
  return { errorType: String(code), code: String(code), isOurs: !callersFaults.has(code) };
}

const internalError = -32_603;

/** Parse error, invalid request, unknown method, invalid parameters, unknown resource (conventions for MCP servers). */
const callersFaults: ReadonlySet<number> = new Set([-32_700, -32_600, -32_601, -32_602, -32_002]);
