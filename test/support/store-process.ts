import { once } from 'node:events';
import { createCalendar } from '../../src/adapters/outbound/node/calendar.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../src/adapters/outbound/node/digest.ts';
import { createRedisAuditLog } from '../../src/adapters/outbound/redis/audit-log.ts';
import { connectRedis } from '../../src/adapters/outbound/redis/connection.ts';
import { createRedisExpiringRecords } from '../../src/adapters/outbound/redis/expiring-records.ts';
import { createRedisJobScheduler } from '../../src/adapters/outbound/redis/job-scheduler.ts';
import { createRedisLock } from '../../src/adapters/outbound/redis/lock.ts';
import { createRedisTokenStore } from '../../src/adapters/outbound/redis/token-store.ts';
import { createSqliteAuditLog } from '../../src/adapters/outbound/sqlite/audit-log.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteExpiringRecords } from '../../src/adapters/outbound/sqlite/expiring-records.ts';
import { createSqliteJobScheduler } from '../../src/adapters/outbound/sqlite/job-scheduler.ts';
import { createSqliteLock } from '../../src/adapters/outbound/sqlite/lock.ts';
import { createSqliteTokenStore } from '../../src/adapters/outbound/sqlite/token-store.ts';
import type { AuditLog } from '../../src/domain/ports/audit-log.ts';
import type { ExpiringRecords } from '../../src/domain/ports/expiring-records.ts';
import type { JobScheduler } from '../../src/domain/ports/job-scheduler.ts';
import type { Lock } from '../../src/domain/ports/lock.ts';
import type { TokenStore } from '../../src/domain/ports/token-store.ts';
import type { StoreOrder } from './store-processes.ts';

/**
 * A process of its own that works on a shared store: says that it is ready, waits for its order on stdin, does it,
 * tells the answer, and then lives on until it is killed.
 */
const connectTimeoutMs = 10_000;
const ttlSeconds = 600;

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
}

function openSqlite(): Stores {
  const database = openDatabase(location);
  return {
    tokens: createSqliteTokenStore({ database }),
    records: createSqliteExpiringRecords({ database, clock: createClock() }),
    audit: createSqliteAuditLog({ database, digest: createDigest() }),
    lock: createSqliteLock({ database, clock: createClock() }),
    schedules: createSqliteJobScheduler({ database, clock: createClock(), calendar: createCalendar() }),
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
  } else {
    for (const key of order.keys) {
      if (order.act === 'create') answers.push(await stores.records.create(key, process.pid, ttlSeconds));
      else if (order.act === 'take') answers.push((await stores.records.take(key)) !== undefined);
      else await stores.records.replace(key, 'replaced', ttlSeconds);
    }
  }
  return answers;
}
