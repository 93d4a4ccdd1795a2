import type { StoredFile } from '../model/backup.ts';

/**
 * Where backups are kept: files by name, in a folder or in the cloud.
 *
 * Laws:
 * - When `put` answers, the file is there as a whole and durable; until then, and when it fails, the name holds what it
 *   held before. The bytes may throw: then nothing was put.
 * - `get` answers the bytes as they were put; `undefined` for a name that holds nothing.
 * - `list` answers the files whose names begin with the prefix, in the order of their names, each one that is whole.
 * - `remove` of a name that holds nothing is no error.
 * - Names are small letters, digits, dots and dashes (`fileNamePattern`); any other is BAD_INPUT.
 * - Nobody but the account of the server can read what the driver writes on this machine.
 *
 * @throws DomainError STORAGE_UNAVAILABLE with what to look at, when the place cannot be used.
 */
export interface BackupStore {
  put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  get(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  list(prefix: string): Promise<readonly StoredFile[]>;
  remove(name: string): Promise<void>;
  /** For people: where this is. Holds no secret. */
  readonly place: string;
}

export const fileNamePattern = /^[a-z0-9](?:[a-z0-9.-]{0,120}[a-z0-9])?$/;
