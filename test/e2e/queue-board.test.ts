import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { runCommand } from '../support/server-process.ts';
import { sendModern, taskIs } from '../support/task-client.ts';

/** Operators look at the queues in a browser, and nobody else does. */
describe('the queue board', () => {
  let deployment: Deployment;
  const at = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${deployment.url}/admin/queues${path}`, { headers, method, redirect: 'manual' });

  beforeAll(async () => {
    deployment = await openDeployment('redis');
  });
  afterAll(() => deployment.close());

  it('lets nobody in without a token or a link', async () => {
    const refused = await at('/');
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain('jobs board');
    expect((await at('/api/queues')).status).toBe(401);
    expect((await at('/static/js/main.js')).status).toBe(401);
    expect((await at('/', { Cookie: 'igx_board=board_made-up' })).status).toBe(401);
    expect((await at('/enter?ticket=ticket_made-up')).status).toBe(403);
  });

  it('shows the queues to a token with cms:admin, and only to such a one', async () => {
    const admin = { Authorization: `Bearer ${await deployment.token('cms:read cms:admin')}` };
    const answer = await at('/api/queues', admin);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    for (const queue of ['publishing', 'cms-writes', 'reports', 'backups']) expect(text).toContain(`"${queue}"`);
    const reader = { Authorization: `Bearer ${await deployment.token('cms:read')}` };
    expect((await at('/api/queues', reader)).status).toBe(403);
    expect((await at('/api/queues/publishing/clean/failed', admin, 'PUT')).status).toBe(405);
  });

  it('tells whose work a job is, and which jobs hold', async () => {
    const url = new URL(`${deployment.mcpUrl}/x/all`);
    const token = await deployment.token();
    const call = { name: 'delete_content', arguments: { items: ['/admissions/tuition'] } };
    const { result } = await sendModern(url, token, 'tools/call', call);
    await taskIs(url, token, String(result?.['taskId']), 'input_required');
    const admin = { Authorization: `Bearer ${await deployment.token('cms:admin')}` };
    const shown = await (await at('/api/queues?activeQueue=cms-writes&status=failed', admin)).text();
    expect(shown).toContain('asking_call (delete_content) of ada, holds: waits for an answer');
  });

  it('opens in a browser by the link of the command line, once', async () => {
    const { stdout, exitCode } = await runCommand(['jobs', 'board'], {
      ...deployment.settings,
      PUBLIC_URL: deployment.url,
      LOG_LEVEL: 'error',
    });
    expect(exitCode).toBe(0);
    const link = stdout.trim();
    const entered = await fetch(link, { redirect: 'manual' });
    expect(entered.status).toBe(303);
    const cookie = entered.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).toMatch(/Path=\/admin\/queues/);
    const session = { Cookie: cookie.split(';')[0] ?? '' };
    const page = await at('/', session);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const script = /src="(static\/js\/[^"]+)"/.exec(await page.text())?.[1];
    expect((await at(`/${script}`, session)).status).toBe(200);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(403);
  });

  it('is told to those without Redis to be the command line', async () => {
    const { REDIS_URL: _, ...embedded } = deployment.settings;
    expect(await runCommand(['jobs', 'board'], { ...embedded, LOG_LEVEL: 'error' })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('jobs list'),
    });
  });
});
