import { afterEach, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { sendModern, taskIs } from '../support/task-client.ts';

/** The server is killed with -9 as soon as its answer is there: what it has promised is there for its successor. */
describe.each(['embedded', 'redis'] as const)('a task that a server has answered, on %s', (storage) => {
  let deployment: Deployment;
  let server: ServerProcess | undefined;
  afterEach(async () => {
    await server?.close();
    await deployment.close();
  });

  it('is found, and done once, after that server is gone', async () => {
    // Nobody works while the first server lives: what is done later was kept, and is not in its memory.
    deployment = await openDeployment(storage, { WORKER_INLINE: 'false' });
    await deployment.worker?.kill('SIGKILL');
    const token = await deployment.token();
    const call = { name: 'publish_content', arguments: { items: ['/admissions/tuition'], target: 'Production' } };
    const { result } = await sendModern(new URL(deployment.mcpUrl), token, 'tools/call', call);
    await deployment.server.kill('SIGKILL');
    const taskId = String(result?.['taskId']);
    expect(result).toMatchObject({ resultType: 'task', status: 'working' });

    server = await startServer({ ...deployment.settings, WORKER_INLINE: 'true' });
    const url = new URL(`${server.url}/mcp`);
    expect((await sendModern(url, token, 'tasks/get', { taskId })).result).toMatchObject({ taskId });
    const ended = await taskIs(url, token, taskId, 'completed');
    expect(ended['result']).toMatchObject({ structuredContent: { state: 'succeeded', live: 1 } });
    const submitted = deployment.sandbox.calls
      .list()
      .filter((one) => one.operationId === 'Pages_AdvanceWorkflow' && one.status === 200);
    expect(submitted).toHaveLength(1);
  });
});
