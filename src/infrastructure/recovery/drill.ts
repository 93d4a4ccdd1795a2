/**
 * The recovery test of `scripts/test-recovery.sh`: see there. Everything happens as it would to an operator: servers are
 * processes, backup and restore are commands, users are HTTP clients. Only the grants are put into the storage directly,
 * because ten thousand people do not sign in.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { createClock } from '../../adapters/outbound/node/clock.ts';
import { makeFolder } from '../../adapters/outbound/node/make-folder.ts';
import { loadConfig } from '../config/load.ts';
import { openContainer } from '../di/container.ts';
import { T } from '../di/tokens.ts';
import { createResources } from '../lifecycle/resources.ts';

const { values: options } = parseArgs({
  options: {
    grants: { type: 'string', default: '10000' },
    redis: { type: 'boolean', default: false },
    'no-mark': { type: 'boolean', default: false },
  },
});
const grantCount = Number(options.grants);
/** So many users are asked for one by one after the recovery. */
const sampleMax = 500;
/** Somebody who leaves: so many grants are revoked after the backup, and must stay so. */
const leaver = 'leaver';
const revokedCount = 3;
const trafficMs = 2_000;
/** One user in so many exchanges the refresh token while there is traffic. */
const exchangeEvery = 20;
const workersOfTraffic = 4;
const waitMsMax = 60_000;
const parallelMax = 32;
const revision = '2026-07-28';
/** The program itself: built where this is, or both from the sources. */
const main = join(import.meta.dirname, `../../main${extname(import.meta.filename)}`);
const redirectUri = 'http://127.0.0.1/callback';
const clientId = 'client_recovery-test';
const client = {
  application_type: 'native',
  client_id: clientId,
  client_name: 'Recovery test',
  grant_types: ['authorization_code', 'refresh_token'],
  id_token_signed_response_alg: 'ES256',
  redirect_uris: [redirectUri],
  require_auth_time: false,
  response_types: ['code'],
  subject_type: 'public',
  token_endpoint_auth_method: 'none',
};
const exposure = { readOnly: false, toolsets: ['default'] };

interface User {
  readonly grantId: string;
  accessToken: string;
  refreshToken: string;
  /** When its tokens were exchanged last, by this machine's time; 0 for never. */
  exchangedAtMs: number;
}

const clock = createClock();
const folder = mkdtempSync(join(tmpdir(), 'ingeniux-recovery-'));
const children = new Set<ChildProcess>();
try {
  await drill();
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

async function drill(): Promise<void> {
  const beganMs = performance.now();
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const redisPort = options.redis ? await freePort() : undefined;
  const dataDir = join(folder, 'data');
  const settings: Readonly<Record<string, string>> = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    PORT: String(port),
    PUBLIC_URL: url,
    SANDBOX_PORT: String(sandboxPort),
    METRICS_PORT: '0',
    RATE_LIMIT_RPM: '1000000',
    ANONYMOUS_RATE_LIMIT_RPM: '1000000',
    CMS_SIGN_IN: 'service',
    WORKER_INLINE: 'true',
    DATA_DIR: dataDir,
    BACKUP_DIR: join(folder, 'backups'),
    TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ...(redisPort === undefined ? {} : { REDIS_URL: `redis://127.0.0.1:${redisPort}` }),
  };
  let redis = await startRedis(redisPort, 'redis-1');
  const cmsUrl = `http://127.0.0.1:${sandboxPort}/cxp4`;
  const users = await seedInMemory(settings, { url, cmsUrl });
  let server = await startServer(settings);
  say(`${users.length} grants are there (${seconds(performance.now() - beganMs)} s)`);

  const traffic = startTraffic(url, users);
  await pause(trafficMs);
  const backupBeganMs = performance.now();
  const backupAtMs = clock.nowMs();
  await command(['backup'], settings);
  const backupSeconds = seconds(performance.now() - backupBeganMs);
  const revoked = users.slice(0, revokedCount);
  await command(['grants', 'revoke', '--user', leaver], settings);
  const { calls, exchanges, failures } = await traffic.stop();
  if (failures.length > 0)
    throw new Error(`While the backup was taken, calls failed: ${failures.slice(0, 3).join('; ')}`);

  const killedMs = performance.now();
  const rpoSeconds = seconds(clock.nowMs() - backupAtMs);
  await kill(server);
  if (redis !== undefined) await kill(redis);
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(join(folder, 'redis-1'), { recursive: true, force: true });
  say('killed with -9, and everything but the backups and the key wiped');

  redis = await startRedis(redisPort, 'redis-2');
  await command(['restore', 'latest'], settings);
  server = await startServer(settings);
  const known = users.filter((user) => !revoked.includes(user) && user.exchangedAtMs < backupAtMs);
  const [first] = known;
  if (first === undefined || (await statusOf(url, first.accessToken)) !== 200) throw new Error('Nobody can go on.');
  const rtoSeconds = seconds(performance.now() - killedMs);

  const sample = known.filter((_, index) => index % Math.ceil(known.length / sampleMax) === 0);
  await inParallel(sample, async (user) => {
    const status = await statusOf(url, user.accessToken);
    if (status !== 200) throw new Error(`The access token of ${user.grantId} is answered with ${status}.`);
    await exchange(url, user);
    const renewed = await statusOf(url, user.accessToken);
    if (renewed !== 200) throw new Error(`The new access token of ${user.grantId} is answered with ${renewed}.`);
  });
  for (const user of revoked) {
    const status = await statusOf(url, user.accessToken);
    if (status !== 401) throw new Error(`${user.grantId} was revoked, and is answered with ${status}.`);
    await exchange(url, user).then(
      () => {
        throw new Error(`${user.grantId} was revoked, and got a new token.`);
      },
      () => undefined,
    );
  }
  const listed = (await command(['grants', 'list'], settings)).trim().split('\n').length;
  if (listed !== users.length - revokedCount) throw new Error(`${listed} grants came back of ${users.length}.`);
  await kill(server);

  const again = users.length - known.length - revokedCount;
  say(`calls before the crash: ${calls}, of them ${exchanges} exchanges of refresh tokens; none failed`);
  say(
    `users who go on without signing in: ${known.length} of ${users.length}, ${sample.length} of them asked one by one`,
  );
  say(`users who exchanged their tokens after the backup, and sign in once more: ${again}`);
  say(`revoked after the backup, and refused after the restore: ${revokedCount}`);
  say(`backup: ${backupSeconds} s`);
  say(`RPO: ${rpoSeconds} s (from the backup to the crash)`);
  say(`RTO: ${rtoSeconds} s (from the crash to the first user's call)`);
  say(`in all: ${seconds(performance.now() - beganMs)} s`);
}

