import { DomainError } from '../../domain/errors.ts';
import type { ArchiveFacts } from '../../domain/model/backup.ts';
import type { BackupTools } from '../../domain/ports/backup-tools.ts';
import type { Clock, IdSource } from '../../domain/ports/system.ts';
import { fileNameOf } from './file-names.ts';
import { countRecords, proveArchive } from './prove-archive.ts';

export interface TakeBackupPorts {
  readonly backups: BackupTools;
  readonly clock: Clock;
}

/** One file that a backup is written to and read back from. */
export interface BackupPlace {
  put(bytes: AsyncIterable<Uint8Array>): Promise<void>;
  get(): Promise<AsyncIterable<Uint8Array> | undefined>;
  remove(): Promise<void>;
}

export interface TakenBackup {
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly sizeBytes: number;
  readonly records: number;
  /** Names the operator's key that it is sealed with. */
  readonly keyId: string;
}

/** Takes a backup into the place of backups, and answers it with its name there. */
export async function takeStoredBackup(
  ports: TakeBackupPorts & { readonly ids: IdSource },
): Promise<TakenBackup & { readonly name: string }> {
  const { store } = ports.backups;
  const name = fileNameOf('backup', ports.clock.nowMs(), ports.ids.id('b').slice(-8));
  const place: BackupPlace = {
    put: (bytes) => store.put(name, bytes),
    get: () => store.get(name),
    remove: () => store.remove(name),
  };
  return { name, ...(await takeBackup(place, ports)) };
}

/**
 * Writes everything that lasts to one file, while the servers work, and reads it back: a backup that cannot be read is
 * none, and is removed.
 *
 * @throws DomainError STORAGE_UNAVAILABLE.
 */
export async function takeBackup(place: BackupPlace, { backups, clock }: TakeBackupPorts): Promise<TakenBackup> {
  const { dump, archive, installation } = backups;
  const facts: ArchiveFacts = { holds: 'backup', ...installation, layout: dump.layout, createdAtMs: clock.nowMs() };
  let sizeBytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of archive.write(facts, dump.read())) {
      sizeBytes += piece.length;
      yield piece;
    }
  };
  await place.put(counted());
  try {
    const bytes = await place.get();
    if (bytes === undefined) throw new DomainError('STORAGE_UNAVAILABLE', 'A backup was written and is not there.');
    const { keyId, parts } = await proveArchive(bytes, archive);
    return { createdAtMs: facts.createdAtMs, sizeBytes, records: countRecords(parts), keyId };
  } catch (error) {
    // Nobody may take it for a backup; the reason itself rises.
    await place.remove();
    throw error;
  }
}
