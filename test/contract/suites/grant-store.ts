import { expect } from 'vitest';
import type { Grant } from '../../../src/domain/model/grant.ts';
import type { GrantStore } from '../../../src/domain/ports/grant-store.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/grant-store.ts. */
export interface OpenedGrantStore extends Opened {
  readonly subject: GrantStore;
  readonly other?: GrantStore;
  /** Lets the store die at once, and answers one that is opened later. */
  readonly crash?: () => Promise<GrantStore>;
}

export function grantStoreContract(contract: Contract<OpenedGrantStore>): void {
  describeContract('GrantStore', contract, {
    'a grant comes back as it was put': async ({ subject }) => {
      const grants = [
        grant(1),
        grant(2, { displayName: 'Zoë "1" ©', scopes: [], toolsets: [], readOnly: true }),
        grant(3, { sourceTokenId: 'tok_1' }),
        grant(4, { revokedAtMs: 7, revocationReason: 'person' }),
      ];
      for (const put of grants) await subject.put(put);
      for (const put of grants) expect(await subject.find(put.id)).toEqual(put);
      expect(await subject.find('unknown')).toBeUndefined();
    },

    '`put` is durable and seen in every process when it answers': async ({ subject, other, crash }) => {
      await subject.put(grant(1));
      expect(await another(other).find('grant-1')).toEqual(grant(1));
      await another(other).put(grant(1, { scopes: ['cms:read', 'cms:publish'] }));
      expect((await subject.find('grant-1'))?.scopes).toEqual(['cms:read', 'cms:publish']);
      await subject.revoke('grant-1', 5, 'operator');
      if (crash === undefined) throw new Error('Nothing survives: exempt this driver, with the reason.');
      const later = await crash();
      expect((await later.find('grant-1'))?.revokedAtMs).toBe(5);
      expect(await later.list({})).toHaveLength(1);
    },

    '`put` changes a grant, and what was revoked stays revoked': async ({ subject }) => {
      await subject.put(grant(1));
      await subject.revoke('grant-1', 5, 'client');
      await subject.put(grant(1, { readOnly: true }));
      expect(await subject.find('grant-1')).toEqual(
        grant(1, { readOnly: true, revokedAtMs: 5, revocationReason: 'client' }),
      );
    },

    '`list` is newest first, with revoked ones, and by what is asked for': async ({ subject }) => {
      expect(await subject.list({})).toEqual([]);
      for (const number of [2, 1, 3]) await subject.put(grant(number));
      await subject.put(grant(4, { subject: 'cms:8', clientId: 'other', sourceTokenId: 'tok_1' }));
      await subject.revoke('grant-2', 5, 'person');
      const ids = async (filter: Parameters<GrantStore['list']>[0]) =>
        (await subject.list(filter)).map((found) => found.id);
      expect(await ids({})).toEqual(['grant-4', 'grant-3', 'grant-2', 'grant-1']);
      expect(await ids({ subject: 'cms:7' })).toEqual(['grant-3', 'grant-2', 'grant-1']);
      expect(await ids({ clientId: 'other' })).toEqual(['grant-4']);
      expect(await ids({ sourceTokenId: 'tok_1' })).toEqual(['grant-4']);
      expect(await ids({ subject: 'cms:7', clientId: 'other' })).toEqual([]);
      expect((await subject.list({}))[2]?.revocationReason).toBe('person');
    },

    '`touch` moves the last use forward, never back': async ({ subject }) => {
      await subject.put(grant(1, { lastUsedAtMs: 100 }));
      await subject.touch('grant-1', 200);
      await subject.touch('grant-1', 150);
      await subject.touch('unknown', 150);
      expect((await subject.find('grant-1'))?.lastUsedAtMs).toBe(200);
      await subject.put(grant(1, { lastUsedAtMs: 100 }));
      expect((await subject.find('grant-1'))?.lastUsedAtMs).toBe(200);
      expect(await subject.find('unknown')).toBeUndefined();
    },

    '`revoke` is seen in every process as soon as it answers': async ({ subject, other }) => {
      await subject.put(grant(1));
      expect((await another(other).find('grant-1'))?.revokedAtMs).toBeUndefined();
      await subject.revoke('grant-1', 5, 'reuse');
      expect(await another(other).find('grant-1')).toMatchObject({ revokedAtMs: 5, revocationReason: 'reuse' });
    },

    '`revoke`: exactly one call answers true; its time and reason stay': async ({ subject, other }) => {
      await subject.put(grant(1));
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? subject : another(other)).revoke('grant-1', 5, 'operator'),
        ),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await subject.revoke('grant-1', 9, 'person')).toBe(false);
      expect(await subject.find('grant-1')).toMatchObject({ revokedAtMs: 5, revocationReason: 'operator' });
    },

    'an unknown id is remembered as revoked': async ({ subject }) => {
      expect(await subject.revoke('grant-1', 5, 'operator')).toBe(true);
      expect(await subject.find('grant-1')).toBeUndefined();
      expect(await subject.list({})).toEqual([]);
      await subject.put(grant(1));
      expect(await subject.find('grant-1')).toMatchObject({ revokedAtMs: 5, revocationReason: 'operator' });
    },
  });
}

/** The grant number n: the higher, the younger. */
function grant(number: number, changes: Partial<Grant> = {}): Grant {
  return {
    id: `grant-${number}`,
    subject: 'cms:7',
    displayName: 'Eva Editor',
    clientId: 'https://client.example/metadata.json',
    clientName: 'Client',
    clientHost: 'client.example',
    redirectUri: 'http://127.0.0.1/callback',
    redirectUrisHash: 'a'.repeat(64),
    scopes: ['cms:read', 'cms:write'],
    toolsets: ['authoring'],
    readOnly: false,
    signIn: 'cms-login',
    createdAtMs: 1_700_000_000_000 + number,
    lastUsedAtMs: 1_700_000_000_000 + number,
    ...changes,
  };
}
