import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createOperationCatalogue } from '../../../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import { openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { connectClient, type TestClient } from '../../support/mcp-clients.ts';
import { poll } from '../../support/poll.ts';
import { projectRoot } from '../../support/source-tree.ts';

/**
 * A disk with no room for another byte, made of a limit on the size of files (`RLIMIT_FSIZE`): the system refuses writes
 * in the middle of a file as a full disk does, for one process only and without rights, and takes the limit away again.
 */
describe('a disk that is full', () => {
  let deployment: Deployment;
  const closers: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  const open = async (): Promise<{ readonly agent: TestClient; limit(bytes: number | 'unlimited'): void }> => {
    deployment = await openDeployment('embedded');
    closers.push(() => deployment.close());
    const agent = await connectClient('v2 auto', new URL(`${deployment.url}/mcp/x/all`), await deployment.token());
    closers.push(() => agent.close());
    const { pid } = deployment.server.process;
    return {
      agent,
      limit: (bytes) => {
        execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
      },
    };
  };
  const ready = async () => {
    const answer = await fetch(`${deployment.url}/health/ready`);
    return { status: answer.status, body: await answer.text() };
  };
  const dataFolder = () => deployment.settings['DATA_DIR'] ?? '';
  const catalogue = createOperationCatalogue();
  const publish = { items: ['/admissions/tuition'], target: 'Production' };
  const writesOfCms = () =>
    deployment.sandbox.calls.list().filter(({ operationId }) => catalogue.find(operationId ?? '')?.effect === 'write');

  it('refuses writes and says whose it is to mend, does nothing by half, reads on, and goes on when there is room', async () => {
    const { agent, limit } = await open();
    const before = writesOfCms().length;
    limit(1);
    const keyed = { meta: { 'ingeniux/idempotency-key': 'when-the-disk-was-full' } };
    for (const options of [{}, keyed]) {
      const refused = await agent.callTool('publish_content', publish, options);
      expect(refused.isError).toBe(true);
      expect(JSON.parse(refused.text)).toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
        fault: 'operator',
        retry: 'later',
        message: expect.stringMatching(/disk.*operator.*same call/),
      });
    }
    expect(writesOfCms().slice(before)).toEqual([]);
    expect((await fetch(`${deployment.url}/health/live`)).status).toBe(200);
    const read = await agent.callTool('get_content', { items: ['/admissions/tuition'] });
    expect(read.isError, read.text).toBe(false);
    // An answer about readiness holds for a second.
    const notReady = await poll('readiness to tell', async () => {
      const told = await ready();
      return told.status === 503 && told;
    });
    expect(JSON.parse(notReady.body)).toMatchObject({
      checks: { storage: { status: 'failed', detail: expect.stringContaining('disk') } },
    });

    limit('unlimited');
    await poll('readiness to come back', async () => (await ready()).status === 200);
    const jobs = await agent.callTool('get_job', {});
    expect(jobs.structured).toMatchObject({ jobs: [] });
    const published = await agent.callTool('publish_content', publish, keyed);
    expect(published.isError, published.text).toBe(false);
    const job = String(published.structured?.['job']);
    const ended = await poll('the publish to end', async () => {
      const now = await agent.callTool('get_job', { job, wait_seconds: 5 });
      return now.structured?.['state'] === 'succeeded' && now;
    });
    expect(ended.structured).toMatchObject({ result: { live: 1 } });
    expect(deployment.server.process.exitCode).toBeNull();
  });

  it('keeps a job for later whose end could not be written, and does none of its steps again', async () => {
    const { agent, limit } = await open();
    deployment.sandbox.knobs.publishTickMs = 300;
    const advances = () =>
      deployment.sandbox.calls.list().filter(({ operationId }) => operationId === 'Pages_AdvanceWorkflow').length;
    const started = agent.callTool('publish_content', publish);
    await poll('the publish to be submitted', () => advances() === 1);
    limit(1);
    await started;
    limit('unlimited');
    const ended = await poll(
      'the publish to end',
      async () => {
        const { structured } = await agent.callTool('get_job', {});
        // The tool's own schema says so.
        const [job] = (structured?.['jobs'] ?? []) as readonly { readonly state: string }[];
        return job?.state === 'succeeded' && job;
      },
      { timeoutMs: 120_000, everyMs: 200 },
    );
    expect(ended).toBeDefined();
    expect(advances()).toBe(1);
  }, 180_000);

  it('fails a backup with the reason, leaves nothing of it, and keeps the earlier ones', async () => {
    await open();
    const database = openDatabase(join(dataFolder(), 'server.db'));
    closers.push(() => database.close());
    database.transaction(() => {
      for (let at = 0; at < tokensForLargeBackup; at += 1) {
        database.run(
          "INSERT INTO tokens VALUES (?, ?, 'ada', 'tests', 'cms:read', 1, 4102444800000, NULL)",
          ...[`tok_${crypto.randomUUID()}`, crypto.randomUUID()],
        );
      }
    });
    const taken = backup('unlimited');
    expect(taken.status, taken.stderr).toBe(0);
    const folder = join(dataFolder(), 'backups');
    const [earlier = ''] = readdirSync(folder).filter((name) => name.startsWith('backup'));
    const filesBefore = readdirSync(folder).toSorted();
    // Half as much as the backup needs.
    const refused = backup(String(Math.floor(statSync(join(folder, earlier)).size / 2)));
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('BACKUP_DIR');
    expect(refused.stderr).toContain('is there space?');
    expect(refused.stdout).toBe('');
    expect(readdirSync(folder).toSorted()).toEqual(filesBefore);
    expect(backup('unlimited').status).toBe(0);
    expect(readdirSync(folder)).toContain(earlier);
  }, 120_000);

  /** Takes a backup with the command line, in a process that may write files of so many bytes. */
  function backup(bytes: string) {
    const settings = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...deployment.settings };
    const command = [process.execPath, join(projectRoot, 'src/main.ts'), 'backup'];
    return spawnSync('prlimit', [`--fsize=${bytes}:unlimited`, ...command], { env: settings, encoding: 'utf8' });
  }
});

/** Enough for a backup to be larger than anything else that the command writes. */
const tokensForLargeBackup = 3_000;
