import { expect } from 'vitest';
import type { Json } from '../../../src/domain/model/job.ts';
import type { ExpiringRecords } from '../../../src/domain/ports/expiring-records.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/expiring-records.ts. */
export interface OpenedExpiringRecords extends Opened {
  readonly subject: ExpiringRecords;
  /** The same records as another process sees them. */
  readonly other?: ExpiringRecords;
  /** Lets time pass for the store. */
  elapse(seconds: number): Promise<void>;
  /** Several at once work through the same keys; answers for each of them what it got, key by key. */
  race(act: 'create' | 'take', keys: readonly string[]): Promise<readonly (readonly boolean[])[]>;
  /** Has records written, lets the process or server that took them die at once, and answers a store opened later. */
  readonly writeAndCrash?: (act: 'create' | 'replace', keys: readonly string[]) => Promise<ExpiringRecords>;
}

const longSeconds = 600;
/** Long enough to be read before it is over, on a busy machine too; short enough to be waited for. */
const shortSeconds = 2;

export function expiringRecordsContract(contract: Contract<OpenedExpiringRecords>): void {
  describeContract('ExpiringRecords', contract, {
    'a value comes back as it was written': async ({ subject }) => {
      const values: readonly Json[] = [null, false, 0, '', 'ü"\n', [], {}, { a: [1, { b: null }] }];
      for (const [index, value] of values.entries()) {
        expect(await subject.create(`key-${index}`, value, longSeconds)).toBe(true);
        expect(await subject.get(`key-${index}`)).toEqual(value);
      }
    },

    '`create` answers false where there is a record, and leaves it': async ({ subject, other }) => {
      expect(await subject.create('key', 'first', longSeconds)).toBe(true);
      expect(await subject.create('key', 'second', longSeconds)).toBe(false);
      expect(await (other ?? subject).create('key', 'third', longSeconds)).toBe(false);
      expect(await subject.get('key')).toBe('first');
    },

    '`create` is atomic: of several at once for one key, exactly one answers true': async ({ subject, race }) => {
      const answers = await race('create', raceKeys);
      expect(answers.length).toBeGreaterThan(1);
      expect(winners(answers)).toEqual(raceKeys.map(() => 1));
      for (const key of raceKeys) expect(await subject.get(key)).toBeDefined();
    },

    'records are seen by all processes': async ({ subject, other }) => {
      await subject.create('key', 'mine', longSeconds);
      expect(await another(other).get('key')).toBe('mine');
      await another(other).replace('key', 'theirs', longSeconds);
      expect(await subject.get('key')).toBe('theirs');
      await subject.remove('key');
      expect(await another(other).get('key')).toBeUndefined();
    },

    'a record past its time is as if it had never been, at once': async ({ subject, elapse }) => {
      for (const key of ['got', 'taken', 'created', 'removed']) await subject.create(key, 'old', shortSeconds);
      expect(await subject.get('got')).toBe('old');
      expect(await subject.create('created', 'new', longSeconds)).toBe(false);
      await elapse(shortSeconds);
      expect(await subject.get('got')).toBeUndefined();
      expect(await subject.take('taken')).toBeUndefined();
      expect(await subject.create('created', 'new', longSeconds)).toBe(true);
      expect(await subject.get('created')).toBe('new');
      await subject.remove('removed');
      expect(await subject.create('removed', 'new', longSeconds)).toBe(true);
    },

    '`take` answers and removes': async ({ subject }) => {
      expect(await subject.take('key')).toBeUndefined();
      await subject.create('key', { a: 1 }, longSeconds);
      expect(await subject.take('key')).toEqual({ a: 1 });
      expect(await subject.take('key')).toBeUndefined();
      expect(await subject.get('key')).toBeUndefined();
      expect(await subject.create('key', 'again', longSeconds)).toBe(true);
    },

    '`take`: of several at once for one key, exactly one gets the record': async ({ subject, race }) => {
      for (const key of raceKeys) await subject.create(key, key, longSeconds);
      const answers = await race('take', raceKeys);
      expect(answers.length).toBeGreaterThan(1);
      expect(winners(answers)).toEqual(raceKeys.map(() => 1));
    },

    '`replace` writes whatever was there': async ({ subject }) => {
      await subject.replace('absent', 'new', longSeconds);
      expect(await subject.get('absent')).toBe('new');
      await subject.create('present', 'old', longSeconds);
      await subject.replace('present', ['new'], longSeconds);
      expect(await subject.get('present')).toEqual(['new']);
    },

    '`replace` sets the time anew': async ({ subject, elapse }) => {
      await subject.create('longer', 'old', shortSeconds);
      await subject.replace('longer', 'new', longSeconds);
      await subject.create('shorter', 'old', longSeconds);
      await subject.replace('shorter', 'new', shortSeconds);
      await elapse(shortSeconds);
      expect(await subject.get('longer')).toBe('new');
      expect(await subject.get('shorter')).toBeUndefined();
    },

    '`remove` removes, and an absent record is no error': async ({ subject }) => {
      await subject.remove('key');
      await subject.create('key', 'value', longSeconds);
      await subject.create('key-2', 'value', longSeconds);
      await subject.remove('key');
      expect(await subject.get('key')).toBeUndefined();
      expect(await subject.get('key-2')).toBe('value');
    },

    'what `create` answered survives a restart': async ({ writeAndCrash }) => {
      const later = await survivor(writeAndCrash)('create', ['a', 'b']);
      expect(await later.get('a')).toBeDefined();
      expect(await later.create('b', 'again', longSeconds)).toBe(false);
    },

    'what `replace` answered survives a restart': async ({ subject, writeAndCrash }) => {
      await subject.create('a', 'before', longSeconds);
      const later = await survivor(writeAndCrash)('replace', ['a', 'b']);
      expect(await later.get('a')).toBe('replaced');
      expect(await later.get('b')).toBe('replaced');
    },
  });
}

const raceKeys: readonly string[] = Array.from({ length: 60 }, (_, index) => `contended-${index}`);

/** How many answered true, key by key. */
function winners(answers: readonly (readonly boolean[])[]): readonly number[] {
  return raceKeys.map((_, index) => answers.filter((answer) => answer[index] === true).length);
}

function survivor(write: OpenedExpiringRecords['writeAndCrash']): NonNullable<OpenedExpiringRecords['writeAndCrash']> {
  if (write === undefined) throw new Error('Nothing survives: exempt this driver, with the reason.');
  return write;
}
