import type { QueueName } from '../../../domain/model/job.ts';
import { ownFields, turnsPerPriority } from './job-hash.ts';
import { keys } from './keys.ts';

/**
 * Gates hold back what BullMQ would start: it has lanes ("groups") only in its paid edition, and bounds the runs of one
 * queue but not of all. A run passes all gates of its job at once or none. A job that finds one shut is parked: it waits
 * among BullMQ's delayed jobs, so that BullMQ goes on knowing it, and in the line of that gate, the most urgent first.
 * Whoever leaves a gate wakes the first in its line.
 *
 * A place of a queue or of the fleet is kept for `leaseMs` and renewed with the run. A lane is kept until its job has
 * ended, however many runs that takes: whoever asks for it looks at the job of its holder. Workers look after the lines
 * from time to time, for places whose holders died.
 */
export interface Gate {
  readonly name: string;
  /** How many runs it holds at a time. */
  readonly max: number;
}

/** The gates of a job, the narrowest first: so a job waits where waiting costs others nothing. */
export function gatesOf(
  queue: QueueName,
  lanes: readonly string[] | undefined,
  fleet: { readonly all: number; readonly queue: number },
): readonly Gate[] {
  return [
    ...(lanes ?? []).map((lane) => ({ name: `${lanePrefix}${lane}`, max: 1 })),
    { name: `queue:${queue}`, max: fleet.queue },
    { name: 'fleet', max: fleet.all },
  ];
}

const lanePrefix = 'lane:';

/** The gates as the scripts take them, always last among their arguments. */
export function gateArguments(gates: readonly Gate[]): readonly (string | number)[] {
  return gates.flatMap(({ name, max }) => [name, max]);
}

/** How a job is called at gates, which serve all queues. Neither half holds a slash. */
export function gateMember(queue: QueueName, jobKey: string): string {
  return `${queue}/${jobKey}`;
}

/**
 * How long a parked job is delayed, in milliseconds: by then it looks for itself, should its place in the line have been
 * lost. No job waits for it in the ordinary course of things.
 */
const parkMs = 600_000;

/** BullMQ has the time of a delayed job in the upper bits of its score. */
const delayedScoreUnit = 0x1000;

/** What the scripts below share. Redis's own clock decides what has run out: those of the processes may differ. */
const gateFunctions = `
local function nowMs()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function isLane(gate)
  return string.sub(gate, 1, ${lanePrefix.length}) == '${lanePrefix}'
end
local function takePlace(gate, member, leaseMs)
  redis.call('ZADD', '${keys.gate('')}' .. gate, isLane(gate) and '+inf' or nowMs() + leaseMs, member)
end
local function freePlaces(gate, max)
  local places = '${keys.gate('')}' .. gate
  redis.call('ZREMRANGEBYSCORE', places, '-inf', '(' .. nowMs())
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', places, '+inf', '+inf')) do
    local hash = '${keys.jobs}:' .. string.gsub(member, '/', ':', 1)
    local hasEnded = redis.call('EXISTS', hash) == 0 or redis.call('HEXISTS', hash, 'finishedOn') == 1
    if hasEnded then redis.call('ZREM', places, member) end
  end
  return tonumber(max) - redis.call('ZCARD', places)
end
local function wakeFirst(gate)
  local line = '${keys.gateWaiting('')}' .. gate
  while true do
    local first = redis.call('ZPOPMIN', line)
    if #first == 0 then
      redis.call('HDEL', '${keys.gates}', gate)
      return
    end
    local queue, jobKey = string.match(first[1], '^([^/]*)/(.*)$')
    local prefix = '${keys.jobs}:' .. queue .. ':'
    if redis.call('ZREM', prefix .. 'delayed', jobKey) == 1 then
      redis.call('HSET', prefix .. jobKey, 'delay', 0)
      local order = redis.call('INCR', prefix .. 'pc') % 0x100000000
      redis.call('ZADD', prefix .. 'prioritized', redis.call('HGET', prefix .. jobKey, 'priority') * 0x100000000 + order, jobKey)
      redis.call('ZADD', prefix .. 'marker', 0, '0')
      return
    end
  end
end
`;

/**
 * KEYS: the hash, the lock. ARGV: the token, the time, the queue, the job key, the member, the lease, the gates. Answers
 * 0 (the lock is not held), 2 (cancelled), 3 (parked), 1 (the run may begin).
 */
