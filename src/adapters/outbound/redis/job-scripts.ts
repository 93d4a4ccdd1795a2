import type { Redis } from 'ioredis';
import {
  type Job,
  type JobProgress,
  type Json,
  priorityDefault,
  type QueueName,
  queueNames,
} from '../../../domain/model/job.ts';
import { cancellationReport } from '../../../domain/policy/job-retry.ts';
import type { JobCounts } from '../../../domain/ports/job-queue.ts';
import {
  beginScript,
  type Gate,
  gateArguments,
  gateMember,
  leaveScript,
  lookAfterGatesScript,
  watchScript,
} from './job-gates.ts';
import {
  type AcceptedJob,
  counterKeyIn,
  heldKeyIn,
  jobKeyOf,
  jobKeysIn,
  ownFields,
  queueAt,
  type RunEnding,
  readFields,
  toJob,
  turnsPerPriority,
  waitingKeysIn,
  wakeKeyIn,
} from './job-hash.ts';
import { keys } from './keys.ts';

/**
 * What BullMQ has no operation for, each as one atomic script: one job per id over all queues, reading a job in one
 * piece, cancelling a waiting job, and writing for a run only while its lock is held (BullMQ checks the lock at the end
 * of a run, but not at progress and data).
 */
export function createJobScripts(client: Redis): JobScripts {
  const run = (script: string, scriptKeys: readonly string[], values: readonly (string | number)[]): Promise<unknown> =>
    client.eval(script, scriptKeys.length, ...scriptKeys, ...values);

  const find: JobScripts['find'] = async (jobKey) => {
    const places = queueNames.map((queue) => jobKeysIn(queue, jobKey));
    const answer = await run(
      findScript,
      places.flatMap(({ hash, active }) => [hash, active]),
      [jobKey, ...readFields],
    );
    if (!Array.isArray(answer)) return undefined;
    // The three values that the script puts together.
    const [place, isActive, fields] = answer as [number, number, (string | null)[]];
    return toJob({ queue: queueAt(place - 1), isActive: isActive === 1, fields });
  };

  const whileHeld = (script: string, held: HeldJob, values: readonly (string | number)[]): Promise<unknown> => {
    const { hash, lock } = jobKeysIn(held.queue, held.jobKey);
    return run(script, [hash, lock], [held.token, ...values]);
  };

  return {
    find,

    accept: async (job) => {
      const jobKey = jobKeyOf(job.id);
      const { list, sets } = waitingKeysIn(job.queue);
      const answer = await run(
        acceptScript,
        [
          ...queueNames.map((queue) => jobKeysIn(queue, jobKey).hash),
          ...[keys.jobAcceptance(jobKey), keys.jobSequence, keys.jobsOfOwner(job.owner)],
          ...[keys.jobTurns(`${job.queue}:${job.priority ?? priorityDefault}`), list, ...sets],
        ],
        [
          ...[JSON.stringify(job), acceptanceSeconds, jobKey, prunedMax - 1, turnsPerPriority, job.owner],
          ...[keys.jobAcceptance(''), ...queueNames.map((queue) => jobKeysIn(queue, '').hash)],
        ],
      );
      if (!Array.isArray(answer)) return undefined;
      // The turn, and the text that one of the callers gave the script.
      const [turn, text] = answer as [string, string];
      return { turn: Number(turn), job: JSON.parse(text) as AcceptedJob };
    },

    cancel: async (jobKey, nowMs) => {
      const job = await find(jobKey);
      if (job === undefined) return undefined;
      const { hash, active, completed, failed, held } = jobKeysIn(job.queue, jobKey);
      const { list, sets } = waitingKeysIn(job.queue);
      const ending: RunEnding = { state: 'cancelled', error: cancellationReport(undefined) };
      const places = [hash, active, completed, list, ...sets, failed, held];
      await run(cancelScript, places, [jobKey, nowMs, JSON.stringify(ending)]);
      return find(jobKey);
    },

    retry: async (jobKey) => {
      const job = await find(jobKey);
      if (job === undefined) return undefined;
      const { hash, failed, held } = jobKeysIn(job.queue, jobKey);
      const { sets } = waitingKeysIn(job.queue);
      await run(retryScript, [hash, failed, ...sets, counterKeyIn(job.queue), wakeKeyIn(job.queue), held], [jobKey]);
      return find(jobKey);
    },

    beginRun: async (held, nowMs) => {
      const { queue, jobKey, gates, leaseMs } = held;
      const job = [nowMs, queue, jobKey, gateMember(queue, jobKey), leaseMs];
      return toSight(await whileHeld(beginScript, held, [...job, ...gateArguments(gates)]));
    },

    watchRun: async (held) => {
      const { queue, jobKey, gates, leaseMs } = held;
      const renewed = [gateMember(queue, jobKey), leaseMs, ...gateArguments(gates)];
      return toSight(await whileHeld(watchScript, held, renewed));
    },

    leaveGates: async ({ queue, jobKey, token, gates }, and) => {
      const { hash } = jobKeysIn(queue, jobKey);
      await run(leaveScript, [hash], [token, gateMember(queue, jobKey), and ?? '', ...gateArguments(gates)]);
    },

    lookAfterGates: async () => {
      await run(lookAfterGatesScript, [], []);
    },

    giveWay: async (held, owner) => {
      const { queue, jobKey } = held;
      const given = [queue, jobKey, owner];
      return (await whileHeld(giveWayScript, held, given)) === 1;
    },

    progress: async (held, { percent, message, soFar }) => {
      const told = [
        Math.max(0, Math.min(percent, 100)),
        message,
        ...(soFar === undefined ? [] : [JSON.stringify(soFar)]),
      ];
      return (await whileHeld(progressScript, held, told)) === 1;
    },

    noteHeld: async (held, nowMs) => {
      const { hash, lock } = jobKeysIn(held.queue, held.jobKey);
      await run(noteHeldScript, [hash, lock, heldKeyIn(held.queue)], [held.token, nowMs, held.jobKey]);
    },

    countAside: async (queue) => {
      const { hash, failed, held } = jobKeysIn(queue, '');
      // The two numbers that the script puts together.
      const [heldCount, failedCount] = (await run(countAsideScript, [held, failed], [hash])) as [number, number];
      return { held: heldCount, failed: failedCount };
    },

    findStep: async (held, name) => {
      const answer = await whileHeld(findStepScript, held, [ownFields.step(name)]);
      if (answer === 0) return { found: 'lost' };
      if (answer === 2) return { found: 'cancelled' };
      // The script answers what `keepStep` wrote.
      return typeof answer === 'string' ? { found: 'kept', result: JSON.parse(answer) as Json } : { found: 'nothing' };
    },

    keepStep: async (held, name, result) =>
      (await whileHeld(keepStepScript, held, [ownFields.step(name), JSON.stringify(result)])) === 1,
  };
}

