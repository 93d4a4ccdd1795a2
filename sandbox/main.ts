import { parseArgs } from 'node:util';
import { type SandboxOptions, startSandbox } from './server.ts';

const USAGE = `Usage: node sandbox/main.ts [options]

  --port NUMBER                    default 8080; 0 = any free port
  --host NAME                      default 127.0.0.1
  --mount PATH                     virtual directory, default /cxp4; "" = the root of the host
  --data FILE                      keep the state in this file; without it every start begins anew
  --access-token-lifetime SECONDS  default 1199
  --publish-tick MILLISECONDS      pace of the publishing queue, default 150
  --services on|off                the older service layer, default off
  --exit-with-parent               end when standard input ends
  --help

Prints one line of JSON when it is ready: {"event":"listening","siteRoot":"http://127.0.0.1:8080/cxp4"}
`;

const DEFAULT_PORT = 8080;

await main();

/** The sandbox as a program of its own: exit code 0 after a signal, 1 for a failed start, 2 for a bad option. */
async function main(): Promise<void> {
  const parsed = readOptions(process.argv.slice(2));
  if (parsed.kind === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  if (parsed.kind === 'invalid') {
    process.stderr.write(`${parsed.problem}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  try {
    const sandbox = await startSandbox(parsed.options);
    const stop = () => {
      void sandbox.close().then(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    if (parsed.exitWithParent) {
      process.stdin.resume();
      process.stdin.once('end', stop);
      process.stdin.once('error', stop);
    }
    process.stdout.write(`${JSON.stringify({ event: 'listening', siteRoot: sandbox.siteRoot })}\n`);
  } catch (error) {
    // A taken port or a foreign data file: one line says it all, a stack would only hide it.
    process.stderr.write(`The sandbox cannot start: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

type Parsed =
  | { kind: 'start'; options: SandboxOptions; exitWithParent: boolean }
  | { kind: 'help' }
  | { kind: 'invalid'; problem: string };

function readOptions(args: string[]): Parsed {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        mount: { type: 'string' },
        data: { type: 'string' },
        'access-token-lifetime': { type: 'string' },
        'publish-tick': { type: 'string' },
        services: { type: 'string', default: 'off' },
        'exit-with-parent': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const lifetime = wholeNumber('--access-token-lifetime', values['access-token-lifetime']);
    const tick = wholeNumber('--publish-tick', values['publish-tick']);
    if (!['on', 'off'].includes(values.services))
      throw new Error(`--services takes on or off, not "${values.services}".`);
    return {
      kind: 'start',
      exitWithParent: values['exit-with-parent'],
      options: {
        port: wholeNumber('--port', values.port) ?? DEFAULT_PORT,
        ...(values.host === undefined ? {} : { host: values.host }),
        ...(values.mount === undefined ? {} : { mount: values.mount }),
        ...(values.data === undefined ? {} : { dataFile: values.data }),
        ...(values.services === 'on' ? { services: {} } : {}),
        knobs: {
          ...(lifetime === null ? {} : { accessTokenLifetimeSeconds: lifetime }),
          ...(tick === null ? {} : { publishTickMs: tick }),
        },
      },
    };
  } catch (error) {
    // parseArgs and the number check throw texts that name the option.
    return { kind: 'invalid', problem: error instanceof Error ? error.message : String(error) };
  }
}

function wholeNumber(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}
