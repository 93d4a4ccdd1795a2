import { expect } from 'vitest';
import type { Revocation, StateRecord } from '../../../src/domain/model/backup.ts';
import type { Grant } from '../../../src/domain/model/grant.ts';
import { passingOAuthKinds } from '../../../src/domain/ports/storage-dump.ts';
import { poll } from '../../support/poll.ts';
import { type Contract, describeContract, type Opened } from '../../support/store-contract.ts';
import type { WholeStorage } from '../../support/whole-storage.ts';

/** The laws of src/domain/ports/storage-dump.ts. */
export interface OpenedStorageDump extends Opened {
  /** A storage that holds nothing. */
  readonly full: WholeStorage;
  /** The same one, as another process sees it. */
  readonly other: WholeStorage;
  /** Another storage of the same kind that holds nothing. */
  readonly empty: WholeStorage;
}

export function storageDumpContract(contract: Contract<OpenedStorageDump>): void {
  describeContract('StorageDump', contract, {
    'everything that lasts comes back, opened with the same key': async ({ full, empty }) => {
      await fill(full);
      const told = await tellOf(full);
      await empty.dump.replaceAll(again(await all(full.dump.read())), []);
      expect(await tellOf(empty)).toEqual(told);
      expect(await empty.audit.verify()).toMatchObject({ ok: true });
    },

    'jobs go on where they were: steps that ended are not done again, waiting ones are done': async ({
      full,
      empty,
    }) => {
      const done: string[] = [];
      await full.jobs.add(job('half'));
      await full.jobs.add(job('waiting'));
      const stopped = Promise.withResolvers<void>();
      const worker = full.jobs.work(
        'reports',
        async (run) => {
          await run.step('first', async () => done.push('first'));
          stopped.resolve();
          await new Promise((_, fail) => run.signal.addEventListener('abort', () => fail(new Error('stopped'))));
          return null;
        },
        { ...workOptions, concurrency: 1 },
      );
      await stopped.promise;
      const records = await all(full.dump.read());
      await worker.close(0);

      await empty.dump.replaceAll(again(records), []);
      const later = empty.jobs.work(
        'reports',
        async (run) => {
          await run.step('first', async () => done.push('first again'));
          await run.step('second', async () => done.push(run.job.id));
          return null;
        },
        workOptions,
      );
      await poll(
        'both jobs to end',
        async () => (await empty.jobs.list({ limit: 10, states: ['succeeded'] })).length === 2,
        { timeoutMs: 40_000 },
      );
      await later.close(0);
      expect(done.toSorted()).toEqual(['first', 'first again', 'half', 'waiting']);
    },

    'what passes or may be used once only stays behind': async ({ full, empty }) => {
      await full.records.create('confirm:1', { bound: 'x' }, 600);
      await full.records.create('upload:1', {}, 600);
      await full.lock.acquire('renew:1', 60_000);
      for (const kind of passingOAuthKinds) {
        await full.oauthRecords.put({ kind, hash: 'passing', value: {}, ttlSeconds: 600, uidHash: 'uid' });
      }
      await empty.dump.replaceAll(again(await all(full.dump.read())), []);
      expect(await empty.records.get('confirm:1')).toBeUndefined();
      expect(await empty.records.get('upload:1')).toBeUndefined();
      expect(await empty.lock.acquire('renew:1', 60_000)).toBeDefined();
      for (const kind of passingOAuthKinds) expect(await empty.oauthRecords.find(kind, 'passing')).toBeUndefined();
    },

    '`isEmpty` is true only where nothing was ever put': async ({ full, empty }) => {
      expect(await full.dump.isEmpty()).toBe(true);
      await full.records.create('confirm:1', {}, 600);
      expect(await full.dump.isEmpty()).toBe(true);
      await full.tokens.add(token('tok_1'));
      expect(await full.dump.isEmpty()).toBe(false);
      expect(await empty.dump.isEmpty()).toBe(true);
    },

    'a restore takes the place of everything, or of nothing': async ({ full, other, empty }) => {
      await fill(empty);
      const records = await all(empty.dump.read());
      await full.tokens.add(token('tok_own', { hash: 'own' }));
      await full.grants.put(grant('own'));
      const before = await tellOf(other);
      for (const broken of [
        failingAfter(records, Math.floor(records.length / 2)),
        failingAfter(records, records.length),
        again([...records, { part: 'unknown', value: { key: 'other:key', dump: 'x' } }]),
        again([...records, { part: records[0]?.part ?? '', value: {} }]),
      ]) {
        await expect(full.dump.replaceAll(broken, [])).rejects.toThrow();
        expect(await tellOf(other)).toEqual(before);
      }
      await full.dump.replaceAll(again(records), []);
      expect(await tellOf(other)).toEqual(await tellOf(empty));
    },

    'nothing of it is seen before it is whole': async ({ full, other, empty }) => {
      await fill(empty);
      const records = await all(empty.dump.read());
      await full.tokens.add(token('tok_own', { hash: 'own' }));
      const seen: (readonly string[])[] = [];
      const watched = async function* (): AsyncGenerator<StateRecord> {
        for (const record of records) {
          seen.push((await other.tokens.list()).map(({ id }) => id));
          yield record;
        }
      };
      await full.dump.replaceAll(watched(), []);
      expect(new Set(seen.map((ids) => ids.join()))).toEqual(new Set(['tok_own']));
      expect((await other.tokens.list()).map(({ id }) => id)).toEqual(['tok_1', 'tok_2']);
    },

    'what was revoked since stays revoked, and none of its tokens comes back': async ({ full, empty }) => {
      await fill(full);
      const records = await all(full.dump.read());
      const revocations: readonly Revocation[] = [
        { what: 'grant', id: 'grant-1', atMs: 5, reason: 'reuse' },
        { what: 'grant', id: 'grant-unknown', atMs: 6, reason: 'person' },
        { what: 'token', id: 'tok_1', atMs: 7 },
        { what: 'token', id: 'tok_unknown', atMs: 8 },
      ];
      await empty.dump.replaceAll(again(records), revocations);
      expect(await empty.grants.find('grant-1')).toMatchObject({ revokedAtMs: 5, revocationReason: 'reuse' });
      expect(await empty.grants.find('grant-2')).not.toHaveProperty('revokedAtMs');
      expect(await empty.vault.find('grant-1')).toBeUndefined();
      expect(await empty.vault.find('grant-2')).toBeDefined();
      expect(await empty.oauthRecords.find('RefreshToken', 'hash-grant-1')).toBeUndefined();
      expect(await empty.oauthRecords.find('RefreshToken', 'hash-grant-2')).toBeDefined();
      for (const grantId of ['grant-1', 'grant-unknown', 'grant-3']) {
        expect(await empty.oauthRecords.put({ kind: 'RefreshToken', hash: 'new', value: {}, grantId })).toBe(false);
      }
      await empty.grants.put(grant('grant-unknown'));
      expect(await empty.grants.find('grant-unknown')).toMatchObject({ revokedAtMs: 6 });
      expect(await empty.tokens.findByHash('hash-1')).toMatchObject({ revokedAtMs: 7 });
      expect(await empty.dump.revocations()).toEqual(
        expect.arrayContaining([...revocations.slice(0, 3), { what: 'token', id: 'tok_2', atMs: 3 }]),
      );
    },

    'reading disturbs nobody, and what was there before is in it': async ({ full, other, empty }) => {
      await fill(full);
      const before = await all(full.dump.read());
      let written = 0;
      const records: StateRecord[] = [];
      for await (const record of full.dump.read()) {
        records.push(record);
        if (records.length > 15) continue;
        written += 1;
        await other.tokens.add(token(`tok_late_${written}`, { hash: `late-${written}` }));
        await other.audit.append(event(`late-${written}`));
        await other.jobs.add(job(`late-${written}`));
      }
      expect(written).toBe(15);
      expect(records.length).toBeGreaterThanOrEqual(before.length);
      await empty.dump.replaceAll(again(records), []);
      expect((await empty.tokens.list()).map(({ id }) => id)).toEqual(expect.arrayContaining(['tok_1', 'tok_2']));
      expect(await empty.audit.verify()).toMatchObject({ ok: true });
      await empty.audit.append(event('after'));
      expect(await empty.audit.verify()).toMatchObject({ ok: true });
    },
  });
}

