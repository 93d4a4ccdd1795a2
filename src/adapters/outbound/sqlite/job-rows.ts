import type { ErrorReport } from '../../../domain/errors.ts';
import {
  type Job,
  type JobProgress,
  type JobState,
  type Json,
  type NewJob,
  priorityDefault,
  type QueueName,
  queueNames,
  restingJobStates,
} from '../../../domain/model/job.ts';
import { checkJobInput } from '../../../domain/policy/job-payload.ts';
import { afterFailedRun, afterLostRun, cancellationReport, type JobTurn } from '../../../domain/policy/job-retry.ts';
import {
  type JobCounts,
  type JobQuery,
  keepSeconds,
  keptJobsMax,
  type WorkOptions,
} from '../../../domain/ports/job-queue.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { Database, Row } from './database.ts';

/**
 * The tables `jobs` and `job_steps`. Whoever runs a job holds a claim on its row: a text that nobody else knows. Every
 * write for a run names its claim, so that a worker whose job was taken over changes nothing.
 *
 * In the column `state` a job that holds has failed; `standing` tells the two apart by what was thrown, and is what
 * callers see as the state.
 */
export function createJobRows(database: Database, clock: Clock): JobRows {
  const find = (id: string): Job | undefined => {
    const row = database.get('SELECT * FROM jobs WHERE id = ?', id);
    return row === undefined ? undefined : toJob(row);
  };

  const turn = (
    id: string,
    next: JobTurn,
    counted: { readonly failedRuns: number; readonly lostRuns: number },
  ): void => {
    const nowMs = clock.nowMs();
    const isWaiting = next.next === 'queued';
    database.run(
      `UPDATE jobs SET state = ?, error = ?, failed_runs = ?, lost_runs = ?, run_at_ms = ?, finished_at_ms = ?,
         claim = NULL, claimed_until_ms = NULL
       WHERE id = ?`,
      next.next === 'held' ? 'failed' : next.next,
      next.error === undefined ? null : JSON.stringify(next.error),
      counted.failedRuns,
      counted.lostRuns,
      isWaiting ? nowMs + next.delayMs : nowMs,
      isWaiting ? null : nowMs,
      id,
    );
  };

  /**
   * A turn later than a new job's: it arrived before those that wait now, and would come before them in an equal one.
   * Turns are those of one queue, so it also stands back for as long as every worker needs to see the free place.
   */
  const giveWay = (row: Row): void => {
    const [queue, priority] = [text(row, 'queue'), number(row, 'priority')];
    database.run(
      `UPDATE jobs SET state = 'queued', claim = NULL, claimed_until_ms = NULL, keeps_lanes = 0, run_at_ms = ?,
         turn = 1 + ${nextTurn}
       WHERE id = ?`,
      ...[clock.nowMs() + standBackMs, queue, priority, text(row, 'owner'), queue, priority, text(row, 'id')],
    );
  };

  return {
    find,

    add: (job) => {
      checkJobInput(job.input);
      const nowMs = clock.nowMs();
      const priority = job.priority ?? priorityDefault;
      database.run(
        `INSERT INTO jobs (id, queue, kind, owner, input, state, lanes, attempts_max, backoff_ms, created_at_ms,
           run_at_ms, priority, turn)
         VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ${nextTurn})
         ON CONFLICT (id) DO NOTHING`,
        ...[job.id, job.queue, job.kind, job.owner, JSON.stringify(job.input)],
        ...[job.lanes === undefined ? null : JSON.stringify(job.lanes), job.attemptsMax],
        ...[job.backoffMs, nowMs, nowMs + (job.delayMs ?? 0), priority],
        ...[job.queue, priority, job.owner, job.queue, priority],
      );
      const accepted = find(job.id);
      if (accepted === undefined) throw new Error(`The job ${job.id} was inserted and is not there.`);
      return accepted;
    },

    list: ({ owner = null, queue = null, states, limit }) =>
      database
        .all(
          `SELECT * FROM jobs
           WHERE (?1 IS NULL OR owner = ?1) AND (?2 IS NULL OR queue = ?2)
             AND (?3 IS NULL OR standing IN (SELECT value FROM json_each(?3)))
           ORDER BY sequence DESC LIMIT ?4`,
          ...[owner, queue, states === undefined ? null : JSON.stringify(states), limit],
        )
        .map(toJob),

    cancel: (id) =>
      database.transaction(() => {
        database.run(
          `UPDATE jobs SET state = 'cancelled', cancel_requested = 1, finished_at_ms = ?, error = ?
           WHERE id = ? AND standing IN ('queued', 'held')`,
          ...[clock.nowMs(), JSON.stringify(cancellationReport(undefined)), id],
        );
        database.run(`UPDATE jobs SET cancel_requested = 1 WHERE id = ? AND state = 'running'`, id);
        return find(id);
      }),

    retry: (id) => {
      database.run(
        `UPDATE jobs SET state = 'queued', failed_runs = 0, lost_runs = 0, error = NULL, run_at_ms = ?,
           finished_at_ms = NULL, keeps_lanes = 0
         WHERE id = ? AND state = 'failed'`,
        clock.nowMs(),
        id,
      );
      return find(id);
    },

    counts: () => {
      const counts = Object.fromEntries(
        queueNames.map((queue) => [queue, { queued: 0, running: 0, held: 0, failed: 0 }]),
        // `fromEntries` forgets that every name of the table is there.
      ) as Record<QueueName, { -readonly [State in keyof JobCounts]: number }>;
      for (const row of database.all(
        `SELECT queue, 'queued' AS state, COUNT(*) AS number FROM jobs WHERE state = 'queued' GROUP BY queue
         UNION ALL SELECT queue, 'running', COUNT(*) FROM jobs WHERE state = 'running' GROUP BY queue
         UNION ALL SELECT queue, standing, COUNT(*) FROM jobs WHERE standing IN ('held', 'failed') GROUP BY 1, 2`,
      )) {
        // The columns hold what `add` and this statement wrote there.
        counts[row['queue'] as QueueName][row['state'] as keyof JobCounts] = Number(row['number']);
      }
      return counts;
    },

    claim: (queue, claim, { leaseMs, fleet }) => {
      const nowMs = clock.nowMs();
      const next = [queue, nowMs, fleet.all, fleet.queue];
      // Looks before it writes: an idle worker must not take the write lock again and again.
      if (database.get(`SELECT 1 FROM jobs WHERE id = (${nextJob})`, ...next) === undefined) return undefined;
      return database.transaction(() => {
        const row = database.get(
          `UPDATE jobs SET state = 'running', attempts = attempts + 1, started_at_ms = ?2, claim = ?5,
             claimed_until_ms = ?6, keeps_lanes = 1
           WHERE id = (${nextJob}) RETURNING *`,
          ...[...next, claim, nowMs + leaseMs],
        );
        if (row === undefined) return undefined;
        database.run(
          `INSERT INTO job_rounds (queue, priority, turn) VALUES (?, ?, ?)
           ON CONFLICT (queue, priority) DO UPDATE SET turn = MAX(turn, excluded.turn)`,
          ...[queue, number(row, 'priority'), number(row, 'turn')],
        );
        return toJob(row);
      });
    },

    watch: (held) => {
      const row = database.get('SELECT cancel_requested FROM jobs WHERE id = ? AND claim = ?', held.id, held.claim);
      return row === undefined ? 'lost' : isSet(row, 'cancel_requested') ? 'cancel' : 'go on';
    },

    renew: (held, leaseMs) =>
      database.run(
        'UPDATE jobs SET claimed_until_ms = ? WHERE id = ? AND claim = ?',
        clock.nowMs() + leaseMs,
        held.id,
        held.claim,
      ) === 1,

    progress: (held, progress) =>
      database.run(
        `UPDATE jobs SET progress_percent = MAX(progress_percent, ?), progress_message = ?,
           progress_so_far = COALESCE(?, progress_so_far)
         WHERE id = ? AND claim = ?`,
        ...[Math.max(0, Math.min(progress.percent, 100)), progress.message],
        progress.soFar === undefined ? null : JSON.stringify(progress.soFar),
        ...[held.id, held.claim],
      ) === 1,

    findStep: (held, name) => {
      const row = database.get(
        `SELECT step.result FROM jobs AS job LEFT JOIN job_steps AS step ON step.job_id = job.id AND step.name = ?
         WHERE job.id = ? AND job.claim = ?`,
        ...[name, held.id, held.claim],
      );
      if (row === undefined) return { found: 'lost' };
      const result = optionalText(row, 'result');
      // What was written as JSON below.
      return result === undefined ? { found: 'nothing' } : { found: 'kept', result: JSON.parse(result) as Json };
    },

    keepStep: (held, name, result) =>
      database.run(
        'INSERT INTO job_steps (job_id, name, result) SELECT id, ?, ? FROM jobs WHERE id = ? AND claim = ?',
        ...[name, JSON.stringify(result), held.id, held.claim],
      ) === 1,

    succeed: (held, result) =>
      database.run(
        `UPDATE jobs SET state = 'succeeded', result = ?, error = NULL, finished_at_ms = ?, claim = NULL,
           claimed_until_ms = NULL
         WHERE id = ? AND claim = ?`,
        ...[result, clock.nowMs(), held.id, held.claim],
      ) === 1,

    fail: (held, thrown) =>
      database.transaction(() => {
        const row = database.get('SELECT * FROM jobs WHERE id = ? AND claim = ?', held.id, held.claim);
        if (row === undefined) return false;
        const failedRuns = number(row, 'failed_runs') + 1;
        const next = afterFailedRun({
          thrown,
          cancelRequested: isSet(row, 'cancel_requested'),
          failedRuns,
          attemptsMax: number(row, 'attempts_max'),
          backoffMs: number(row, 'backoff_ms'),
        });
        if (next.next === 'gives_way') giveWay(row);
        else turn(held.id, next, { failedRuns, lostRuns: number(row, 'lost_runs') });
        return true;
      }),

    release: (held) =>
      database.run(
        `UPDATE jobs SET state = 'queued', claim = NULL, claimed_until_ms = NULL WHERE id = ? AND claim = ?`,
        held.id,
        held.claim,
      ) === 1,

    recoverLost: (queue) => {
      const overdue = `SELECT * FROM jobs WHERE queue = ? AND state = 'running' AND claimed_until_ms < ? LIMIT ${recoveredMax}`;
      const nowMs = clock.nowMs();
      if (database.get(overdue, queue, nowMs) === undefined) return [];
      return database.transaction(() => {
        const lost: LostJob[] = [];
        for (const row of database.all(overdue, queue, nowMs)) {
          const lostRuns = number(row, 'lost_runs') + 1;
          const next = afterLostRun({ cancelRequested: isSet(row, 'cancel_requested'), lostRuns });
          turn(text(row, 'id'), next, { failedRuns: number(row, 'failed_runs'), lostRuns });
          lost.push({ id: text(row, 'id'), hasEnded: next.next !== 'queued' });
        }
        return lost;
      });
    },

    forgetOld: () => {
      database.run(
        `DELETE FROM jobs WHERE sequence IN (SELECT sequence FROM jobs WHERE finished_at_ms < ? LIMIT ${forgottenMax})`,
        clock.nowMs() - keepSeconds * 1000,
      );
      for (const queue of queueNames) {
        for (const state of restingJobStates) {
          database.run(
            `DELETE FROM jobs WHERE sequence IN (SELECT sequence FROM jobs WHERE queue = ? AND standing = ?
               ORDER BY finished_at_ms DESC LIMIT ${forgottenMax} OFFSET ${keptJobsMax})`,
            queue,
            state,
          );
        }
      }
    },
  };
}

