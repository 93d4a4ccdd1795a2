import { describe, expect, it } from 'vitest';
import { exceptionKinds } from '../../../sandbox/exceptions.ts';
import { sandboxLandmarks } from '../../../sandbox/seed.ts';
import { credentials, obtainTokens, requestToken, send, signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

const root = '/pages/root';

describe('faults by request', () => {
  it('are switched on, listed and cleared over HTTP', async () => {
    const sandbox = await ownSandbox();
    const control = `${sandbox.siteRoot}/_sandbox/faults`;
    const api = await signIn(sandbox);
    const fault = { kind: 'status', code: 503, match: { operationId: 'Pages_GetRoot' } };
    expect((await send('POST', control, { body: fault })).json).toEqual({ id: 'fault-1' });
    expect((await send('GET', control)).json).toEqual([{ ...fault, id: 'fault-1', remaining: null, seen: 0 }]);
    expect((await api.call('GET', root)).status).toBe(503);
    expect((await api.call('GET', '/pages/recycle-folder')).status).toBe(200);
    await send('DELETE', control);
    expect((await api.call('GET', root)).status).toBe(200);
    const wrong = await send('POST', control, { body: { kind: 'earthquake' } });
    expect(wrong.status).toBe(400);
    expect(wrong.json).toEqual({ Message: expect.any(String) });
  });

  it('end by themselves after their number of times', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    sandbox.faults.add({ kind: 'status', code: 502, times: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await api.call('GET', root)).status);
    expect(statuses).toEqual([502, 502, 200]);
  });

  it('latency', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    sandbox.faults.add({ kind: 'latency', ms: 120 });
    const startedMs = performance.now();
    expect((await api.call('GET', root)).status).toBe(200);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(115);
  });

  it.each(Object.entries(exceptionKinds))('exception: %s', async (type, { clrName, details }) => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    sandbox.faults.add({ kind: 'exception', type: type as keyof typeof exceptionKinds, message: 'Because.' });
    const answer = await api.call('GET', root);
    expect(answer.status).toBe(500);
    expect(answer.json).toEqual({
      Message: 'Because.',
      InnerException: null,
      StackTrace: expect.stringContaining('   at '),
      Source: 'Ingeniux.CMS',
      ...details,
      ExceptionMessage: 'Because.',
      ExceptionType: clrName,
    });
  });

  it('unauthorized after N calls, until a new token is fetched', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    sandbox.faults.add({ kind: 'unauthorized-after', calls: 2 });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await api.call('GET', root)).status);
    expect(statuses).toEqual([200, 200, 401, 401]);
    const renewed = await signIn(sandbox);
    for (let i = 0; i < 4; i += 1) expect((await renewed.call('GET', root)).status).toBe(200);
  });

  it('too many requests', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    sandbox.faults.add({ kind: 'too-many-requests', retryAfterSeconds: 7, times: 1 });
    const answer = await api.call('GET', root);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7']);
  });

  it('dropped connection, before the effect or after it', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const id = sandboxLandmarks.noWorkflowPage;
    const checkOut = () => api.call('POST', '/pages/checkout', { body: { Id: id } });
    sandbox.faults.add({ kind: 'drop-connection', times: 1 });
    await expect(checkOut()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(sandbox.state.pages[id]?.checkedOut).toBeNull();
    sandbox.faults.add({ kind: 'drop-connection', afterEffect: true, times: 1 });
    await expect(checkOut()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(sandbox.state.pages[id]?.checkedOut).not.toBeNull();
  });

  it('null, false and login-page answers', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const answerWith = async (kind: 'null-answer' | 'false-answer' | 'html-login-page') => {
      sandbox.faults.add({ kind, times: 1 });
      return api.call('GET', root);
    };
    expect((await answerWith('null-answer')).json).toBeNull();
    expect((await answerWith('false-answer')).json).toBe(false);
    const page = await answerWith('html-login-page');
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
    expect(page.text).toContain('type="password"');
  });

  it('stale index: lists lag behind, reads by id do not', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const id = sandboxLandmarks.noWorkflowPage;
    const parentId = sandbox.state.pages[id]?.parentId ?? '';
    const listedName = async () => {
      const list = await api.get<{ Results: { Id: string; Name: string }[] }>('/pages/page/children', { id: parentId });
      return list.Results.find((page) => page.Id === id)?.Name;
    };
    const oldName = await listedName();
    sandbox.faults.add({ kind: 'stale-index' });
    await api.send('POST', '/pages/rename', { Id: id, Name: 'Something New' });
    expect(await listedName()).toBe(oldName);
    expect(await api.get('/pages/page', { id })).toMatchObject({ Name: 'Something New' });
    sandbox.faults.clear();
    expect(await listedName()).toBe('Something New');
  });

  it('strike the token endpoint only when it is named', async () => {
    const sandbox = await ownSandbox();
    sandbox.faults.add({ kind: 'status', code: 500 });
    const tokens = await obtainTokens(sandbox, 'editor');
    sandbox.faults.add({ kind: 'status', code: 500, match: { path: '/oauth/token' } });
    const form = { grant_type: 'refresh_token', ...credentials('editor'), refresh_token: tokens.refresh_token };
    expect((await requestToken(sandbox, form)).status).toBe(500);
  });
});

