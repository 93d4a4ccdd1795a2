import { createCalendar } from '../../src/adapters/outbound/node/calendar.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../src/adapters/outbound/node/id-source.ts';
import { createSealer } from '../../src/adapters/outbound/node/sealer.ts';
import { createRedisAuditLog } from '../../src/adapters/outbound/redis/audit-log.ts';
import { connectRedis } from '../../src/adapters/outbound/redis/connection.ts';
import { createRedisCredentialVault } from '../../src/adapters/outbound/redis/credential-vault.ts';
import { createRedisDataKeyStore } from '../../src/adapters/outbound/redis/data-key-store.ts';
import { createRedisExpiringRecords } from '../../src/adapters/outbound/redis/expiring-records.ts';
import { createRedisGrantStore } from '../../src/adapters/outbound/redis/grant-store.ts';
import { createRedisJobQueue } from '../../src/adapters/outbound/redis/job-queue.ts';
import { createRedisJobScheduler } from '../../src/adapters/outbound/redis/job-scheduler.ts';
import { createRedisLock } from '../../src/adapters/outbound/redis/lock.ts';
import { createRedisOAuthRecords } from '../../src/adapters/outbound/redis/oauth-records.ts';
import { createRedisStorageDump } from '../../src/adapters/outbound/redis/storage-dump.ts';
import { createRedisTokenStore } from '../../src/adapters/outbound/redis/token-store.ts';
import { createSqliteAuditLog } from '../../src/adapters/outbound/sqlite/audit-log.ts';
import { createSqliteCredentialVault } from '../../src/adapters/outbound/sqlite/credential-vault.ts';
import { createSqliteDataKeyStore } from '../../src/adapters/outbound/sqlite/data-key-store.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteExpiringRecords } from '../../src/adapters/outbound/sqlite/expiring-records.ts';
import { createSqliteGrantStore } from '../../src/adapters/outbound/sqlite/grant-store.ts';
import { createSqliteJobQueue } from '../../src/adapters/outbound/sqlite/job-queue.ts';
import { createSqliteJobScheduler } from '../../src/adapters/outbound/sqlite/job-scheduler.ts';
import { createSqliteLock } from '../../src/adapters/outbound/sqlite/lock.ts';
import { createSqliteOAuthRecords } from '../../src/adapters/outbound/sqlite/oauth-records.ts';
import { createSqliteStorageDump } from '../../src/adapters/outbound/sqlite/storage-dump.ts';
import { createSqliteTokenStore } from '../../src/adapters/outbound/sqlite/token-store.ts';
import type { AuditLog } from '../../src/domain/ports/audit-log.ts';
import type { CredentialVault } from '../../src/domain/ports/credential-vault.ts';
import type { DataKeyStore } from '../../src/domain/ports/data-key-store.ts';
import type { ExpiringRecords } from '../../src/domain/ports/expiring-records.ts';
import type { GrantStore } from '../../src/domain/ports/grant-store.ts';
import type { JobQueue } from '../../src/domain/ports/job-queue.ts';
import type { JobScheduler } from '../../src/domain/ports/job-scheduler.ts';
import type { Lock } from '../../src/domain/ports/lock.ts';
import type { OAuthRecords } from '../../src/domain/ports/oauth-records.ts';
import type { Sealer } from '../../src/domain/ports/sealer.ts';
import type { StorageDump } from '../../src/domain/ports/storage-dump.ts';
import type { TokenStore } from '../../src/domain/ports/token-store.ts';
import { testMasterKey } from './master-key.ts';
import type { StorePlace } from './store-processes.ts';

/** Every durable store of one process over one storage, and the dump of all of them. */
export interface WholeStorage {
  readonly dump: StorageDump;
  readonly tokens: TokenStore;
  readonly dataKeys: DataKeyStore;
  readonly sealer: Sealer;
  readonly oauthRecords: OAuthRecords;
  readonly grants: GrantStore;
  readonly vault: CredentialVault;
  readonly audit: AuditLog;
  readonly records: ExpiringRecords;
  readonly lock: Lock;
  readonly jobs: JobQueue;
  readonly schedules: JobScheduler;
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;

/** Opens the whole of a storage, as one process does. */
export async function openWholeStorage({ driver, location }: StorePlace): Promise<WholeStorage> {
  const clock = createClock();
  const ids = createIdSource();
  const digest = createDigest();
  const calendar = createCalendar();
  const sealerOn = (store: DataKeyStore) => createSealer({ masterKeys: [testMasterKey], store, clock, ids });
  if (driver === 'sqlite') {
    const database = openDatabase(location);
    const dataKeys = createSqliteDataKeyStore({ database });
    const sealer = sealerOn(dataKeys);
    const jobs = createSqliteJobQueue({ database, clock, ids });
    return {
      dump: createSqliteStorageDump({ database }),
      tokens: createSqliteTokenStore({ database }),
      dataKeys,
      sealer,
      oauthRecords: createSqliteOAuthRecords({ database, sealer, clock }),
      grants: createSqliteGrantStore({ database }),
      vault: createSqliteCredentialVault({ database, sealer }),
      audit: createSqliteAuditLog({ database, digest }),
      records: createSqliteExpiringRecords({ database, clock }),
      lock: createSqliteLock({ database, clock }),
      jobs,
      schedules: createSqliteJobScheduler({ database, clock, calendar }),
      close: async () => {
        await jobs.close();
        database.close();
      },
    };
  }
  const connection = connectRedis(location, { onProblem: () => undefined });
  await connection.ready(connectTimeoutMs);
  const dataKeys = createRedisDataKeyStore({ connection });
  const sealer = sealerOn(dataKeys);
  const jobs = createRedisJobQueue({ connection, clock, onProblem: () => undefined });
  return {
    dump: createRedisStorageDump({ connection }),
    tokens: createRedisTokenStore({ connection }),
    dataKeys,
    sealer,
    oauthRecords: createRedisOAuthRecords({ connection, sealer }),
    grants: createRedisGrantStore({ connection }),
    vault: createRedisCredentialVault({ connection, sealer }),
    audit: createRedisAuditLog({ connection, digest }),
    records: createRedisExpiringRecords({ connection }),
    lock: createRedisLock({ connection }),
    jobs,
    schedules: createRedisJobScheduler({ connection, clock, calendar }),
    close: async () => {
      await jobs.close();
      await connection.close();
    },
  };
}
