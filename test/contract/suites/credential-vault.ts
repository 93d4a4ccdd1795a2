import { expect } from 'vitest';
import type { CmsCredential, CmsTokens, CredentialOwner } from '../../../src/domain/model/cms-credential.ts';
import type { CredentialVault } from '../../../src/domain/ports/credential-vault.ts';
import type { Sealer } from '../../../src/domain/ports/sealer.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/credential-vault.ts. */
export interface OpenedCredentialVault extends Opened {
  readonly subject: CredentialVault;
  /** The same credentials as another process sees them. */
  readonly other?: CredentialVault;
  /** Seals for the vault. */
  readonly sealer: Sealer;
  /** The credentials after the process or server that keeps them has died and was started again. */
  readonly crash?: () => Promise<CredentialVault>;
  /** Everything that the store holds, as text. */
  stored(): Promise<string>;
  /** Writes another owner beside what is stored of a grant, as somebody with access to the store could. */
  changeOwner(grantId: string, owner: CredentialOwner): Promise<void>;
}

export function credentialVaultContract(contract: Contract<OpenedCredentialVault>): void {
  describeContract('CredentialVault', contract, {
    'a credential comes back as it was put, with its owner': async ({ subject }) => {
      const credentials: readonly CmsCredential[] = [
        tokens(1),
        { kind: 'tokens', accessToken: 'only', expiresAtMs: 5 },
        { ...tokens(3), issuedTo: 'sandbox-editor' },
        { kind: 'identity', identity: 'editors' },
      ];
      for (const [index, credential] of credentials.entries()) await subject.put(`grant-${index}`, owner, credential);
      for (const [index, credential] of credentials.entries()) {
        expect(await subject.find(`grant-${index}`)).toEqual({ owner, credential, version: expect.any(String) });
      }
    },

    'nothing of a credential is in the store in clear': async ({ subject, stored }) => {
      await subject.put('grant', owner, tokens(1));
      const { version = '' } = (await subject.find('grant')) ?? {};
      await subject.replace('grant', version, tokens(2));
      const text = await stored();
      expect(text).toContain(owner.subject);
      for (const secret of [1, 2].flatMap((number) => [tokens(number).accessToken, tokens(number).refreshToken])) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(Buffer.from(String(secret)).toString('base64').slice(0, 20));
      }
    },

    'what was sealed for one owner is not answered for another': async ({ subject, changeOwner }) => {
      for (const other of [
        { ...owner, subject: 'cms:users/2' },
        { ...owner, clientId: 'another client' },
        { ...owner, provider: 'https://another.example' },
      ]) {
        await subject.put('grant', owner, tokens(1));
        await changeOwner('grant', other);
        await expect(subject.find('grant')).rejects.toEqual(expect.objectContaining({ code: 'INTERNAL' }));
      }
    },

    '`put` is durable when it answers': async ({ subject, crash }) => {
      await subject.put('grant', owner, tokens(1));
      if (crash === undefined) throw new Error('Nothing survives: exempt this driver, with the reason.');
      expect((await (await crash()).find('grant'))?.credential).toEqual(tokens(1));
    },

    '`put` takes the place of what was there': async ({ subject }) => {
      await subject.put('grant', owner, tokens(1));
      const nextOwner = { ...owner, clientId: 'another client' };
      await subject.put('grant', nextOwner, { kind: 'identity', identity: 'editors' });
      expect(await subject.find('grant')).toMatchObject({ owner: nextOwner, credential: { kind: 'identity' } });
    },

    '`find` answers what was stored last, in every process': async ({ subject, other }) => {
      await subject.put('grant', owner, tokens(1));
      const seen = await another(other).find('grant');
      expect(seen?.credential).toEqual(tokens(1));
      await another(other).replace('grant', seen?.version ?? '', tokens(2));
      expect((await subject.find('grant'))?.credential).toEqual(tokens(2));
    },

    'a grant without a credential is `undefined`': async ({ subject }) => {
      await subject.put('grant', owner, tokens(1));
      expect(await subject.find('another grant')).toBeUndefined();
      expect(await subject.find('')).toBeUndefined();
    },

    '`replace` stores only over the version that is expected, and keeps the owner': async ({ subject }) => {
      await subject.put('grant', owner, tokens(1));
      const first = (await subject.find('grant'))?.version ?? '';
      expect(await subject.replace('grant', 'another version', tokens(2))).toBe(false);
      expect(await subject.replace('another grant', first, tokens(2))).toBe(false);
      expect((await subject.find('grant'))?.credential).toEqual(tokens(1));
      expect(await subject.replace('grant', first, tokens(2))).toBe(true);
      expect(await subject.replace('grant', first, tokens(3))).toBe(false);
      expect(await subject.find('grant')).toMatchObject({ owner, credential: tokens(2) });
    },

    '`replace`: of several at once with the same version, exactly one does': async ({ subject, other }) => {
      for (let round = 0; round < 20; round++) {
        await subject.put('grant', owner, tokens(0));
        const version = (await subject.find('grant'))?.version ?? '';
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, number) =>
            (number % 2 === 0 ? subject : another(other)).replace('grant', version, tokens(number + 1)),
          ),
        );
        expect(answers.filter((answer) => answer)).toHaveLength(1);
        expect((await subject.find('grant'))?.credential).toEqual(tokens(answers.indexOf(true) + 1));
      }
    },

    'a version is never used twice': async ({ subject }) => {
      const versions: (string | undefined)[] = [];
      const look = async () => versions.push((await subject.find('grant'))?.version);
      await subject.put('grant', owner, tokens(1));
      await look();
      await subject.replace('grant', versions[0] ?? '', tokens(1));
      await look();
      await subject.put('grant', owner, tokens(1));
      await look();
      await subject.remove('grant');
      await subject.put('grant', owner, tokens(1));
      await look();
      expect(new Set(versions).size).toBe(4);
      expect(await subject.replace('grant', versions[0] ?? '', tokens(2))).toBe(false);
    },

    '`remove` is seen in every process as soon as it answers': async ({ subject, other }) => {
      await subject.put('grant', owner, tokens(1));
      const version = (await subject.find('grant'))?.version ?? '';
      await another(other).remove('grant');
      expect(await subject.find('grant')).toBeUndefined();
      expect(await subject.replace('grant', version, tokens(2))).toBe(false);
      expect(await subject.find('grant')).toBeUndefined();
      await subject.remove('grant');
    },

    '`reseal` changes neither credential nor version, and makes every seal current': async ({ subject, sealer }) => {
      await subject.put('one', owner, tokens(1));
      await subject.put('two', owner, { kind: 'identity', identity: 'editors' });
      const before = [await subject.find('one'), await subject.find('two')];
      await sealer.addKey();
      expect(await subject.reseal()).toBe(2);
      expect(await subject.reseal()).toBe(0);
      expect([await subject.find('one'), await subject.find('two')]).toEqual(before);
    },

    '`reseal` loses nothing that is stored at the same time': async ({ subject, sealer }) => {
      const ids = Array.from({ length: 20 }, (_, index) => `grant-${index}`);
      for (const id of ids) await subject.put(id, owner, tokens(0));
      await sealer.addKey();
      const replace = async (id: string) => subject.replace(id, (await subject.find(id))?.version ?? '', tokens(9));
      const [, answers] = await Promise.all([subject.reseal(), Promise.all(ids.map(replace))]);
      expect(answers.every((answer) => answer)).toBe(true);
      for (const id of ids) expect((await subject.find(id))?.credential).toEqual(tokens(9));
    },
  });
}

const owner: CredentialOwner = {
  subject: 'cms:users/1',
  clientId: 'https://agent.example/client.json',
  provider: 'https://cms.example/cxp4',
};

function tokens(number: number): CmsTokens {
  return {
    kind: 'tokens',
    accessToken: `canary-access-${number}-5d41402abc4b2a76`,
    refreshToken: `canary-refresh-${number}-b9719d911017c592`,
    expiresAtMs: 1_700_000_000_000 + number,
  };
}
