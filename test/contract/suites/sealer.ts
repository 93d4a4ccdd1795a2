import { expect } from 'vitest';
import { keysFreshMs, keysKeptMs, type SealContext, type Sealer } from '../../../src/domain/ports/sealer.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/sealer.ts. */
export interface OpenedSealer extends Opened {
  readonly subject: Sealer;
  /** Another process with the same operator's keys and the same key store. */
  readonly other?: Sealer;
  /** The same store, opened with other keys of the operator. */
  withKeys(keys: readonly ('first' | 'second')[]): Sealer;
  elapse(ms: number): void;
  /** Everything that the key store holds, as text. */
  stored(): Promise<string>;
}

const context: SealContext = ['credential', 'cms:7', 'client-1', 'https://cms.example'];
const secret = 'Zoë’s CMS token: S3CRET-canary';

export function sealerContract(contract: Contract<OpenedSealer>): void {
  describeContract('Sealer', contract, {
    '`open` answers what `seal` was given': async ({ subject }) => {
      for (const plain of [secret, '', '\u0000', 'x'.repeat(100_000)]) {
        expect(await subject.open(await subject.seal(plain, context), context)).toBe(plain);
      }
    },

    'what one process sealed opens in another': async ({ subject, other }) => {
      const sealed = await subject.seal(secret, context);
      expect(await another(other).open(sealed, context)).toBe(secret);
      expect(await subject.open(await another(other).seal(secret, context), context)).toBe(secret);
    },

    'two processes that make the first key at once understand each other': async ({ subject, other }) => {
      const [one, two] = await Promise.all([subject.seal(secret, context), another(other).seal(secret, context)]);
      expect(await subject.open(two, context)).toBe(secret);
      expect(await another(other).open(one, context)).toBe(secret);
    },

    'a text that was changed anywhere does not open': async ({ subject }) => {
      const sealed = await subject.seal(secret, context);
      for (let index = 0; index < sealed.length; index++) {
        const changed = `${sealed.slice(0, index)}${sealed[index] === 'A' ? 'B' : 'A'}${sealed.slice(index + 1)}`;
        await expect(subject.open(changed, context), `changed at ${index}`).rejects.toMatchObject({ code: 'INTERNAL' });
      }
    },

    'a text that was cut or grew does not open': async ({ subject }) => {
      const sealed = await subject.seal(secret, context);
      const variants = ['', 'A', sealed.slice(0, -1), sealed.slice(0, 40), `${sealed}A`, `${sealed}=`, ` ${sealed}`];
      for (const variant of variants) {
        await expect(subject.open(variant, context)).rejects.toMatchObject({ code: 'INTERNAL' });
      }
    },

    'a text does not open in another context': async ({ subject }) => {
      const sealed = await subject.seal(secret, context);
      const [kind = '', user = '', client = '', provider = ''] = context;
      const foreign: SealContext[] = [
        [],
        [kind, 'cms:8', client, provider],
        [kind, user, 'client-2', provider],
        [kind, user, client],
        [kind, user, client, provider, ''],
        [kind, `${user}${client}`, provider],
        [kind, client, user, provider],
      ];
      for (const wrong of foreign) {
        await expect(subject.open(sealed, wrong)).rejects.toMatchObject({ code: 'INTERNAL' });
      }
    },

    'a text whose key is unknown does not open': async ({ subject }) => {
      const [version, , text] = (await subject.seal(secret, context)).split('.');
      await expect(subject.open(`${version}.key_unknown.${text}`, context)).rejects.toMatchObject({ code: 'INTERNAL' });
    },

    'the same text gives different sealed texts, and none shows it': async ({ subject }) => {
      const sealed = await Promise.all(Array.from({ length: 50 }, () => subject.seal(secret, context)));
      expect(new Set(sealed).size).toBe(50);
      for (const text of sealed) {
        expect(text).not.toContain('canary');
        expect(Buffer.from(text.split('.').at(-1) ?? '', 'base64url').toString('latin1')).not.toContain('canary');
      }
    },

    'after `addKey` this process seals with the new key at once': async ({ subject }) => {
      const before = await subject.seal(secret, context);
      const id = await subject.addKey();
      const after = await subject.seal(secret, context);
      expect(after).toContain(`.${id}.`);
      expect(await subject.isCurrent(after)).toBe(true);
      expect(await subject.isCurrent(before)).toBe(false);
      expect(await subject.open(before, context)).toBe(secret);
    },

    'another process opens at once what was sealed with a new key, and seals with it soon': async ({
      subject,
      other,
      elapse,
    }) => {
      const theirs = await another(other).seal(secret, context);
      const id = await subject.addKey();
      expect(await another(other).open(await subject.seal(secret, context), context)).toBe(secret);
      elapse(keysFreshMs);
      expect(await another(other).seal(secret, context)).toContain(`.${id}.`);
      expect(await subject.open(theirs, context)).toBe(secret);
    },

    'changes of the keys disturb no caller': async ({ subject, other, elapse }) => {
      const processes = [subject, another(other)];
      const working = processes.map(async (sealer) => {
        for (let count = 0; count < 200; count++) {
          expect(await sealer.open(await sealer.seal(`${count}`, context), context)).toBe(`${count}`);
        }
      });
      for (let count = 0; count < 10; count++) {
        await subject.addKey();
        elapse(keysFreshMs);
        await another(other).rewrapKeys();
        await subject.dropKeys();
      }
      await Promise.all(working);
    },

    '`dropKeys` removes only keys that stopped sealing long ago': async ({ subject, other, elapse }) => {
      const sealed = await subject.seal(secret, context);
      elapse(1);
      await subject.addKey();
      elapse(keysKeptMs);
      expect(await subject.dropKeys()).toBe(0);
      expect(await another(other).open(sealed, context)).toBe(secret);
      elapse(1);
      expect(await subject.dropKeys()).toBe(1);
      await expect(subject.open(sealed, context)).rejects.toMatchObject({ code: 'INTERNAL' });
      expect(await subject.open(await subject.seal(secret, context), context)).toBe(secret);
    },

    'stored keys are sealed with the operator’s key and useless without it': async ({ subject, withKeys, stored }) => {
      const sealed = await subject.seal(secret, context);
      expect(await stored()).toContain('igs1.');
      const stranger = withKeys(['second']);
      const refusal = { code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining('TOKEN_ENCRYPTION_KEY') };
      await expect(stranger.checkKeys()).rejects.toMatchObject(refusal);
      await expect(stranger.open(sealed, context)).rejects.toMatchObject(refusal);
      await expect(stranger.seal(secret, context)).rejects.toMatchObject(refusal);
    },

    '`rewrapKeys` moves the stored keys to the operator’s first key': async ({ subject, withKeys }) => {
      const sealed = await subject.seal(secret, context);
      await subject.addKey();
      const both = withKeys(['second', 'first']);
      expect(await both.open(sealed, context)).toBe(secret);
      expect(await both.rewrapKeys()).toBe(2);
      expect(await both.rewrapKeys()).toBe(0);
      expect(await withKeys(['second']).open(sealed, context)).toBe(secret);
      await expect(withKeys(['first']).checkKeys()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      // A process that knew the keys goes on.
      expect(await subject.open(sealed, context)).toBe(secret);
    },
  });
}
