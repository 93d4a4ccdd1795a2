import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxLandmarks } from '../../sandbox/seed.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { runCommand } from '../support/server-process.ts';

/** The operator's way to snapshots of content, beside a server that works. */
describe.each(['embedded', 'redis'] as const)('the command snapshots with %s storage', (storage) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await openDeployment(storage);
  });
  afterAll(() => deployment.close());
  const command = (...args: string[]) =>
    runCommand(['snapshots', ...args], { ...deployment.settings, LOG_LEVEL: 'error' });
  const { tuitionPage } = sandboxLandmarks;
  let id = '';
  const folder = () => join(deployment.settings['DATA_DIR'] ?? '', 'backups');

  it('takes, lists and shows them, and keeps nothing in clear', async () => {
    expect(await command('list')).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringMatching(/^0 snapshot/),
    });
    const taken = await command('take', tuitionPage, '--comment', 'before the redesign');
    expect(taken, taken.stderr).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d{8}t\d{9}z-\w{12}\n$/),
    });
    id = taken.stdout.trim();
    const listed = await command('list');
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).toMatch(/operator\s+before the redesign/);
    const shown = await command('show', id, '--verify');
    expect(shown).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/read and proven, 0 damaged/) });
    expect(shown.stdout).toContain(tuitionPage);

    const files = readdirSync(folder());
    const words = deployment.sandbox.state.pages[tuitionPage]?.versions
      .at(-1)
      ?.elements.find(({ name }) => name === 'Body')?.value;
    for (const name of files) {
      expect(statSync(join(folder(), name)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(folder(), name)).includes(words?.slice(0, 40) ?? '')).toBe(false);
    }
  });

  it('finds what is damaged, and mends it', async () => {
    const object = readdirSync(folder()).find((name) => name.startsWith('content-object-')) ?? '';
    const whole = readFileSync(join(folder(), object));
    writeFileSync(join(folder(), object), whole.subarray(0, whole.length - 1));
    const damaged = await command('show', id, '--verify');
    const items = damaged.stdout.trim().split('\n').length - 1;
    expect(damaged).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(new RegExp(`damaged[\\s\\S]*\n${items - 1} items read and proven, 1 damaged`)),
    });
    const mended = await command('take', tuitionPage, '--full');
    expect(mended.exitCode, mended.stderr).toBe(0);
    expect((await command('show', id, '--verify')).exitCode).toBe(0);
    expect((await command('remove', id, mended.stdout.trim())).exitCode).toBe(0);
    expect(readdirSync(folder()).filter((name) => name.startsWith('content-'))).toEqual([]);
  });

  it('refuses what is not there, in words', async () => {
    expect(await command('remove', 'nothing')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/no snapshot/),
    });
    expect(await command('take', 'Admissions')).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/no id/) });
    expect(await command('take', 'x999999')).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/not there/) });
  });
});
