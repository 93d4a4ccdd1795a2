import { once } from 'node:events';
import { createCalendar } from '../../src/adapters/outbound/node/calendar.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../src/adapters/outbound/node/id-source.ts';
import { createSealer } from '../../src/adapters/outbound/node/sealer.ts';
import { createRedisAuditLog } from '../../src/adapters/outbound/redis/audit-log.ts';
import { connectRedis } from '../../src/adapters/outbound/redis/connection.ts';
import { createRedisDataKeyStore } from '../../src/adapters/outbound/redis/data-key-store.ts';
import { createRedisExpiringRecords } from '../../src/adapters/outbound/redis/expiring-records.ts';
import { createRedisJobScheduler } from '../../src/adapters/outbound/redis/job-scheduler.ts';
import { createRedisLock } from '../../src/adapters/outbound/redis/lock.ts';
import { createRedisOAuthRecords } from '../../src/adapters/outbound/redis/oauth-records.ts';
import { createRedisTokenStore } from '../../src/adapters/outbound/redis/token-store.ts';
import { createSqliteAuditLog } from '../../src/adapters/outbound/sqlite/audit-log.ts';
import { createSqliteDataKeyStore } from '../../src/adapters/outbound/sqlite/data-key-store.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteExpiringRecords } from '../../src/adapters/outbound/sqlite/expiring-records.ts';
import { createSqliteJobScheduler } from '../../src/adapters/outbound/sqlite/job-scheduler.ts';
import { createSqliteLock } from '../../src/adapters/outbound/sqlite/lock.ts';
import { createSqliteOAuthRecords } from '../../src/adapters/outbound/sqlite/oauth-records.ts';
import { createSqliteTokenStore } from '../../src/adapters/outbound/sqlite/token-store.ts';
import type { AuditLog } from '../../src/domain/ports/audit-log.ts';
import type { ExpiringRecords } from '../../src/domain/ports/expiring-records.ts';
import type { JobScheduler } from '../../src/domain/ports/job-scheduler.ts';
import type { Lock } from '../../src/domain/ports/lock.ts';
import type { OAuthRecords } from '../../src/domain/ports/oauth-records.ts';
import type { TokenStore } from '../../src/domain/ports/token-store.ts';
import { testMasterKey } from './master-key.ts';
import type { StoreOrder } from './store-processes.ts';

/**
 * A process of its own that works on a shared store: says that it is ready, waits for its order on stdin, does it,
 * tells the answer, and then lives on until it is killed.
 */
const connectTimeoutMs = 10_000;
const ttlSeconds = 600;

const sealing = { masterKeys: [testMasterKey], clock: createClock(), ids: createIdSource() };

const [driver, location = ''] = process.argv.slice(2);
const stores = driver === 'sqlite' ? openSqlite() : await openRedis();
process.stdout.write('"ready"\n');
const [line] = await once(process.stdin, 'data');
// Written by store-processes.ts, in one piece.
process.stdout.write(`${JSON.stringify(await obey(JSON.parse(String(line)) as StoreOrder))}\n`);

interface Stores {
  readonly tokens: TokenStore;
  readonly records: ExpiringRecords;
  readonly audit: AuditLog;
  readonly lock: Lock;
  readonly schedules: JobScheduler;
  readonly oauth: OAuthRecords;
}

function openSqlite(): Stores {
  const database = openDatabase(location);
  return {
    tokens: createSqliteTokenStore({ database }),
    records: createSqliteExpiringRecords({ database, clock: createClock() }),
    audit: createSqliteAuditLog({ database, digest: createDigest() }),
    lock: createSqliteLock({ database, clock: createClock() }),
    schedules: createSqliteJobScheduler({ database, clock: createClock(), calendar: createCalendar() }),
    oauth: createSqliteOAuthRecords({
      database,
      sealer: createSealer({ ...sealing, store: createSqliteDataKeyStore({ database }) }),
      clock: createClock(),
    }),
  };
}

async function openRedis(): Promise<Stores> {
  const connection = connectRedis(location, {
    onProblem: (error) => process.stderr.write(`${String(error)}\n`),
  });
  await connection.ready(connectTimeoutMs);
  return {
    tokens: createRedisTokenStore({ connection }),
    records: createRedisExpiringRecords({ connection }),
    audit: createRedisAuditLog({ connection, digest: createDigest() }),
    lock: createRedisLock({ connection }),
    schedules: createRedisJobScheduler({ connection, clock: createClock(), calendar: createCalendar() }),
    oauth: createRedisOAuthRecords({
      connection,
      sealer: createSealer({ ...sealing, store: createRedisDataKeyStore({ connection }) }),
    }),
  };
}

async function obey(order: StoreOrder): Promise<readonly boolean[]> {
  const answers: boolean[] = [];
  if (order.act === 'add-tokens') {
    for (const token of order.tokens) await stores.tokens.add(token);
  } else if (order.act === 'put-schedule') {
    await stores.schedules.put(order.schedule);
  } else if (order.act === 'append-audit') {
    const { subject, count } = order;
    for (let atMs = 0; atMs < count; atMs++) {
      await stores.audit.append({
        atMs,
        action: 'edit_content',
        subject,
        clientId: 'claude',
        outcome: 'ok',
        itemIds: [],
      });
    }
  } else if (order.act === 'acquire') {
    for (const key of order.keys) answers.push((await stores.lock.acquire(key, order.ttlMs)) !== undefined);
  } else if ('hashes' in order) {
    const { act, kind, hashes } = order;
    for (const hash of hashes) {
      answers.push(
        act === 'create-oauth'
          ? await stores.oauth.create({ kind, hash, value: process.pid, ttlSeconds })
          : await stores.oauth.consume(kind, hash, Date.now()),
      );
    }
  } else {
    for (const key of order.keys) {
      if (order.act === 'create') answers.push(await stores.records.create(key, process.pid, ttlSeconds));
      else if (order.act === 'take') answers.push((await stores.records.take(key)) !== undefined);
      else await stores.records.replace(key, 'replaced', ttlSeconds);
    }
  }
  return answers;
}