export interface JobScripts {
  find(jobKey: string): Promise<Job | undefined>;
  /**
   * Decides which definition of an id counts and puts the job into its owner's list. Answers `undefined` when BullMQ has
   * the job already; else the first definition, for the caller to give to BullMQ: once more, if the process that came
   * first died before it could.
   */
  accept(job: AcceptedJob): Promise<Acceptance | undefined>;
  /** Ends a job that waits or holds, marks a running one, leaves an ended one alone, and answers it. */
  cancel(jobKey: string, nowMs: number): Promise<Job | undefined>;
  /** Puts a failed or held job back, leaves any other alone, and answers it. */
  retry(jobKey: string): Promise<Job | undefined>;
  /** Takes the places of a run and counts it, unless the job was cancelled or has to wait for a place. */
  beginRun(held: HeldJob, nowMs: number): Promise<RunSight>;
  /** Keeps the places of a run, too. */
  watchRun(held: HeldJob): Promise<RunSight>;
  /** Gives the places of a run up, and its lanes if told so, and wakes who waits for them. */
  leaveGates(held: HeldJob, and?: 'lanes'): Promise<void>;
  /** Puts a running job, whose places were given up, back among those that wait, in a new turn. False: not held. */
  giveWay(held: HeldJob, owner: string): Promise<boolean>;
  /** Wakes who waits for places whose holders died. */
  lookAfterGates(): Promise<void>;
  /** This and `keepStep` answer false, and change nothing, when the lock is no longer held. */
  progress(held: HeldJob, progress: JobProgress): Promise<boolean>;
  keepStep(held: HeldJob, name: string, result: Json): Promise<boolean>;
  findStep(held: HeldJob, name: string): Promise<FoundStep>;
  /** Has a run counted among those that hold, once BullMQ has failed it. */
  noteHeld(held: HeldJob, nowMs: number): Promise<void>;
  /** How many jobs of a queue are set aside, with a question or with a failure. */
  countAside(queue: QueueName): Promise<Pick<JobCounts, 'held' | 'failed'>>;
}

export type FoundStep =
  | { readonly found: 'lost' | 'cancelled' | 'nothing' }
  | { readonly found: 'kept'; readonly result: Json };

/** The definition that counts for an id, and its turn among the jobs of all owners. */
export interface Acceptance {
  readonly job: AcceptedJob;
  readonly turn: number;
}

