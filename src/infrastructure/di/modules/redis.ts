import { ContainerModule } from 'inversify';
import { createMemoryEventBus } from '../../../adapters/outbound/memory/event-bus.ts';
import { createMemoryRateLimiter } from '../../../adapters/outbound/memory/rate-limiter.ts';
import { createRedisAuditLog } from '../../../adapters/outbound/redis/audit-log.ts';
import { createBoardQueues } from '../../../adapters/outbound/redis/board-queues.ts';
import { createRedisCache } from '../../../adapters/outbound/redis/cache.ts';
import { checkRedisSettings, connectRedis } from '../../../adapters/outbound/redis/connection.ts';
import { createRedisCredentialVault } from '../../../adapters/outbound/redis/credential-vault.ts';
import { createRedisDataKeyStore } from '../../../adapters/outbound/redis/data-key-store.ts';
import { createRedisEventBus } from '../../../adapters/outbound/redis/event-bus.ts';
import { createRedisExpiringRecords } from '../../../adapters/outbound/redis/expiring-records.ts';
import { createRedisGrantStore } from '../../../adapters/outbound/redis/grant-store.ts';
import { createRedisJobQueue } from '../../../adapters/outbound/redis/job-queue.ts';
import { createRedisJobScheduler } from '../../../adapters/outbound/redis/job-scheduler.ts';
import { claimLayout } from '../../../adapters/outbound/redis/layout.ts';
import { createRedisLock } from '../../../adapters/outbound/redis/lock.ts';
import { createRedisLockdownSwitch } from '../../../adapters/outbound/redis/lockdown-switch.ts';
import { createRedisOAuthRecords } from '../../../adapters/outbound/redis/oauth-records.ts';
import { createRedisRateLimiter } from '../../../adapters/outbound/redis/rate-limiter.ts';
import { createRedisStorageDump } from '../../../adapters/outbound/redis/storage-dump.ts';
import { createRedisTokenStore } from '../../../adapters/outbound/redis/token-store.ts';
import { journalGrants, journalTokens } from '../../../application/backups/revocation-journal.ts';
import { StartFailure } from '../../lifecycle/start-failure.ts';
import { measureRedis } from '../../telemetry/observe-redis.ts';
import type { OpenStorage } from '../open-storage.ts';
import { T } from '../tokens.ts';

/** How long the start waits for Redis before it gives up with a clear error. */
const readyMsMax = 10_000;

/** How long the record stays that the readiness check writes. */
const probeSeconds = 1;

/** Many processes on one Redis: any request can be served by any of them. */
export const openRedis: OpenStorage = async (config, logger, resources, { metrics }) => {
  if (config.redisUrl === undefined) throw new Error('The Redis drivers need REDIS_URL.');
  const onProblem = (error: unknown) => logger.warn({ err: error }, 'trouble with Redis');
  const connection = connectRedis(config.redisUrl, { onProblem });
  resources.own('Redis', () => connection.close());
  await connection.ready(readyMsMax).catch((error: unknown) => {
    throw new StartFailure(`REDIS_URL: no Redis could be used there within ${readyMsMax / 1000} seconds.`, error);
  });
  await claimLayout(connection).catch((error: unknown) => {
    throw new StartFailure(`REDIS_URL: ${error instanceof Error ? error.message : String(error)}`, error);
  });
  for (const problem of await checkRedisSettings(connection)) logger.warn(problem);
  resources.own('measurement of Redis', measureRedis(metrics, connection));
  return new ContainerModule(({ bind }) => {
    bind(T.Tokens).toResolvedValue(
      (journal) => journalTokens(createRedisTokenStore({ connection }), journal),
      [T.Journal],
    );
    bind(T.Dump).toResolvedValue(() => createRedisStorageDump({ connection }), []);
    bind(T.DataKeys).toResolvedValue(() => createRedisDataKeyStore({ connection }), []);
    bind(T.OAuthRecords).toResolvedValue((sealer) => createRedisOAuthRecords({ connection, sealer }), [T.Sealer]);
    bind(T.Vault).toResolvedValue((sealer) => createRedisCredentialVault({ connection, sealer }), [T.Sealer]);
    bind(T.Grants).toResolvedValue(
      (journal) => journalGrants(createRedisGrantStore({ connection }), journal),
      [T.Journal],
    );
    bind(T.Audit).toResolvedValue((digest) => createRedisAuditLog({ connection, digest }), [T.Digest]);
    bind(T.Records).toResolvedValue(() => createRedisExpiringRecords({ connection }), []);
    bind(T.Lock).toResolvedValue(() => createRedisLock({ connection }), []);
    bind(T.Lockdown).toResolvedValue(() => createRedisLockdownSwitch({ connection }), []);
    bind(T.Cache).toResolvedValue(
      (clock, ids) =>
        createRedisCache({
          connection,
          clock,
          ids,
          maxSize: config.cacheEntriesMax,
          onEvicted: () => metrics.count('cache_evictions_total', {}),
          onProblem,
        }),
      [T.Clock, T.Ids],
    );
    bind(T.RateLimiter).toResolvedValue(
      () => createRedisRateLimiter({ connection, alone: createMemoryRateLimiter(), onProblem }),
      [],
    );
    bind(T.Events).toResolvedValue(
      (ids) => {
        const local = createMemoryEventBus({ onProblem: (error) => logger.error({ err: error }, 'a reaction failed') });
        return createRedisEventBus({ connection, local, ids, onProblem });
      },
      [T.Ids],
    );
    bind(T.Jobs).toResolvedValue((clock) => createRedisJobQueue({ connection, clock, onProblem }), [T.Clock]);
    bind(T.StorageSettings).toConstantValue(() => checkRedisSettings(connection));
    bind(T.BoardQueues).toResolvedValue(() => createBoardQueues({ connection }), []);
    bind(T.Schedules).toResolvedValue(
      (clock, calendar) => createRedisJobScheduler({ connection, clock, calendar }),
      [T.Clock, T.Calendar],
    );
    bind(T.StorageProbe).toResolvedValue(
      // A full Redis and a replica answer PING and reads, and refuse every write.
      (records) => () => records.replace('readiness', true, probeSeconds),
      [T.Records],
    );
  });
};
