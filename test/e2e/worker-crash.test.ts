import { afterEach, describe, expect, it } from 'vitest';
import { connectAgent } from '../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { poll } from '../support/poll.ts';
import { startServer } from '../support/server-process.ts';

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
    const started = await agent
      .call('publish_content', { items: ['/admissions/tuition'], target: 'Production' })
      .catch((error: unknown) => error);
    const job =
      typeof started === 'object' && started !== null && 'job' in started ? String(started.job) : await newestJob();
    await poll('the job submits the publish', () => advances().length === 1);
    await agent.close();

    const dying = deployment.worker ?? deployment.server;
    await dying.kill('SIGKILL');
    deployment.sandbox.knobs.publishTickMs = 50;
    let url = deployment.url;
    if (storage === 'redis') await deployment.startWorker();
    else {
      const server = await startServer(deployment.settings);
      url = server.url;
      try {
        await endsOnce(url);
      } finally {
        await server.close();
      }
      return;
    }
    await endsOnce(url);

    async function endsOnce(serverUrl: string): Promise<void> {
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