/**
 * Fills the embedded storage where files are in memory, if there is such a place: fifty thousand writes that each wait
 * for the disk are not what is measured. Then it lies on the disk like any other.
 */
async function seedInMemory(
  settings: Readonly<Record<string, string>>,
  addresses: { readonly url: string; readonly cmsUrl: string },
): Promise<User[]> {
  const memory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ingeniux-recovery-'));
  try {
    const users = await seed({ ...settings, DATA_DIR: memory }, addresses);
    cpSync(memory, settings['DATA_DIR'] ?? '', { recursive: true });
    return users;
  } finally {
    rmSync(memory, { recursive: true, force: true });
  }
}

/** Puts a client and the grants into the storage, with the tokens that oidc-provider would have written. */
async function seed(
  settings: Readonly<Record<string, string>>,
  { url, cmsUrl }: { readonly url: string; readonly cmsUrl: string },
): Promise<User[]> {
  const loaded = loadConfig(settings, () => '');
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const resources = createResources((_, error) => {
    throw error;
  });
  const container = await openContainer({ config: loaded.config, logger: pino({ level: 'silent' }), resources });
  const [grants, oauthRecords, vault] = [
    container.get(T.Grants),
    container.get(T.OAuthRecords),
    container.get(T.Vault),
  ];
  const [ids, nowMs] = [container.get(T.Ids), container.get(T.Clock).nowMs()];
  const iat = Math.floor(nowMs / 1000);
  const scopes = ['cms:read'] as const;
  const users = Array.from(
    { length: grantCount },
    (): User => ({
      grantId: ids.id('grant'),
      accessToken: ids.secret('igxa'),
      refreshToken: ids.secret('igxr'),
      exchangedAtMs: 0,
    }),
  );
  await container.get(T.Sealer).checkKeys();
  await oauthRecords.put({ kind: 'Client', hash: sha256(clientId), value: client });
  await inParallel(users, async ({ grantId, accessToken, refreshToken }, index) => {
    const subject = index < revokedCount ? leaver : `user-${index}`;
    await grants.put({
      ...{ id: grantId, subject, displayName: subject, clientId, clientName: 'Recovery test', clientHost: '127.0.0.1' },
      ...{ redirectUri, redirectUrisHash: sha256(redirectUri), scopes, toolsets: ['default'], readOnly: false },
      ...{ signIn: 'service', createdAtMs: nowMs, lastUsedAtMs: nowMs },
    });
    await vault.put(grantId, { subject, clientId, provider: cmsUrl }, { kind: 'identity', identity: 'service' });
    const common = { iat, accountId: subject, clientId, grantId };
    for (const { kind, jti, ttlSeconds, more } of [
      {
        ...{ kind: 'Grant', jti: grantId, ttlSeconds: 86_400 },
        more: { openid: { scope: 'openid offline_access' }, resources: { [`${url}/mcp`]: scopes.join(' ') } },
      },
      {
        ...{ kind: 'AccessToken', jti: accessToken, ttlSeconds: 900 },
        more: { gty: 'authorization_code', aud: `${url}/mcp`, scope: scopes.join(' '), extra: { exposure } },
      },
      {
        ...{ kind: 'RefreshToken', jti: refreshToken, ttlSeconds: 86_400 },
        more: {
          ...{ gty: 'authorization_code', authTime: iat, iiat: iat, rotations: 0 },
          ...{ resource: `${url}/mcp`, scope: scopes.join(' ') },
        },
      },
    ]) {
      const value = { ...common, ...more, kind, jti, exp: iat + ttlSeconds };
      await oauthRecords.put({ kind, hash: sha256(jti), value, ttlSeconds, grantId });
    }
  });
  await resources.closeAll();
  return users;
}