/** Longer than the pause between two looks of any worker, in milliseconds. */
const standBackMs = 500;

export interface JobRows {
  add(job: NewJob): Job;
  find(id: string): Job | undefined;
  list(query: JobQuery): readonly Job[];
  cancel(id: string): Job | undefined;
  retry(id: string): Job | undefined;
  counts(): Record<QueueName, JobCounts>;
  /** Takes the next job that is due, if there is one and a place for it, for `leaseMs`. */
  claim(queue: QueueName, claim: string, options: Pick<WorkOptions, 'leaseMs' | 'fleet'>): Job | undefined;
  watch(held: HeldJob): 'go on' | 'cancel' | 'lost';
  /** This and the following answer false, and change nothing, when the claim is no longer held. */
  renew(held: HeldJob, leaseMs: number): boolean;
  progress(held: HeldJob, progress: JobProgress): boolean;
  keepStep(held: HeldJob, name: string, result: Json): boolean;
  /** `result` is JSON text. */
  succeed(held: HeldJob, result: string): boolean;
  /** Ends a run with what its handler threw: the job waits, fails or is cancelled, as the policy says. */
  fail(held: HeldJob, thrown: unknown): boolean;
  /** Gives a job back as it was: it runs again soon. */
  release(held: HeldJob): boolean;
  findStep(
    held: HeldJob,
    name: string,
  ): { readonly found: 'lost' | 'nothing' } | { readonly found: 'kept'; readonly result: Json };
  /** Takes jobs from workers that did not renew their claims in time, and answers which, and whether that was their end. */
  recoverLost(queue: QueueName): readonly LostJob[];
  /** Removes jobs that ended longer ago than they must be kept. */
  forgetOld(): void;
}

