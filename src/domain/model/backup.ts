import type { Json } from './job.ts';

/** One thing that a storage keeps, in the storage's own form. */
export interface StateRecord {
  /** The table or kind of key that it belongs to. */
  readonly part: string;
  readonly value: Json;
}

/** The form in which a storage keeps things. A backup goes back into a storage of the same form only. */
export interface StorageLayout {
  readonly driver: 'embedded' | 'redis';
  /** Raised with every change of the form. */
  readonly version: number;
}

/** Something that was ended for good: a grant, or a machine's access token. */
export interface Revocation {
  readonly what: 'grant' | 'token';
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Why, where that is kept: for a grant. */
  readonly reason?: string;
}

/** What an archive tells about itself before it is opened; it cannot be changed without being noticed. */
export interface ArchiveFacts {
  readonly holds: 'backup' | 'revocations' | 'snapshot' | 'snapshot_draft' | 'snapshot_object';
  /** Of the product that wrote it. */
  readonly productVersion: string;
  readonly layout: StorageLayout;
  /** Milliseconds since 1970. Whatever was revoked before is known in the archive. */
  readonly createdAtMs: number;
  /** The settings of the server that wrote it, by their names. Of secrets only whether they were given. */
  readonly configuration: Readonly<Record<string, string>>;
}

/** What is counted while an archive is written, and found again when it is read. */
export interface PartSummary {
  readonly part: string;
  readonly records: number;
  /** Over the lines of the part, hex. */
  readonly sha256: string;
}

/** A file in the place where backups are kept. */
export interface StoredFile {
  readonly name: string;
  readonly sizeBytes: number;
}

/** How many backups stay: those of so many days, or so many. The newest one always stays. */
export type BackupKeep =
  | { readonly unit: 'days'; readonly count: number }
  | { readonly unit: 'backups'; readonly count: number };
