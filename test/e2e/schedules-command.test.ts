import { afterEach, describe, expect, it } from 'vitest';
import { startRedis } from '../support/redis.ts';
import { runCommand, type Settings, startServer, temporaryFolder } from '../support/server-process.ts';

/** The operator sees and ends what is scheduled by the same commands, whatever keeps it. */
describe.each(['embedded', 'redis'] as const)('the command schedules on %s', (storage) => {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  it('lists what is scheduled, and ends it once, with a line in the audit log', async () => {
    const folder = temporaryFolder();
    closers.push(folder.remove);
    const redis = storage === 'redis' ? await startRedis() : undefined;
    if (redis !== undefined) closers.push(() => redis.close());
    const settings: Settings = {
      DATA_DIR: folder.path,
      BACKUP_SCHEDULE: '0 3 * * *',
      LOG_LEVEL: 'info',
      WORKER_INLINE: 'true',
      ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    };
    const command = (...args: string[]) => runCommand(args, { ...settings, LOG_LEVEL: 'error' });
    expect(await command('schedules', 'list')).toMatchObject({ exitCode: 0, stdout: '' });
    const server = await startServer(settings);
    closers.push(() => server.close());
    const listed = await command('schedules', 'list', '--json');
    // One JSON object a line, as the command promises.
    const schedules = listed.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { id: string; job: { kind: string } });
    expect(schedules.map(({ job }) => job.kind).sort()).toEqual(['revoke_expired_grants', 'take_backup']);
    const schedule = schedules.find(({ job }) => job.kind === 'take_backup');
    expect(schedule).toMatchObject({ time: { cron: '0 3 * * *' } });
    const id = schedule?.id ?? '';
    expect((await command('schedules', 'list')).stdout).toMatch(new RegExp(`${id}\\s+take_backup.*0 3 \\* \\* \\*`));
    expect((await command('schedules', 'remove', id)).exitCode).toBe(0);
    expect((await command('schedules', 'list')).stdout).not.toContain('take_backup');
    const again = await command('schedules', 'remove', id);
    expect(again.exitCode).not.toBe(0);
    expect(again.stderr).toContain('schedules list');
    expect((await command('audit', 'list')).stdout).toMatch(/job_cancel/);
  }, 120_000);
});
