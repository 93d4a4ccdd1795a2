import { expect } from 'vitest';
import type { AccessTokenRecord } from '../../../src/domain/model/access-token.ts';
import type { TokenStore } from '../../../src/domain/ports/token-store.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/token-store.ts. */
export interface OpenedTokenStore extends Opened {
  readonly subject: TokenStore;
  /** The same tokens as another process sees them. */
  readonly other?: TokenStore;
  /** Adds tokens, lets the process or server that took them die at once, and answers a store that was opened later. */
  readonly addAndCrash?: (tokens: readonly AccessTokenRecord[]) => Promise<TokenStore>;
}

export function tokenStoreContract(contract: Contract<OpenedTokenStore>): void {
  describeContract('TokenStore', contract, {
    '`add` is durable when it answers': async ({ addAndCrash }) => {
      if (addAndCrash === undefined) throw new Error('Nothing survives: exempt this driver, with the reason.');
      const tokens = [token(1), token(2), token(3)];
      const later = await addAndCrash(tokens);
      expect(await later.list()).toEqual(tokens);
      expect(await later.findByHash(token(2).hash)).toEqual(token(2));
    },

    'a record comes back as it was added': async ({ subject }) => {
      const records = [token(1), token(2, { scopes: [] }), token(3, { revokedAtMs: 77, subject: 'Zoë "1" ©' })];
      for (const record of records) await subject.add(record);
      for (const record of records) expect(await subject.findByHash(record.hash)).toEqual(record);
    },

    '`findByHash` answers expired and revoked records too': async ({ subject }) => {
      const expired = token(1, { issuedAtMs: 1_000, expiresAtMs: 2_000 });
      await subject.add(expired);
      await subject.add(token(2));
      expect(await subject.revoke(token(2).id, 5_000)).toBe(true);
      expect(await subject.findByHash(expired.hash)).toEqual(expired);
      expect(await subject.findByHash(token(2).hash)).toEqual(token(2, { revokedAtMs: 5_000 }));
    },

    'an unknown hash is `undefined`': async ({ subject }) => {
      await subject.add(token(1));
      expect(await subject.findByHash(token(2).hash)).toBeUndefined();
      expect(await subject.findByHash(token(1).id)).toBeUndefined();
      expect(await subject.findByHash('')).toBeUndefined();
    },

    '`list` is oldest first': async ({ subject }) => {
      expect(await subject.list()).toEqual([]);
      for (const number of [3, 1, 12, 2]) await subject.add(token(number));
      await subject.revoke(token(1).id, 9_000);
      const listed = await subject.list();
      expect(listed.map((record) => record.id)).toEqual([1, 2, 3, 12].map((number) => token(number).id));
      expect(listed[0]?.revokedAtMs).toBe(9_000);
    },

    '`revoke` is seen by `findByHash` as soon as it answers': async ({ subject }) => {
      await subject.add(token(1));
      expect((await subject.findByHash(token(1).hash))?.revokedAtMs).toBeUndefined();
      await subject.revoke(token(1).id, 5_000);
      expect((await subject.findByHash(token(1).hash))?.revokedAtMs).toBe(5_000);
    },

    '`revoke` is seen in every process as soon as it answers': async ({ subject, other }) => {
      await subject.add(token(1));
      await subject.add(token(2));
      expect(await another(other).findByHash(token(1).hash)).toEqual(token(1));
      await subject.revoke(token(1).id, 5_000);
      expect((await another(other).findByHash(token(1).hash))?.revokedAtMs).toBe(5_000);
      await another(other).revoke(token(2).id, 6_000);
      expect((await subject.findByHash(token(2).hash))?.revokedAtMs).toBe(6_000);
    },

    '`revoke` keeps the first time of revocation': async ({ subject }) => {
      await subject.add(token(1));
      await subject.add(token(2, { revokedAtMs: 4_000 }));
      expect(await subject.revoke(token(1).id, 5_000)).toBe(true);
      expect(await subject.revoke(token(1).id, 6_000)).toBe(true);
      expect(await subject.revoke(token(2).id, 7_000)).toBe(true);
      expect((await subject.list()).map((record) => record.revokedAtMs)).toEqual([5_000, 4_000]);
    },

    '`revoke` answers false for an unknown id': async ({ subject }) => {
      await subject.add(token(1));
      expect(await subject.revoke(token(2).id, 5_000)).toBe(false);
      expect(await subject.revoke(token(1).hash, 5_000)).toBe(false);
      expect(await subject.list()).toEqual([token(1)]);
    },

    'an id or a hash that is there already is refused and changes nothing': async ({ subject }) => {
      await subject.add(token(1));
      const conflict = expect.objectContaining({ code: 'CONFLICT' });
      await expect(subject.add(token(1, { id: 'tok_other', subject: 'thief' }))).rejects.toEqual(conflict);
      await expect(subject.add(token(1, { hash: 'f'.repeat(64), subject: 'thief' }))).rejects.toEqual(conflict);
      expect(await subject.list()).toEqual([token(1)]);
      expect(await subject.findByHash('f'.repeat(64))).toBeUndefined();
    },
  });
}

/** The token number n: the higher, the younger. */
function token(number: number, changes: Partial<AccessTokenRecord> = {}): AccessTokenRecord {
  return {
    id: `tok_${number}`,
    hash: number.toString(16).padStart(64, '0'),
    subject: `agent-${number}`,
    clientId: 'cli',
    scopes: ['cms:read', 'cms:write'],
    issuedAtMs: 1_700_000_000_000 + number,
    expiresAtMs: 1_800_000_000_000 + number,
    ...changes,
  };
}