const workOptions = {
  concurrency: 2,
  fleet: { all: 4, queue: 4 },
  leaseMs: 1_000,
  onProblem: () => undefined,
};

/** Puts one or more of everything there. */
async function fill(storage: WholeStorage): Promise<void> {
  await storage.sealer.checkKeys();
  await storage.tokens.add(token('tok_1'));
  await storage.tokens.add(token('tok_2', { hash: 'hash-2', issuedAtMs: 2, revokedAtMs: 3 }));
  for (const id of ['grant-1', 'grant-2']) {
    await storage.grants.put(grant(id));
    await storage.vault.put(
      id,
      { subject: 'cms:1', clientId: 'client', provider: 'cms-login' },
      { kind: 'tokens', accessToken: `access-${id}`, refreshToken: 'r', expiresAtMs: 9 },
    );
    for (const kind of ['AccessToken', 'RefreshToken']) {
      await storage.oauthRecords.put({
        kind,
        hash: `hash-${id}`,
        value: { of: id },
        grantId: id,
        uidHash: `uid-${kind}-${id}`,
        ttlSeconds: 3_600,
      });
    }
  }
  await storage.grants.revoke('grant-3', 4, 'operator');
  await storage.oauthRecords.revokeGrant('grant-3');
  await storage.oauthRecords.put({ kind: 'Client', hash: 'client', value: { name: 'ü' } });
  await storage.oauthRecords.consume('RefreshToken', 'hash-grant-2', 11);
  await storage.records.create('idempotency:1', { state: 'done' }, 3_600);
  for (const subject of ['anna', 'ben']) await storage.audit.append(event(subject));
  await storage.jobs.add(job('waiting'));
  await storage.schedules.put({
    id: 'nightly',
    owner: 'anna',
    time: { kind: 'recurring', cron: '0 3 * * *', timeZone: 'Europe/Berlin' },
    missed: 'run',
    toleranceMs: 1_000,
    job: { queue: 'reports', kind: 'k', input: {}, attemptsMax: 2, backoffMs: 1_000 },
  });
}