export const beginScript = `
${gateFunctions}
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
if redis.call('HEXISTS', KEYS[1], '${ownFields.cancelledAtMs}') == 1 then return 2 end
local queue, jobKey, member = ARGV[3], ARGV[4], ARGV[5]
local prefix = '${keys.jobs}:' .. queue .. ':'
local priority = tonumber(redis.call('HGET', KEYS[1], 'priority'))
for at = 7, #ARGV, 2 do
  local gate, max = ARGV[at], ARGV[at + 1]
  local first = redis.call('ZRANGE', '${keys.gateWaiting('')}' .. gate, 0, 0, 'WITHSCORES')
  -- Nobody passes who would overtake the line.
  local isShut = freePlaces(gate, max) < 1 or (first[2] and tonumber(first[2]) < priority)
  -- Who has a place already had it in a former run of this very job.
  if isShut and not redis.call('ZSCORE', '${keys.gate('')}' .. gate, member) then
    redis.call('DEL', KEYS[2])
    redis.call('SREM', prefix .. 'stalled', jobKey)
    redis.call('LREM', prefix .. 'active', -1, jobKey)
    redis.call('ZADD', prefix .. 'delayed', (nowMs() + ${parkMs}) * ${delayedScoreUnit}, jobKey)
    redis.call('ZADD', '${keys.gateWaiting('')}' .. gate, priority, member)
    redis.call('HSET', '${keys.gates}', gate, max)
    -- Free places are for whoever is first in the line: here, and where this job was woken for one it does not take.
    for other = 7, #ARGV, 2 do
      if freePlaces(ARGV[other], ARGV[other + 1]) > 0 then wakeFirst(ARGV[other]) end
    end
    return 3
  end
end
for at = 7, #ARGV, 2 do
  takePlace(ARGV[at], member, ARGV[6])
  redis.call('ZREM', '${keys.gateWaiting('')}' .. ARGV[at], member)
end
redis.call('HINCRBY', KEYS[1], '${ownFields.runs}', 1)
redis.call('HSET', KEYS[1], '${ownFields.startedAtMs}', ARGV[2], '${ownFields.token}', ARGV[1])
-- The round that is being served: later arrivals do not get turns before it.
local rank = math.floor((priority - 1) / ${turnsPerPriority}) + 1
local turn = priority - (rank - 1) * ${turnsPerPriority}
local turns = '${keys.jobTurns('')}' .. queue .. ':' .. rank
redis.call('ZADD', turns, 'GT', turn, '')
redis.call('ZREMRANGEBYSCORE', turns, '-inf', '(' .. redis.call('ZSCORE', turns, ''))
return 1
`;

/** KEYS: the hash, the lock. ARGV: the token, the member, the lease, the gates. Answers 0 (not held), 1, 2 (cancelled). */
export const watchScript = `
${gateFunctions}
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
for at = 4, #ARGV, 2 do
  takePlace(ARGV[at], ARGV[2], ARGV[3])
end
return redis.call('HEXISTS', KEYS[1], '${ownFields.cancelledAtMs}') + 1
`;

/**
 * KEYS: the hash. ARGV: the token, the member, whether it leaves its lanes too, the gates. A run that lost its job leaves
 * nothing: another may have it. Lanes are free when the end of the job is written, which comes after, unless it gives way.
 */
export const leaveScript = `
${gateFunctions}
if redis.call('HGET', KEYS[1], '${ownFields.token}') ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], '${ownFields.token}')
for at = 4, #ARGV, 2 do
  if ARGV[3] == 'lanes' or not isLane(ARGV[at]) then redis.call('ZREM', '${keys.gate('')}' .. ARGV[at], ARGV[2]) end
  if freePlaces(ARGV[at], ARGV[at + 1]) > 0 then wakeFirst(ARGV[at]) end
end
return 1
`;

/** Wakes as many as there are free places, at every gate with a line. */
export const lookAfterGatesScript = `
${gateFunctions}
local gates = redis.call('HGETALL', '${keys.gates}')
for at = 1, #gates, 2 do
  for _ = 1, freePlaces(gates[at], gates[at + 1]) do wakeFirst(gates[at]) end
end
return #gates
`;
