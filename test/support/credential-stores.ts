import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { createIdSource } from '../../src/adapters/outbound/node/id-source.ts';
import { createSealer } from '../../src/adapters/outbound/node/sealer.ts';
import { connectRedis } from '../../src/adapters/outbound/redis/connection.ts';
import { createRedisCredentialVault } from '../../src/adapters/outbound/redis/credential-vault.ts';
import { createRedisDataKeyStore } from '../../src/adapters/outbound/redis/data-key-store.ts';
import { createRedisLock } from '../../src/adapters/outbound/redis/lock.ts';
import { createSqliteCredentialVault } from '../../src/adapters/outbound/sqlite/credential-vault.ts';
import { createSqliteDataKeyStore } from '../../src/adapters/outbound/sqlite/data-key-store.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteLock } from '../../src/adapters/outbound/sqlite/lock.ts';
import type { CredentialVault } from '../../src/domain/ports/credential-vault.ts';
import type { DataKeyStore } from '../../src/domain/ports/data-key-store.ts';
import type { Lock } from '../../src/domain/ports/lock.ts';
import { testMasterKey } from './master-key.ts';
import { startRedis } from './redis.ts';
import { temporaryFolder } from './server-process.ts';
import type { StorePlace } from './store-processes.ts';

/** What credentials of grants are kept and renewed with, as one process opens it. */
export interface CredentialStores {
  readonly vault: CredentialVault;
  readonly lock: Lock;
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;

/** Opens the stores at a place, as each of several processes does. */
export async function openCredentialStores({ driver, location }: StorePlace): Promise<CredentialStores> {
  const clock = createClock();
  const sealerOn = (store: DataKeyStore) =>
    createSealer({ masterKeys: [testMasterKey], store, clock, ids: createIdSource() });
  if (driver === 'sqlite') {
    const database = openDatabase(location);
    return {
      vault: createSqliteCredentialVault({ database, sealer: sealerOn(createSqliteDataKeyStore({ database })) }),
      lock: createSqliteLock({ database, clock }),
      close: async () => database.close(),
    };
  }
  const connection = connectRedis(location, { onProblem: () => undefined });
  await connection.ready(connectTimeoutMs);
  return {
    vault: createRedisCredentialVault({ connection, sealer: sealerOn(createRedisDataKeyStore({ connection })) }),
    lock: createRedisLock({ connection }),
    close: () => connection.close(),
  };
}

/** A place of the test's own: a database file or a Redis server. */
export async function openPlace(
  driver: StorePlace['driver'],
): Promise<{ readonly place: StorePlace; close(): Promise<void> }> {
  if (driver === 'redis') {
    const redis = await startRedis();
    return { place: { driver, location: redis.url }, close: () => redis.close() };
  }
  const folder = temporaryFolder();
  return { place: { driver, location: `${folder.path}/store.db` }, close: async () => folder.remove() };
}
