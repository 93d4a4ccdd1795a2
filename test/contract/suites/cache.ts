import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Cache, CacheOptions } from '../../../src/domain/ports/cache.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { poll } from '../../support/poll.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/cache.ts. */
export interface OpenedCache extends Opened {
  /** Keeps at most `cacheSize` values in its process. */
  readonly subject: Cache;
  /** The cache of another process that shares the store. */
  readonly other?: Cache;
  /** The clock of both. */
  readonly clock: FakeClock;
  /** What the subject's `onProblem` was told. */
  readonly problems: readonly unknown[];
  /** Takes the values out of the shared store, so that only what the processes keep themselves is left. */
  forgetShared(): Promise<void>;
  /** Empties the shared store, versions of tags and all. */
  readonly emptyShared?: () => Promise<void>;
  /** How a shared store fails: `gone` cannot be reached, `silent` never answers, `read-only` answers reads only. */
  readonly breakStore?: (how: 'gone' | 'silent' | 'read-only') => Promise<void>;
  /** The store comes back with what it had. */
  readonly mendStore?: () => Promise<void>;
}

export const cacheSize = 3;

const second = 1000;

export function cacheContract(contract: Contract<OpenedCache>): void {
  describeContract('Cache', contract, {
    '`getOrLoad` answers a kept value no older than `freshSeconds`, else loads it': async ({ subject, clock }) => {
      const page = source('page');
      expect(await subject.getOrLoad('key', page.read)).toEqual({ value: 'page 1', origin: 'loaded', ageSeconds: 0 });
      clock.advance(9 * second);
      expect(await subject.getOrLoad('key', page.read)).toEqual({ value: 'page 1', origin: 'kept', ageSeconds: 9 });
      clock.advance(second);
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ origin: 'kept', ageSeconds: 10 });
      clock.advance(1);
      expect(await subject.getOrLoad('key', page.read)).toEqual({ value: 'page 2', origin: 'loaded', ageSeconds: 0 });
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'kept' });
    },

    'the age counts from the question, not from the answer': async ({ subject, clock }) => {
      const page = source('page');
      const asked = subject.getOrLoad('key', page.hold());
      await page.loads(1);
      clock.advance(8 * second);
      page.answer(1, 'slow');
      await asked;
      clock.advance(2 * second);
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({
        value: 'slow',
        origin: 'kept',
        ageSeconds: 10,
      });
      clock.advance(second);
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ origin: 'loaded' });
    },

    'any plain JSON is kept as it was, `undefined` too': async ({ subject, other }) => {
      const values = [undefined, null, false, 0, '', [], { a: [{ b: 'ü' }] }];
      for (const [index, value] of values.entries()) {
        const read = { ...source('never').read, load: async () => value };
        const key = `key-${index}`;
        expect(await subject.getOrLoad(key, read)).toEqual({ value, origin: 'loaded', ageSeconds: 0 });
        expect(await (other ?? subject).getOrLoad(key, read)).toEqual({ value, origin: 'kept', ageSeconds: 0 });
      }
    },

    'what one process loaded, another one answers': async ({ subject, other, clock }) => {
      const page = source('page');
      await subject.getOrLoad('key', page.read);
      clock.advance(4 * second);
      expect(await another(other).getOrLoad('key', page.read)).toEqual({
        value: 'page 1',
        origin: 'kept',
        ageSeconds: 4,
      });
      clock.advance(7 * second);
      await another(other).getOrLoad('key', page.read);
      // The subject's own copy is too old by now; the other one's is not.
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'kept' });
    },

    'with `freshSeconds` 0 it always loads': async ({ subject }) => {
      const page = source('page');
      const always = { ...page.read, freshSeconds: 0 };
      for (const number of [1, 2, 3]) {
        expect(await subject.getOrLoad('key', always)).toEqual({
          value: `page ${number}`,
          origin: 'loaded',
          ageSeconds: 0,
        });
      }
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 3', origin: 'kept' });
    },

    'with `freshSeconds` and `staleSeconds` 0 nothing is kept': async ({ subject }) => {
      const page = source('page');
      await subject.getOrLoad('key', { ...page.read, freshSeconds: 0, staleSeconds: 0 });
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'loaded' });
    },

    'equal keys asked for at the same time load once per process': async ({ subject }) => {
      const page = source('page');
      const asked = Promise.all(Array.from({ length: 50 }, () => subject.getOrLoad('key', page.hold())));
      await page.loads(1);
      page.answer(1, 'once');
      const answers = await asked;
      expect(answers.every(({ value }) => value === 'once')).toBe(true);
      expect(page.count()).toBe(1);
    },

    'a load that ends at once is shared by all who asked with it': async ({ subject }) => {
      const page = source('page');
      const answers = await Promise.all(Array.from({ length: 50 }, () => subject.getOrLoad('key', page.read)));
      expect(answers.every(({ value }) => value === 'page 1')).toBe(true);
      expect(page.count()).toBe(1);
    },

    'a load that fails fails for all who share it, and the next one loads anew': async ({ subject }) => {
      const page = source('page');
      const outcomes: string[] = [];
      for (let asker = 0; asker < 5; asker++) {
        subject.getOrLoad('key', page.hold()).then(
          () => outcomes.push('answered'),
          () => outcomes.push('failed'),
        );
      }
      // Who asks when the shared load has just failed loads anew, and that load fails too.
      await poll('all to be told', () => {
        for (let load = 1; load <= page.count(); load++) page.fail(load, new Outage());
        return outcomes.length === 5;
      });
      expect(outcomes).toEqual(Array(5).fill('failed'));
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ origin: 'loaded' });
    },

    'different keys are different values': async ({ subject }) => {
      const [one, two] = [source('one'), source('two')];
      await Promise.all([subject.getOrLoad('key', one.read), subject.getOrLoad('key ', two.read)]);
      expect(await subject.getOrLoad('key', one.read)).toMatchObject({ value: 'one 1', origin: 'kept' });
      expect(await subject.getOrLoad('key ', two.read)).toMatchObject({ value: 'two 1', origin: 'kept' });
    },

    'when loading throws what `mayServeStale` allows, a value no older than `staleSeconds` is answered as stale':
      async ({ subject, clock }) => {
        const page = source('page');
        await subject.getOrLoad('key', page.read);
        clock.advance(60 * second);
        expect(await subject.getOrLoad('key', page.failing(new Outage()))).toEqual({
          value: 'page 1',
          origin: 'stale',
          ageSeconds: 60,
        });
        // It stays stale: the next one asks again.
        expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 3', origin: 'loaded' });
      },

    'a value older than `staleSeconds` is not answered': async ({ subject, clock }) => {
      const page = source('page');
      await subject.getOrLoad('key', page.read);
      clock.advance(61 * second);
      await expect(subject.getOrLoad('key', page.failing(new Outage()))).rejects.toThrow(Outage);
    },

    'other errors rise': async ({ subject, clock }) => {
      const page = source('page');
      await subject.getOrLoad('key', page.read);
      clock.advance(11 * second);
      await expect(subject.getOrLoad('key', page.failing(new Refusal()))).rejects.toThrow(Refusal);
    },

    'nothing is kept of an error': async ({ subject }) => {
      const page = source('page');
      await expect(subject.getOrLoad('key', page.failing(new Refusal()))).rejects.toThrow(Refusal);
      await expect(subject.getOrLoad('key', page.failing(new Outage()))).rejects.toThrow(Outage);
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 3', origin: 'loaded' });
    },

    'after `drop` no value that carries one of the tags is answered': async ({ subject }) => {
      const [page, list, rest] = [source('page', ['item:1', 'all']), source('list', ['all']), source('rest', ['else'])];
      const readAll = () =>
        Promise.all([page, list, rest].map((from, index) => subject.getOrLoad(`key-${index}`, from.read)));
      await readAll();
      await subject.drop(['item:1', 'unknown']);
      expect((await readAll()).map(({ value }) => value)).toEqual(['page 2', 'list 1', 'rest 1']);
      await subject.drop(['all']);
      expect((await readAll()).map(({ value }) => value)).toEqual(['page 3', 'list 2', 'rest 1']);
      await subject.drop([]);
      expect((await readAll()).map(({ origin }) => origin)).toEqual(['kept', 'kept', 'kept']);
    },

    'after `drop` it is not answered as stale either': async ({ subject, clock }) => {
      const page = source('page');
      await subject.getOrLoad('key', page.read);
      clock.advance(20 * second);
      await subject.drop(['tag']);
      await expect(subject.getOrLoad('key', page.failing(new Outage()))).rejects.toThrow(Outage);
    },

    'a drop while a load fails takes the stale value away from it': async ({ subject, clock }) => {
      const page = source('page');
      await subject.getOrLoad('key', page.read);
      clock.advance(20 * second);
      const asked = subject.getOrLoad('key', page.hold());
      await page.loads(2);
      await subject.drop(['tag']);
      page.fail(2, new Outage());
      await expect(asked).rejects.toThrow(Outage);
    },

    'after `drop` it is answered in no process that shares the store': async ({ subject, other, clock }) => {
      const page = source('page');
      const there = another(other);
      await subject.getOrLoad('key', page.read);
      await there.getOrLoad('key', page.read);
      await subject.drop(['tag']);
      expect(await there.getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'loaded' });
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'kept' });
      await there.drop(['tag']);
      clock.advance(20 * second);
      await expect(subject.getOrLoad('key', page.failing(new Outage()))).rejects.toThrow(Outage);
    },

    'many reads and drops in both processes never answer what was dropped': async ({ subject, other }) => {
      let version = 0;
      const read: CacheOptions<number> = { ...source('unused').read, load: async () => version };
      const readers = [subject, another(other)];
      for (let round = 0; round < 60; round++) {
        const underWay = readers.map((cache) => cache.getOrLoad('key', read));
        version = round + 1;
        await readers[round % 2]?.drop(['tag']);
        const answers = await Promise.all(readers.map((cache) => cache.getOrLoad('key', read)));
        expect(answers.map(({ value }) => value)).toEqual([version, version]);
        await Promise.all(underWay);
      }
    },

    'a load that was under way at a drop is answered to its own caller only and not kept': async ({ subject }) => {
      await dropDuringLoad(subject, subject);
    },

    'a load that was under way at a drop in another process is answered to its own caller only and not kept': async ({
      subject,
      other,
    }) => {
      await dropDuringLoad(subject, another(other));
    },

    'at most `CACHE_MAX_SIZE` values are kept per process; those least recently used go first': async (opened) => {
      const { subject, forgetShared } = opened;
      const read = (key: string) => subject.getOrLoad(key, { ...source(key).read, tags: [] });
      for (const key of ['a', 'b', 'c']) await read(key);
      await forgetShared();
      expect(await read('a')).toMatchObject({ origin: 'kept' });
      await read('d');
      await forgetShared();
      // Read from the youngest to the oldest, because each miss pushes another one out.
      for (const key of ['d', 'a', 'c']) expect(await read(key), key).toMatchObject({ origin: 'kept' });
      expect(await read('b')).toMatchObject({ origin: 'loaded' });
    },

    '`entryCount` is how many values this process keeps': async ({ subject }) => {
      expect(subject.entryCount()).toBe(0);
      for (const key of ['a', 'b', 'c', 'd']) {
        await subject.getOrLoad(key, { ...source(key).read, tags: ['letters'] });
        expect(subject.entryCount()).toBe(Math.min('abcd'.indexOf(key) + 1, 3));
      }
    },

    'a store that is gone is a miss, never an error': async ({ subject, problems, ...opened }) => {
      const page = source('page');
      await subject.getOrLoad('key', page.read);
      await breakableStore(opened).breakStore('gone');
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'loaded' });
      expect(problems.length).toBeGreaterThan(0);
      const asked = Promise.all(Array.from({ length: 10 }, () => subject.getOrLoad('key', page.hold())));
      await page.loads(3);
      page.answer(3, 'once');
      expect((await asked).every(({ value }) => value === 'once')).toBe(true);
      await expect(subject.getOrLoad('key', page.failing(new Outage()))).rejects.toThrow(Outage);
      await dropDuringLoads(subject, subject);
    },

    'a store that does not answer is a miss, never an error': async ({ subject, problems, ...opened }) => {
      const page = source('page');
      await subject.getOrLoad('key', page.read);
      const { breakStore, mendStore } = breakableStore(opened);
      await breakStore('silent');
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'loaded' });
      await subject.drop(['tag']);
      expect(problems.length).toBeGreaterThan(0);
      await mendStore();
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 3', origin: 'loaded' });
    },

    'a drop that the store could not take is made up for when it is back': async ({ subject, other, ...opened }) => {
      const page = source('page');
      await subject.getOrLoad('key', page.read);
      await another(other).getOrLoad('key', page.read);
      const { breakStore, mendStore } = breakableStore(opened);
      await breakStore('gone');
      await subject.drop(['tag']);
      await mendStore();
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'loaded' });
      expect(await another(other).getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'kept' });
      await breakStore('gone');
      await subject.drop(['tag']);
      await mendStore();
      await poll('the other process to be told without a read here', async () => {
        const answer = await another(other).getOrLoad('key', page.read);
        return answer.value === 'page 3';
      });
    },

    'a drop that the store refuses holds in its own process all the same': async ({ subject, ...opened }) => {
      const page = source('page');
      await subject.getOrLoad('key', page.read);
      const { breakStore, mendStore } = breakableStore(opened);
      await breakStore('read-only');
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 1', origin: 'kept' });
      await subject.drop(['tag']);
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'loaded' });
      await mendStore();
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 3', origin: 'loaded' });
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 3', origin: 'kept' });
    },

    'an emptied store brings nothing old back': async ({ subject, other, emptyShared }) => {
      if (emptyShared === undefined) throw new Error('Nothing to empty: exempt this driver, with the reason.');
      const page = source('page');
      await subject.getOrLoad('key', page.read);
      await another(other).drop(['tag']);
      await emptyShared();
      expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'page 2', origin: 'loaded' });
      await emptyShared();
      expect(await another(other).getOrLoad('key', page.read)).toMatchObject({ value: 'page 3', origin: 'loaded' });
    },
  });
}