describe('the log of calls', () => {
  it('tells what was asked, by whom, and how it was answered', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    await api.call('GET', '/pages/page', { query: { id: 'x1' } });
    await api.call('POST', '/pages/checkout', { body: { Id: 'x1', Recursive: false } });
    const calls = (await send('GET', `${sandbox.siteRoot}/_sandbox/calls`)).json as object[];
    expect(calls).toEqual([
      expect.objectContaining({ operationId: 'OAuth_Authorize', status: 200 }),
      expect.objectContaining({ operationId: 'OAuth_Token', method: 'POST', status: 200 }),
      expect.objectContaining({
        operationId: 'Pages_GetPage',
        method: 'GET',
        path: '/cxp4/api/v1/pages/page',
        query: { id: 'x1' },
        status: 200,
        user: 'praman',
      }),
      expect.objectContaining({ operationId: 'Pages_CheckOut', body: { Id: 'x1', Recursive: false } }),
    ]);
    expect(JSON.stringify(calls)).not.toContain('sandbox-secret');
    await send('DELETE', `${sandbox.siteRoot}/_sandbox/calls`);
    expect(sandbox.calls.list()).toEqual([]);
  });
});

describe('the content freeze', () => {
  it('refuses writes with its message, except from those allowed', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const freeze = { active: true, message: 'Upgrade until noon.', allowedUserIds: ['User/dreyes'] };
    await send('POST', `${sandbox.siteRoot}/_sandbox/freeze`, { body: freeze });
    expect(await api.get('/notifications/contentfreeze')).toMatchObject({
      AllowMe: false,
      Message: 'Upgrade until noon.',
    });
    const checkOut = { body: { Id: sandboxLandmarks.noWorkflowPage } };
    const refused = await api.call('POST', '/pages/checkout', checkOut);
    expect(refused.status).toBe(500);
    expect(refused.json).toMatchObject({
      Message: 'Upgrade until noon.',
      ExceptionType: 'System.InvalidOperationException',
    });
    expect((await api.call('GET', root)).status).toBe(200);
    const allowed = await signIn(sandbox, 'publisher');
    expect(await allowed.get('/notifications/contentfreeze')).toMatchObject({ AllowMe: true });
    expect((await allowed.call('POST', '/pages/checkout', checkOut)).status).toBe(200);
    await send('POST', `${sandbox.siteRoot}/_sandbox/freeze`, { body: { active: false } });
    expect((await api.call('POST', '/pages/checkout', checkOut)).status).toBe(200);
  });
});
