import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentClient, connectAgent } from '../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { poll } from '../support/poll.ts';
import { modernRequest } from '../support/raw-http.ts';
import { runCommand, startCommand } from '../support/server-process.ts';

const page = '/admissions/deadlines';

/** What was done can be told afterwards, however little is logged, and nobody changes it unseen. */
describe.each(['embedded', 'redis'] as const)('the audit log on %s', (storage) => {
  let deployment: Deployment;
  let agent: AgentClient;
  let token: string;
  let serving: string;
  const closers: (() => Promise<unknown> | unknown)[] = [];
  const command = (...args: string[]) => runCommand(args, { ...deployment.settings, LOG_LEVEL: 'error' });
  const list = async (...args: string[]) => {
    const { stdout } = await command('audit', 'list', ...args);
    // One record a line, as the command promises.
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
  };

  beforeAll(async () => {
    deployment = await openDeployment(storage);
    closers.push(() => deployment.close());
  });
  afterAll(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  it('is empty and unbroken at first', async () => {
    expect(await command('audit', 'verify')).toMatchObject({ exitCode: 0, stdout: 'The audit log is empty.\n' });
  });

  it('keeps what a server did that logs errors only', async () => {
    const port = await freePort();
    const server = startCommand(['serve'], {
      ...deployment.settings,
      LOG_LEVEL: 'error',
      HOST: '127.0.0.1',
      PORT: String(port),
    });
    closers.push(async () => {
      const ended = once(server, 'close');
      server.kill('SIGTERM');
      await ended;
    });
    let log = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    server.stdout?.resume();
    const url = `http://127.0.0.1:${port}`;
    serving = url;
    const isUp = () =>
      fetch(url).then(
        () => true,
        () => false,
      );
    await poll('the server to listen', isUp, { timeoutMs: 60_000 });
    token = await deployment.token('cms:read cms:write cms:publish cms:admin');
    agent = await connectAgent('v2 auto', `${url}/mcp/x/authoring,core,admin`, token);
    closers.push(() => agent.close());
    await agent.call('get_content', { items: [page] });
    await agent.call('check_out_content', { items: [page] });
    await agent.call('delete_content', { items: [page], confirm: 'confirm_made-up' }).catch(() => undefined);
    const records = await list();
    expect(records.map(({ action, outcome, code }) => [action, outcome, code])).toEqual([
      ['delete_content', 'refused', expect.any(String)],
      ['check_out_content', 'ok', undefined],
      ['token_issue', 'ok', undefined],
    ]);
    expect(records[2]).toMatchObject({ subject: 'ada', clientId: 'cli', by: 'operator', tokenId: expect.any(String) });
    expect(log).toBe('');
    expect(JSON.stringify(records)).not.toContain(token);
    expect(JSON.stringify(records)).not.toContain('confirm_made-up');
  });

  it('keeps who was turned away, from where, and in which trace; a flood of them in one record', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const post = async (bearer: string, name: string) => {
      const { headers, ...request } = modernRequest(bearer, 'tools/call', { name, arguments: { items: [page] } });
      const traced = { ...headers, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
      const answer = await fetch(`${serving}/mcp/x/all`, { ...request, headers: traced });
      await answer.text();
      return answer.status;
    };
    const reader = await deployment.token('cms:read');
    for (let time = 0; time < 40; time += 1) expect(await post('igx_of-nobody-at-all-here', 'get_context')).toBe(401);
    for (let time = 0; time < 3; time += 1) expect(await post(reader, 'check_in_content')).toBe(403);
    expect(await post(token, 'check_in_content')).toBe(200);
    const records = (await list()).filter(({ traceId: of }) => of === traceId);
    expect(
      records.map(({ action, outcome, reason, task, subject }) => [action, outcome, reason, task, subject]),
    ).toEqual([
      ['check_in_content', 'ok', undefined, undefined, 'ada'],
      ['access_refused', 'refused', 'insufficient_scope', 'check_in_content', 'ada'],
      ['access_refused', 'refused', 'unknown', undefined, ''],
    ]);
    expect(records[1]).toMatchObject({ scopes: ['cms:write'], network: '127.0.0.1' });
    expect(await list('--limit', '1')).toMatchObject([{ itemIds: [expect.stringMatching(/^x/)] }]);
  });

  it('is read by agents and by the command line alike', async () => {
    const answer = await agent.call('list_audit_events', { user: 'ada', action: 'check_out_content', limit: 2 });
    expect(JSON.stringify(answer)).toContain('check_out_content');
    expect(await list('--limit', '1')).toHaveLength(1);
    expect((await command('audit', 'list', '--limit', 'many')).exitCode).toBe(64);
  });

  it('keeps that a token was revoked', async () => {
    const tokenId = String((await list()).at(-1)?.['tokenId']);
    expect((await command('token', 'revoke', tokenId)).exitCode).toBe(0);
    expect((await list('--limit', '1'))[0]).toMatchObject({ action: 'token_revoke', subject: 'ada', tokenId });
  });

  it('is unbroken, and names the record that somebody changed', async () => {
    const [newest] = await list();
    const unbroken = await command('audit', 'verify');
    expect(unbroken).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(String(newest?.['hash'])) });
    await tamper(storage, deployment);
    expect(await command('audit', 'verify')).toMatchObject({
      exitCode: 1,
      stdout: 'The audit log is broken at record 2.\n',
    });
  });
});

/** Lets the second record tell of somebody else, past the server. */
async function tamper(storage: 'embedded' | 'redis', { settings }: Deployment): Promise<void> {
  const forge = (text: string) => text.replace('"subject":"ada"', '"subject":"eve"');
  if (storage === 'redis') {
    const redis = new Redis(settings['REDIS_URL'] ?? '');
    await redis.lset('igx:audit', 1, forge(String(await redis.lindex('igx:audit', 1))));
    redis.disconnect();
    return;
  }
  const database = new DatabaseSync(join(settings['DATA_DIR'] ?? '', 'server.db'));
  const text = String(database.prepare('SELECT record FROM audit WHERE sequence = 2').get()?.['record']);
  database.exec('DROP TRIGGER audit_unchanged');
  database.prepare('UPDATE audit SET record = ? WHERE sequence = 2').run(forge(text));
  database.close();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has such an address.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
