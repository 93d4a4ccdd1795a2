import { DomainError } from '../../domain/errors.ts';
import type { Revocation, StorageLayout } from '../../domain/model/backup.ts';
import type { IdSource } from '../../domain/ports/system.ts';
import { type ProvenArchive, proveArchive } from './prove-archive.ts';
import { readJournal } from './revocation-journal.ts';
import { type TakeBackupPorts, takeStoredBackup } from './take-backup.ts';

export type RestorePorts = TakeBackupPorts & { readonly ids: IdSource };

/** Opens the file from its beginning, as often as it is called. */
export type BackupSource = () => Promise<AsyncIterable<Uint8Array>>;

export interface RestoreChoice {
  /** Puts it in the place of what is there; without it only an empty storage is restored into. */
  readonly replace: boolean;
  /** Does without the revocations that are kept beside the backups. */
  readonly withoutJournal: boolean;
}

export interface RestoredBackup extends ProvenArchive {
  /** The backup that was made of what was replaced. */
  readonly replacedBackup?: string;
  /** What was revoked after the backup or before: none of it works. */
  readonly revocations: number;
}

/**
 * Reads a backup whole and says whether it could be restored here.
 *
 * @throws DomainError BAD_INPUT: damaged, of another key, of another version, of another kind of storage.
 */
export async function proveBackup(source: BackupSource, { backups }: TakeBackupPorts): Promise<ProvenArchive> {
  const proven = await proveArchive(await source(), backups.archive);
  if (proven.facts.holds !== 'backup') {
    throw new DomainError('BAD_INPUT', 'This file holds revocations that belong to backups; it is no backup.');
  }
  refuseOtherLayout(proven.facts.layout, backups.dump.layout, proven.facts.productVersion);
  return proven;
}

/**
 * Puts a backup in the place of what is stored: all of it, or nothing is changed. What was revoked since (here, or as
 * the files beside the backups tell) stays revoked. What is replaced is backed up before.
 *
 * @throws DomainError BAD_INPUT as `proveBackup`; CONFLICT where the storage is not empty and `replace` was not said;
 * STORAGE_UNAVAILABLE.
 */
export async function restoreBackup(
  source: BackupSource,
  choice: RestoreChoice,
  ports: RestorePorts,
): Promise<RestoredBackup> {
  const { backups } = ports;
  const proven = await proveBackup(source, ports);
  const isEmpty = await backups.dump.isEmpty();
  if (!isEmpty && !choice.replace) {
    throw new DomainError(
      'CONFLICT',
      'This installation is not empty. With --replace the backup takes the place of everything in it, which is backed up before.',
    );
  }
  const journal = choice.withoutJournal ? [] : await readJournal(backups);
  const replaced = isEmpty ? undefined : await takeStoredBackup(ports);
  const revocations = distinct([...(await backups.dump.revocations()), ...journal]);
  const { records } = await backups.archive.open(await source());
  await backups.dump.replaceAll(records, revocations);
  return {
    ...proven,
    revocations: revocations.length,
    ...(replaced === undefined ? {} : { replacedBackup: replaced.name }),
  };
}

function refuseOtherLayout(theirs: StorageLayout, ours: StorageLayout, productVersion: string): void {
  if (theirs.driver !== ours.driver) {
    throw new DomainError(
      'BAD_INPUT',
      `This backup is of ${storageNames[theirs.driver]}, and this installation keeps its state in ${storageNames[ours.driver]}. It goes back into the same kind of storage only: REDIS_URL decides.`,
    );
  }
  if (theirs.version === ours.version) return;
  const kind = theirs.version < ours.version ? 'an older' : 'a newer';
  const then = theirs.version < ours.version ? ', and update then' : '';
  throw new DomainError(
    'BAD_INPUT',
    `This backup was made by ${kind} version (${productVersion}): the form of its storage is ${theirs.version}, that of this version is ${ours.version}. Restore it with version ${productVersion}${then}.`,
  );
}

const storageNames: Readonly<Record<StorageLayout['driver'], string>> = {
  embedded: 'the embedded storage',
  redis: 'Redis',
};

function distinct(revocations: readonly Revocation[]): readonly Revocation[] {
  const byId = new Map<string, Revocation>();
  for (const revocation of revocations) {
    const key = `${revocation.what} ${revocation.id}`;
    const known = byId.get(key);
    if (known === undefined || revocation.atMs < known.atMs) byId.set(key, revocation);
  }
  return [...byId.values()];
}
