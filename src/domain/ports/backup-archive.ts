import type { ArchiveFacts, PartSummary, StateRecord } from '../model/backup.ts';

/**
 * The one form of a file with records: compressed, encrypted under a key that only the operator's key opens, and
 * authenticated from the first byte to the last.
 *
 * Laws:
 * - `open` answers facts and records as they were given to `write`, and the summary of each part.
 * - Nothing of the records can be read in the file without the operator's key, and no two files are alike.
 * - A file that was changed in any bit, cut off, or lengthened is BAD_INPUT, at `open` or before the records end: the
 *   last record has come only when the whole file is proven.
 * - A file of another key, of a newer or an older form, or of something else is BAD_INPUT, each with its own reason.
 */
export interface BackupArchive {
  write(facts: ArchiveFacts, records: AsyncIterable<StateRecord>): AsyncIterable<Uint8Array>;
  open(bytes: AsyncIterable<Uint8Array>): Promise<OpenArchive>;
}

export interface OpenArchive {
  readonly facts: ArchiveFacts;
  /** Names the operator's key that it is sealed with. */
  readonly keyId: string;
  /** To be read once. */
  readonly records: AsyncIterable<StateRecord>;
  /** Of what was read so far; after the last record, of everything. */
  summary(): readonly PartSummary[];
}