/** What the stores tell of what `fill` and the laws put there. */
async function tellOf(storage: WholeStorage): Promise<unknown> {
  const probe = { kind: 'Client', hash: 'probe', value: 1, grantId: 'grant-3' };
  const canCome = await storage.oauthRecords.put(probe);
  await storage.oauthRecords.remove(probe.kind, probe.hash);
  return {
    tokens: await storage.tokens.list(),
    grants: await storage.grants.list({}),
    canCome,
    credentials: await Promise.all(['grant-1', 'grant-2'].map((id) => storage.vault.find(id))),
    oauth: await Promise.all(
      [
        ['AccessToken', 'hash-grant-1'],
        ['RefreshToken', 'hash-grant-2'],
        ['Client', 'client'],
      ].map(([kind = '', hash = '']) => storage.oauthRecords.find(kind, hash)),
    ),
    byUid: await storage.oauthRecords.findByUid('AccessToken', 'uid-AccessToken-grant-1'),
    keys: (await storage.dataKeys.list()).map(({ id }) => id),
    record: await storage.records.get('idempotency:1'),
    audit: (await storage.audit.list({ filter: {}, limit: 100 })).records,
    jobs: await storage.jobs.list({ limit: 100 }),
    ofOwner: await storage.jobs.list({ owner: 'anna', limit: 100 }),
    schedules: await storage.schedules.list({}),
  };
}

function token(id: string, extra: { hash?: string; issuedAtMs?: number; revokedAtMs?: number } = {}) {
  const record = { subject: 'agent', clientId: 'cli', scopes: ['cms:read'] as const, issuedAtMs: 1, expiresAtMs: 2 };
  return { id, hash: 'hash-1', ...record, ...extra };
}

function grant(id: string): Grant {
  return {
    id,
    subject: 'cms:1',
    displayName: 'Anna',
    clientId: 'client',
    clientName: 'Client',
    clientHost: 'client.example',
    redirectUri: 'https://client.example/cb',
    redirectUrisHash: 'h',
    scopes: ['cms:read'],
    toolsets: [],
    readOnly: false,
    signIn: 'cms-login',
    createdAtMs: 1,
    lastUsedAtMs: 2,
  };
}

function job(id: string) {
  return { id, queue: 'reports', kind: 'k', owner: 'anna', input: { id }, attemptsMax: 3, backoffMs: 10 } as const;
}

function event(subject: string) {
  return { atMs: 1, action: 'get_content', subject, clientId: 'c', outcome: 'ok', itemIds: [] } as const;
}

async function all(records: AsyncIterable<StateRecord>): Promise<StateRecord[]> {
  const found: StateRecord[] = [];
  for await (const record of records) found.push(record);
  return found;
}

async function* again(records: readonly StateRecord[]): AsyncGenerator<StateRecord> {
  yield* records;
}

async function* failingAfter(records: readonly StateRecord[], count: number): AsyncGenerator<StateRecord> {
  yield* records.slice(0, count);
  throw new Error('the archive ends here');
}