export interface LostJob {
  readonly id: string;
  readonly hasEnded: boolean;
}

export interface HeldJob {
  readonly id: string;
  readonly claim: string;
}

/** How many lost and how many old jobs one call handles: the rest waits for the next. */
const recoveredMax = 100;
const forgottenMax = 500;

/**
 * The job to start next: ?1 is its queue, ?2 the time, ?3 and ?4 how many may run of all queues and of this one. Claims
 * that have run out hold no place; lanes are kept from the first run of a job to its end.
 */
const nextJob = `SELECT id FROM jobs WHERE queue = ?1 AND state = 'queued' AND run_at_ms <= ?2
  AND (SELECT COUNT(*) FROM jobs WHERE state = 'running' AND claimed_until_ms >= ?2) < ?3
  AND (SELECT COUNT(*) FROM jobs WHERE state = 'running' AND claimed_until_ms >= ?2 AND queue = ?1) < ?4
  AND NOT EXISTS (
    SELECT 1 FROM json_each(jobs.lanes) AS wanted, jobs AS other, json_each(other.lanes) AS held
    WHERE other.keeps_lanes = 1 AND other.finished_at_ms IS NULL AND other.sequence <> jobs.sequence
      AND held.value = wanted.value)
  ORDER BY priority, turn, sequence LIMIT 1`;

