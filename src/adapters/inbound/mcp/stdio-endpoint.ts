import type { Readable, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Server } from '@modelcontextprotocol/server';
import { type StdioServerHandle, serveStdio } from '@modelcontextprotocol/server/stdio';
import { defaultExposure, type Exposure } from '../../../application/tasks/exposure.ts';
import type { Principal } from '../../../domain/model/principal.ts';
import type { EventBus } from '../../../domain/ports/event-bus.ts';
import type { IdSource } from '../../../domain/ports/system.ts';
import { createAnnouncer } from './announcer.ts';
import { createCompleter } from './complete-argument.ts';
import { followChanges } from './follow-changes.ts';
import { jsonLines } from './json-lines.ts';
import { rpcCode } from './json-rpc-error.ts';
import type { McpDeps } from './mcp-deps.ts';
import { createPending } from './pending.ts';
import { createMcpServer } from './server.ts';
import { WatchedPipe } from './watched-pipe.ts';

export interface StdioEndpointOptions extends McpDeps {
  readonly ids: IdSource;
  readonly events: EventBus;
  /** Who the one client on the other end of the pipe acts for. */
  readonly principal: Principal;
  /** Which tools it is offered; the default selection when absent. */
  readonly exposure?: Exposure;
  readonly input: Readable;
  /** What `guardStdout` answered. */
  readonly output: Writable;
}

export interface StdioEndpoint {
  /** Ends when the client has closed its end and has had its answers. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** The same bound as over HTTP would suit; the client is local and trusted, so only runaway lines are stopped. */
const lineBytesMax = 10 * 1_048_576;

/** How long calls may go on when the client has closed its end: a script does that as soon as it has asked. */
const endGraceMs = 5_000;

/** Serves MCP of either era over a pipe, for one client. */
export function createStdioEndpoint(options: StdioEndpointOptions): StdioEndpoint {
  const { principal, exposure = defaultExposure, ids, input, output } = options;
  const completer = createCompleter(options);
  const announcer = createAnnouncer(options.events);
  const pending = createPending();
  const lines = jsonLines(
    lineBytesMax,
    () => output.write(`${rpcErrorLine(rpcCode.parseError, 'Parse error: not JSON.')}\n`),
    async () => {
      // One turn for the last lines to be taken up, one for the last answers to be written.
      await turn();
      await pending.ended(endGraceMs);
      await turn();
    },
  );
  const deps: McpDeps = {
    ...options,
    runTask: (...call) => options.runTask(...call).finally(pending.begin()),
  };
  let pinned: Server | undefined;
  const handle: StdioServerHandle = serveStdio(
    ({ era }) => {
      const server = createMcpServer(deps, completer, era, () => ({
        principal,
        requestId: ids.id('req'),
        exposure,
      }));
      server.onclose = followChanges(server, era, announcer, principal);
      pinned = server;
      return server;
    },
    {
      transport: new WatchedPipe({
        input: input.pipe(lines),
        output,
        bufferBytesMax: 2 * lineBytesMax,
        watch: options.watch,
        protocolVersion: () => pinned?.getNegotiatedProtocolVersion() ?? 'unknown',
      }),
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
    input.once('error', resolve).once('close', () => {
      // After its end there may be calls to wait for; a pipe that broke has none.
      if (!input.readableEnded) resolve();
    });
    lines.once('end', resolve);
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