/** A job, the token that BullMQ gave the run for its lock, and the gates that the run passes. */
export interface HeldJob {
  readonly queue: QueueName;
  readonly jobKey: string;
  readonly token: string;
  readonly gates: readonly Gate[];
  readonly leaseMs: number;
}

export type RunSight = 'go on' | 'cancel' | 'lost' | 'parked';

/** By the number that the scripts answer. */
const sights: readonly RunSight[] = ['lost', 'go on', 'cancel', 'parked'];

function toSight(answer: unknown): RunSight {
  return sights[Number(answer)] ?? 'lost';
}

/**
 * How long the first definition of an id is remembered, for callers that come while BullMQ does not have the job yet:
 * longer than any call that hands it over can take.
 */
const acceptanceSeconds = 60;

/** How many of the oldest entries of an owner's list are looked at, and dropped where their jobs are gone, at each `add`. */
const prunedMax = 3;

/** Whether what a job ended with is a question; only runs of ours write a reason that is an object. */
const isHeldFunction = `
local function isHeld(hash)
  local reason = redis.call('HGET', hash, 'failedReason')
  if not reason or string.sub(reason, 1, 1) ~= '{' then return false end
  local isRead, report = pcall(cjson.decode, reason)
  return isRead and report.code == 'HELD'
end
`;

/** KEYS: the hash and the active list for each queue. ARGV: the job key, the fields. */
const findScript = `
for at = 1, #KEYS, 2 do
  if redis.call('EXISTS', KEYS[at]) == 1 then
    local isActive = redis.call('LPOS', KEYS[at + 1], ARGV[1]) and 1 or 0
    return {(at + 1) / 2, isActive, redis.call('HMGET', KEYS[at], unpack(ARGV, 2))}
  end
end
return false
`;

/**
 * KEYS: the hash for each queue, the acceptance, the sequence, the list of the owner, the turns, the waiting list, two
 * waiting sets. ARGV: the definition, the seconds it is kept, the job key, the rank up to which the list is pruned, how
 * many turns there are, the owner, the beginnings of the keys under which an entry may be found.
 *
 * Fair queueing by start times: a job's turn is one after its owner's last, and never before the round that is served.
 */
const acceptScript = `
local hashes = #KEYS - 7
local acceptance, sequence, list = KEYS[hashes + 1], KEYS[hashes + 2], KEYS[hashes + 3]
for at = 1, hashes do
  if redis.call('EXISTS', KEYS[at]) == 1 then return false end
end
local turns, wait, prioritized, delayed = KEYS[hashes + 4], KEYS[hashes + 5], KEYS[hashes + 6], KEYS[hashes + 7]
local first = redis.call('HMGET', acceptance, 'turn', 'definition')
if first[1] then return first end
if redis.call('EXISTS', wait, prioritized, delayed) == 0 then redis.call('DEL', turns) end
local served = tonumber(redis.call('ZSCORE', turns, '') or 0)
local last = tonumber(redis.call('ZSCORE', turns, ARGV[6]) or 0)
local turn = math.min(math.max(served, last) + 1, tonumber(ARGV[5]))
redis.call('ZADD', turns, turn, ARGV[6])
redis.call('HSET', acceptance, 'turn', turn, 'definition', ARGV[1])
redis.call('EXPIRE', acceptance, ARGV[2])
for _, entry in ipairs(redis.call('ZRANGE', list, 0, ARGV[4])) do
  local found = 0
  for at = 7, #ARGV do found = found + redis.call('EXISTS', ARGV[at] .. entry) end
  if found == 0 then redis.call('ZREM', list, entry) end
end
redis.call('ZADD', list, redis.call('INCR', sequence), ARGV[3])
return {tostring(turn), ARGV[1]}
`;

/**
 * KEYS: the hash, the active list, the completed set, the waiting list, two waiting sets, the failed set, those that
 * hold. ARGV: the job key, the time, the ending. A job that is nowhere to be taken from is about to run, and `beginRun`
 * will refuse it.
 */
const cancelScript = `
${isHeldFunction}
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HEXISTS', KEYS[1], 'finishedOn') == 1 then
  if not isHeld(KEYS[1]) or redis.call('ZREM', KEYS[7], ARGV[1]) == 0 then return 0 end
  redis.call('HDEL', KEYS[1], 'failedReason')
  redis.call('HSET', KEYS[1], '${ownFields.cancelledAtMs}', ARGV[2], 'finishedOn', ARGV[2], 'returnvalue', ARGV[3])
  redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
  redis.call('ZREM', KEYS[8], ARGV[1])
  return 1
end
redis.call('HSETNX', KEYS[1], '${ownFields.cancelledAtMs}', ARGV[2])
if redis.call('LPOS', KEYS[2], ARGV[1]) then return 1 end
local taken = redis.call('LREM', KEYS[4], 0, ARGV[1])
  + redis.call('ZREM', KEYS[5], ARGV[1]) + redis.call('ZREM', KEYS[6], ARGV[1])
if taken > 0 then
  redis.call('HSET', KEYS[1], 'finishedOn', ARGV[2], 'returnvalue', ARGV[3])
  redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
end
return 1
`;

