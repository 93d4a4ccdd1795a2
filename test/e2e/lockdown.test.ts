import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxLandmarks } from '../../sandbox/seed.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { connectClient, type TestClient } from '../support/mcp-clients.ts';
import { scrape } from '../support/metrics-page.ts';
import { runCommand, type ServerProcess, startServer } from '../support/server-process.ts';

const reason = 'A stolen laptop, ticket 4711';

/** What an operator does first in an incident holds in every process with its next call. */
describe.each(['embedded', 'redis'] as const)('a lockdown on %s', (storage) => {
  let deployment: Deployment;
  let second: ServerProcess;
  let clients: readonly TestClient[];
  const command = (...args: string[]) => runCommand(args, { ...deployment.settings, LOG_LEVEL: 'error' });
  const checkOut = (client: TestClient | undefined) =>
    client?.callTool('check_out_content', { items: [sandboxLandmarks.tuitionPage] });
  const names = async (client: TestClient) => (await client.listTools()).map(({ name }) => name);
  /** What the metrics pages of all processes, the worker included, tell at their next look. */
  const told = () =>
    Promise.all(
      [deployment.server, second, ...(deployment.worker === undefined ? [] : [deployment.worker])].map(
        async (process) => /^mcp_lockdown_active (\d)$/m.exec(await scrape(process))?.[1],
      ),
    );
  const writesAtCms = () =>
    deployment.sandbox.calls.list().filter(({ operationId }) => /CheckOut/.test(operationId ?? ''));

  beforeAll(async () => {
    deployment = await openDeployment(storage);
    second = await startServer({ ...deployment.settings, WORKER_INLINE: 'false' });
    const token = await deployment.token();
    clients = await Promise.all(
      [deployment.url, second.url].map((url) => connectClient('v2 auto', new URL('/mcp/x/all', url), token)),
    );
  });
  afterAll(async () => {
    await Promise.all((clients ?? []).map((client) => client.close()));
    await second?.close();
    await deployment?.close();
  });

  it('is off at first', async () => {
    expect(await command('lockdown', 'status')).toMatchObject({ exitCode: 0, stdout: 'off\n' });
    for (const client of clients) expect(await names(client)).toContain('check_out_content');
    expect(new Set(await told())).toEqual(new Set(['0']));
  });

  it('needs a reason that fits', async () => {
    expect((await command('lockdown', 'on', '--reason', ' ')).exitCode).toBe(64);
    expect((await command('lockdown', 'on')).exitCode).toBe(64);
    expect((await command('lockdown', 'status')).stdout).toBe('off\n');
  });

  it('refuses the next write in every process, tells why, and asks the CMS nothing', async () => {
    expect((await command('lockdown', 'on', '--reason', reason)).exitCode).toBe(0);
    for (const client of clients) {
      const refused = await checkOut(client);
      expect(refused?.isError).toBe(true);
      expect(refused?.text).toContain('LOCKED_DOWN');
      expect(refused?.text).toContain(reason);
    }
    expect(writesAtCms()).toEqual([]);
    expect(new Set(await told())).toEqual(new Set(['1']));
    expect((await command('lockdown', 'status')).stdout).toMatch(
      /^on\tsince \d{4}-.*\tA stolen laptop, ticket 4711\n$/,
    );
  });

  it('offers nobody a write, and lets everybody read', async () => {
    for (const client of clients) {
      const offered = await client.listTools();
      expect(offered.length).toBeGreaterThan(5);
      expect(offered.filter(({ annotations }) => !(annotations as { readOnlyHint?: boolean }).readOnlyHint)).toEqual(
        [],
      );
      expect(await client.listPrompts()).not.toContain('edit_page');
      expect((await client.callTool('get_content', { items: [sandboxLandmarks.tuitionPage] })).isError).toBe(false);
    }
  });

  it('ends as it began, and is all in the audit log', async () => {
    expect((await command('lockdown', 'off')).exitCode).toBe(0);
    for (const client of clients) expect(await names(client)).toContain('check_out_content');
    expect(new Set(await told())).toEqual(new Set(['0']));
    expect((await checkOut(clients[1]))?.isError).toBe(false);
    expect(writesAtCms()).not.toEqual([]);
    const records = (await command('audit', 'list')).stdout.trim().split('\n').map(parse).reverse();
    const relevant = records.filter(({ action }) => action === 'lockdown' || action === 'check_out_content');
    expect(relevant.map(({ action, outcome, code, reason: why, by }) => [action, outcome, code ?? why, by])).toEqual([
      ['lockdown', 'ok', 'on', 'operator'],
      ['check_out_content', 'refused', 'LOCKED_DOWN', undefined],
      ['check_out_content', 'refused', 'LOCKED_DOWN', undefined],
      ['lockdown', 'ok', 'off', 'operator'],
      ['check_out_content', 'ok', undefined, undefined],
    ]);
    expect((await command('audit', 'verify')).exitCode).toBe(0);
    expect((await command('lockdown', 'off')).stderr).toContain('There is no lockdown');
  });

  it('leaves a record that can be handed out', async () => {
    const lines = (await command('audit', 'export', '--from', '2020-01-01')).stdout.trim().split('\n').map(parse);
    expect(lines.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: lines.length }, (_, at) => lines.length - at),
    );
    const csv = (await command('audit', 'export', '--from', '2020-01-01', '--format', 'csv')).stdout;
    const [head, ...rows] = csv.trim().split('\r\n');
    expect(head?.split(',').slice(0, 4)).toEqual(['sequence', 'time', 'action', 'outcome']);
    expect(rows).toHaveLength(lines.length);
    // A span that has passed holds nothing of today.
    const old = await command('audit', 'export', '--from', '2020-01-01', '--to', '2020-02-01T00:00:00Z');
    expect(old).toMatchObject({ exitCode: 0, stdout: '' });
    for (const wrong of [
      ['--from', 'yesterday'],
      ['--from', '2026-02-01', '--to', '2026-01-01'],
      ['--from', '2020-01-01', '--format', 'xml'],
    ]) {
      expect((await command('audit', 'export', ...wrong)).exitCode).toBe(64);
    }
  });

  it('leaves a list of who is let in', async () => {
    const rows = (await command('access', 'review', '--json')).stdout.trim().split('\n').map(parse);
    expect(rows).toEqual([
      expect.objectContaining({
        subject: 'ada',
        clientId: 'cli',
        scopes: ['cms:read', 'cms:write', 'cms:publish'],
        readOnly: false,
        lastUsedMs: expect.any(Number),
      }),
    ]);
    expect((await command('access', 'review')).stdout).toMatch(/^USER\s+CLIENT\s+SCOPES[\s\S]*\nada\s+cli\s+cms:read/);
    expect((await command('access', 'review', '--user', 'nobody')).stderr).toContain('Nobody is let in.');
  });
});

const parse = (line: string) => JSON.parse(line) as Readonly<Record<string, unknown>>;
