import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DomainError } from '../../../domain/errors.ts';
import type { ArchiveFacts, StateRecord } from '../../../domain/model/backup.ts';
import type { Json } from '../../../domain/model/job.ts';
import type {
  Snapshot,
  SnapshotHead,
  SnapshotItem,
  SnapshotPart,
  StoredSnapshot,
} from '../../../domain/model/snapshot.ts';
import { timeOfSnapshot } from '../../../domain/policy/snapshot-id.ts';
import type { BackupArchive } from '../../../domain/ports/backup-archive.ts';
import type { BackupStore } from '../../../domain/ports/backup-store.ts';
import type { Lock } from '../../../domain/ports/lock.ts';
import { draftKeptMs, type SnapshotDraft, type SnapshotStore } from '../../../domain/ports/snapshot-store.ts';
import type { Clock } from '../../../domain/ports/system.ts';

export interface SnapshotStoreOptions {
  /** Where backups are kept: snapshots lie beside them, as files of their own. */
  readonly store: BackupStore;
  /** How each file is sealed: as backups are. */
  readonly archive: BackupArchive;
  readonly facts: Pick<ArchiveFacts, 'productVersion' | 'layout'>;
  /** Of all processes that share the place. */
  readonly lock: Lock;
  readonly clock: Clock;
}

/**
 * The files of snapshots. An object is written before the list that refers to it, and noted in a draft before it is
 * written; whoever removes objects reads all lists and drafts first. Both hold the same lock, so that none is removed
 * between its noting and its list.
 */