/** Users call and exchange their tokens, until it is stopped. */
function startTraffic(url: string, users: readonly User[]) {
  let isOver = false;
  let [calls, exchanges] = [0, 0];
  const failures: string[] = [];
  const work = async (first: number): Promise<void> => {
    // Whoever is revoked later does not call, so that every failure is one.
    for (let turn = first; !isOver; turn += workersOfTraffic) {
      const at = revokedCount + (turn % (users.length - revokedCount));
      const user = users[at];
      if (user === undefined) return;
      try {
        const status = await statusOf(url, user.accessToken);
        if (status !== 200) failures.push(`a call was answered with ${status}`);
        calls += 1;
        if (at % exchangeEvery !== 0) continue;
        await exchange(url, user);
        exchanges += 1;
      } catch (error) {
        // Told at the end, when there is somebody to tell.
        failures.push(String(error));
      }
    }
  };
  const working = Promise.all(Array.from({ length: workersOfTraffic }, (_, first) => work(first)));
  return {
    stop: async () => {
      isOver = true;
      await working;
      return { calls, exchanges, failures };
    },
  };
}

/** The status of the shortest call there is, in the revision that keeps no sessions. */
async function statusOf(url: string, accessToken: string): Promise<number> {
  const answer = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': revision,
      'mcp-method': 'prompts/list',
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'prompts/list' },
      params: {
        _meta: {
          'io.modelcontextprotocol/protocolVersion': revision,
          'io.modelcontextprotocol/clientInfo': { name: 'recovery', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function exchange(url: string, user: User): Promise<void> {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: user.refreshToken,
  });
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body });
  const tokens = (await answer.json()) as Readonly<Record<string, string>>;
  const { access_token: accessToken, refresh_token: refreshToken } = tokens;
  if (accessToken === undefined || refreshToken === undefined) throw new Error(`token endpoint: ${tokens['error']}`);
  Object.assign(user, { accessToken, refreshToken, exchangedAtMs: clock.nowMs() });
}

async function startServer(settings: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = start(process.execPath, [main, 'serve'], settings);
  await said(child, child.stderr, (line) => line.includes('"msg":"listening"'));
  return child;
}

async function startRedis(port: number | undefined, name: string): Promise<ChildProcess | undefined> {
  if (port === undefined) return undefined;
  const place = join(folder, name);
  makeFolder(place);
  const child = start(
    'redis-server',
    ['--port', String(port), '--dir', place, '--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--save', ''],
    {},
  );
  await said(child, child.stdout, (line) => line.includes('Ready to accept connections'));
  return child;
}

/** Runs a command of the product to its end; answers what it printed. */
async function command(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<string> {
  const child = start(process.execPath, [main, ...args], settings);
  const [printed, told] = [collect(child.stdout), collect(child.stderr)];
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${told()}`);
  return printed();
}

function start(program: string, args: readonly string[], settings: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

function collect(stream: ChildProcess['stdout']): () => string {
  const pieces: string[] = [];
  stream?.on('data', (piece: Buffer) => pieces.push(String(piece)));
  return () => pieces.join('');
}

/** Waits for a line, and goes on reading so that the program never waits for us. */
async function said(child: ChildProcess, stream: ChildProcess['stdout'], fits: (line: string) => boolean) {
  if (stream === null) throw new Error('There is nothing to read from.');
  const lines: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(line);
    if (fits(line)) resolve();
  });
  const timer = setTimeout(() => reject(new Error('It did not start in time.')), waitMsMax);
  child.once('close', () => reject(new Error(`It ended: ${lines.slice(-5).join('\n')}`)));
  await promise.finally(() => clearTimeout(timer));
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}

async function inParallel<V>(values: readonly V[], act: (value: V, index: number) => Promise<void>): Promise<void> {
  const entries = values.entries();
  const work = async (): Promise<void> => {
    for (const [index, value] of entries) await act(value, index);
  };
  await Promise.all(Array.from({ length: parallelMax }, work));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
