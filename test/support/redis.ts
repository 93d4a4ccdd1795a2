import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { poll } from './poll.ts';

/**
 * Starts a Redis server of the test's own on a free port, with a folder of its own and nothing kept unless
 * `appendOnly`. Throws when no `redis-server` is on the PATH.
 */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'igx-redis-'));
  let { server, port } = await startOnFreePort(folder, options);
  return {
    url: `redis://127.0.0.1:${port}/0`,
    kill: () => kill(server),
    pause: () => {
      server.kill('SIGSTOP');
    },
    resume: () => {
      server.kill('SIGCONT');
    },
    restart: async () => {
      await kill(server);
      server = await start(folder, port, options);
    },
    close: async () => {
      await kill(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface RedisServer {
  readonly url: string;
  /** As `kill -9`: ends when the process is gone. */
  kill(): Promise<void>;
  /** Redis answers nothing until `resume`, but its socket stays open. */
  pause(): void;
  resume(): void;
  /** On the same port: with `appendOnly` it has what it had before. */
  restart(): Promise<void>;
  /** Ends the server and removes its folder. */
  close(): Promise<void>;
}

export interface RedisServerOptions {
  /** Keep every write in an append-only file that is flushed before the answer. */
  readonly appendOnly?: boolean;
  /** More arguments for `redis-server`, such as `['--maxmemory-policy', 'allkeys-lru']`. */
  readonly arguments?: readonly string[];
}

/** Another process may take a free port before Redis does; then another port is tried. */
const portTriesMax = 5;

async function startOnFreePort(folder: string, options: RedisServerOptions) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { port, server: await start(folder, port, options) };
    } catch (error) {
      // Most likely the port was taken meanwhile; the last try tells.
      if (attempt === portTriesMax) throw error;
    }
  }
}

async function start(folder: string, port: number, options: RedisServerOptions): Promise<ChildProcess> {
  const persistence = options.appendOnly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const server = spawn(
    'redis-server',
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--daemonize', 'no'],
      ...['--maxmemory-policy', 'noeviction', ...persistence, ...(options.arguments ?? [])],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  server.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  let failure: Error | undefined;
  server.once('error', (error) => {
    failure = error;
  });
  // A test that ends without closing leaves no server behind.
  const killWithUs = () => server.kill('SIGKILL');
  process.once('exit', killWithUs);
  server.once('exit', () => process.off('exit', killWithUs));
  await poll('redis-server to answer', async () => {
    if (failure !== undefined) throw new Error('redis-server could not be started', { cause: failure });
    if (server.exitCode !== null) throw new Error(`redis-server ended: ${output}`);
    return output.includes('Ready to accept connections') && (await accepts(port));
  });
  return server;
}

async function kill(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Removes everything that a server holds. */
export async function emptied(url: string): Promise<void> {
  const client = new Redis(url);
  await client.flushall();
  client.disconnect();
}
