import type { NewSchedule, Schedule, SettledTime } from '../../../domain/model/schedule.ts';
import { checkJobInput } from '../../../domain/policy/job-payload.ts';
import { definitionText } from '../../../domain/policy/settle-schedule.ts';
import type { Calendar } from '../../../domain/ports/calendar.ts';
import { keepSeconds } from '../../../domain/ports/job-queue.ts';
import type { DueSchedule, JobScheduler } from '../../../domain/ports/job-scheduler.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/** Schedules as hashes, and one index of them by their next due time. */
export function createRedisJobScheduler(parts: RedisJobSchedulerParts): JobScheduler {
  const { connection, clock, calendar } = parts;

  const read = async (id: string): Promise<Schedule | undefined> => {
    const fields = await connection.run((client) => client.hmget(keys.schedule(id), ...readFields));
    return toSchedule(fields);
  };

  return {
    put: async (schedule) => {
      const nowMs = clock.nowMs();
      const nextAtMs = calendar.next(schedule.time, nowMs);
      checkJobInput(schedule.job.input);
      await connection.run((client) =>
        client.eval(
          putScript,
          ...[2, keys.schedule(schedule.id), keys.schedules],
          ...[schedule.id, definitionText(schedule), nowMs, nextAtMs],
        ),
      );
      const stored = await read(schedule.id);
      if (stored === undefined) throw new Error(`The schedule ${schedule.id} was put and is not there.`);
      return stored;
    },

    get: read,

    list: async ({ owner }) => {
      const ids = await connection.run((client) => client.zrange(keys.schedules, '0', '-1'));
      const found = await Promise.all(ids.map(async (id) => ({ id, schedule: await read(id) })));
      const gone = found.filter(({ schedule }) => schedule === undefined).map(({ id }) => id);
      // Ended schedules run out by themselves; only the index is left to tidy.
      if (gone.length > 0) await connection.run((client) => client.zrem(keys.schedules, ...gone));
      return found
        .flatMap(({ schedule }) => schedule ?? [])
        .filter((schedule) => owner === undefined || schedule.owner === owner)
        .toSorted(byNextTime);
    },

    remove: async (id) => {
      const removed = await connection.run((client) =>
        client.multi().del(keys.schedule(id)).zrem(keys.schedules, id).exec(),
      );
      return removed?.[0]?.[1] === 1;
    },

    due: async (limit) => {
      const ids = await connection.run((client) =>
        client.zrangebyscore(keys.schedules, '-inf', clock.nowMs(), 'LIMIT', 0, limit),
      );
      const found = await Promise.all(ids.map(read));
      return found.filter((schedule): schedule is DueSchedule => schedule?.nextAtMs !== undefined);
    },

    settle: async (id, settled) => {
      const schedule = await read(id);
      if (schedule?.nextAtMs !== settled.dueAtMs) return false;
      const next =
        schedule.time.kind === 'once' ? '' : calendar.next(schedule.time, Math.max(clock.nowMs(), settled.dueAtMs));
      const answer = await connection.run((client) =>
        client.eval(
          settleScript,
          ...[2, keys.schedule(id), keys.schedules],
          ...[id, settled.dueAtMs, definitionText(schedule), JSON.stringify(settled), next, keepSeconds],
        ),
      );
      return answer === 1;
    },
  };
}

export interface RedisJobSchedulerParts {
  readonly connection: RedisConnection;
  readonly clock: Clock;
  readonly calendar: Calendar;
}

const readFields = ['definition', 'created-at-ms', 'next-at-ms', 'last'] as const;

/** KEYS: the schedule, the index. ARGV: the id, the definition, the time, the next due time. */
const putScript = `
if redis.call('HGET', KEYS[1], 'definition') == ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'definition', ARGV[2], 'created-at-ms', ARGV[3], 'next-at-ms', ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
return 1
`;

/**
 * KEYS: the schedule, the index. ARGV: the id, the due time, the definition that its next time was reckoned from, what
 * became of it, the next due time or nothing, the seconds that an ended schedule is kept.
 */
const settleScript = `
local known = redis.call('HMGET', KEYS[1], 'next-at-ms', 'definition')
if known[1] ~= ARGV[2] or known[2] ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'last', ARGV[4])
if ARGV[5] == '' then
  redis.call('HDEL', KEYS[1], 'next-at-ms')
  redis.call('EXPIRE', KEYS[1], ARGV[6])
  redis.call('ZADD', KEYS[2], '+inf', ARGV[1])
else
  redis.call('HSET', KEYS[1], 'next-at-ms', ARGV[5])
  redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
end
return 1
`;

function toSchedule(fields: readonly (string | null)[]): Schedule | undefined {
  const [definition, createdAtMs, nextAtMs, last] = fields;
  if (typeof definition !== 'string') return undefined;
  return {
    // What `put` and `settle` wrote.
    ...(JSON.parse(definition) as NewSchedule),
    createdAtMs: Number(createdAtMs),
    ...(typeof nextAtMs === 'string' ? { nextAtMs: Number(nextAtMs) } : {}),
    ...(typeof last === 'string' ? { last: JSON.parse(last) as SettledTime } : {}),
  };
}

function byNextTime(one: Schedule, other: Schedule): number {
  const [first, second] = [one.nextAtMs ?? Number.MAX_VALUE, other.nextAtMs ?? Number.MAX_VALUE];
  return first - second || one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1);
}
