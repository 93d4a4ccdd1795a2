import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { poll } from './poll.ts';
import { startRedis } from './redis.ts';

/** A Redis master, one replica and the sentinels that make the replica the master when the master is gone. */
export interface RedisFleet {
  /** As `REDIS_URL` takes it. */
  readonly url: string;
  /** Waits until the replica has all that the master has, kills the master with -9, and waits for the new one. */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

/** The sentinels that have to agree are more than half of them. */
export async function startRedisFleet(options: { readonly sentinels: number }): Promise<RedisFleet> {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  const close = async () => {
    for (let end = closers.pop(); end !== undefined; end = closers.pop()) await end();
  };
  try {
    const master = await startRedis({ appendOnly: true });
    closers.push(() => master.close());
    const masterPort = new URL(master.url).port;
    const replica = await startRedis({ appendOnly: true, arguments: ['--replicaof', '127.0.0.1', masterPort] });
    closers.push(() => replica.close());
    const [masterClient, replicaClient] = [new Redis(master.url), new Redis(replica.url)];
    masterClient.on('error', () => undefined);
    closers.push(() => masterClient.disconnect());
    closers.push(() => replicaClient.disconnect());
    const replication = (text: string) => async () => (await replicaClient.info('replication')).includes(text);
    await poll('the replica to follow', replication('master_link_status:up'));
    const quorum = Math.floor(options.sentinels / 2) + 1;
    const ports: number[] = [];
    for (let count = 0; count < options.sentinels; count++) {
      const sentinel = await startSentinel(masterPort, quorum);
      closers.push(sentinel.close);
      ports.push(sentinel.port);
    }
    for (const port of ports) {
      const sentinel = new Redis(port, '127.0.0.1');
      closers.push(() => sentinel.disconnect());
      await poll(
        'the sentinel to know the replica and the other sentinels',
        async () => {
          const replicas = JSON.stringify(await sentinel.call('SENTINEL', 'replicas', 'main'));
          const others = (await sentinel.call('SENTINEL', 'sentinels', 'main')) as readonly unknown[];
          return replicas.includes('127.0.0.1') && others.length === options.sentinels - 1;
        },
        { timeoutMs: 30_000 },
      );
    }
    return {
      url: `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/main`,
      async failOver() {
        await masterClient.call('WAIT', '1', '5000');
        await master.kill();
        await poll('the replica to be the master', replication('role:master'), { timeoutMs: 30_000 });
      },
      close,
    };
  } catch (error) {
    // What was started before the failure must not outlive the test.
    await close();
    throw error;
  }
}

async function startSentinel(masterPort: string, quorum: number) {
  const folder = mkdtempSync(join(tmpdir(), 'igx-sentinel-'));
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    `dir ${folder}`,
    `sentinel monitor main 127.0.0.1 ${masterPort} ${quorum}`,
    'sentinel down-after-milliseconds main 1000',
    'sentinel failover-timeout main 5000',
  ];
  writeFileSync(file, lines.join('\n'));
  const sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  // A test that ends without closing leaves no sentinel behind.
  const killWithUs = () => sentinel.kill('SIGKILL');
  process.once('exit', killWithUs);
  sentinel.once('exit', () => process.off('exit', killWithUs));
  const close = async () => {
    const exit = once(sentinel, 'exit');
    sentinel.kill('SIGKILL');
    await exit;
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, close };
}
