import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/domain/errors.ts';
import type { NewJob } from '../../src/domain/model/job.ts';
import { type JobQueueStorage, openJobQueue, wideFleet } from '../support/job-queue-storage.ts';
import { poll } from '../support/poll.ts';
import { startRedis } from '../support/redis.ts';
import { runCommand, type Settings, temporaryFolder } from '../support/server-process.ts';

/** The operator sees and steers the same jobs by the same commands, whatever keeps them. */
describe.each(['sqlite', 'redis'] as const)('the command jobs on %s', (driver) => {
  let settings: Settings;
  let opened: Awaited<ReturnType<typeof openJobQueue>>;
  const closers: (() => Promise<unknown> | unknown)[] = [];
  const command = (...args: string[]) => runCommand(['jobs', ...args], { ...settings, LOG_LEVEL: 'error' });

  beforeAll(async () => {
    const folder = temporaryFolder();
    closers.push(folder.remove);
    const redis = driver === 'redis' ? await startRedis() : undefined;
    if (redis !== undefined) closers.push(() => redis.close());
    settings = { DATA_DIR: folder.path, ...(redis === undefined ? {} : { REDIS_URL: redis.url }) };
    const place: Pick<JobQueueStorage, 'driver' | 'location'> = {
      driver,
      location: redis?.url ?? `${folder.path}/server.db`,
    };
    opened = await openJobQueue(place);
    closers.push(() => opened.close());
    const worker = opened.queue.work(
      'publishing',
      async () => {
        throw new DomainError('FORBIDDEN', 'The CMS refuses: may not publish.');
      },
      { concurrency: 1, fleet: wideFleet, leaseMs: 5_000, onProblem: () => undefined },
    );
    await opened.queue.add(newJob('job_poison'));
    await poll('the job to fail', async () => (await opened.queue.get('job_poison'))?.state === 'failed');
    await worker.close(1_000);
    await opened.queue.add({ ...newJob('job_waiting'), queue: 'reports', owner: 'other' });
  });
  afterAll(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  it('lists jobs for people, with the reason of what was set aside', async () => {
    const { exitCode, stdout } = await command('list');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('publishing: 0 queued, 0 running, 0 held, 1 failed');
    expect(stdout).toMatch(/job_poison\s+publishing\s+test_job\s+owner\s+failed.*FORBIDDEN: The CMS refuses/);
    expect(stdout).toMatch(/job_waiting\s+reports/);
  });

  it('lists jobs for programs, by queue, state and owner', async () => {
    const idsOf = async (...args: string[]) =>
      (await command('list', '--json', ...args)).stdout
        .split('\n')
        // One JSON object a line, as the command promises.
        .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { id: string }).id]));
    expect(await idsOf('--state', 'failed')).toEqual(['job_poison']);
    expect(await idsOf('--queue', 'reports')).toEqual(['job_waiting']);
    expect(await idsOf('--owner', 'owner')).toEqual(['job_poison']);
    expect(await idsOf('--limit', '1')).toHaveLength(1);
  });

  it('lists ids alone, and how many jobs each subject has', async () => {
    expect((await command('list', '--ids', '--state', 'failed')).stdout).toBe('job_poison\n');
    expect((await command('list', '--by-owner')).stdout).toMatch(
      /^OWNER\s+JOBS\s+OLDEST\n(owner|other)\s+1\s+[\d-]+T[\d:]+Z\n(owner|other)\s+1\s+[\d-]+T[\d:]+Z\n$/,
    );
    const many = Array.from({ length: 1_100 }, (_, at) => `job_many${at}`);
    await Promise.all(many.map((id) => opened.queue.add({ ...newJob(id), owner: 'many' })));
    expect((await command('list', '--by-owner', '--state', 'queued')).stdout).toMatch(/^OWNER.*\nmany\s+1100 /);
    await Promise.all(many.map((id) => opened.queue.cancel(id)));
  });

  it('refuses what it does not know, and says what there is', async () => {
    expect(await command('list', '--state', 'broken')).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining('queued, running, held, succeeded, failed, cancelled'),
    });
    const shown = (await command('show', 'job_poison')).stdout;
    expect(shown).toMatch(/next\s+when the cause is mended: jobs retry job_poison/);
    expect(shown).toMatch(/created\s+[\d-]+T[\d:]+Z/);
    expect(await command('show', 'job_none')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('job_none'),
    });
  });

  it('runs a failed job again, and only a failed one', async () => {
    expect(await command('retry', 'job_waiting')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('queued'),
    });
    const { exitCode, stdout } = await command('retry', 'job_poison', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'job_poison', state: 'queued' });
    expect(await opened.queue.get('job_poison')).toMatchObject({ state: 'queued' });
  });

  it('cancels a job, and leaves an ended one alone', async () => {
    expect((await command('cancel', 'job_waiting')).stdout).toMatch(/STATE|state\s+cancelled/);
    expect(await opened.queue.get('job_waiting')).toMatchObject({ state: 'cancelled' });
    expect(await command('cancel', 'job_waiting')).toMatchObject({ exitCode: 1 });
  });

  it('cancels several jobs, and one that is refused keeps no other from it', async () => {
    for (const id of ['job_first', 'job_second']) await opened.queue.add(newJob(id));
    const { exitCode, stdout, stderr } = await command('cancel', 'job_first', 'job_waiting', 'job_none', 'job_second');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^ID.*\njob_first .* cancelled .*\njob_second .* cancelled .*\n$/);
    expect(stderr).toMatch(/job_waiting is cancelled already[\s\S]*no job "job_none"/);
  });

  it('keeps in the audit log that an operator did it', async () => {
    const { stdout } = await runCommand(['audit', 'list'], { ...settings, LOG_LEVEL: 'error' });
    expect(stdout).toMatch(/"job_retry".*"operator"|"operator".*"job_retry"/);
    expect(stdout).toMatch(/"job_cancel"/);
  });
});

function newJob(id: string): NewJob {
  return {
    id,
    queue: 'publishing',
    kind: 'test_job',
    owner: 'owner',
    input: { item: 'x1' },
    attemptsMax: 1,
    backoffMs: 10,
  };
}
