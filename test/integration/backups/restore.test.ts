import { Buffer } from 'node:buffer';
import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBackupArchive } from '../../../src/adapters/outbound/node/backup-archive.ts';
import { createBackupFolder } from '../../../src/adapters/outbound/node/backup-folder.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { filePrefixes } from '../../../src/application/backups/file-names.ts';
import { listFiles, readBackupFacts } from '../../../src/application/backups/list-backups.ts';
import { pruneBackups } from '../../../src/application/backups/prune-backups.ts';
import { recordRecoveryTest } from '../../../src/application/backups/record-recovery-test.ts';
import { restoreBackup } from '../../../src/application/backups/restore-backup.ts';
import {
  createRevocationJournal,
  journalGrants,
  journalTokens,
} from '../../../src/application/backups/revocation-journal.ts';
import { scheduleBackups } from '../../../src/application/backups/schedule-backups.ts';
import { takeStoredBackup } from '../../../src/application/backups/take-backup.ts';
import type { Work } from '../../../src/application/define-job.ts';
import { storedJob } from '../../../src/application/jobs/start-job.ts';
import { takeBackupJob } from '../../../src/application/jobs/take-backup.ts';
import type { StorageLayout } from '../../../src/domain/model/backup.ts';
import type { Grant } from '../../../src/domain/model/grant.ts';
import type { BackupStore } from '../../../src/domain/ports/backup-store.ts';
import type { BackupTools } from '../../../src/domain/ports/backup-tools.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { testMasterKey } from '../../support/master-key.ts';
import { poll } from '../../support/poll.ts';
import { emptied, type RedisServer, startRedis } from '../../support/redis.ts';
import { temporaryFolder } from '../../support/server-process.ts';
import { openWholeStorage, type WholeStorage } from '../../support/whole-storage.ts';

const dayMs = 86_400_000;
const otherMasterKey = new Uint8Array(32).fill(8);
const withoutJournal = false;

let servers: readonly [RedisServer, RedisServer];
beforeAll(async () => {
  servers = [await startRedis(), await startRedis()];
});
afterAll(async () => {
  for (const server of servers) await server.close();
});

