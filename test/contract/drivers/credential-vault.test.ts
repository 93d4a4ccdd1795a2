import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { createSealer } from '../../../src/adapters/outbound/node/sealer.ts';
import { connectRedis } from '../../../src/adapters/outbound/redis/connection.ts';
import { createRedisCredentialVault } from '../../../src/adapters/outbound/redis/credential-vault.ts';
import { createRedisDataKeyStore } from '../../../src/adapters/outbound/redis/data-key-store.ts';
import { keys } from '../../../src/adapters/outbound/redis/keys.ts';
import { createSqliteCredentialVault } from '../../../src/adapters/outbound/sqlite/credential-vault.ts';
import { createSqliteDataKeyStore } from '../../../src/adapters/outbound/sqlite/data-key-store.ts';
import { type Database, openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import type { DataKeyStore } from '../../../src/domain/ports/data-key-store.ts';
import { testMasterKey } from '../../support/master-key.ts';
import { startRedis } from '../../support/redis.ts';
import { temporaryFolder } from '../../support/server-process.ts';
import { credentialVaultContract } from '../suites/credential-vault.ts';

const sealerOn = (store: DataKeyStore) =>
  createSealer({ masterKeys: [testMasterKey], store, clock: createClock(), ids: createIdSource() });

credentialVaultContract({
  name: 'sqlite',
  open: async () => {
    const folder = temporaryFolder();
    const opened: Database[] = [];
    const open = () => {
      const database = openDatabase(`${folder.path}/store.db`);
      opened.push(database);
      const sealer = sealerOn(createSqliteDataKeyStore({ database }));
      return { database, sealer, vault: createSqliteCredentialVault({ database, sealer }) };
    };
    const { database, sealer, vault } = open();
    return {
      subject: vault,
      other: open().vault,
      sealer,
      // A connection of its own sees what reached the file, whatever the one that wrote it does.
      crash: async () => open().vault,
      stored: async () => JSON.stringify(database.all('SELECT * FROM credentials')),
      changeOwner: async (grantId, owner) =>
        void database.run(
          'UPDATE credentials SET subject = ?, client_id = ?, provider = ? WHERE grant_id = ?',
          owner.subject,
          owner.clientId,
          owner.provider,
          grantId,
        ),
      close: async () => {
        for (const one of opened) one.close();
        folder.remove();
      },
    };
  },
});

credentialVaultContract({
  name: 'redis',
  open: async () => {
    const redis = await startRedis({ appendOnly: true });
    const connections: ReturnType<typeof connectRedis>[] = [];
    const open = async () => {
      const connection = connectRedis(redis.url, { onProblem: () => undefined });
      connections.push(connection);
      await connection.ready(connectTimeoutMs);
      const sealer = sealerOn(createRedisDataKeyStore({ connection }));
      return { client: connection.client, sealer, vault: createRedisCredentialVault({ connection, sealer }) };
    };
    const { client, sealer, vault } = await open();
    return {
      subject: vault,
      other: (await open()).vault,
      sealer,
      crash: async () => {
        await redis.restart();
        return (await open()).vault;
      },
      stored: async () => {
        const names = await client.keys(keys.credential('*'));
        return JSON.stringify(await Promise.all(names.map((name) => client.hgetall(name))));
      },
      changeOwner: async (grantId, owner) =>
        void (await client.hset(keys.credential(grantId), 'owner', JSON.stringify(owner))),
      close: async () => {
        await Promise.all(connections.map((connection) => connection.close()));
        await redis.close();
      },
    };
  },
});

const connectTimeoutMs = 10_000;
