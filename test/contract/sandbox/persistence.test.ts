import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { sandboxLandmarks } from '../../../sandbox/seed.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import { poll } from '../../support/poll.ts';
import { apiClient, credentials, obtainTokens, requestToken, signIn } from './support/api-client.ts';

async function dataFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cms-sandbox-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'state', 'site.json');
}

describe('a data file', () => {
  it('keeps pages, tokens and the publishing queue over a restart', async () => {
    const file = await dataFile();
    const first = await startSandbox({ dataFile: file, knobs: { publishTickMs: 60_000 } });
    const tokens = await obtainTokens(first, 'editor');
    const api = apiClient(first, tokens.access_token);
    const id = sandboxLandmarks.tuitionPage;
    await api.send('POST', '/pages/rename', { Id: id, Name: 'Fees' });
    await api.send('POST', '/pages/page/workflow/advance', { ContentId: id });
    expect(first.state.publishing.queue).toHaveLength(1);
    await first.close();

    const second = await startSandbox({ dataFile: file, knobs: { publishTickMs: 5 } });
    onTestFinished(() => second.close());
    const again = apiClient(second, tokens.access_token);
    expect(await again.get('/pages/page', { id })).toMatchObject({ Name: 'Fees' });
    await poll('the publish that was waiting', async () => second.state.publishing.queue.length === 0);
    expect(second.state.publishing.logs[0]).toMatchObject({ targetId: seedIds.targets.production, error: null });
    const refreshed = await requestToken(second, {
      grant_type: 'refresh_token',
      ...credentials('editor'),
      refresh_token: tokens.refresh_token,
    });
    expect(refreshed.status).toBe(200);
  });

  it('is refused when it is something else', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'cms-sandbox-')), 'other.json');
    onTestFinished(() => rm(join(file, '..'), { recursive: true }));
    await writeFile(file, '{"formatVersion":99}');
    await expect(startSandbox({ dataFile: file })).rejects.toThrow(/is not a data file of this sandbox/);
  });
});

describe('the program', () => {
  const program = join(import.meta.dirname, '..', '..', '..', 'sandbox', 'main.ts');

  function start(...args: string[]) {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    return child;
  }

  async function listening(child: ReturnType<typeof start>): Promise<string> {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { event, siteRoot } = JSON.parse(line) as { event: string; siteRoot: string };
    expect(event).toBe('listening');
    return siteRoot;
  }

  const exitCode = async (child: ChildProcess) => child.exitCode ?? (await once(child, 'exit'))[0];

  it('says where it listens, keeps its data and ends cleanly on SIGTERM', async () => {
    const file = await dataFile();
    const child = start('--port', '0', '--mount', '', '--data', file, '--publish-tick', '5');
    const siteRoot = await listening(child);
    const sandbox = { siteRoot } as Parameters<typeof signIn>[0];
    const api = await signIn(sandbox);
    await api.send('POST', '/pages/rename', { Id: sandboxLandmarks.tuitionPage, Name: 'Fees' });
    child.kill('SIGTERM');
    expect(await exitCode(child)).toBe(0);
    const next = start('--port', '0', '--mount', '', '--data', file);
    const nextApi = await signIn({ siteRoot: await listening(next) } as Parameters<typeof signIn>[0]);
    expect(await nextApi.get('/pages/page', { id: sandboxLandmarks.tuitionPage })).toMatchObject({ Name: 'Fees' });
  });

  it('ends with its parent when asked', async () => {
    const child = start('--port', '0', '--exit-with-parent');
    await listening(child);
    child.stdin.end();
    expect(await exitCode(child)).toBe(0);
  });

  it('tells bad options from a failed start', async () => {
    expect(await exitCode(start('--port', 'many'))).toBe(2);
    expect(await exitCode(start('--nonsense'))).toBe(2);
    const child = start('--port', '0');
    const port = new URL(await listening(child)).port;
    expect(await exitCode(start('--port', port))).toBe(1);
  });
});