/**
 * Fair queueing by start times: a job's turn is one after the last waiting one of its owner, and never before the round
 * that is being served, which the started jobs tell. So all owners that wait have one job in each round.
 */
const nextTurn = `1 + MAX(
  COALESCE((SELECT MAX(turn) FROM jobs WHERE queue = ? AND priority = ? AND owner = ? AND state = 'queued'), 0),
  COALESCE((SELECT turn FROM job_rounds WHERE queue = ? AND priority = ?), 0))`;

function toJob(row: Row): Job {
  // The state is checked by the table, and queue, input, result and error are what `add` and the ends of runs wrote.
  const state = row['standing'] as JobState;
  const [result, error, lanes] = [optionalText(row, 'result'), optionalText(row, 'error'), optionalText(row, 'lanes')];
  const soFar = optionalText(row, 'progress_so_far');
  const [startedAtMs, finishedAtMs] = [row['started_at_ms'], row['finished_at_ms']];
  return {
    id: text(row, 'id'),
    queue: row['queue'] as QueueName,
    kind: text(row, 'kind'),
    owner: text(row, 'owner'),
    input: JSON.parse(text(row, 'input')) as Json,
    // What `add` wrote.
    ...(lanes === undefined ? {} : { lanes: JSON.parse(lanes) as readonly string[] }),
    state,
    progress: {
      percent: number(row, 'progress_percent'),
      message: text(row, 'progress_message'),
      ...(soFar === undefined ? {} : { soFar: JSON.parse(soFar) as Json }),
    },
    attempts: number(row, 'attempts'),
    attemptsMax: number(row, 'attempts_max'),
    cancelRequested: isSet(row, 'cancel_requested'),
    createdAtMs: number(row, 'created_at_ms'),
    ...(startedAtMs === null ? {} : { startedAtMs: Number(startedAtMs) }),
    ...(finishedAtMs === null ? {} : { finishedAtMs: Number(finishedAtMs) }),
    ...(result === undefined ? {} : { result: JSON.parse(result) as Json }),
    ...(error === undefined || state === 'running' ? {} : { error: JSON.parse(error) as ErrorReport }),
  };
}

const text = (row: Row, column: string): string => String(row[column]);
const number = (row: Row, column: string): number => Number(row[column]);
const isSet = (row: Row, column: string): boolean => row[column] === 1;

function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' ? value : undefined;
}
