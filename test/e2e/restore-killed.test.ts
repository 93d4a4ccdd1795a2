import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { testMasterKey } from '../support/master-key.ts';
import { poll } from '../support/poll.ts';
import { startRedis } from '../support/redis.ts';
import { runCommand, type Settings, startCommand, temporaryFolder } from '../support/server-process.ts';
import { openWholeStorage } from '../support/whole-storage.ts';

/** Enough that a restore takes longer to write than a process takes to die. */
const tokens = 1_000;
/**
 * When it is killed: a restore backs up what it replaces into a draft, gives that its name, and replaces then. So many
 * milliseconds later.
 */
const killed = [
  ['.draft-', 0],
  ['backup-', 0],
  ['backup-', 15],
] as const;

/** All or nothing holds for the power cord, too. */
describe.each(['sqlite', 'redis'] as const)('a restore that is killed with -9, on %s', (driver) => {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  it('leaves what was there or what is restored, whole, and the next one restores', { timeout: 300_000 }, async () => {
    const folder = temporaryFolder();
    closers.push(folder.remove);
    const redis = driver === 'redis' ? await startRedis() : undefined;
    if (redis !== undefined) closers.push(() => redis.close());
    const settings: Settings = {
      // Nobody is asked there: backup and restore need the storage alone.
      CMS_BASE_URL: 'http://127.0.0.1:9/cms',
      OAUTH_CLIENT_ID: 'nobody',
      OAUTH_CLIENT_SECRET: 'nothing',
      DATA_DIR: folder.path,
      TOKEN_ENCRYPTION_KEY: Buffer.from(testMasterKey).toString('base64'),
      ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    };
    const location = redis?.url ?? join(folder.path, 'server.db');
    const within = async <T>(
      act: (storage: Awaited<ReturnType<typeof openWholeStorage>>) => Promise<T>,
    ): Promise<T> => {
      const storage = await openWholeStorage({ driver, location });
      try {
        return await act(storage);
      } finally {
        await storage.close();
      }
    };
    const add = (prefix: string) =>
      within(async (storage) => {
        for (let number = 0; number < tokens; number += 1) await storage.tokens.add(token(`${prefix}_${number}`));
      });
    /** How many tokens of each kind are there. */
    const counted = () =>
      within(async (storage) => {
        const ids = (await storage.tokens.list()).map(({ id }) => id);
        return {
          old: ids.filter((id) => id.startsWith('old_')).length,
          own: ids.filter((id) => id.startsWith('own_')).length,
        };
      });
    await add('old');
    const backup = (await runCommand(['backup'], settings)).stdout.trim();
    await add('own');
    const before = { old: tokens, own: tokens };
    const after = { old: tokens, own: 0 };
    const restore = ['restore', backup, '--replace', '--yes'];

    const files = () => readdirSync(join(folder.path, 'backups'));
    const seen: unknown[] = [];
    for (const [begins, afterMs] of killed) {
      const known = files();
      const child = startCommand(restore, settings);
      const ended = once(child, 'close');
      await poll(
        `the restore to be at ${begins}`,
        () => child.exitCode !== null || files().some((name) => name.startsWith(begins) && !known.includes(name)),
        { timeoutMs: 60_000, everyMs: 1 },
      );
      await pause(afterMs);
      child.kill('SIGKILL');
      await ended;
      const found = await counted();
      expect([before, after]).toContainEqual(found);
      seen.push(found);
      // Whatever it left behind, the next one comes to its end.
      expect(await runCommand(restore, settings)).toMatchObject({ exitCode: 0 });
      expect(await counted()).toEqual(after);
      await add('own');
      expect(await counted()).toEqual(before);
    }
    // The first one at least was killed before it had come to its end: else this test shows nothing.
    expect(seen).toContainEqual(before);
    const backups = files().filter((name) => name.startsWith('backup-'));
    for (const name of backups) {
      expect(await runCommand(['restore', name, '--replace'], settings)).toMatchObject({
        exitCode: 64,
        stderr: expect.stringContaining('whole and unchanged'),
      });
    }
  });
});

function token(id: string) {
  const times = { issuedAtMs: 1, expiresAtMs: Date.now() + 3_600_000 };
  return { id, hash: `hash-of-${id}`, subject: 'agent', clientId: 'cli', scopes: ['cms:read'] as const, ...times };
}
