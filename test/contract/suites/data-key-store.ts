import { expect } from 'vitest';
import type { DataKeyStore, StoredDataKey } from '../../../src/domain/ports/data-key-store.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/data-key-store.ts. */
export interface OpenedDataKeyStore extends Opened {
  readonly subject: DataKeyStore;
  readonly other?: DataKeyStore;
  /** Lets the store die at once, and answers one that is opened later. */
  readonly crash?: () => Promise<DataKeyStore>;
}

export function dataKeyStoreContract(contract: Contract<OpenedDataKeyStore>): void {
  describeContract('DataKeyStore', contract, {
    '`add` is durable and seen in every process when it answers': async ({ subject, other, crash }) => {
      await subject.add(key(1));
      expect(await another(other).list()).toEqual([key(1)]);
      await another(other).add(key(2));
      if (crash === undefined) throw new Error('Nothing survives: exempt this driver, with the reason.');
      expect(await (await crash()).list()).toEqual([key(1), key(2)]);
    },

    'an id that is there is CONFLICT': async ({ subject }) => {
      await subject.add(key(1));
      await expect(subject.add({ ...key(1), wrapped: 'other' })).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await subject.list()).toEqual([key(1)]);
    },

    '`list` is oldest first, then by id': async ({ subject }) => {
      expect(await subject.list()).toEqual([]);
      const twin = { ...key(2), id: 'key_0' };
      for (const added of [key(3), key(2), twin, key(1)]) await subject.add(added);
      expect(await subject.list()).toEqual([key(1), twin, key(2), key(3)]);
    },

    '`rewrap` replaces a key only where it is still the same': async ({ subject }) => {
      await subject.add(key(1));
      await subject.add(key(2));
      expect(await subject.rewrap(key(1).id, 'something else', 'new')).toBe(false);
      expect(await subject.rewrap('key_unknown', 'wrapped-1', 'new')).toBe(false);
      expect(await subject.rewrap(key(1).id, 'wrapped-1', 'new')).toBe(true);
      expect(await subject.rewrap(key(1).id, 'wrapped-1', 'newer')).toBe(false);
      expect(await subject.list()).toEqual([{ ...key(1), wrapped: 'new' }, key(2)]);
    },

    '`remove` removes, and an unknown id is no error': async ({ subject }) => {
      await subject.add(key(1));
      await subject.add(key(2));
      await subject.remove(key(1).id);
      await subject.remove(key(1).id);
      expect(await subject.list()).toEqual([key(2)]);
    },
  });
}

function key(number: number): StoredDataKey {
  return { id: `key_${number}`, wrapped: `wrapped-${number}`, createdAtMs: 1_700_000_000_000 + number };
}