/** A failure that stale values may stand in for. */
class Outage extends Error {}
/** A failure that must be told. */
class Refusal extends Error {}

/** A source whose n-th load gives `name n`, at once or when the test says so. */
function source(name: string, tags: readonly string[] = ['tag']) {
  const held: PromiseWithResolvers<string>[] = [];
  let count = 0;
  const options = {
    tags,
    freshSeconds: 10,
    staleSeconds: 60,
    mayServeStale: (error: unknown) => error instanceof Outage,
  };
  const read: CacheOptions<string> = { ...options, load: async () => `${name} ${++count}` };
  return {
    read,
    /** Loads wait until `answer` or `fail` is called with their number. */
    hold: (): CacheOptions<string> => ({
      ...options,
      load: () => {
        const load = Promise.withResolvers<string>();
        held[++count] = load;
        return load.promise;
      },
    }),
    failing: (error: Error): CacheOptions<string> => ({
      ...options,
      load: async () => {
        count++;
        throw error;
      },
    }),
    count: () => count,
    loads: (wanted: number) => poll(`load ${wanted}`, () => count >= wanted, { everyMs: 1 }),
    answer: (number: number, value: string) => held[number]?.resolve(value),
    fail: (number: number, error: Error) => held[number]?.reject(error),
  };
}

