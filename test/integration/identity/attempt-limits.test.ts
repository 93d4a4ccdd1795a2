import { afterEach, describe, expect, it } from 'vitest';
import { createSeedState } from '../../../sandbox/seed.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import { createIngeniux } from '../../../src/adapters/outbound/ingeniux/index.ts';
import { createCmsLogin } from '../../../src/adapters/outbound/ingeniux/sign-in/cms-login.ts';
import { createMemoryCache } from '../../../src/adapters/outbound/memory/cache.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../../src/adapters/outbound/node/digest.ts';
import { connectRedis } from '../../../src/adapters/outbound/redis/connection.ts';
import { createRedisExpiringRecords } from '../../../src/adapters/outbound/redis/expiring-records.ts';
import { openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteExpiringRecords } from '../../../src/adapters/outbound/sqlite/expiring-records.ts';
import { attemptLimits, limitAttempts } from '../../../src/application/identity/limit-attempts.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import type { ExpiringRecords } from '../../../src/domain/ports/expiring-records.ts';
import type { FormSignIn } from '../../../src/domain/ports/sign-in.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { startRedis } from '../../support/redis.ts';
import { temporaryFolder } from '../../support/server-process.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
});

describe.each(['sqlite', 'redis'] as const)(
  'attempts to sign in with a CMS password, two processes on %s',
  (driver) => {
    it('a user name that failed ten times is held back everywhere, also with the right password', async () => {
      const { processes } = await open(driver);
      const ends = await Promise.all(
        Array.from({ length: 30 }, (_, number) =>
          end(processes[number % 2 === 0 ? 0 : 1], 'praman', 'wrong', `192.0.2.${number}`),
        ),
      );
      expect(ends.filter((code) => code === 'SIGN_IN_REFUSED')).toHaveLength(attemptLimits.user);
      expect(ends.filter((code) => code === 'RATE_LIMITED')).toHaveLength(30 - attemptLimits.user);
      expect(await end(processes[1], 'PRAMAN ', 'sandbox-editor-pass', '198.51.100.1')).toBe('RATE_LIMITED');
      expect(await end(processes[0], 'dreyes', 'sandbox-publisher-pass', '198.51.100.1')).toBe('ok');
    });

    it('an address that failed twenty times is held back, whatever names it tries; its neighbours are not', async () => {
      const { processes } = await open(driver);
      const ends = await Promise.all(
        Array.from({ length: 40 }, (_, number) =>
          end(processes[number % 2 === 0 ? 0 : 1], `user-${number}`, 'x', '2001:db8:1:2::1'),
        ),
      );
      expect(ends.filter((code) => code === 'SIGN_IN_REFUSED')).toHaveLength(attemptLimits.network);
      expect(await end(processes[0], 'praman', 'sandbox-editor-pass', '2001:db8:1:2::ffff')).toBe('RATE_LIMITED');
      expect(await end(processes[0], 'praman', 'sandbox-editor-pass', '2001:db8:1:3::1')).toBe('ok');
    });
  },
);

it('signing in as often as one likes counts nothing, and neither does a CMS that is away', async () => {
  const { processes, sandbox } = await open('sqlite');
  for (let time = 0; time < attemptLimits.network + 2; time++) {
    expect(await end(processes[0], 'praman', 'sandbox-editor-pass', '192.0.2.1')).toBe('ok');
  }
  sandbox.faults.add({ kind: 'status', code: 503, times: 5 });
  for (let time = 0; time < 5; time++) {
    expect(await end(processes[0], 'praman', 'sandbox-editor-pass', '192.0.2.1')).toBe('CMS_UNAVAILABLE');
  }
});

it('says the same of names that the CMS knows and of others, and keeps neither names nor passwords', async () => {
  const { processes, stored } = await open('sqlite');
  const messages = async (username: string, address: string) => {
    const seen: string[] = [];
    for (let time = 0; time <= attemptLimits.user; time++) {
      seen.push(await message(processes[0], username, 'canary-password', address));
    }
    return seen;
  };
  expect(await messages('praman', '192.0.2.1')).toEqual(await messages('canary-nobody', '192.0.2.2'));
  expect(stored()).toContain('sign-in:user:');
  for (const word of ['praman', 'canary-nobody', 'canary-password', '192.0.2.1']) expect(stored()).not.toContain(word);
});

it('lets in again when the window has passed', async () => {
  const clock = createFakeClock(Date.now());
  const { processes } = await open('sqlite', clock);
  for (let time = 0; time < attemptLimits.user; time++) await end(processes[0], 'praman', 'wrong', '192.0.2.1');
  expect(await end(processes[0], 'praman', 'sandbox-editor-pass', '192.0.2.1')).toBe('RATE_LIMITED');
  clock.advance(attemptLimits.windowSeconds * 1000);
  expect(await end(processes[0], 'praman', 'sandbox-editor-pass', '192.0.2.1')).toBe('ok');
});

async function end(signIn: FormSignIn, username: string, password: string, address: string): Promise<string> {
  return signIn.check({ username, password }, { address }).then(
    () => 'ok',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );
}

async function message(signIn: FormSignIn, username: string, password: string, address: string): Promise<string> {
  return signIn.check({ username, password }, { address }).then(
    () => 'ok',
    (error: unknown) => String(error),
  );
}

/** Two processes' sign-in forms at one sandbox CMS, counting in one store. */
async function open(driver: 'sqlite' | 'redis', clock = createFakeClock(Date.now())) {
  const sandbox = await startSandbox({ port: 0, state: createSeedState() });
  closers.push(() => sandbox.close());
  const cmsClock = createClock();
  const connector = createIngeniux({
    baseUrl: sandbox.siteRoot,
    clientId: 'sandbox-editor',
    clientSecret: 'sandbox-secret-editor',
    timeoutMs: 20_000,
    retriesMax: 0,
    cache: createMemoryCache({ maxSize: 10, clock: cmsClock }),
    cacheTtlSeconds: 0,
    clock: cmsClock,
  });
  closers.push(() => connector.close());
  const { records, stored } = driver === 'sqlite' ? openSqlite(clock) : await openRedis();
  const form = (counted: ExpiringRecords) =>
    limitAttempts(createCmsLogin({ accounts: connector.accounts, clock: cmsClock, onProblem: () => undefined }), {
      records: counted,
      digest: createDigest(),
    });
  return { sandbox, stored, processes: [form(records[0]), form(records[1])] as const };
}

interface Opened {
  readonly records: readonly [ExpiringRecords, ExpiringRecords];
  readonly stored: () => string;
}

function openSqlite(clock: ReturnType<typeof createFakeClock>): Opened {
  const folder = temporaryFolder();
  const databases = [openDatabase(`${folder.path}/store.db`), openDatabase(`${folder.path}/store.db`)] as const;
  closers.push(folder.remove, ...databases.map((database) => () => database.close()));
  return {
    records: [
      createSqliteExpiringRecords({ database: databases[0], clock }),
      createSqliteExpiringRecords({ database: databases[1], clock }),
    ],
    stored: () => JSON.stringify(databases[0].all('SELECT * FROM records')),
  };
}

async function openRedis(): Promise<Opened> {
  const redis = await startRedis();
  closers.push(() => redis.close());
  const connect = async () => {
    const connection = connectRedis(redis.url, { onProblem: () => undefined });
    closers.push(() => connection.close());
    await connection.ready(10_000);
    return createRedisExpiringRecords({ connection });
  };
  return { records: [await connect(), await connect()], stored: () => '' };
}
