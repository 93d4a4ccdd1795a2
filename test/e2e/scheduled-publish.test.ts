import { afterEach, describe, expect, it } from 'vitest';
import { sandboxLandmarks } from '../../sandbox/seed.ts';
import { connectAgent } from '../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { poll } from '../support/poll.ts';
import { runCommand, type ServerProcess, type Settings, startServer } from '../support/server-process.ts';
import { wrongClock } from '../support/wrong-clock.ts';

const { tuitionPage, approvedPage } = sandboxLandmarks;

/** The product's own processes keep the time, are stopped, are killed, and come back in another hour. */
describe.each(['embedded', 'redis'] as const)('a scheduled publish, on %s', (storage) => {
  let deployment: Deployment;
  let restarted: ServerProcess | undefined;
  /** What the time is for whoever serves. */
  let clock: Settings = {};
  afterEach(async () => {
    await restarted?.close();
    [restarted, clock] = [undefined, {}];
    await deployment.close();
  });

  /** Each so many seconds from its call: what comes before may take its time. */
  const schedule = async (
    orders: readonly { readonly seconds: number; readonly item?: string; readonly run_late?: boolean }[],
  ): Promise<readonly { readonly job: string; readonly atMs: number }[]> => {
    const agent = await connectAgent('v2 auto', deployment.mcpUrl, await deployment.token());
    try {
      const scheduled: { readonly job: string; readonly atMs: number }[] = [];
      for (const { seconds, item = tuitionPage, ...order } of orders) {
        const atMs = Date.now() + seconds * 1000;
        const at = new Date(atMs).toISOString();
        const answer = await agent.call('publish_content', { items: [item], target: 'Production', at, ...order });
        expect(answer).toMatchObject({ state: 'scheduled' });
        scheduled.push({ job: String(answer['job']), atMs });
      }
      return scheduled;
    } finally {
      await agent.close();
    }
  };

  /** Whoever keeps the time. */
  const keeper = (): ServerProcess => deployment.worker ?? deployment.server;

  /** Another one in its place, which may believe in another time; answers where jobs are asked for. */
  const comeBack = async (more: Settings = {}): Promise<ServerProcess> => {
    if (storage === 'redis') restarted = await deployment.startWorker(more);
    else [restarted, clock] = [await startServer({ ...deployment.settings, ...more }), more];
    return restarted;
  };

  const become = async (job: string, state: string) => {
    const url = storage === 'redis' ? deployment.url : (restarted ?? deployment.server).url;
    const issued = await runCommand(['token', 'issue', '--subject', 'ada', '--scopes', 'cms:read'], {
      ...deployment.settings,
      ...clock,
    });
    const agent = await connectAgent('v2 auto', `${url}/mcp`, issued.stdout.trim());
    try {
      return await poll(
        `the publish to be ${state}`,
        async () => {
          const answer = await agent.call('get_job', { job });
          return answer['state'] === state && answer;
        },
        { timeoutMs: 120_000, everyMs: 250 },
      );
    } finally {
      await agent.close();
    }
  };

  /** The calls that submitted a publish. */
  const advances = () =>
    deployment.sandbox.calls
      .list()
      .filter((call) => call.operationId === 'Pages_AdvanceWorkflow' && call.status === 200);

  it('runs once although its worker died after the moment it was due and before it was added', async () => {
    deployment = await openDeployment(storage);
    deployment.sandbox.knobs.publishTickMs = 20;
    const [{ job, atMs } = nothing] = await schedule([{ seconds: 12 }]);
    // Nothing can be added any more, until the time has come and gone.
    keeper().process.kill('SIGSTOP');
    await poll('the time to have passed', () => Date.now() > atMs, { timeoutMs: 30_000 });
    expect(advances()).toHaveLength(0);
    await keeper().kill('SIGKILL');
    const live = `${deployment.sandbox.siteRoot}/live/production`;
    await comeBack({ PUBLIC_SITE_URLS: `Production=${live}` });
    const ended = await become(job, 'succeeded');
    expect(ended).toMatchObject({
      kind: 'publish_content',
      result: {
        live: 1,
        items: [{ outcome: 'live', since: expect.any(String), evidence: expect.stringContaining(`${live}/`) }],
      },
    });
    expect(advances()).toHaveLength(1);
  }, 240_000);

  it('missed while nobody was there: reported or made up for, as its policy says; within the window it runs', async () => {
    deployment = await openDeployment(storage);
    deployment.sandbox.knobs.publishTickMs = 20;
    const [{ job: reported } = nothing, { job: late } = nothing, { job: punctual } = nothing] = await schedule([
      { seconds: 3_600 },
      { seconds: 3_600, run_late: true, item: approvedPage },
      { seconds: 3 * 3_600 },
    ]);
    await keeper().close();
    // The first two were due two and a half hours ago, the third one half an hour.
    const back = await comeBack(wrongClock('+3.5h'));
    expect(await become(reported, 'missed')).toMatchObject({ message: expect.stringContaining('no worker ran') });
    expect(await become(late, 'succeeded')).toMatchObject({ result: { live: 1 } });
    expect(await become(punctual, 'succeeded')).toMatchObject({ result: { live: 1 } });
    await poll('the log to tell of the one that was missed', () =>
      [...back.stdout, ...back.stderr].some((line) => line.includes(reported) && line.includes('nothing was started')),
    );
    expect(advances()).toHaveLength(2);
  }, 240_000);
});

const nothing = { job: '', atMs: 0 };
