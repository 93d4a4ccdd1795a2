import type { Snapshot, SnapshotHead, SnapshotItem, SnapshotUsage, StoredSnapshot } from '../model/snapshot.ts';

/**
 * Snapshots of content: objects named by the SHA-256 of what they hold, and for each snapshot the list of its items.
 *
 * Laws:
 * - A snapshot is there as a whole, or not at all: until `commit` answers nobody sees any of it. The same id is
 *   committed once; a second commit changes nothing.
 * - An object that several items or snapshots have in common is kept once.
 * - A draft goes on where it was left, in every process: what `add` has answered for is in `kept` when the same id is
 *   begun again. What a new draft may lean on is in `basis`: the items of the newest snapshot of the same root, unless
 *   everything is to be read anew. An item whose objects are not all there is in neither.
 * - `commit` of an item whose objects are neither added nor leaned on is INTERNAL, and nothing is committed.
 * - `remove` takes snapshots away, and then every object that no snapshot and no draft that is younger than
 *   `draftKeptMs` refers to: never one that is referred to, whatever is begun, added or committed at the same time.
 * - An object comes back as it was added. One that is missing, changed, cut off or another in its place, and a list that
 *   is, are STORAGE_UNAVAILABLE with what to do, and nothing of them is answered.
 * - Nothing of the content can be read where it is kept without the operator's key, and nobody but the account of the
 *   server can read the files that the driver writes on this machine.
 * - Unknown ids answer `undefined`, and removing them is no error.
 * - `usage` opens no file: what cannot be read counts as well.
 *
 * @throws DomainError STORAGE_UNAVAILABLE when the place cannot be used.
 */
export interface SnapshotStore {
  /** What names an object: the SHA-256 of its bytes, hex. */
  hashOf(bytes: Uint8Array): string;
  /** Newest first. */
  list(): Promise<readonly StoredSnapshot[]>;
  head(id: string): Promise<SnapshotHead | undefined>;
  open(id: string): Promise<Snapshot | undefined>;
  object(hash: string): Promise<Uint8Array>;
  begin(draft: NewDraft): Promise<SnapshotDraft>;
  usage(): Promise<SnapshotUsage>;
  remove(ids: readonly string[]): Promise<{ readonly objectsRemoved: number }>;
  /** For people: where this is. Holds no secret. */
  readonly place: string;
}

export interface NewDraft {
  /** As `snapshotIdOf` makes it. */
  readonly id: string;
  readonly rootId: string;
  /** Leans on nothing: every object is written anew, which mends damaged ones. */
  readonly full: boolean;
}

export interface SnapshotDraft {
  readonly basedOn: string | undefined;
  readonly basis: readonly SnapshotItem[];
  readonly kept: readonly SnapshotItem[];
  /** Keeps items with the objects that they refer to and that are not kept yet. */
  add(items: readonly SnapshotItem[], objects: readonly Uint8Array[]): Promise<void>;
  commit(snapshot: Snapshot): Promise<void>;
  /** Forgets the draft; its objects go with the next removal. */
  discard(): Promise<void>;
}

/** How long the objects of a draft that nobody goes on with are kept, in milliseconds: longer than a job is kept. */
export const draftKeptMs = 8 * 24 * 3_600_000;