describe.each(['sqlite', 'redis'] as const)('backups of %s', (driver) => {
  let folder: ReturnType<typeof temporaryFolder>;
  let here: WholeStorage;
  let elsewhere: WholeStorage;
  let store: BackupStore;
  let clock: FakeClock;

  beforeEach(async () => {
    folder = temporaryFolder();
    if (driver === 'redis') for (const { url } of servers) await emptied(url);
    const open = (number: 0 | 1) =>
      openWholeStorage({ driver, location: driver === 'redis' ? servers[number].url : `${folder.path}/${number}.db` });
    [here, elsewhere] = [await open(0), await open(1)];
    store = createBackupFolder({ folder: `${folder.path}/backups` });
    clock = createFakeClock();
  });
  afterEach(async () => {
    for (const storage of [here, elsewhere]) await storage.close();
    folder.remove();
  });

  const toolsOf = (storage: WholeStorage, change: Partial<BackupTools> = {}): BackupTools => ({
    dump: storage.dump,
    store,
    archive: createBackupArchive({ masterKeys: [testMasterKey] }),
    installation: { productVersion: '1.2.3', configuration: {} },
    ...change,
  });
  const portsOf = (storage: WholeStorage, change: Partial<BackupTools> = {}) => ({
    backups: toolsOf(storage, change),
    clock,
    ids: createIdSource(),
  });
  const ofLayout = (storage: WholeStorage, layout: StorageLayout): Partial<BackupTools> => ({
    dump: { ...storage.dump, layout },
  });
  const sourceOf = (name: string) => async () => {
    const bytes = await store.get(name);
    if (bytes === undefined) throw new Error(`${name} is not there`);
    return bytes;
  };
  const sourceOfBytes = (bytes: Buffer) => async () =>
    (async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
    })();
  const journalOf = (storage: WholeStorage) =>
    createRevocationJournal({
      backups: () => toolsOf(storage),
      clock,
      ids: createIdSource(),
      onProblem: (error) => {
        throw error;
      },
    });

  it('takes one and puts it into an empty installation', async () => {
    await here.grants.put(grant('one'));
    const taken = await takeStoredBackup(portsOf(here));
    expect(taken.records).toBeGreaterThan(0);
    const restored = await restoreBackup(sourceOf(taken.name), { replace: false, withoutJournal }, portsOf(elsewhere));
    expect(restored.facts).toMatchObject({ productVersion: '1.2.3', createdAtMs: clock.nowMs() });
    expect(await elsewhere.grants.find('one')).toEqual(grant('one'));
  });

  it('refuses each wrong file with its reason, and changes nothing', async () => {
    await here.grants.put(grant('one'));
    const { name } = await takeStoredBackup(portsOf(here));
    await elsewhere.grants.put(grant('own'));
    const bytes = await bytesOf(await sourceOf(name)());
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
    const { version } = here.dump.layout;
    const own: StorageLayout['driver'] = here.dump.layout.driver;
    const another = own === 'redis' ? 'embedded' : 'redis';
    const wrong: readonly [string, Partial<BackupTools>, Buffer, RegExp][] = [
      ['cut off', {}, bytes.subarray(0, bytes.length - 1), /damaged/],
      ['a flipped bit', {}, flipped, /damaged/],
      ['something else', {}, Buffer.from('something else altogether'), /no backup of this product/],
      ['another key', { archive: createBackupArchive({ masterKeys: [otherMasterKey] }) }, bytes, /sealed with the key/],
      ['older', ofLayout(elsewhere, { driver: own, version: version + 1 }), bytes, /an older version \(1\.2\.3\)/],
      ['newer', ofLayout(elsewhere, { driver: own, version: version - 1 }), bytes, /a newer version \(1\.2\.3\)/],
      ['other storage', ofLayout(elsewhere, { driver: another, version }), bytes, /the same kind of storage/],
    ];
    for (const [what, change, file, says] of wrong) {
      const attempt = restoreBackup(sourceOfBytes(file), { replace: true, withoutJournal }, portsOf(elsewhere, change));
      await expect(attempt, what).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(says) });
    }
    const notEmpty = restoreBackup(sourceOf(name), { replace: false, withoutJournal }, portsOf(elsewhere));
    await expect(notEmpty).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/--replace/) });
    expect((await elsewhere.grants.list({})).map(({ id }) => id)).toEqual(['own']);
    expect(await listFiles('backup', store)).toHaveLength(1);
  });

  it('keeps what it replaces as a backup of its own', async () => {
    await here.grants.put(grant('one'));
    const { name } = await takeStoredBackup(portsOf(here));
    await elsewhere.grants.put(grant('own'));
    const { replacedBackup = '' } = await restoreBackup(
      sourceOf(name),
      { replace: true, withoutJournal },
      portsOf(elsewhere),
    );
    expect((await elsewhere.grants.list({})).map(({ id }) => id)).toEqual(['one']);
    await restoreBackup(sourceOf(replacedBackup), { replace: true, withoutJournal }, portsOf(elsewhere));
    expect((await elsewhere.grants.list({})).map(({ id }) => id)).toEqual(['own']);
  });

  it('never brings back what was revoked after the backup, though the installation is gone', async () => {
    const journal = journalOf(here);
    const grants = journalGrants(here.grants, journal);
    const tokens = journalTokens(here.tokens, journal);
    for (const id of ['kept', 'ended', 'ended-too']) await grants.put(grant(id));
    await tokens.add(token('tok_1'));
    await here.oauthRecords.put({ kind: 'RefreshToken', hash: 'h', value: {}, grantId: 'ended' });
    const { name } = await takeStoredBackup(portsOf(here));
    clock.advance(1_000);
    await grants.revoke('ended', 5, 'person');
    await grants.revoke('ended-too', 6, 'operator');
    await tokens.revoke('tok_1', 7);
    await journal.close();

    await restoreBackup(sourceOf(name), { replace: false, withoutJournal }, portsOf(elsewhere));
    expect(await elsewhere.grants.find('kept')).not.toHaveProperty('revokedAtMs');
    expect(await elsewhere.grants.find('ended')).toMatchObject({ revokedAtMs: 5, revocationReason: 'person' });
    expect(await elsewhere.grants.find('ended-too')).toMatchObject({ revokedAtMs: 6 });
    expect(await elsewhere.oauthRecords.find('RefreshToken', 'h')).toBeUndefined();
    expect(await elsewhere.tokens.findByHash('hash')).toMatchObject({ revokedAtMs: 7 });
  });

  it('never brings back what the installation knows to be revoked, without the journal, too', async () => {
    await here.grants.put(grant('ended'));
    await here.oauthRecords.put({ kind: 'RefreshToken', hash: 'h', value: {}, grantId: 'ended' });
    const { name } = await takeStoredBackup(portsOf(here));
    await here.grants.revoke('ended', 5, 'reuse');
    await here.oauthRecords.revokeGrant('ended');
    await restoreBackup(sourceOf(name), { replace: true, withoutJournal: true }, portsOf(here));
    expect(await here.grants.find('ended')).toMatchObject({ revokedAtMs: 5, revocationReason: 'reuse' });
    expect(await here.oauthRecords.find('RefreshToken', 'h')).toBeUndefined();
  });

  it('refuses a journal that it cannot open, unless it is told to do without', async () => {
    await here.grants.put(grant('one'));
    const { name } = await takeStoredBackup(portsOf(here));
    const noJournal = (async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('no journal');
    })();
    await store.put(`${filePrefixes.revocations}20260105t090000000z-x.igxb`, noJournal);
    const attempt = restoreBackup(sourceOf(name), { replace: false, withoutJournal }, portsOf(elsewhere));
    await expect(attempt).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/revoked-.*sealed with another key\. Put a copy of it back\..*--without-journal/),
    });
    expect(await elsewhere.dump.isEmpty()).toBe(true);
    await restoreBackup(sourceOf(name), { replace: false, withoutJournal: true }, portsOf(elsewhere));
    expect(await elsewhere.grants.find('one')).toBeDefined();
  });

  it('keeps backups by days or by number, the newest always, and the revocations that one of them lacks', async () => {
    const journal = journalOf(here);
    for (let day = 0; day < 6; day++) {
      await takeStoredBackup(portsOf(here));
      journal.add({ what: 'token', id: `tok_${day}`, atMs: clock.nowMs() });
      await journal.close();
      clock.advance(dayMs);
    }
    const ports = { store, clock };
    expect(await pruneBackups({ unit: 'days', count: 4 }, ports)).toHaveLength(2);
    expect(await listFiles('backup', store)).toHaveLength(4);
    expect(await listFiles('revocations', store)).toHaveLength(5);
    expect(await pruneBackups({ unit: 'backups', count: 3 }, ports)).toHaveLength(1);
    clock.advance(100 * dayMs);
    expect(await pruneBackups({ unit: 'days', count: 1 }, ports)).toHaveLength(2);
    expect(await listFiles('backup', store)).toHaveLength(1);
    expect(await pruneBackups({ unit: 'days', count: 1 }, ports)).toEqual([]);
  });

  it('is taken at its times as a job, which removes what is no longer kept', async () => {
    for (let backup = 0; backup < 3; backup++) {
      await takeStoredBackup(portsOf(here));
      clock.advance(1_000);
    }
    const times = { cron: '17 3 * * *', timeZone: 'Europe/Berlin' };
    await scheduleBackups(times, { unit: 'backups', count: 2 }, { schedules: here.schedules });
    const [schedule] = await here.schedules.list({});
    if (schedule === undefined) throw new Error('Nothing was scheduled.');
    expect(schedule).toMatchObject({ owner: 'server', missed: 'run', job: { kind: 'take_backup', queue: 'backups' } });
    await here.jobs.add({ ...schedule.job, id: 'backup', owner: schedule.owner });
    const call = { principal: { subject: 'server', clientId: 'server', scopes: [] }, requestId: 'r' };
    const worker = here.jobs.work(
      'backups',
      async (run) => {
        const input = takeBackupJob.input.parse(storedJob.parse(run.job.input).input);
        const silent = {
          ...call,
          signal: run.signal,
          emit: () => undefined,
          progress: () => undefined,
          started: () => undefined,
        };
        const work: Work = {
          job: run.job,
          signal: run.signal,
          cancelRequested: () => run.cancelRequested(),
          progress: (progress) => run.progress(progress),
          step: (name, act) => run.step(name, act),
          ask: async () => {
            throw new Error('A backup asks nobody.');
          },
          perform: async () => ({}),
          safePoint: async () => undefined,
        };
        return takeBackupJob.execute(input, portsOf(here), work, silent);
      },
      { concurrency: 1, fleet: { all: 1, queue: 1 }, leaseMs: 10_000, onProblem: () => undefined },
    );
    const ended = await poll('the job to end', async () => {
      const job = await here.jobs.get('backup');
      return job?.state === 'succeeded' && job;
    });
    await worker.close(0);
    expect(ended.result).toMatchObject({ removed: [expect.any(String), expect.any(String)] });
    expect(await listFiles('backup', store)).toHaveLength(2);
    await scheduleBackups(undefined, { unit: 'backups', count: 2 }, { schedules: here.schedules });
    expect(await here.schedules.list({})).toEqual([]);
  });

  it('tells when the last backup was taken, how large it is, and when a recovery was tested', async () => {
    expect(await readBackupFacts(store)).toEqual({});
    await takeStoredBackup(portsOf(here));
    clock.advance(1_000);
    const { sizeBytes } = await takeStoredBackup(portsOf(here));
    const lastSuccessAtMs = clock.nowMs();
    for (let test = 0; test < 2; test++) {
      clock.advance(1_000);
      await recordRecoveryTest({ store, clock });
    }
    expect(await readBackupFacts(store)).toEqual({
      lastSuccessAtMs,
      lastSizeBytes: sizeBytes,
      restoreTestedAtMs: clock.nowMs(),
    });
    expect((await readdir(`${folder.path}/backups`)).filter((name) => name.startsWith('recovery'))).toHaveLength(1);
  });
});

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const piece of pieces) found.push(piece);
  return Buffer.concat(found);
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

function token(id: string) {
  const times = { issuedAtMs: 1, expiresAtMs: 2 };
  return { id, hash: 'hash', subject: 'agent', clientId: 'cli', scopes: ['cms:read'] as const, ...times };
}
