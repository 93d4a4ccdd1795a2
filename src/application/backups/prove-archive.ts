import type { ArchiveFacts, PartSummary } from '../../domain/model/backup.ts';
import type { BackupArchive } from '../../domain/ports/backup-archive.ts';

/** An archive that was read from the first byte to the last. */
export interface ProvenArchive {
  readonly facts: ArchiveFacts;
  readonly keyId: string;
  readonly parts: readonly PartSummary[];
}

/**
 * Reads an archive whole and keeps nothing of it.
 *
 * @throws DomainError BAD_INPUT, with what is wrong with it.
 */
export async function proveArchive(bytes: AsyncIterable<Uint8Array>, archive: BackupArchive): Promise<ProvenArchive> {
  const { facts, keyId, records, summary } = await archive.open(bytes);
  // The last record has come only when the whole file is proven.
  for await (const _ of records);
  return { facts, keyId, parts: summary() };
}

export function countRecords(parts: readonly PartSummary[]): number {
  return parts.reduce((sum, { records }) => sum + records, 0);
}
