import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Snapshot, SnapshotItem } from '../../../src/domain/model/snapshot.ts';
import { snapshotIdOf } from '../../../src/domain/policy/snapshot-id.ts';
import { draftKeptMs, type SnapshotStore } from '../../../src/domain/ports/snapshot-store.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/snapshot-store.ts. */
export interface OpenedSnapshotStore extends Opened {
  readonly subject: SnapshotStore;
  /** The same place, as another process sees it. */
  readonly other: SnapshotStore;
  /** The same place, with another operator's key. */
  readonly foreign: SnapshotStore;
  readonly clock: FakeClock;
  /** Every file by its name, as it lies in the place. */
  readonly files: () => Promise<ReadonlyMap<string, Buffer>>;
  readonly putFile: (name: string, bytes: Buffer) => Promise<void>;
  readonly removeFile: (name: string) => Promise<void>;
  /** Modes of what the store has written on this machine. */
  readonly modes: () => Promise<readonly number[]>;
}

export function snapshotStoreContract(contract: Contract<OpenedSnapshotStore>): void {
  describeContract('SnapshotStore', contract, {
    'a snapshot is there as a whole or not at all': async (opened) => {
      const { subject, other, clock } = opened;
      const id = idAt(clock, 'one');
      const draft = await subject.begin({ id, rootId: 'x1', full: false });
      const [item, bytes] = itemWith(subject, 'x1', 'the text of the page');
      await draft.add([item], [bytes]);
      expect(await other.list()).toEqual([]);
      expect(await other.open(id)).toBeUndefined();
      expect(await other.head(id)).toBeUndefined();
      const snapshot = snapshotOf(id, clock, [item]);
      await draft.commit(snapshot);
      expect(await other.list()).toEqual([
        { id, takenAtMs: clock.nowMs(), sizeBytes: expect.any(Number) as unknown as number },
      ]);
      expect(await other.open(id)).toEqual(snapshot);
      const { items: _items, ...head } = snapshot;
      expect(await other.head(id)).toEqual(head);
      expect(String(Buffer.from(await other.object(item.contentHash ?? '')))).toBe('the text of the page');
    },

    'the same id is committed once': async ({ subject, other, clock }) => {
      const id = idAt(clock, 'one');
      const [first, second] = [
        await subject.begin({ id, rootId: 'x1', full: false }),
        await other.begin({ id, rootId: 'x1', full: false }),
      ];
      const [item, bytes] = itemWith(subject, 'x1', 'one');
      const [late, lateBytes] = itemWith(subject, 'x2', 'two');
      await first.add([item], [bytes]);
      await second.add([late], [lateBytes]);
      await first.commit(snapshotOf(id, clock, [item]));
      await second.commit(snapshotOf(id, clock, [late]));
      expect(await subject.list()).toHaveLength(1);
      expect((await subject.open(id))?.items).toEqual([item]);
    },

    'what several have in common is kept once': async (opened) => {
      const { subject, clock } = opened;
      const objects = async () => [...(await opened.files()).keys()].filter((name) => name.includes('object'));
      const [one, bytes] = itemWith(subject, 'x1', 'the same');
      const two = { ...one, id: 'x2' };
      await take(subject, clock, 'first', [one, two], [bytes, bytes]);
      expect(await objects()).toHaveLength(1);
      clock.advance(1_000);
      await take(subject, clock, 'second', [one], [bytes]);
      expect(await objects()).toHaveLength(1);
      expect(await subject.list()).toHaveLength(2);
    },

    'objects of every size come back as they were': async ({ subject, other, clock }) => {
      const contents = [Buffer.alloc(0), Buffer.from('a'), randomBytes(200_001)];
      const items = contents.map((bytes, at) => ({ ...bare(`x${at}`), contentHash: subject.hashOf(bytes) }));
      await take(subject, clock, 'one', items, contents);
      for (const [at, item] of items.entries()) {
        expect(Buffer.from(await other.object(item.contentHash)).equals(contents[at] ?? Buffer.of(1))).toBe(true);
      }
    },

    'a draft goes on where it was left, in another process': async ({ subject, other, clock }) => {
      const id = idAt(clock, 'one');
      const draft = await subject.begin({ id, rootId: 'x1', full: false });
      const [item, bytes] = itemWith(subject, 'x1', 'kept');
      const [next, nextBytes] = itemWith(subject, 'x2', 'kept too');
      await draft.add([item], [bytes]);
      await draft.add([next], [nextBytes]);
      const resumed = await other.begin({ id, rootId: 'x1', full: false });
      expect(resumed.kept.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([item, next]);
      await resumed.commit(snapshotOf(id, clock, [item, next]));
      expect((await subject.open(id))?.items).toHaveLength(2);
      // Nothing is left of the draft.
      expect((await subject.begin({ id, rootId: 'x1', full: false })).kept).toEqual([]);
    },

    'a draft leans on the newest snapshot of the same root, unless everything is read anew': async (opened) => {
      const { subject, clock } = opened;
      const [old, oldBytes] = itemWith(subject, 'x1', 'old');
      const [item, bytes] = itemWith(subject, 'x1', 'new');
      await take(subject, clock, 'old', [old], [oldBytes]);
      clock.advance(1_000);
      const newest = await take(subject, clock, 'new', [item], [bytes]);
      clock.advance(1_000);
      await take(subject, clock, 'elsewhere', [old], [oldBytes], 'x9');
      clock.advance(1_000);
      const draft = await subject.begin({ id: idAt(clock, 'next'), rootId: 'x1', full: false });
      expect(draft.basedOn).toBe(newest);
      expect(draft.basis).toEqual([item]);
      const full = await subject.begin({ id: idAt(clock, 'full'), rootId: 'x1', full: true });
      expect(full.basis).toEqual([]);
      expect(full.basedOn).toBeUndefined();
    },

    'an item whose objects are not all there is leaned on by nobody': async (opened) => {
      const { subject, clock } = opened;
      const [one, bytes] = itemWith(subject, 'x1', 'one');
      const [two, more] = itemWith(subject, 'x2', 'two');
      await take(subject, clock, 'old', [one, two], [bytes, more]);
      await opened.removeFile(`content-object-${two.contentHash}.igxb`);
      clock.advance(1_000);
      const draft = await subject.begin({ id: idAt(clock, 'next'), rootId: 'x1', full: false });
      expect(draft.basis).toEqual([one]);
      await draft.add([two], [more]);
      await draft.commit(snapshotOf(idAt(clock, 'next'), clock, [one, two]));
      expect(String(Buffer.from(await subject.object(two.contentHash ?? '')))).toBe('two');
    },

    '`commit` of what is neither added nor leaned on is INTERNAL': async ({ subject, clock }) => {
      const id = idAt(clock, 'one');
      const draft = await subject.begin({ id, rootId: 'x1', full: false });
      const [item] = itemWith(subject, 'x1', 'never added');
      await expect(draft.commit(snapshotOf(id, clock, [item]))).rejects.toMatchObject({ code: 'INTERNAL' });
      expect(await subject.list()).toEqual([]);
    },

    '`remove` takes away what nothing refers to, and nothing else': async (opened) => {
      const { subject, other, clock } = opened;
      const [shared, sharedBytes] = itemWith(subject, 'x1', 'shared');
      const [own, ownBytes] = itemWith(subject, 'x2', 'own');
      const first = await take(subject, clock, 'first', [shared, own], [sharedBytes, ownBytes]);
      clock.advance(1_000);
      const second = await take(subject, clock, 'second', [shared], [sharedBytes]);
      expect(await other.remove([first, 'unknown', '../x'])).toEqual({ objectsRemoved: 1 });
      expect((await subject.list()).map(({ id }) => id)).toEqual([second]);
      await expect(subject.object(own.contentHash ?? '')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      expect(String(Buffer.from(await subject.object(shared.contentHash ?? '')))).toBe('shared');
      expect(await other.remove([second])).toEqual({ objectsRemoved: 1 });
      expect([...(await opened.files()).keys()]).toEqual([]);
    },

    'what a draft leans on or has added is not removed, and is when the draft is too old': async (opened) => {
      const { subject, other, clock } = opened;
      const [base, baseBytes] = itemWith(subject, 'x1', 'base');
      const old = await take(subject, clock, 'old', [base], [baseBytes]);
      clock.advance(1_000);
      const id = idAt(clock, 'next');
      const draft = await subject.begin({ id, rootId: 'x1', full: false });
      const [added, addedBytes] = itemWith(subject, 'x2', 'added');
      await draft.add([added], [addedBytes]);
      expect(await other.remove([old])).toEqual({ objectsRemoved: 0 });
      await draft.commit(snapshotOf(id, clock, [base, added]));
      for (const item of [base, added]) await other.object(item.contentHash ?? '');
      const left = await subject.begin({ id: idAt(clock, 'left'), rootId: 'x7', full: false });
      const [loose, looseBytes] = itemWith(subject, 'x7', 'loose');
      await left.add([loose], [looseBytes]);
      expect(await other.remove([])).toEqual({ objectsRemoved: 0 });
      clock.advance(draftKeptMs + 1_000);
      expect(await other.remove([])).toEqual({ objectsRemoved: 1 });
      expect([...(await opened.files()).keys()].filter((name) => name.includes('draft'))).toEqual([]);
    },

    'nothing that is referred to is lost while others take and remove': async (opened) => {
      const { subject, other, clock } = opened;
      const texts = Array.from({ length: 6 }, (_, at) => `text ${at}`);
      const keeping = texts.map(async (text, at) => {
        const [item, bytes] = itemWith(subject, `x${at}`, text);
        const store = at % 2 === 0 ? subject : other;
        const id = idAt(clock, `job ${at}`);
        const draft = await store.begin({ id, rootId: 'x1', full: false });
        await draft.add([item], [bytes]);
        await draft.commit(snapshotOf(id, clock, [item]));
        return { id, item, text };
      });
      const removing = Array.from({ length: 4 }, () => other.remove([]));
      const taken = await Promise.all(keeping);
      await Promise.all(removing);
      for (const { id, item, text } of taken) {
        expect((await subject.open(id))?.items).toEqual([item]);
        expect(String(Buffer.from(await subject.object(item.contentHash ?? '')))).toBe(text);
      }
    },

    'what is missing, changed or cut off is refused, and nothing of it is answered': async (opened) => {
      const { subject, clock } = opened;
      const content = randomBytes(100_000);
      const item = { ...bare('x1'), contentHash: subject.hashOf(content) };
      const id = await take(subject, clock, 'one', [item], [content]);
      const object = `content-object-${item.contentHash}.igxb`;
      const list = `content-snapshot-${id}.igxb`;
      const reads: readonly (readonly [string, () => Promise<unknown>])[] = [
        [object, () => subject.object(item.contentHash)],
        [list, () => subject.open(id)],
      ];
      for (const [name, read] of reads) {
        const whole = (await opened.files()).get(name) ?? Buffer.alloc(0);
        const damages = [
          flipped(whole, 6),
          flipped(whole, whole.length - 3),
          flipped(whole, Math.floor(whole.length / 2)),
          whole.subarray(0, whole.length - 1),
          whole.subarray(0, 20),
          Buffer.concat([whole, Buffer.from('x')]),
          Buffer.alloc(0),
        ];
        for (const damaged of damages) {
          await opened.putFile(name, damaged);
          await expect(read()).rejects.toMatchObject({
            code: 'STORAGE_UNAVAILABLE',
            message: expect.stringContaining('full: true'),
          });
        }
        await opened.putFile(name, whole);
        await read();
      }
      await opened.removeFile(object);
      await expect(subject.object(item.contentHash)).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
        message: expect.stringContaining('missing'),
      });
      // One good object in the place of another.
      const [stranger, strange] = itemWith(subject, 'x2', 'another');
      clock.advance(1_000);
      await take(subject, clock, 'two', [stranger], [strange], 'x2');
      const swapped = (await opened.files()).get(`content-object-${stranger.contentHash}.igxb`);
      await opened.putFile(object, swapped ?? Buffer.alloc(0));
      await expect(subject.object(item.contentHash)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    },

    'a good file in the place of another is refused': async (opened) => {
      const { subject, clock } = opened;
      const [before, beforeBytes] = itemWith(subject, 'x1', 'before');
      const [after, afterBytes] = itemWith(subject, 'x1', 'after');
      const older = await take(subject, clock, 'older', [before], [beforeBytes]);
      clock.advance(1_000);
      const newer = await take(subject, clock, 'newer', [after], [afterBytes]);
      const list = `content-snapshot-${newer}.igxb`;
      const good = await opened.files();
      const refusal = { code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining('damaged') };
      for (const name of [`content-snapshot-${older}.igxb`, `content-object-${after.contentHash}.igxb`]) {
        await opened.putFile(list, good.get(name) ?? Buffer.alloc(0));
        await expect(subject.open(newer)).rejects.toMatchObject(refusal);
        await expect(subject.head(newer)).rejects.toMatchObject(refusal);
      }
      await opened.putFile(list, good.get(list) ?? Buffer.alloc(0));
      expect((await subject.open(newer))?.items).toEqual([after]);
    },

    'a damaged list keeps nobody from the next snapshot, nor from removing it': async (opened) => {
      const { subject, clock } = opened;
      const [item, bytes] = itemWith(subject, 'x1', 'one');
      const id = await take(subject, clock, 'one', [item], [bytes]);
      await opened.putFile(`content-snapshot-${id}.igxb`, Buffer.from('nonsense'));
      clock.advance(1_000);
      const next = await take(subject, clock, 'two', [item], [bytes]);
      expect((await subject.open(next))?.items).toEqual([item]);
      await expect(subject.remove([])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      await subject.remove([id]);
      expect((await subject.list()).map((each) => each.id)).toEqual([next]);
    },

    'nothing can be read in the place without the key': async (opened) => {
      const { subject, foreign, clock } = opened;
      const secret = 'a sentence that only the site has';
      const [item, bytes] = itemWith(subject, 'x1', secret);
      const id = await take(subject, clock, 'one', [{ ...item, name: secret, path: `Home / ${secret}` }], [bytes]);
      const files = await opened.files();
      expect(files.size).toBe(2);
      for (const content of files.values()) expect(content.includes(secret)).toBe(false);
      const refusal = { code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining('TOKEN_ENCRYPTION_KEY') };
      await expect(foreign.open(id)).rejects.toMatchObject(refusal);
      await expect(foreign.object(item.contentHash ?? '')).rejects.toMatchObject(refusal);
      for (const mode of await opened.modes()) expect((mode & 0o077).toString(8)).toBe('0');
    },

    'what is kept is counted, of files that cannot be read as well': async (opened) => {
      const { subject, other, clock } = opened;
      expect(await subject.usage()).toEqual({ snapshots: 0, bytes: { list: 0, object: 0, draft: 0 } });
      const [item, bytes] = itemWith(subject, 'x1', 'kept');
      const id = await take(subject, clock, 'one', [item], [bytes]);
      const takenAtMs = clock.nowMs();
      clock.advance(1_000);
      await subject.begin({ id: idAt(clock, 'next'), rootId: 'x1', full: false });
      await opened.putFile(`content-snapshot-${id}.igxb`, Buffer.from('nonsense'));
      const sizes = { list: 0, object: 0, draft: 0 };
      for (const [name, content] of await opened.files()) {
        sizes[name.includes('draft') ? 'draft' : name.includes('object') ? 'object' : 'list'] += content.length;
      }
      expect(Math.min(...Object.values(sizes))).toBeGreaterThan(0);
      expect(await other.usage()).toEqual({ snapshots: 1, lastTakenAtMs: takenAtMs, bytes: sizes });
    },

    'unknown ids answer undefined, or nothing': async ({ subject }) => {
      for (const id of ['', 'unknown', '../../etc/passwd', '20260101t000000000z-000000000000']) {
        expect(await subject.open(id)).toBeUndefined();
        expect(await subject.head(id)).toBeUndefined();
      }
      expect(await subject.remove(['20260101t000000000z-000000000000'])).toEqual({ objectsRemoved: 0 });
      expect(await subject.list()).toEqual([]);
    },
  });
}

const sha256Of = (subject: string): string => Buffer.from(subject.padEnd(12, '.')).toString('hex');
const idAt = (clock: FakeClock, origin: string): string => snapshotIdOf(clock.nowMs(), origin, sha256Of);

function bare(id: string): SnapshotItem {
  return { id, kind: 'page', name: id, path: `Home / ${id}`, version: 1, categoryIds: [], assetIds: [] };
}

function itemWith(store: SnapshotStore, id: string, text: string): readonly [SnapshotItem, Buffer] {
  const bytes = Buffer.from(text);
  return [{ ...bare(id), contentHash: store.hashOf(bytes) }, bytes];
}

function snapshotOf(id: string, clock: FakeClock, items: readonly SnapshotItem[], rootId = 'x1'): Snapshot {
  return {
    id,
    takenAtMs: clock.nowMs(),
    takenBy: 'ada',
    root: { id: rootId, name: 'Home', path: 'Home' },
    counts: {
      pages: items.length,
      assets: 0,
      fileBytes: 0,
      read: 0,
      reused: 0,
      draftsOut: 0,
      hidden: 0,
      filesLeftOut: 0,
    },
    gaps: [],
    items,
  };
}

async function take(
  store: SnapshotStore,
  clock: FakeClock,
  origin: string,
  items: readonly SnapshotItem[],
  objects: readonly Buffer[],
  rootId = 'x1',
): Promise<string> {
  const id = idAt(clock, origin);
  const draft = await store.begin({ id, rootId, full: false });
  await draft.add(items, objects);
  await draft.commit(snapshotOf(id, clock, items, rootId));
  return id;
}

function flipped(whole: Buffer, at: number): Buffer {
  const copy = Buffer.from(whole);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