async function dropDuringLoad(subject: Cache, dropper: Cache): Promise<void> {
  const page = await dropDuringLoads(subject, dropper);
  expect(await subject.getOrLoad('key', page.read)).toMatchObject({ value: 'new', origin: 'kept' });
  expect(await dropper.getOrLoad('key', page.read)).toMatchObject({ value: 'new', origin: 'kept' });

  const alone = source('alone');
  const underWay = subject.getOrLoad('key-2', alone.hold());
  await alone.loads(1);
  await dropper.drop(['tag']);
  alone.answer(1, 'old');
  expect(await underWay).toMatchObject({ value: 'old' });
  expect(await subject.getOrLoad('key-2', alone.read)).toMatchObject({ value: 'alone 2', origin: 'loaded' });
}

/** Two loads of one key at once, with a drop between their questions; once the older one ends first, once last. */
async function dropDuringLoads(subject: Cache, dropper: Cache) {
  const busy = source('busy');
  const first = subject.getOrLoad('key-1', busy.hold());
  await busy.loads(1);
  await dropper.drop(['tag']);
  const second = subject.getOrLoad('key-1', busy.hold());
  await busy.loads(2);
  // The old load must not hide the new one from those who ask next.
  busy.answer(1, 'old');
  expect(await first).toMatchObject({ value: 'old' });
  const third = subject.getOrLoad('key-1', busy.read);
  // Time to find the load under way; a store that answers has the value by then, and that is as good.
  await nextTurn();
  busy.answer(2, 'new');
  expect([await second, await third].map(({ value }) => value)).toEqual(['new', 'new']);

  const page = source('page');
  const before = subject.getOrLoad('key', page.hold());
  await page.loads(1);
  await dropper.drop(['tag']);
  const after = subject.getOrLoad('key', page.hold());
  await page.loads(2);
  page.answer(2, 'new');
  expect(await after).toEqual({ value: 'new', origin: 'loaded', ageSeconds: 0 });
  // The old load must not put its value over the new one.
  page.answer(1, 'old');
  expect(await before).toEqual({ value: 'old', origin: 'loaded', ageSeconds: 0 });
  return page;
}

function breakableStore({ breakStore, mendStore }: Pick<OpenedCache, 'breakStore' | 'mendStore'>) {
  if (breakStore === undefined || mendStore === undefined) {
    throw new Error('Nothing to break: exempt this driver, with the reason.');
  }
  return { breakStore, mendStore };
}
