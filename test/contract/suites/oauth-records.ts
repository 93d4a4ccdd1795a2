import { expect } from 'vitest';
import type { Json } from '../../../src/domain/model/job.ts';
import type { NewOAuthRecord, OAuthRecords } from '../../../src/domain/ports/oauth-records.ts';
import type { Sealer } from '../../../src/domain/ports/sealer.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/oauth-records.ts. */
export interface OpenedOAuthRecords extends Opened {
  readonly subject: OAuthRecords;
  /** The same records as another process sees them. */
  readonly other?: OAuthRecords;
  /** What seals the values, in the process of `subject`. */
  readonly sealer: Sealer;
  /** Lets time pass for the store. */
  elapse(seconds: number): Promise<void>;
  /** Several processes at once work through the same records; answers for each of them what it got, hash by hash. */
  race(act: 'create' | 'consume', hashes: readonly string[]): Promise<readonly (readonly boolean[])[]>;
  /** Lets the store die at once, and answers one that is opened later. */
  readonly crash?: () => Promise<OAuthRecords>;
  /** Everything that the store holds, as text. */
  stored(): Promise<string>;
}

export const raceKind = 'AuthorizationCode';
const longSeconds = 600;
/** Long enough to be read before it is over, on a busy machine too; short enough to be waited for. */
const shortSeconds = 2;