/**
 * KEYS: the hash, the failed set, two waiting sets, the counter of priorities, the marker, those that hold. ARGV: the
 * job key. `atm` and `stc` are BullMQ's counts of failed and of lost runs; `defa` is its note to fail a job that was
 * lost too often.
 */
const retryScript = `
if redis.call('HEXISTS', KEYS[1], '${ownFields.cancelledAtMs}') == 1 then return 0 end
if redis.call('ZREM', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('ZREM', KEYS[7], ARGV[1])
redis.call('HDEL', KEYS[1], 'finishedOn', 'processedOn', 'failedReason', 'atm', 'stc', 'defa')
local order = redis.call('INCR', KEYS[5]) % 0x100000000
redis.call('ZADD', KEYS[3], redis.call('HGET', KEYS[1], 'priority') * 0x100000000 + order, ARGV[1])
redis.call('ZADD', KEYS[6], 0, '0')
return 1
`;

/** The scripts of a run. KEYS: the hash, the lock. ARGV: the token, then what the script needs. 0 says: not yours. */
const ifHeld = `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end`;

/** ARGV: the token, the queue, the job key, the owner. As BullMQ puts a job back, but with a turn that counts from now. */
const giveWayScript = `
${ifHeld}
local queue, jobKey, owner = ARGV[2], ARGV[3], ARGV[4]
local prefix = '${keys.jobs}:' .. queue .. ':'
local rank = math.floor((redis.call('HGET', KEYS[1], 'priority') - 1) / ${turnsPerPriority}) + 1
local turns = '${keys.jobTurns('')}' .. queue .. ':' .. rank
local served = tonumber(redis.call('ZSCORE', turns, '') or 0)
local last = tonumber(redis.call('ZSCORE', turns, owner) or 0)
local turn = math.min(math.max(served, last) + 1, ${turnsPerPriority})
local priority = (rank - 1) * ${turnsPerPriority} + turn
redis.call('ZADD', turns, turn, owner)
redis.call('HSET', KEYS[1], 'priority', priority)
redis.call('DEL', KEYS[2])
redis.call('SREM', prefix .. 'stalled', jobKey)
redis.call('LREM', prefix .. 'active', -1, jobKey)
local order = redis.call('INCR', prefix .. 'pc') % 0x100000000
redis.call('ZADD', prefix .. 'prioritized', priority * 0x100000000 + order, jobKey)
redis.call('ZADD', prefix .. 'marker', 0, '0')
return 1
`;

const progressScript = `
${ifHeld}
local former = tonumber(redis.call('HGET', KEYS[1], '${ownFields.percent}') or 0)
local percent = former > tonumber(ARGV[2]) and former or ARGV[2]
redis.call('HSET', KEYS[1], '${ownFields.percent}', percent, '${ownFields.message}', ARGV[3])
if ARGV[4] then redis.call('HSET', KEYS[1], '${ownFields.soFar}', ARGV[4]) end
return 1
`;

const findStepScript = `
${ifHeld}
local kept = redis.call('HGET', KEYS[1], ARGV[2])
-- The safe point: what is done stays done, and nothing further begins.
if not kept and redis.call('HEXISTS', KEYS[1], '${ownFields.cancelledAtMs}') == 1 then return 2 end
return kept
`;

const keepStepScript = `
${ifHeld}
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
return 1
`;

const noteHeldScript = `
${ifHeld}
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[3])
return 1
`;

/**
 * KEYS: those that hold, the failed set. ARGV: the beginning of the hashes. Entries of jobs that are gone, or ended in
 * another way later, are dropped; those of jobs that have not ended yet stay and do not count.
 */
const countAsideScript = `
${isHeldFunction}
local held = 0
for _, jobKey in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local hash = ARGV[1] .. jobKey
  local isKept = redis.call('EXISTS', hash) == 1
  local hasEnded = redis.call('HEXISTS', hash, 'finishedOn') == 1
  if hasEnded and isHeld(hash) then held = held + 1
  elseif hasEnded or not isKept then redis.call('ZREM', KEYS[1], jobKey) end
end
return {held, redis.call('ZCARD', KEYS[2]) - held}
`;
