import { afterEach, describe, expect, it } from 'vitest';
import { connectAgent } from '../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { poll } from '../support/poll.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';

/** A worker that dies in the middle of a publish loses nothing, and nothing is published twice. */
describe.each(['embedded', 'redis'] as const)('a publish whose worker is killed with -9, on %s', (storage) => {
  let deployment: Deployment;
  afterEach(() => deployment.close());

  it('ends once in another worker', async () => {
    deployment = await openDeployment(storage);
    // A slow publishing queue of the CMS leaves time to kill the worker while it watches.
    deployment.sandbox.knobs.publishTickMs = 1_500;
    const token = await deployment.token();
    const agent = await connectAgent('v2 auto', deployment.mcpUrl, token);
    // It waits for the end of the publish, which the worker does not live to see.
    const calling = agent
      .call('publish_content', { items: ['/admissions/tuition'], target: 'Production' })
      .catch((error: unknown) => error);
    await poll('the job submits the publish', () => advances().length === 1);
    const job = await newestJob();

    const dying = deployment.worker ?? deployment.server;
    await dying.kill('SIGKILL');
    await agent.close();
    await calling;
    deployment.sandbox.knobs.publishTickMs = 50;
    if (storage === 'redis') await endsOnce(deployment.url, await deployment.startWorker());
    else {
      const server = await startServer(deployment.settings);
      try {
        await endsOnce(server.url, server);
      } finally {
        await server.close();
      }
    }

    async function endsOnce(serverUrl: string, heir: ServerProcess): Promise<void> {
      const again = await connectAgent('v2 auto', `${serverUrl}/mcp`, token);
      try {
        const ended = await poll(
          'the job ends',
          async () => {
            const answer = await again.call('get_job', { job, wait_seconds: 5 });
            return ['succeeded', 'failed', 'cancelled'].includes(String(answer['state'])) && answer;
          },
          { timeoutMs: 120_000 },
        );
        expect(ended).toMatchObject({ state: 'succeeded', result: { items: [{ outcome: 'live' }] } });
        expect(advances()).toHaveLength(1);
        const told = heir.stderr.filter((line) => line.includes('the worker of a job was lost'));
        expect(told).toEqual([expect.stringContaining(job)]);
      } finally {
        await again.close();
      }
    }

    async function newestJob(): Promise<string> {
      const answer = (await agent.call('get_job')) as { jobs: { job: string }[] };
      return answer.jobs[0]?.job ?? '';
    }
  });

  /** The calls that submitted a publish: what must happen once. */
  function advances() {
    return deployment.sandbox.calls
      .list()
      .filter((call) => call.operationId === 'Pages_AdvanceWorkflow' && call.status === 200);
  }
});
