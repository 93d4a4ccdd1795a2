import { createRegistry } from '../../../adapters/inbound/mcp/registry.ts';
import { createStdioEndpoint } from '../../../adapters/inbound/mcp/stdio-endpoint.ts';
import { guardStdout } from '../../../adapters/inbound/mcp/stdout-guard.ts';
import { exposureWords, parseExposure } from '../../../application/tasks/exposure.ts';
import { tasks } from '../../../application/tasks/index.ts';
import type { Principal } from '../../../domain/model/principal.ts';
import { T } from '../../di/tokens.ts';
import { untilStopped } from '../../lifecycle/until-stopped.ts';
import { createProblemReporter } from '../../observer/problem-reporter.ts';
import { watchOperations } from '../../telemetry/observe-mcp.ts';
import { startWorker } from '../../worker/start-worker.ts';
import { exitCodes, type RunCommand } from '../command.ts';
import { openProgram } from '../open-program.ts';

/** Whoever starts the program on this machine may do what an editor may; administration stays with HTTP and a token. */
const localUser: Principal = { subject: 'local', clientId: 'stdio', scopes: ['cms:read', 'cms:write', 'cms:publish'] };

/** MCP over standard input and output, until the client closes its end. */
export const stdio: RunCommand<{ toolsets: string }> = async (context, options) => {
  const chosen = parseExposure(options.toolsets);
  if ('unknown' in chosen) {
    process.stderr.write(`Unknown toolset: ${chosen.unknown.join(', ')}. There are: ${exposureWords.join(', ')}.\n`);
    return exitCodes.usage;
  }
  // First of all: from here on nothing but JSON-RPC reaches standard output.
  const output = guardStdout();
  const { config, logger, resources } = context;
  const { container, telemetry } = await openProgram(context, { hasPage: false });
  const endpoint = createStdioEndpoint({
    registry: createRegistry(tasks),
    runTask: container.get(T.RunTask),
    lockdown: container.get(T.Lockdown),
    server: container.get(T.Facts),
    clock: container.get(T.Clock),
    ids: container.get(T.Ids),
    events: container.get(T.Events),
    principal: localUser,
    exposure: chosen.exposure,
    watch: watchOperations(telemetry),
    input: process.stdin,
    output,
    onProblem: createProblemReporter(logger),
    onRefusal: (error) => logger.debug({ err: error }, 'refused by the protocol'),
  });
  // From here on there is something to end in order, so the signals must be heard in the same turn of the event loop.
  if (config.workerInline) await startWorker(container, context);
  resources.own('stdio', () => endpoint.close());
  const reason = await untilStopped(endpoint.ended);
  logger.info({ reason }, 'stopping');
  return exitCodes.ok;
};