export function oauthRecordsContract(contract: Contract<OpenedOAuthRecords>): void {
  describeContract('OAuthRecords', contract, {
    'a record comes back as it was put, in every process': async ({ subject, other }) => {
      const values: readonly Json[] = [null, false, 0, '', 'ü"\n', [], {}, { a: [1, { b: null }] }];
      for (const [index, value] of values.entries()) {
        const put = record(index, { value, ...(index % 2 === 0 ? { grantId: 'grant-1' } : {}) });
        expect(await subject.put(put)).toBe(true);
        const expected = { hash: put.hash, value, ...(put.grantId === undefined ? {} : { grantId: 'grant-1' }) };
        expect(await subject.find('Session', put.hash)).toEqual(expected);
        expect(await another(other).find('Session', put.hash)).toEqual(expected);
      }
    },

    'kinds are apart': async ({ subject }) => {
      await subject.put(record(1));
      expect(await subject.find('AccessToken', record(1).hash)).toBeUndefined();
      await subject.put(record(1, { kind: 'AccessToken', value: 'other' }));
      expect((await subject.find('Session', record(1).hash))?.value).toEqual(record(1).value);
      await subject.remove('AccessToken', record(1).hash);
      expect(await subject.find('Session', record(1).hash)).toBeDefined();
    },

    'a record past its time is as if it had never been': async ({ subject, elapse }) => {
      const short = { ttlSeconds: shortSeconds, uidHash: 'uid', userCodeHash: 'code', grantId: 'grant-1' };
      await subject.put(record(1, short));
      await subject.put(record(2, { ttlSeconds: shortSeconds }));
      const { ttlSeconds: _, ...lasting } = record(3);
      await subject.put(lasting);
      await subject.put(record(4, { ttlSeconds: shortSeconds }));
      await subject.consume('Session', record(4).hash, 5);
      expect(await subject.findByUid('Session', 'uid')).toBeDefined();
      await elapse(shortSeconds);
      expect(await subject.find('Session', record(1).hash)).toBeUndefined();
      expect(await subject.findByUid('Session', 'uid')).toBeUndefined();
      expect(await subject.findByUserCode('Session', 'code')).toBeUndefined();
      expect(await subject.consume('Session', record(1).hash, 5)).toBe(false);
      expect(await subject.create(record(2, { value: 'new' }))).toBe(true);
      expect((await subject.find('Session', record(2).hash))?.value).toBe('new');
      expect(await subject.find('Session', record(3).hash)).toBeDefined();
      await subject.put(record(4));
      expect(await subject.find('Session', record(4).hash)).toEqual({ hash: record(4).hash, value: record(4).value });
    },

    '`put` sets the time anew': async ({ subject, elapse }) => {
      await subject.put(record(1, { ttlSeconds: shortSeconds }));
      await subject.put(record(1));
      await subject.put(record(2));
      await subject.put(record(2, { ttlSeconds: shortSeconds }));
      await elapse(shortSeconds);
      expect(await subject.find('Session', record(1).hash)).toBeDefined();
      expect(await subject.find('Session', record(2).hash)).toBeUndefined();
    },

    '`put` writes whatever was there, and keeps the mark of a consumption': async ({ subject }) => {
      await subject.put(record(1, { grantId: 'grant-1' }));
      expect(await subject.consume('Session', record(1).hash, 77)).toBe(true);
      await subject.put(record(1, { value: 'second' }));
      expect(await subject.find('Session', record(1).hash)).toEqual({
        hash: record(1).hash,
        value: 'second',
        consumedAtMs: 77,
      });
      expect(await subject.consume('Session', record(1).hash, 78)).toBe(false);
    },

    'records are found by their further ids': async ({ subject, other }) => {
      await subject.put(record(1, { uidHash: 'uid-1', userCodeHash: 'code-1' }));
      await subject.put(record(2, { uidHash: 'uid-2' }));
      expect((await another(other).findByUid('Session', 'uid-1'))?.hash).toBe(record(1).hash);
      expect((await another(other).findByUid('Session', 'uid-2'))?.hash).toBe(record(2).hash);
      expect((await subject.findByUserCode('Session', 'code-1'))?.hash).toBe(record(1).hash);
      expect(await subject.findByUserCode('Session', 'uid-1')).toBeUndefined();
      expect(await subject.findByUid('DeviceCode', 'uid-1')).toBeUndefined();
      await subject.remove('Session', record(1).hash);
      expect(await subject.findByUid('Session', 'uid-1')).toBeUndefined();
      // A session gets a new id and keeps its uid.
      await subject.put(record(3, { uidHash: 'uid-2' }));
      await subject.remove('Session', record(2).hash);
      expect((await subject.findByUid('Session', 'uid-2'))?.hash).toBe(record(3).hash);
    },

    '`create`: of several at once, exactly one answers true': async ({ subject, race }) => {
      const answers = await race('create', raceHashes);
      expect(answers.length).toBeGreaterThan(1);
      expect(winners(answers)).toEqual(raceHashes.map(() => 1));
      for (const hash of raceHashes) expect(await subject.find(raceKind, hash)).toBeDefined();
      expect(await subject.create({ ...record(1), kind: raceKind, hash: raceHashes[0] ?? '' })).toBe(false);
    },

    '`consume`: of several at once, exactly one answers true': async ({ subject, race }) => {
      for (const hash of raceHashes) await subject.put({ ...record(1), kind: raceKind, hash, grantId: 'grant-1' });
      const answers = await race('consume', raceHashes);
      expect(answers.length).toBeGreaterThan(1);
      expect(winners(answers)).toEqual(raceHashes.map(() => 1));
    },

    'a consumed record stays, with the time of it': async ({ subject, other }) => {
      await subject.put(record(1));
      expect(await subject.consume('Session', record(2).hash, 5)).toBe(false);
      expect(await subject.consume('Session', record(1).hash, 5)).toBe(true);
      expect(await another(other).consume('Session', record(1).hash, 6)).toBe(false);
      expect(await another(other).find('Session', record(1).hash)).toMatchObject({ consumedAtMs: 5 });
    },

    '`remove` removes, and an absent record is no error': async ({ subject }) => {
      await subject.put(record(1));
      await subject.put(record(2));
      await subject.remove('Session', record(1).hash);
      await subject.remove('Session', record(1).hash);
      expect(await subject.find('Session', record(1).hash)).toBeUndefined();
      expect(await subject.find('Session', record(2).hash)).toBeDefined();
    },

    'after `revokeGrant` no record of the grant is found, in any process': async ({ subject, other }) => {
      const kinds = ['AccessToken', 'RefreshToken', 'AuthorizationCode', 'Grant'];
      for (const kind of kinds) {
        await subject.put(record(1, { kind, grantId: 'grant-1', uidHash: 'uid' }));
        await another(other).put(record(2, { kind, grantId: 'grant-2' }));
      }
      await another(other).revokeGrant('grant-1');
      await another(other).revokeGrant('grant-unknown');
      for (const kind of kinds) {
        expect(await subject.find(kind, record(1).hash)).toBeUndefined();
        expect(await subject.findByUid(kind, 'uid')).toBeUndefined();
        expect(await subject.find(kind, record(2).hash)).toBeDefined();
      }
    },

    'none can come for a revoked grant, also not one that was under way': async ({ subject, other }) => {
      const writing = Array.from({ length: 60 }, (_, index) =>
        (index % 2 === 0 ? subject : another(other)).put(record(index, { grantId: 'grant-1' })),
      );
      await subject.revokeGrant('grant-1');
      await Promise.all(writing);
      for (let index = 0; index < 60; index++) {
        expect(await subject.find('Session', record(index).hash)).toBeUndefined();
      }
      expect(await another(other).put(record(1, { grantId: 'grant-1' }))).toBe(false);
      expect(await another(other).create(record(1, { grantId: 'grant-1' }))).toBe(false);
      expect(await subject.find('Session', record(1).hash)).toBeUndefined();
      expect(await subject.put(record(1))).toBe(true);
    },

    'nothing of a value can be read in the store': async ({ subject, stored }) => {
      await subject.put(record(1, { value: { jti: 'canary-of-a-token', accountId: 'canary-of-a-person' } }));
      const text = await stored();
      expect(text).toContain(record(1).hash);
      expect(text).not.toContain('canary');
    },

    'values are bound to their kind and hash': async ({ subject, sealer, stored }) => {
      await subject.put(record(1));
      const sealed = /igs1\.[\w-]+\.[\w-]+/g.exec(
        (await stored()).slice((await stored()).indexOf(record(1).hash)),
      )?.[0];
      await expect(sealer.open(sealed ?? '', ['oauth', 'Session', record(2).hash])).rejects.toMatchObject({
        code: 'INTERNAL',
      });
    },

    '`reseal` changes neither values nor times nor marks': async ({ subject, other, sealer, elapse }) => {
      for (let index = 0; index < 20; index++) {
        await subject.put(record(index, { grantId: 'grant-1', uidHash: `uid-${index}` }));
      }
      await subject.put(record(20, { ttlSeconds: shortSeconds }));
      await subject.consume('Session', record(3).hash, 33);
      await sealer.addKey();
      expect(await subject.reseal()).toBe(21);
      expect(await subject.reseal()).toBe(0);
      for (let index = 0; index < 20; index++) {
        expect((await another(other).findByUid('Session', `uid-${index}`))?.value).toEqual(record(index).value);
      }
      expect(await subject.find('Session', record(3).hash)).toMatchObject({ consumedAtMs: 33, grantId: 'grant-1' });
      await elapse(shortSeconds);
      expect(await subject.find('Session', record(20).hash)).toBeUndefined();
    },

    '`reseal` loses no write that happens meanwhile': async ({ subject, other, sealer }) => {
      for (let index = 0; index < 50; index++) await subject.put(record(index, { value: 'before' }));
      await sealer.addKey();
      const writing = Array.from({ length: 50 }, (_, index) =>
        another(other).put(record(index, { value: `after ${index}` })),
      );
      await subject.reseal();
      await Promise.all(writing);
      for (let index = 0; index < 50; index++) {
        expect((await subject.find('Session', record(index).hash))?.value).toBe(`after ${index}`);
      }
    },

    'what was answered survives a restart': async ({ subject, crash }) => {
      await subject.put(record(1, { grantId: 'grant-1' }));
      await subject.put(record(2));
      await subject.consume('Session', record(2).hash, 5);
      await subject.revokeGrant('grant-1');
      if (crash === undefined) throw new Error('Nothing survives: exempt this driver, with the reason.');
      const later = await crash();
      expect(await later.find('Session', record(1).hash)).toBeUndefined();
      expect(await later.put(record(1, { grantId: 'grant-1' }))).toBe(false);
      expect(await later.find('Session', record(2).hash)).toMatchObject({ consumedAtMs: 5 });
    },
  });
}

const raceHashes: readonly string[] = Array.from({ length: 60 }, (_, index) => hashOf(1_000 + index));

/** How many answered true, hash by hash. */
function winners(answers: readonly (readonly boolean[])[]): readonly number[] {
  return raceHashes.map((_, index) => answers.filter((answer) => answer[index] === true).length);
}

function hashOf(number: number): string {
  return number.toString(16).padStart(64, '0');
}

function record(number: number, changes: Partial<NewOAuthRecord> = {}): NewOAuthRecord {
  return { kind: 'Session', hash: hashOf(number), value: { number }, ttlSeconds: longSeconds, ...changes };
}
