import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { startRedis } from './redis.ts';
import {
  runCommand,
  type ServerProcess,
  type Settings,
  startServer,
  startWorker,
  temporaryFolder,
} from './server-process.ts';

/** The product as an operator runs it, with a sandbox CMS that the test can look into. */
export interface Deployment {
  readonly mcpUrl: string;
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly settings: Settings;
  readonly server: ServerProcess;
  /** Of a deployment on Redis: the worker that takes the jobs. */
  readonly worker: ServerProcess | undefined;
  /** A new access token, issued by the command line while the server runs. */
  token(scopes?: string): Promise<string>;
  /** What a visitor of the published site sees. */
  live(path: string, target?: string): Promise<string>;
  /** Starts one more worker process. */
  startWorker(more?: Settings): Promise<ServerProcess>;
  close(): Promise<void>;
}

/**
 * `embedded` is one server process with its worker inside; `redis` is a server and a worker process on a Redis server.
 * The sandbox runs in the test's own process.
 */
export async function openDeployment(storage: 'embedded' | 'redis', more: Settings = {}): Promise<Deployment> {
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const sandbox = await startSandbox({ port: 0 });
    closers.push(() => sandbox.close());
    const folder = temporaryFolder();
    closers.push(folder.remove);
    const redis = storage === 'redis' ? await startRedis() : undefined;
    if (redis !== undefined) closers.push(() => redis.close());
    const settings: Settings = {
      CMS_BASE_URL: sandbox.siteRoot,
      OAUTH_CLIENT_ID: 'sandbox-editor',
      OAUTH_CLIENT_SECRET: 'sandbox-secret-editor',
      DATA_DIR: folder.path,
      ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
      ...more,
    };
    const server = await startServer(settings);
    closers.push(() => server.close());
    const startOne = async (further: Settings = {}) => {
      const started = await startWorker({ ...settings, ...further });
      closers.push(() => started.close());
      return started;
    };
    const worker = storage === 'redis' ? await startOne() : undefined;
    return {
      mcpUrl: `${server.url}/mcp`,
      url: server.url,
      sandbox,
      settings,
      server,
      worker,
      token: async (scopes = 'cms:read cms:write cms:publish') => {
        const issued = await runCommand(['token', 'issue', '--subject', 'ada', '--scopes', scopes], settings);
        if (issued.exitCode !== 0) throw new Error(issued.stderr);
        return issued.stdout.trim();
      },
      live: async (path, target = 'production') => (await fetch(`${sandbox.siteRoot}/live/${target}${path}`)).text(),
      startWorker: startOne,
      close: () => closeAll(closers),
    };
  } catch (error) {
    // What was started before the failure must not outlive the test.
    await closeAll(closers);
    throw error;
  }
}

async function closeAll(closers: (() => Promise<void> | void)[]): Promise<void> {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
}