export function createSnapshotStore({ store, archive, facts, lock, clock }: SnapshotStoreOptions): SnapshotStore {
  const write = async (name: string, holds: ArchiveFacts['holds'], records: Iterable<StateRecord>): Promise<void> => {
    const each = async function* (): AsyncGenerator<StateRecord> {
      yield* records;
    };
    const about: ArchiveFacts = { ...facts, holds, configuration: {}, createdAtMs: clock.nowMs() };
    await store.put(name, archive.write(about, each()));
  };

  /** The records of a file, proven to its end and to be of this kind; whether there is one. */
  async function* read(name: string, kind: Kind, what: string): AsyncGenerator<StateRecord, boolean> {
    const bytes = await store.get(name);
    if (bytes === undefined) return false;
    try {
      const { facts: about, records } = await archive.open(bytes);
      // One of the same key in the place of another: a backup's records are no list of pages.
      if (about.holds !== kind) throw unreadable(what, 'changed');
      yield* records;
    } catch (error) {
      // What the archive says is about backups; here the way out is another one.
      if (error instanceof DomainError && error.code === 'BAD_INPUT') throw unreadable(what, error);
      throw error;
    }
    return true;
  }

  const readAll = async (name: string, kind: Kind, what: string): Promise<readonly StateRecord[] | undefined> => {
    const records: StateRecord[] = [];
    const reading = read(name, kind, what);
    for (;;) {
      const next = await reading.next();
      if (next.done === true) return next.value ? records : undefined;
      records.push(next.value);
    }
  };

  /** What a list says first. A good list under the name of another would tell of another time. */
  const headOf = (id: string, { value }: StateRecord): SnapshotHead => {
    const said = stored<SnapshotHead>(value);
    if (said.id !== id) throw unreadable(`The snapshot ${id}`, 'changed');
    return said;
  };

  const head = async (id: string): Promise<SnapshotHead | undefined> => {
    if (timeOfSnapshot(id) === undefined) return undefined;
    // The first record: it is proven by itself, and leaving the loop closes the file.
    for await (const first of read(nameOf(prefixes.list, id), 'snapshot', `The snapshot ${id}`))
      return headOf(id, first);
    return undefined;
  };

  const open = async (id: string): Promise<Snapshot | undefined> => {
    if (timeOfSnapshot(id) === undefined) return undefined;
    const records = await readAll(nameOf(prefixes.list, id), 'snapshot', `The snapshot ${id}`);
    const [first, ...items] = records ?? [];
    if (first === undefined) return undefined;
    return { ...headOf(id, first), items: items.map(({ value }) => stored<SnapshotItem>(value)) };
  };

  const list = async (): Promise<readonly StoredSnapshot[]> => {
    const files = await store.list(prefixes.list);
    return files
      .flatMap(({ name, sizeBytes }) => {
        const id = name.slice(prefixes.list.length, -suffix.length);
        const takenAtMs = timeOfSnapshot(id);
        return takenAtMs === undefined ? [] : [{ id, takenAtMs, sizeBytes }];
      })
      .toReversed();
  };

  /** The newest snapshot of the root that can be read: a damaged one is not leaned on. */
  const newestOf = async (rootId: string): Promise<Snapshot | undefined> => {
    for (const { id } of await list()) {
      const found = await unlessUnreadable(async () => ((await head(id))?.root.id === rootId ? open(id) : undefined));
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const objectHashes = async (): Promise<readonly string[]> =>
    (await store.list(prefixes.object)).map(({ name }) => name.slice(prefixes.object.length, -suffix.length));

  /** Alone among all processes: whoever else wants to waits. */
  const exclusively = async <T>(act: () => Promise<T>): Promise<T> => {
    for (let waitedMs = 0; waitedMs <= lockWaitMsMax; waitedMs += lockPollMs) {
      const held = await lock.acquire('content-snapshots', lockMs);
      if (held === undefined) {
        await wait(lockPollMs);
        continue;
      }
      try {
        return await act();
      } finally {
        await held.release();
      }
    }
    throw new DomainError('STORAGE_UNAVAILABLE', 'Another process works on the snapshots. Try again in a moment.');
  };

  const readDraft = async (id: string): Promise<ReadDraft | undefined> => {
    const files = await store.list(`${prefixes.draft}${id}-`);
    const parts: (readonly StateRecord[])[] = [];
    for (const { name } of files) parts.push((await readAll(name, 'snapshot_draft', 'A draft of a snapshot')) ?? []);
    if (parts.length === 0) return undefined;
    const of = (part: string) =>
      parts.flat().flatMap((record) => (record.part === part ? [stored<SnapshotItem>(record.value)] : []));
    const basedOn = parts.flat().find(({ part }) => part === 'based_on')?.value;
    return {
      basedOn: typeof basedOn === 'string' ? basedOn : undefined,
      basis: of('basis'),
      kept: of('kept'),
    };
  };

  const forget = async (id: string): Promise<void> => {
    for (const { name } of await store.list(`${prefixes.draft}${id}-`)) await store.remove(name);
  };

  const beginDraft = async (id: string, rootId: string, full: boolean): Promise<ReadDraft> => {
    await forget(id);
    const base = full ? undefined : await newestOf(rootId);
    const name = nameOf(prefixes.draft, `${id}-basis`);
    const records = [
      // A draft without anything to lean on is there all the same.
      { part: 'based_on', value: base?.id ?? null },
      ...(base?.items ?? []).map((item) => ({ part: 'basis', value: plain(item) })),
    ];
    await write(name, 'snapshot_draft', records);
    return { basedOn: base?.id, basis: base?.items ?? [], kept: [] };
  };

  /** Every object that a list or a draft refers to; drafts that nobody goes on with are removed. */
  const referredTo = async (): Promise<ReadonlySet<string>> => {
    const hashes = new Set<string>();
    const note = (items: readonly SnapshotItem[]): void => {
      for (const item of items) for (const hash of hashesOf(item)) hashes.add(hash);
    };
    for (const { id } of await list()) note((await open(id))?.items ?? []);
    for (const id of new Set((await store.list(prefixes.draft)).map(({ name }) => draftOf(name)))) {
      if (clock.nowMs() - (timeOfSnapshot(id) ?? 0) > draftKeptMs) {
        await forget(id);
        continue;
      }
      const draft = await readDraft(id);
      note([...(draft?.basis ?? []), ...(draft?.kept ?? [])]);
    }
    return hashes;
  };

  return {
    place: store.place,
    hashOf,
    list,
    head,
    open,

    async object(hash) {
      const what = 'A part of this snapshot';
      const records = await readAll(nameOf(prefixes.object, hash), 'snapshot_object', what);
      if (records === undefined) throw unreadable(what, 'missing');
      const bytes = Buffer.concat(records.map(({ value }) => Buffer.from(String(value), 'base64')));
      if (hashOf(bytes) !== hash) throw unreadable(what, 'changed');
      return bytes;
    },

    async begin({ id, rootId, full }) {
      if (timeOfSnapshot(id) === undefined) throw new DomainError('BAD_INPUT', 'That is not the id of a snapshot.');
      const { draft, present } = await exclusively(async () => ({
        // One that cannot be read is begun anew.
        draft: (await unlessUnreadable(() => readDraft(id))) ?? (await beginDraft(id, rootId, full)),
        present: new Set(await objectHashes()),
      }));
      const isWhole = (item: SnapshotItem): boolean => hashesOf(item).every((hash) => present.has(hash));
      return openDraft(id, {
        ...draft,
        basis: draft.basis.filter(isWhole),
        kept: draft.kept.filter(isWhole),
      });
    },

    async usage() {
      const snapshots = await list();
      const bytesOf = async (part: SnapshotPart): Promise<number> =>
        (await store.list(prefixes[part])).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      return {
        snapshots: snapshots.length,
        ...(snapshots[0] === undefined ? {} : { lastTakenAtMs: snapshots[0].takenAtMs }),
        bytes: { list: await bytesOf('list'), object: await bytesOf('object'), draft: await bytesOf('draft') },
      };
    },

    async remove(ids) {
      return exclusively(async () => {
        for (const id of ids) if (timeOfSnapshot(id) !== undefined) await store.remove(nameOf(prefixes.list, id));
        // Objects first: what is put after this was noted in a draft that the second read sees, or is not in the list.
        const present = await objectHashes();
        const needed = await referredTo();
        const loose = present.filter((hash) => !needed.has(hash));
        for (const hash of loose) await store.remove(nameOf(prefixes.object, hash));
        return { objectsRemoved: loose.length };
      });
    },
  };

  function openDraft(id: string, draft: ReadDraft): SnapshotDraft {
    const known = new Set([...draft.basis, ...draft.kept].flatMap(hashesOf));
    return {
      basedOn: draft.basedOn,
      basis: draft.basis,
      kept: draft.kept,
      async add(items, objects) {
        const fresh = new Map(objects.map((bytes) => [hashOf(bytes), bytes]));
        await exclusively(async () => {
          const records = items.map((item) => ({ part: 'kept', value: plain(item) }));
          // Named by what it holds: two runs of one job may be at it for a moment, and neither takes the other's away.
          const name = hashOf(Buffer.from(JSON.stringify(records))).slice(0, 12);
          await write(nameOf(prefixes.draft, `${id}-${name}`), 'snapshot_draft', records);
          for (const [hash, bytes] of fresh) {
            if (!known.has(hash)) await write(nameOf(prefixes.object, hash), 'snapshot_object', chunksOf(bytes));
          }
        });
        for (const hash of fresh.keys()) known.add(hash);
      },
      async commit({ items, ...about }) {
        const strange = items.flatMap(hashesOf).find((hash) => !known.has(hash));
        if (strange !== undefined) throw new DomainError('INTERNAL', 'A snapshot refers to what it does not hold.');
        await exclusively(async () => {
          const name = nameOf(prefixes.list, id);
          const isThere = (await store.list(name)).length > 0;
          const records = [
            { part: 'snapshot', value: plain(about) },
            ...items.map((item) => ({ part: 'items', value: plain(item) })),
          ];
          if (!isThere) await write(name, 'snapshot', records);
          await forget(id);
        });
      },
      discard: () => exclusively(() => forget(id)),
    };
  }
}

interface ReadDraft {
  readonly basedOn: string | undefined;
  readonly basis: readonly SnapshotItem[];
  readonly kept: readonly SnapshotItem[];
}

type Kind = Extract<ArchiveFacts['holds'], `snapshot${string}`>;

const prefixes: Readonly<Record<SnapshotPart, string>> = {
  list: 'content-snapshot-',
  draft: 'content-draft-',
  object: 'content-object-',
};
const suffix = '.igxb';

const nameOf = (prefix: string, id: string): string => `${prefix}${id}${suffix}`;
/** The id of the draft that a part belongs to: what stands before the last dash. */
const draftOf = (name: string): string => name.slice(prefixes.draft.length, name.lastIndexOf('-'));

/** A holder that died blocks nobody for longer; a batch of objects over a slow line takes less. */
const lockMs = 600_000;
const lockWaitMsMax = 60_000;
const lockPollMs = 50;

/** Whole groups of base64: a multiple of three. */
const chunkBytes = 48 * 1024;

function* chunksOf(bytes: Uint8Array): Generator<StateRecord> {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield { part: 'bytes', value: Buffer.from(bytes.subarray(at, at + chunkBytes)).toString('base64') };
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hashesOf({ contentHash, file }: SnapshotItem): readonly string[] {
  return [contentHash, file?.hash].flatMap((hash) => (hash === undefined ? [] : [hash]));
}

/** The models are plain JSON; absent properties stay absent. */
const plain = (value: SnapshotItem | SnapshotHead): Json => JSON.parse(JSON.stringify(value)) as Json;

/** Only `write` makes such records, and the archive proves that they are its own. */
const stored = <T>(value: Json): T => value as unknown as T;

/** Those who can do without what is damaged pass it over. A place that is away is another matter. */
async function unlessUnreadable<T>(act: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof DomainError && error.details?.['unreadable'] === true) return undefined;
    throw error;
  }
}

function unreadable(what: string, cause: DomainError | 'missing' | 'changed'): DomainError {
  const error = typeof cause === 'string' ? undefined : cause;
  const reason = error?.details?.['reason'];
  const isDamaged = reason === undefined || reason === 'damaged';
  const why = isDamaged
    ? `is ${cause === 'missing' ? 'missing' : 'damaged: it was changed or cut off'}. Nothing of it is shown. A new snapshot with full: true reads everything again and mends what other snapshots share with it.`
    : `cannot be opened. ${error?.message ?? ''}`;
  return new DomainError('STORAGE_UNAVAILABLE', `${what} ${why}`, { details: { unreadable: true }, cause: error });
}
