import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { connectClient } from '../support/mcp-clients.ts';
import { poll } from '../support/poll.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { connectTaskClient, sendModern } from '../support/task-client.ts';

/** A worker does the job, one server was asked for it, and the client listens at another one. */
describe('what a worker does, told to a client of another server on the same Redis', () => {
  let deployment: Deployment;
  let other: ServerProcess;
  let token: string;
  beforeAll(async () => {
    deployment = await openDeployment('redis', { WORKER_INLINE: 'false' });
    other = await startServer(deployment.settings);
    token = await deployment.token();
    // Slow enough that there is something to hear of.
    deployment.sandbox.knobs.publishTickMs = 400;
  });
  afterAll(async () => {
    await other.close();
    await deployment.close();
  });

  const here = () => new URL(deployment.mcpUrl);
  const there = () => new URL(`${other.url}/mcp`);
  const publish = { items: ['/admissions/tuition'], target: 'Production' };

  it('tells each change of a task and of its resource, up to the result', async () => {
    const call = { name: 'publish_content', arguments: publish };
    const { result } = await sendModern(here(), token, 'tools/call', call);
    const taskId = String(result?.['taskId']);
    const uri = `ingeniux://job/${taskId}`;
    const client = await connectTaskClient(there(), token);
    const stream = await client.listen({ taskIds: [taskId], resourceSubscriptions: [uri] });
    const ended = await poll('news of the end', async () => stream.news.find(({ status }) => status === 'completed'), {
      timeoutMs: 60_000,
    });
    expect(ended).toMatchObject({ taskId, result: { structuredContent: { state: 'succeeded', live: 1 } } });
    const messages = new Set(stream.news.map(({ statusMessage }) => statusMessage));
    expect(messages.size).toBeGreaterThan(2);
    expect(stream.updated).toContain(uri);
    await client.close();
  });

  it('tells the progress of a job within the call that started it', async () => {
    const client = await connectClient('v2 auto', there(), token);
    const percents: number[] = [];
    const answer = await client.callTool('publish_content', publish, {
      onProgress: (percent) => percents.push(percent),
    });
    expect(answer.structured).toMatchObject({ state: 'succeeded', live: 1 });
    expect(percents.length).toBeGreaterThan(1);
    expect(percents).toEqual(percents.toSorted((one, next) => one - next));
    await client.close();
  });
});
