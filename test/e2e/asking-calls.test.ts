import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxLandmarks } from '../../sandbox/seed.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { runCommand, type ServerProcess, startServer } from '../support/server-process.ts';
import { connectTaskClient, sendModern, taskIs } from '../support/task-client.ts';

/** Calls that have to ask their user, of clients that follow tasks and show forms, against the product as it runs. */
describe.each(['embedded', 'redis'] as const)('a call that asks in the middle, on %s', (storage) => {
  let deployment: Deployment;
  /** The process that answers and the one that works; on the embedded storage the same. */
  let server: ServerProcess;
  let token: string;
  const started: ServerProcess[] = [];

  beforeAll(async () => {
    deployment = await openDeployment(storage);
    server = deployment.server;
    token = await deployment.token('cms:read cms:write');
  });
  afterAll(async () => {
    for (const process of started) await process.close();
    await deployment.close();
  });

  const url = () => new URL(`${server.url}/mcp/x/all`);
  const folder = () => {
    const root = Object.values(deployment.sandbox.state.assetFolders).find(({ name }) => name === 'Documents');
    if (root === undefined) throw new Error('The sandbox has no folder for documents.');
    return root.id;
  };
  const assetsNamed = (name: string) =>
    Object.values(deployment.sandbox.state.assets).filter(
      ({ versions, checkedOut }) => (checkedOut ?? versions.at(-1))?.name === name,
    );
  const called = (operationId: string) =>
    deployment.sandbox.calls.list().filter((call) => call.operationId === operationId && call.status === 200);
  const start = async (name: string, input: Readonly<Record<string, unknown>>) => {
    const { result, error } = await sendModern(url(), token, 'tools/call', { name, arguments: input });
    if (result?.['resultType'] !== 'task') throw new Error(JSON.stringify(result ?? error));
    return String(result['taskId']);
  };
  const asked = async (taskId: string) => {
    const task = await taskIs(url(), token, taskId, 'input_required');
    const [[key, request] = ['', {}]] = Object.entries(task['inputRequests'] as Record<string, { params?: unknown }>);
    return { key, params: request.params as { message: string; requestedSchema: { properties: object } } };
  };
  const answer = (taskId: string, key: string, content: Readonly<Record<string, unknown>>, as = token) =>
    sendModern(url(), as, 'tasks/update', { taskId, inputResponses: { [key]: { action: 'accept', content } } });
  /** Ends the process that works with -9, and starts another one. */
  const loseWorker = async () => {
    await (deployment.worker ?? server).kill('SIGKILL');
    if (storage === 'redis') await deployment.startWorker();
    else {
      server = await startServer(deployment.settings);
      started.push(server);
    }
  };

  it('asks the user to approve what is dangerous, and acts when they do', async () => {
    const page = sandboxLandmarks.tuitionPage;
    const forms: string[] = [];
    const declining = await connectTaskClient(url(), token, () => ({ action: 'decline' }));
    expect(await declining.call('delete_content', { items: [page] })).toContain('The user did not approve.');
    await declining.close();
    expect(called('Pages_DeletePage')).toHaveLength(0);

    const approving = await connectTaskClient(url(), token, ({ message }) => {
      forms.push(String(message));
      return { action: 'accept', content: { approve: true } };
    });
    const result = await approving.call('delete_content', { items: [page] });
    await approving.close();
    expect(forms).toEqual([expect.stringMatching(/^1 item and \d+ below .*\nitems: .* Tuition \(x\d+\)/)]);
    expect(result).toContain('"outcome":"recycled"');
    expect(called('Pages_DeletePage')).toHaveLength(1);
  });

  it('asks anew when the situation changed before the answer, and takes no answer from anybody else', async () => {
    const page = sandboxLandmarks.approvedPage;
    const taskId = await start('delete_content', { items: [page] });
    const first = await asked(taskId);
    const stranger = await runCommand(
      ['token', 'issue', '--subject', 'mallory', '--scopes', 'cms:read cms:write'],
      deployment.settings,
    );
    const foreign = await answer(taskId, first.key, { approve: true }, stranger.stdout.trim());
    expect(foreign.error).toMatchObject({ code: -32602 });
    const other = deployment.sandbox.state.pages[page];
    if (other === undefined) throw new Error('The page is not there.');
    other.versions.push({ ...structuredClone(other.versions.at(-1)), number: other.versions.length + 1 } as never);
    await answer(taskId, first.key, { approve: true });
    const second = await asked(taskId);
    expect(second.key).not.toBe(first.key);
    await sendModern(url(), token, 'tasks/cancel', { taskId });
    await taskIs(url(), token, taskId, 'cancelled');
    expect(called('Pages_DeletePage')).toHaveLength(1);
  });

  it('resolves a name conflict, over a killed worker, and says what is wrong with an answer', async () => {
    await start('upload_asset', { folder: folder(), file_name: 'taken.pdf', text: 'first' }).catch(() => undefined);
    expect(assetsNamed('taken.pdf')).toHaveLength(1);

    const taskId = await start('upload_asset', { folder: folder(), file_name: 'taken.pdf', text: 'second' });
    const name = await asked(taskId);
    expect(name.params.message).toContain('holds "taken.pdf"');
    const wrong = await answer(taskId, name.key, { decision: 'overwrite' });
    expect(wrong.error?.message).toContain('"decision" is one of: replace, rename, cancel.');
    await loseWorker();
    expect((await asked(taskId)).key).toBe(name.key);
    expect((await answer(taskId, name.key, { decision: 'rename' })).error).toBeUndefined();
    const rename = await asked(taskId);
    const bad = await answer(taskId, rename.key, { file_name: '../up' });
    expect(bad.error?.message).toContain('"file_name": give a name with an extension, without a path.');
    await answer(taskId, rename.key, { file_name: 'free.pdf' });
    const ended = await taskIs(url(), token, taskId, 'completed');
    expect(ended['result']).toMatchObject({ structuredContent: { state: 'stored', asset: { name: 'free.pdf' } } });
    expect([assetsNamed('taken.pdf'), assetsNamed('free.pdf')].map((found) => found.length)).toEqual([1, 1]);
  });

  it('replaces, or gives up, as the user says', async () => {
    const input = { folder: folder(), file_name: 'taken.pdf', text: 'longer than before' };
    const cancelling = await connectTaskClient(url(), token, () => ({
      action: 'accept',
      content: { decision: 'cancel' },
    }));
    expect(await cancelling.call('upload_asset', input)).toContain('"state":"cancelled"');
    await cancelling.close();
    const replacing = await connectTaskClient(url(), token, () => ({
      action: 'accept',
      content: { decision: 'replace' },
    }));
    expect(await replacing.call('upload_asset', input)).toContain('"replaced":true');
    await replacing.close();
    const [asset, ...more] = assetsNamed('taken.pdf');
    expect(more).toEqual([]);
    expect((asset?.checkedOut ?? asset?.versions.at(-1))?.file?.byteSize).toBe(18);
  });

  it('lets the user choose the content type', async () => {
    const { schemas } = deployment.sandbox.state;
    const fitting = schemas.find(({ kind, extensions }) => kind === 'asset' && extensions.includes('pdf'));
    const second = schemas.find((schema) => schema.kind === 'asset' && schema !== fitting);
    if (fitting === undefined || second === undefined) throw new Error('The sandbox has too few asset schemas.');
    second.extensions.push('pdf');
    try {
      const taskId = await start('upload_asset', { folder: folder(), file_name: 'choice.pdf', text: 'x' });
      const { key, params } = await asked(taskId);
      const options = (params.requestedSchema.properties as { schema: { enum: string[] } }).schema.enum;
      expect(options).toHaveLength(2);
      // Answered by an agent without tasks: the same job, the same question.
      const resume = { job: taskId, action: 'resume' };
      const bare = await sendModern(url(), token, 'tools/call', { name: 'cancel_job', arguments: resume });
      expect(bare.result).toMatchObject({
        isError: true,
        content: [{ text: expect.stringContaining(`answers.${key}\\" is needed`) }],
      });
      const given = { ...resume, answers: { [key]: { schema: options.at(-1) } } };
      await sendModern(url(), token, 'tools/call', { name: 'cancel_job', arguments: given });
      await taskIs(url(), token, taskId, 'completed');
      expect(assetsNamed('choice.pdf')).toHaveLength(1);
    } finally {
      second.extensions.pop();
    }
  });

  it('asks in the answer itself where the client shows no forms', async () => {
    const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
    const input = { folder: folder(), file_name: 'taken.pdf', text: 'again' };
    const call = { name: 'upload_asset', arguments: input };
    const { result } = await sendModern(url(), token, 'tools/call', call, { capabilities });
    expect(result).toMatchObject({ structuredContent: { state: 'question', question: { about: 'name' } } });
  });
});
