import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackupArchive } from '../../src/adapters/outbound/node/backup-archive.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { freePort } from '../support/free-port.ts';
import { poll } from '../support/poll.ts';
import { runCommand, startServer } from '../support/server-process.ts';
import { projectRoot } from '../support/source-tree.ts';

describe.each([
  ['the embedded storage', []],
  ['Redis', ['--redis']],
])('a recovery on %s', (_, more) => {
  it('after kill -9 and a wipe: users go on without signing in, whoever was revoked since stays out', async () => {
    const drill = spawn(join(projectRoot, 'scripts/test-recovery.sh'), ['--grants', '200', '--no-mark', ...more], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const told: string[] = [];
    for (const stream of [drill.stdout, drill.stderr]) stream.on('data', (piece: Buffer) => told.push(String(piece)));
    const [exitCode] = await once(drill, 'close');
    expect(exitCode, told.join('')).toBe(0);
    expect(told.join('')).toMatch(/users who go on without signing in: 1[89]\d of 200/);
    expect(told.join('')).toMatch(/revoked after the backup, and refused after the restore: 3/);
    expect(told.join('')).toMatch(/^RPO: [\d.]+ s/m);
    expect(told.join('')).toMatch(/^RTO: [\d.]+ s/m);
  });
});

describe('backup and restore by their commands', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await openDeployment('embedded');
  });
  afterAll(() => deployment.close());
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    runCommand(args, { ...deployment.settings, ...more });

  it('backs up a server that works, shows it, checks it, and keeps no secret in clear', async () => {
    const token = await deployment.token();
    const taken = await run(['backup']);
    expect(taken).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/read back and proven/) });
    const name = taken.stdout.trim();
    expect((await run(['backup', 'list'])).stdout).toContain(name);

    const folder = join(deployment.settings['DATA_DIR'] ?? '', 'backups');
    expect(readdirSync(folder)).toContain(name);
    const bytes = readFileSync(join(folder, name)).toString('latin1');
    for (const secret of [token, 'sandbox-secret-editor', '"scopes"']) expect(bytes).not.toContain(secret);
    const apart = join(deployment.settings['DATA_DIR'] ?? '', 'apart.igxb');
    expect(await run(['backup', '--to', apart])).toMatchObject({ exitCode: 0, stdout: `${apart}\n` });
    for (const file of [join(folder, name), apart]) expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    const { facts } = await openArchive(apart, deployment.settings['DATA_DIR'] ?? '');
    expect(facts.configuration).toMatchObject({
      OAUTH_CLIENT_ID: 'sandbox-editor',
      OAUTH_CLIENT_SECRET: '(set, not shown)',
    });

    expect(await run(['restore', name])).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/not empty/) });
    expect(await run(['restore', 'latest', '--replace'])).toMatchObject({
      exitCode: 64,
      stderr: expect.stringMatching(/whole and unchanged[\s\S]*Nothing was changed/),
    });
    expect(await run(['restore', 'nothing'])).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/no file/) });
    const elsewhere = join(deployment.settings['DATA_DIR'] ?? '', 'elsewhere');
    expect(await run(['restore', join(folder, name)], { DATA_DIR: elsewhere })).toMatchObject({
      exitCode: 64,
      stderr: expect.stringMatching(/token-encryption\.key/),
    });
  });

  it('tells of the last backup and the last test on the page of metrics', async () => {
    const port = await freePort();
    const before = Date.now() / 1_000;
    // Every minute: nobody takes the backup that this test waits for.
    const times = { BACKUP_SCHEDULE: '* * * * * Etc/UTC', BACKUP_KEEP: '1' };
    const server = await startServer({ ...deployment.settings, METRICS_PORT: String(port), ...times });
    try {
      const read = async (name: string): Promise<number> => {
        const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(page)?.[1] ?? 0);
      };
      await run(['backup', 'mark-tested']);
      // The place of backups is asked anew every few seconds.
      await poll('the test is told', async () => (await read('backup_restore_test_timestamp_seconds')) > 1.6e9, {
        timeoutMs: 40_000,
        everyMs: 500,
      });
      await poll('a backup at its time', async () => (await read('backup_last_success_timestamp_seconds')) > before, {
        timeoutMs: 120_000,
        everyMs: 500,
      });
      // What is kept no longer went with it.
      const { stdout } = await run(['backup', 'list']);
      expect(stdout.trim().split('\n').slice(1)).toHaveLength(1);
      expect(await read('backup_last_size_bytes')).toBeGreaterThan(500);
    } finally {
      await server.close();
    }
  });
});

/** A backup as its key opens it. */
function openArchive(file: string, dataDir: string) {
  const key = Buffer.from(readFileSync(join(dataDir, 'token-encryption.key'), 'utf8').trim(), 'base64');
  return createBackupArchive({ masterKeys: [key] }).open(createReadStream(file));
}
