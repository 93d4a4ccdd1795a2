import type { Readable, Writable } from 'node:stream';
import { type StdioServerHandle, StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Principal } from '../../../domain/model/principal.ts';
import type { EventBus } from '../../../domain/ports/event-bus.ts';
import type { IdSource } from '../../../domain/ports/system.ts';
import { createAnnouncer } from './announcer.ts';
import { followChanges } from './follow-changes.ts';
import { jsonLines } from './json-lines.ts';
import { rpcCode } from './json-rpc-error.ts';
import type { McpDeps } from './mcp-deps.ts';
import { createMcpServer } from './server.ts';

export interface StdioEndpointOptions extends McpDeps {
  readonly ids: IdSource;
  readonly events: EventBus;
  /** Who the one client on the other end of the pipe acts for. */
  readonly principal: Principal;
  readonly input: Readable;
  /** What `guardStdout` answered. */
  readonly output: Writable;
}

export interface StdioEndpoint {
  /** Ends when the client has closed its end, or `close` was called. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** The same bound as over HTTP would suit; the client is local and trusted, so only runaway lines are stopped. */
const lineBytesMax = 10 * 1_048_576;

/** Serves MCP of either era over a pipe, for one client. */
export function createStdioEndpoint(options: StdioEndpointOptions): StdioEndpoint {
  const { principal, ids, input, output } = options;
  const announcer = createAnnouncer(options.events);
  const lines = jsonLines(lineBytesMax, () =>
    output.write(`${rpcErrorLine(rpcCode.parseError, 'Parse error: not JSON.')}\n`),
  );
  const handle: StdioServerHandle = serveStdio(
    ({ era }) => {
      const server = createMcpServer(options, era, () => ({ principal, requestId: ids.id('req') }));
      server.onclose = followChanges(server, era, announcer, principal);
      return server;
    },
    {
      transport: new StdioServerTransport(input.pipe(lines), output, { maxBufferSize: 2 * lineBytesMax }),
      onerror(error) {
        options.onRefusal(error);
        // The SDK names what its schema refuses so; it goes on reading, and the sender learns why nothing comes back.
        if (error.name.endsWith('ZodError')) {
          output.write(`${rpcErrorLine(rpcCode.invalidRequest, 'Invalid request: not a JSON-RPC message.')}\n`);
        }
      },
    },
  );
  const ended = new Promise<void>((resolve) => {
    input.once('end', resolve).once('close', resolve).once('error', resolve);
    output.once('close', resolve);
    lines.once('error', (error) => {
      options.onRefusal(error);
      resolve();
    });
  });
  return {
    ended,
    async close() {
      await handle.close();
      announcer.close();
    },
  };
}

function rpcErrorLine(code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } });
}
