import { decide } from '../../../domain/policy/sliding-window.ts';
import { type RateLimiter, rateSlices, rateWindowSeconds } from '../../../domain/ports/rate-limiter.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/**
 * Counts calls in Redis, for all processes together, by Redis' own clock: a hash per key with a field for each slice of
 * time, of which there are as many as the window has and no more. One script counts and decides, so that no two
 * processes count past each other. While Redis cannot be used, `alone` decides.
 */
export function createRedisRateLimiter(options: RedisRateLimiterOptions): RateLimiter {
  const { connection, alone, onProblem } = options;
  const windowMs = (options.windowSeconds ?? rateWindowSeconds) * 1000;
  return {
    async take(key, limit, cost = 1) {
      let answer: unknown;
      try {
        answer = await connection.run((client) =>
          client.eval(takeScript, 1, keys.rateLimit(key), limit, cost, windowMs, rateSlices),
        );
      } catch (error) {
        // Law: neither stop editors nor let a flood through.
        onProblem(error);
        return alone.take(key, limit, cost);
      }
      // The script answers four numbers.
      const [allowed, used, resetMs, retryMs] = answer as [number, number, number, number];
      return decide({ allowed: allowed === 1, limit, used, resetMs, retryMs });
    },
    close: () => alone.close(),
  };
}

export interface RedisRateLimiterOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
  /** Counts the calls of this process while Redis is away. */
  readonly alone: RateLimiter;
  readonly onProblem: (error: unknown) => void;
  readonly windowSeconds?: number;
}

/**
 * `takeFromWindow` of sliding-window.ts, where the count is kept.
 * KEYS: the hash. ARGV: limit, cost, window in ms, slices. Returns allowed (0 or 1), used, reset in ms, retry in ms.
 */
const takeScript = `
local limit, cost, window, slices = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local slice = window / slices
local current = math.floor(now / slice)
local fields = redis.call('HGETALL', KEYS[1])
local counted, used = {}, 0
for index = 1, #fields, 2 do
  local start = tonumber(fields[index])
  if start < current - slices then
    redis.call('HDEL', KEYS[1], fields[index])
  else
    counted[#counted + 1] = { start, tonumber(fields[index + 1]) }
    used = used + counted[#counted][2]
  end
end
table.sort(counted, function(a, b) return a[1] < b[1] end)
local function leaves(start) return math.ceil((start + slices + 1) * slice - now) end
local reset = leaves(counted[1] and counted[1][1] or current)
if used + cost <= limit then
  redis.call('HINCRBY', KEYS[1], string.format('%d', current), cost)
  redis.call('PEXPIRE', KEYS[1], math.ceil(window + 2 * slice))
  return { 1, used + cost, reset, 0 }
end
local freed, retry = 0, leaves(current)
for index = 1, #counted do
  freed = freed + counted[index][2]
  if freed >= used + cost - limit then
    retry = leaves(counted[index][1])
    break
  end
end
return { 0, used, reset, retry }`;
