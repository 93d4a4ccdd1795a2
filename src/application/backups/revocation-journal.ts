import { DomainError } from '../../domain/errors.ts';
import type { ArchiveFacts, Revocation, StateRecord } from '../../domain/model/backup.ts';
import type { BackupTools } from '../../domain/ports/backup-tools.ts';
import type { GrantStore } from '../../domain/ports/grant-store.ts';
import type { Clock, IdSource } from '../../domain/ports/system.ts';
import type { TokenStore } from '../../domain/ports/token-store.ts';
import { fileNameOf } from './file-names.ts';
import { listFiles } from './list-backups.ts';

/**
 * Keeps beside the backups what is revoked, one small sealed file for what comes at about the same time. A backup of
 * yesterday does not know what was revoked today, and when the installation is gone nobody else does.
 */
export interface RevocationJournal {
  /** Answers at once: a revocation does not wait for the place of backups. It is written within a moment. */
  add(revocation: Revocation): void;
  /** Writes what waits, once more where it failed; tells what could not be written. */
  close(): Promise<void>;
}

export interface JournalPorts {
  /** Asked for when something is written: whoever revokes nothing needs no key. */
  readonly backups: () => BackupTools;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Told of revocations that could not be written; they are tried again. */
  readonly onProblem: (error: unknown) => void;
}

/** After a failure it is tried again with the next revocation, or after this long. */
const retryMs = 10_000;

export function createRevocationJournal(ports: JournalPorts): RevocationJournal {
  let waiting: Revocation[] = [];
  let writing: Promise<void> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await writeFile(batch, ports);
      } catch (error) {
        // The revocations themselves stand; only a restore of an older backup would not know them.
        waiting = [...batch, ...waiting];
        ports.onProblem(error);
        retry = setTimeout(begin, retryMs);
        retry.unref();
        return;
      }
    }
  };
  const begin = (): void => {
    clearTimeout(retry);
    writing ??= write().finally(() => {
      writing = undefined;
    });
  };

  return {
    add(revocation) {
      waiting.push(revocation);
      begin();
    },
    async close() {
      await writing;
      begin();
      await writing;
      clearTimeout(retry);
    },
  };
}

/** A grant store whose revocations are in the journal. */
export function journalGrants(grants: GrantStore, journal: RevocationJournal): GrantStore {
  return {
    ...grants,
    async revoke(id, atMs, reason) {
      const isFirst = await grants.revoke(id, atMs, reason);
      if (isFirst) journal.add({ what: 'grant', id, atMs, reason });
      return isFirst;
    },
  };
}

/** A token store whose revocations are in the journal. */
export function journalTokens(tokens: TokenStore, journal: RevocationJournal): TokenStore {
  return {
    ...tokens,
    async revoke(id, atMs) {
      const isThere = await tokens.revoke(id, atMs);
      if (isThere) journal.add({ what: 'token', id, atMs });
      return isThere;
    },
  };
}

/**
 * Everything that the journal knows.
 *
 * @throws DomainError STORAGE_UNAVAILABLE; BAD_INPUT where a file of it cannot be opened.
 */
export async function readJournal({ store, archive }: BackupTools): Promise<readonly Revocation[]> {
  const revocations: Revocation[] = [];
  for (const { name } of await listFiles('revocations', store)) {
    const bytes = await store.get(name);
    // Removed since it was listed.
    if (bytes === undefined) continue;
    try {
      const { records } = await archive.open(bytes);
      // Only `writeFile` seals such records.
      for await (const { value } of records) revocations.push(value as unknown as Revocation);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'BAD_INPUT') throw error;
      throw new DomainError(
        'BAD_INPUT',
        `The file ${name}, which tells what was revoked, cannot be read, so that something revoked could come back: it is damaged, or sealed with another key. Put a copy of it back. With --without-journal the backup is restored all the same.`,
        { cause: error },
      );
    }
  }
  return revocations;
}

async function writeFile(batch: readonly Revocation[], { backups, clock, ids }: JournalPorts): Promise<void> {
  const { archive, store, dump, installation } = backups();
  const nowMs = clock.nowMs();
  const facts: ArchiveFacts = { holds: 'revocations', ...installation, layout: dump.layout, createdAtMs: nowMs };
  const records = async function* (): AsyncGenerator<StateRecord> {
    for (const revocation of batch) yield { part: 'revocations', value: { ...revocation } };
  };
  await store.put(fileNameOf('revocations', nowMs, ids.id('r').slice(-12)), archive.write(facts, records()));
}
