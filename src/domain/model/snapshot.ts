import type { AssetFile, Field, ItemKind, SchemaReference } from './content-item.ts';

/** What a snapshot keeps of one page or asset beside its facts: the fields of one version. */
export interface SnapshotContent {
  readonly fields: readonly Field[];
}

/** One page, component, folder, asset or asset folder as it was. */
export interface SnapshotItem {
  readonly id: string;
  readonly kind: ItemKind;
  readonly name: string;
  /** Names from the root of the CMS down. */
  readonly path: string;
  readonly parentId?: string;
  /** Among its siblings that could be seen, from 0. Absent for the root and for assets outside of it. */
  readonly position?: number;
  readonly schema?: SchemaReference;
  /** The version whose content is kept; 0 = a working copy that had never been checked in. */
  readonly version: number;
  /** Somebody had it checked out: what they changed since the version is not kept. */
  readonly checkedOutBy?: string;
  readonly locale?: string;
  readonly categoryIds: readonly string[];
  readonly modifiedAt?: string;
  /** Of the object that holds its content; absent for asset folders, which have no fields. */
  readonly contentHash?: string;
  /** Assets that its fields refer to. */
  readonly assetIds: readonly string[];
  readonly file?: SnapshotFile;
}

/** The file of an asset. */
export interface SnapshotFile extends AssetFile {
  /** Of the object that holds its bytes; absent when they were left out. */
  readonly hash?: string;
  /** `missing`: the CMS gave none, or there was none before the first check-in. */
  readonly leftOut?: 'too_large' | 'missing';
}

/** Something that a snapshot could not keep, and why. */
export interface SnapshotGap {
  readonly id: string;
  readonly name?: string;
  readonly reason: 'forbidden' | 'gone';
}

export interface SnapshotCounts {
  /** Pages, components and folders. */
  readonly pages: number;
  /** Assets and asset folders. */
  readonly assets: number;
  readonly fileBytes: number;
  /** Items whose content was read from the CMS for this snapshot. */
  readonly read: number;
  /** Items whose content an earlier snapshot had already. */
  readonly reused: number;
  /** Items that somebody had checked out: their drafts are not in the snapshot. */
  readonly draftsOut: number;
  /** Pages that the CMS counts below those it showed, and did not show to this user. */
  readonly hidden: number;
  readonly filesLeftOut: number;
}

/** What a snapshot tells about itself. */
export interface SnapshotHead {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly takenAtMs: number;
  /** The subject with whose rights it was taken. */
  readonly takenBy: string;
  readonly root: { readonly id: string; readonly name: string; readonly path: string };
  readonly comment?: string;
  /** The snapshot of the same root that it shares objects with. */
  readonly basedOn?: string;
  readonly counts: SnapshotCounts;
  readonly gaps: readonly SnapshotGap[];
}

export interface Snapshot extends SnapshotHead {
  /** In the order of the tree, a parent before what lies below it; assets behind the pages that refer to them. */
  readonly items: readonly SnapshotItem[];
}

/** What the files of snapshots are for. */
export const snapshotParts = ['list', 'object', 'draft'] as const;
export type SnapshotPart = (typeof snapshotParts)[number];

/** What snapshots take up where they are kept. */
export interface SnapshotUsage {
  readonly snapshots: number;
  /** Of the newest one, milliseconds since 1970; absent before the first. */
  readonly lastTakenAtMs?: number;
  readonly bytes: Readonly<Record<SnapshotPart, number>>;
}

/** A snapshot as it lies in the store. */
export interface StoredSnapshot {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly takenAtMs: number;
  /** Of its list of items; objects are shared and not counted. */
  readonly sizeBytes: number;
}
