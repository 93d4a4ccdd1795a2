import { join } from 'node:path';
import { ContainerModule } from 'inversify';
import { createMemoryCache } from '../../../adapters/outbound/memory/cache.ts';
import { createMemoryEventBus } from '../../../adapters/outbound/memory/event-bus.ts';
import { createMemoryRateLimiter } from '../../../adapters/outbound/memory/rate-limiter.ts';
import { createSqliteAuditLog } from '../../../adapters/outbound/sqlite/audit-log.ts';
import { createSqliteCredentialVault } from '../../../adapters/outbound/sqlite/credential-vault.ts';
import { createSqliteDataKeyStore } from '../../../adapters/outbound/sqlite/data-key-store.ts';
import { type Database, openDatabase } from '../../../adapters/outbound/sqlite/database.ts';
import { createSqliteExpiringRecords } from '../../../adapters/outbound/sqlite/expiring-records.ts';
import { createSqliteGrantStore } from '../../../adapters/outbound/sqlite/grant-store.ts';
import { createSqliteJobQueue } from '../../../adapters/outbound/sqlite/job-queue.ts';
import { createSqliteJobScheduler } from '../../../adapters/outbound/sqlite/job-scheduler.ts';
import { createSqliteLock } from '../../../adapters/outbound/sqlite/lock.ts';
import { createSqliteLockdownSwitch } from '../../../adapters/outbound/sqlite/lockdown-switch.ts';
import { createSqliteOAuthRecords } from '../../../adapters/outbound/sqlite/oauth-records.ts';
import { createSqliteStorageDump } from '../../../adapters/outbound/sqlite/storage-dump.ts';
import { createSqliteTokenStore } from '../../../adapters/outbound/sqlite/token-store.ts';
import { journalGrants, journalTokens } from '../../../application/backups/revocation-journal.ts';
import { DomainError } from '../../../domain/errors.ts';
import { makeDataDir } from '../../lifecycle/make-data-dir.ts';
import { StartFailure } from '../../lifecycle/start-failure.ts';
import type { OpenStorage } from '../open-storage.ts';
import { T } from '../tokens.ts';

/** The file of the embedded drivers, in `DATA_DIR`. */
const databaseFile = 'server.db';

/** How long the record stays that the readiness check writes. */
const probeSeconds = 1;

/** One machine, nothing beside it: SQLite for what must last, this process for the rest. */
export const openEmbedded: OpenStorage = async (config, logger, resources, { metrics }) => {
  makeDataDir(config.dataDir);
  const database = openFile(join(config.dataDir, databaseFile));
  resources.own('database', () => database.close());
  return new ContainerModule(({ bind }) => {
    bind(T.Tokens).toResolvedValue(
      (journal) => journalTokens(createSqliteTokenStore({ database }), journal),
      [T.Journal],
    );
    bind(T.Dump).toResolvedValue(() => createSqliteStorageDump({ database }), []);
    bind(T.DataKeys).toResolvedValue(() => createSqliteDataKeyStore({ database }), []);
    bind(T.OAuthRecords).toResolvedValue(
      (sealer, clock) => createSqliteOAuthRecords({ database, sealer, clock }),
      [T.Sealer, T.Clock],
    );
    bind(T.Vault).toResolvedValue((sealer) => createSqliteCredentialVault({ database, sealer }), [T.Sealer]);
    bind(T.Grants).toResolvedValue(
      (journal) => journalGrants(createSqliteGrantStore({ database }), journal),
      [T.Journal],
    );
    bind(T.Audit).toResolvedValue((digest) => createSqliteAuditLog({ database, digest }), [T.Digest]);
    bind(T.Records).toResolvedValue((clock) => createSqliteExpiringRecords({ database, clock }), [T.Clock]);
    bind(T.Lock).toResolvedValue((clock) => createSqliteLock({ database, clock }), [T.Clock]);
    bind(T.Lockdown).toResolvedValue(() => createSqliteLockdownSwitch({ database }), []);
    bind(T.Cache).toResolvedValue(
      (clock) =>
        createMemoryCache({
          maxSize: config.cacheEntriesMax,
          clock,
          onEvicted: () => metrics.count('cache_evictions_total', {}),
        }),
      [T.Clock],
    );
    bind(T.RateLimiter).toResolvedValue(() => createMemoryRateLimiter(), []);
    bind(T.Events).toResolvedValue(
      () => createMemoryEventBus({ onProblem: (error) => logger.error({ err: error }, 'a reaction failed') }),
      [],
    );
    bind(T.Jobs).toResolvedValue((clock, ids) => createSqliteJobQueue({ database, clock, ids }), [T.Clock, T.Ids]);
    // Journal and synchronisation are ours to set, and are set when the file is opened.
    bind(T.StorageSettings).toConstantValue(async () => []);
    bind(T.BoardQueues).toConstantValue(undefined);
    bind(T.Schedules).toResolvedValue(
      (clock, calendar) => createSqliteJobScheduler({ database, clock, calendar }),
      [T.Clock, T.Calendar],
    );
    bind(T.StorageProbe).toResolvedValue(
      // A full disk answers reads, and what changes nothing, and refuses every other write.
      (records) => () => records.replace('readiness', true, probeSeconds),
      [T.Records],
    );
  });
};

function openFile(path: string): Database {
  try {
    return openDatabase(path);
  } catch (error) {
    // A file that cannot be used is the operator's; anything else is a defect and rises as it is.
    if (!(error instanceof DomainError)) throw error;
    throw new StartFailure(`DATA_DIR: the file ${databaseFile} in it cannot be used. ${error.message}`, error);
  }
}
