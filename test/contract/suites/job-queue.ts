import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '../../../src/domain/errors.ts';
import { type Job, type NewJob, type QueueName, restingJobStates } from '../../../src/domain/model/job.ts';
import { jobInputBytesMax } from '../../../src/domain/policy/job-payload.ts';
import { GaveWay } from '../../../src/domain/policy/job-retry.ts';
import {
  type JobHandler,
  type JobQuery,
  type JobQueue,
  type JobRun,
  stalledRunsMax,
  type WorkOptions,
} from '../../../src/domain/ports/job-queue.ts';
import type { ProcessOrder } from '../../support/job-queue-process.ts';
import { type JobQueueProcess, startJobQueueProcess } from '../../support/job-queue-processes.ts';
import { type JobQueueStorage, type OpenedJobQueue, openJobQueue, wideFleet } from '../../support/job-queue-storage.ts';
import { type PollOptions, poll } from '../../support/poll.ts';

/** The laws of the JobQueue port, one by one. `open` gives an empty storage. */
export function jobQueueContract(name: string, open: () => Promise<JobQueueStorage>): void {
  describe(`JobQueue on ${name}`, () => {
    let storage: JobQueueStorage;
    let queue: JobQueue;
    let folder: string;
    let opened: OpenedJobQueue[] = [];
    let processes: JobQueueProcess[] = [];

    beforeEach(async () => {
      storage = await open();
      folder = mkdtempSync(join(tmpdir(), 'igx-job-effects-'));
      queue = await another();
    });

    afterEach(async () => {
      await Promise.all(processes.map((process) => process.kill()));
      await Promise.all(opened.map((one) => one.close()));
      processes = [];
      opened = [];
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** A queue over the same storage with connections of its own, as another process has it. */
    const another = async (): Promise<JobQueue> => {
      const one = await openJobQueue(storage);
      opened.push(one);
      return one.queue;
    };

    const start = (order: OrderOf<'add'> | OrderOf<'work'>): JobQueueProcess => {
      const process = startJobQueueProcess({ ...order, driver: storage.driver, location: storage.location });
      processes.push(process);
      return process;
    };

    const work = (handler: JobHandler, options: Partial<TestWork> = {}) => {
      const {
        on = queue,
        name: queueName = 'publishing',
        concurrency = 1,
        fleet = wideFleet,
        leaseMs = 5_000,
      } = options;
      return on.work(queueName, handler, {
        concurrency,
        fleet,
        leaseMs,
        onProblem: options.onProblem ?? (() => undefined),
      });
    };

    const effectsFile = () => join(folder, 'effects');
    const effects = (): readonly string[][] => {
      try {
        return readFileSync(effectsFile(), 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split(' '));
      } catch {
        // Nothing was written yet.
        return [];
      }
    };
    const effectsOf = (step: string) => effects().filter((effect) => effect[1] === step);

    const job = async (id: string): Promise<Job> => {
      const found = await queue.get(id);
      if (found === undefined) throw new Error(`There is no job ${id}.`);
      return found;
    };
    const inState = (id: string, state: Job['state'], options: PollOptions = {}): Promise<Job> =>
      poll(
        `${id} to be ${state}`,
        async () => {
          const found = await job(id);
          if (found.state !== state && restingJobStates.includes(found.state)) {
            throw new Error(`${id} is ${found.state}: ${JSON.stringify(found)}`);
          }
          return found.state === state && found;
        },
        options,
      );

    describe('accepting', () => {
      it('answers the job as it was handed in, and get answers the same', async () => {
        const given = { ...newJob(), input: { text: 'Ünï "quoted"\n', list: [1, null, { deep: true }] } };
        const accepted = await queue.add(given);
        expect(accepted).toMatchObject({
          id: given.id,
          queue: 'publishing',
          kind: 'test_job',
          owner: 'owner',
          input: given.input,
          state: 'queued',
          progress: { percent: 0, message: '' },
          attempts: 0,
          attemptsMax: 3,
          cancelRequested: false,
        });
        expect(Object.keys(accepted)).not.toEqual(expect.arrayContaining(['startedAtMs']));
        expect(await queue.get(given.id)).toEqual(accepted);
        expect(await (await another()).get(given.id)).toEqual(accepted);
      });

      it('answers undefined for an unknown id', async () => {
        expect(await queue.get('job_unknown')).toBeUndefined();
        expect(await queue.cancel('job_unknown')).toBeUndefined();
      });

      it('refuses an input over jobInputBytesMax, and adds nothing', async () => {
        const given = newJob({ input: 'ü'.repeat(jobInputBytesMax / 2) });
        await expect(queue.add(given)).rejects.toMatchObject({ code: 'TOO_LARGE' });
        expect(await queue.get(given.id)).toBeUndefined();
        await queue.add({ ...given, input: 'ü'.repeat(jobInputBytesMax / 2 - 1) });
        expect(await queue.get(given.id)).toBeDefined();
      });

      it('takes ids of every form', async () => {
        for (const id of ['12', 'a:b', 'with space', 'job_Ünï/%41']) {
          await queue.add(newJob({ id }));
          expect((await queue.get(id))?.id).toBe(id);
        }
      });

      it('keeps every job that was answered before a kill -9 of the process that added it', async () => {
        for (let round = 0; round < killRounds; round++) {
          const adder = start({ act: 'add', prefix: `round-${round}-` });
          await poll('some jobs to be accepted', () => adder.said.length > round * 3);
          await adder.kill();
          const accepted = adder.said.map((saying) => String(saying['accepted']));
          expect(accepted.length).toBeGreaterThan(0);
          for (const id of accepted) expect(await job(id)).toMatchObject({ state: 'queued', input: expect.anything() });
        }
        const listed = await queue.list({ owner: 'owner', limit: 10_000 });
        expect(listed.length).toBeGreaterThan(killRounds);
      });
    });

    describe('one id, one job', () => {
      it('answers the first job of an id and changes nothing, whatever its state', async () => {
        const first = newJob({ attemptsMax: 1 });
        await queue.add(first);
        const differing = { ...first, queue: 'backups', kind: 'other', owner: 'somebody', input: 'other' } as const;
        const same = { id: first.id, queue: 'publishing', kind: 'test_job', owner: 'owner', input: first.input };
        expect(await queue.add(differing)).toMatchObject({ ...same, state: 'queued' });

        const gate = createGate();
        work(() => gate.opened);
        await inState(first.id, 'running');
        expect(await queue.add(differing)).toMatchObject({ ...same, state: 'running', attempts: 1 });
        gate.open('done');
        const succeeded = await inState(first.id, 'succeeded');
        expect(await queue.add(differing)).toEqual(succeeded);
        expect(await queue.list({ owner: 'somebody', limit: 5 })).toEqual([]);
      });

      it('answers a failed and a cancelled job too, and does not run them again', async () => {
        const [failing, cancelled] = [newJob({ attemptsMax: 1 }), newJob()];
        await queue.add(cancelled);
        await queue.cancel(cancelled.id);
        await queue.add(failing);
        const runs: string[] = [];
        work(async (run) => {
          runs.push(run.job.id);
          throw new DomainError('FORBIDDEN', 'no');
        });
        const failed = await inState(failing.id, 'failed');
        expect(await queue.add(failing)).toEqual(failed);
        expect(await queue.add(cancelled)).toMatchObject({ state: 'cancelled' });
        await finishOneMore(queue, runs);
        expect(runs.filter((id) => id === failing.id || id === cancelled.id)).toEqual([failing.id]);
      });

      it('has one effect for 20 adds of one id at once and 3 workers', async () => {
        const queues = [queue, await another(), await another()];
        const runs: string[] = [];
        for (const on of queues) {
          work(
            async (run) => {
              await run.step('effect', async () => runs.push(run.job.id));
              return 'done';
            },
            { on, concurrency: 4 },
          );
        }
        const { id } = newJob();
        const added = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            (queues[index % queues.length] ?? queue).add(newJob({ id, input: index })),
          ),
        );
        expect(new Set(added.map((one) => JSON.stringify(one.input))).size).toBe(1);
        const done = await inState(id, 'succeeded');
        await finishOneMore(queue, runs);
        expect(runs.filter((run) => run === id)).toEqual([id]);
        expect(done.attempts).toBe(1);
        expect(await queue.list({ owner: 'owner', limit: 50 })).toHaveLength(2);
      });
    });

    describe('running', () => {
      it('keeps the result, the times and the number of runs', async () => {
        const { id } = await queue.add(newJob());
        work(async (run) => ({ got: run.job.input, attempts: run.job.attempts, state: run.job.state }));
        const done = await inState(id, 'succeeded');
        expect(done).toMatchObject({ attempts: 1, result: { got: { some: 'input' }, attempts: 1, state: 'running' } });
        expect(done.startedAtMs).toBeGreaterThanOrEqual(done.createdAtMs);
        expect(done.finishedAtMs).toBeGreaterThanOrEqual(done.startedAtMs ?? Number.POSITIVE_INFINITY);
        expect(done).not.toHaveProperty('error');
      });

      it('gives a job to one worker at a time, and no worker more jobs than it has places', async () => {
        const queues = [queue, await another(), await another()];
        const active: string[] = [];
        const seen: string[] = [];
        let most = 0;
        for (const on of queues) {
          work(
            async (run) => {
              expect(active).not.toContain(run.job.id);
              active.push(run.job.id);
              most = Math.max(most, active.length);
              await run.progress({ percent: 50, message: 'half' });
              seen.push(run.job.id);
              active.splice(active.indexOf(run.job.id), 1);
              return null;
            },
            { on, concurrency: 2 },
          );
        }
        const ids = await addMany(queue, 40);
        await poll('all jobs to run', () => seen.length >= ids.length);
        for (const id of ids) await inState(id, 'succeeded');
        expect(seen.toSorted()).toEqual(ids.toSorted());
        expect(most).toBeLessThanOrEqual(queues.length * 2);
      });

      it('takes jobs of its own queue only', async () => {
        const [report, backup] = [newJob({ queue: 'reports' }), newJob({ queue: 'backups' })];
        await queue.add(report);
        await queue.add(backup);
        work(async () => 'report', { name: 'reports' });
        await inState(report.id, 'succeeded');
        expect((await job(backup.id)).state).toBe('queued');
        work(async () => 'backup', { name: 'backups', on: await another() });
        expect((await inState(backup.id, 'succeeded')).result).toBe('backup');
      });

      it('counts what waits, runs and has failed, per queue', async () => {
        const none = { queued: 0, running: 0, held: 0, failed: 0 };
        expect(await queue.counts()).toEqual({ publishing: none, 'cms-writes': none, reports: none, backups: none });
        await addMany(queue, 3);
        await queue.add(newJob({ delayMs: 60_000 }));
        await queue.add(newJob({ queue: 'reports' }));
        const { id } = await queue.add(newJob());
        await queue.cancel(id);
        expect(await queue.counts()).toMatchObject({
          publishing: { ...none, queued: 4 },
          reports: { ...none, queued: 1 },
        });
        const gate = createGate();
        let runs = 0;
        work(async () => {
          runs++;
          if (runs === 1) throw new DomainError('FORBIDDEN', 'no');
          return gate.opened;
        });
        await poll('the second job to run', () => runs === 2);
        expect(await queue.counts()).toMatchObject({ publishing: { queued: 2, running: 1, failed: 1 }, backups: none });
        gate.open('done');
      });

      it('lists the jobs of one owner, newest first', async () => {
        const ids: string[] = [];
        for (let index = 0; index < 5; index++) ids.push((await queue.add(newJob({ owner: 'a:b c' }))).id);
        await queue.add(newJob({ owner: 'other' }));
        const listed = await queue.list({ owner: 'a:b c', limit: 3 });
        expect(listed.map((one) => one.id)).toEqual(ids.toReversed().slice(0, 3));
        expect(await queue.list({ owner: 'a:b c', limit: 50 })).toHaveLength(5);
        expect(await queue.list({ owner: 'nobody', limit: 50 })).toEqual([]);
        expect(listed[0]).toEqual(await queue.get(listed[0]?.id ?? ''));
      });
    });

    describe('order and delay', () => {
      it('starts jobs by priority, and those of equal priority in the order of their arrival', async () => {
        const given = [10, 5, undefined, 1, 7, 1, 10, 5];
        const added: { readonly id: string; readonly rank: number }[] = [];
        for (const priority of given) {
          const { id } = await queue.add(newJob(priority === undefined ? {} : { priority }));
          added.push({ id, rank: priority ?? 5 });
        }
        const order: string[] = [];
        work(async (run) => order.push(run.job.id));
        await poll('all jobs to run', () => order.length === given.length);
        // A stable sort: what has equal rank stays in the order of arrival.
        expect(order).toEqual(added.toSorted((one, other) => one.rank - other.rank).map((one) => one.id));
      });

      it('does not start a delayed job before its time', async () => {
        const order: string[] = [];
        work(async (run) => order.push(run.job.id));
        const late = await queue.add(newJob({ delayMs: 700, priority: 1 }));
        const soon = await queue.add(newJob({ priority: 10 }));
        const done = await inState(late.id, 'succeeded');
        expect(order).toEqual([soon.id, late.id]);
        expect((done.startedAtMs ?? 0) - done.createdAtMs).toBeGreaterThanOrEqual(700);
      });
    });

    describe('turns', () => {
      it('does not let a thousand jobs of one owner hold up the single job of another', async () => {
        const order: string[] = [];
        await addMany(queue, 1_000, { owner: 'busy' });
        work(async (run) => order.push(run.job.owner), { concurrency: 4 });
        await poll('the busy owner to be served', () => order.length > 20);
        const { id } = await queue.add(newJob({ owner: 'single' }));
        const startedBefore = order.length;
        await inState(id, 'succeeded');
        // The four that were taken already, and one round.
        expect(order.indexOf('single') - startedBefore).toBeLessThan(10);
        expect(order.length).toBeLessThan(500);
      });

      it('starts the jobs of all owners in turn, those of one owner in the order of their arrival', async () => {
        const ids: Record<string, readonly string[]> = {};
        for (const [owner, count] of [
          ['a', 5],
          ['b', 2],
          ['c', 3],
        ] as const) {
          ids[owner] = await addMany(queue, count, { owner });
        }
        const order: { readonly owner: string; readonly id: string }[] = [];
        work(async (run) => order.push(run.job));
        await poll('all jobs to run', () => order.length === 10);
        const rounds = [order.slice(0, 3), order.slice(3, 6), order.slice(6, 8), order.slice(8)];
        expect(rounds.map((round) => round.map(({ owner }) => owner).toSorted())).toEqual([
          ['a', 'b', 'c'],
          ['a', 'b', 'c'],
          ['a', 'c'],
          ['a', 'a'],
        ]);
        for (const owner of ['a', 'b', 'c']) {
          expect(order.filter((job) => job.owner === owner).map(({ id }) => id)).toEqual(ids[owner]);
        }
      });

      it('gives an owner who comes back no turns for the time in which it asked for nothing', async () => {
        const order: string[] = [];
        const gates = [createGate(), createGate()];
        work(async (run) => {
          order.push(run.job.owner);
          if (order.length === 6) await gates[0]?.opened;
          return null;
        });
        await addMany(queue, 10, { owner: 'busy' });
        await poll('the worker to be held', () => order.length === 6);
        await addMany(queue, 5, { owner: 'late' });
        gates[0]?.open('go on');
        await poll('all jobs to run', () => order.length === 15);
        // One by one from here on, until the busy owner has no more.
        expect(order.slice(6, 14).filter((owner) => owner === 'late')).toHaveLength(4);
      });
    });

    describe('giving way', () => {
      it('lets those run who wait, goes on in its turn with its ended steps, and counts no failure', async () => {
        const long = newJob({ owner: 'busy', attemptsMax: 1, lanes: ['bulk'] });
        const seen: string[] = [];
        const gate = createGate();
        const fleet = { all: 1, queue: 1 };
        work(
          async (run) => {
            const { id } = run.job;
            seen.push(id);
            if (id !== long.id) return null;
            await run.step('once', async () => {
              seen.push('once');
              return null;
            });
            await gate.opened;
            if (run.job.attempts < 4) throw new GaveWay();
            return 'whole';
          },
          { concurrency: 2, fleet },
        );
        await queue.add(long);
        await poll('the long one to run', () => seen.includes('once'));
        // Its own next jobs wait behind it; those of others, and who shares its lane, come first.
        const own = await queue.add(newJob({ owner: 'busy' }));
        const others = await addMany(queue, 3, { owner: 'idle', lanes: ['bulk'] });
        const late = await queue.add(newJob({ owner: 'late', priority: 9 }));
        gate.open('go');
        const ended = await inState(long.id, 'succeeded');
        expect(ended).toMatchObject({ attempts: 4, result: 'whole' });
        for (const id of [own.id, ...others, late.id]) await inState(id, 'succeeded');
        expect(seen.filter((id) => id === 'once')).toHaveLength(1);
        expect(seen).toHaveLength(4 + 1 + 5);
        expect(seen.indexOf(others[0] ?? '')).toBeLessThan(seen.lastIndexOf(long.id));
        expect(seen.slice(2, seen.lastIndexOf(long.id))).toContain(others[0]);
      });

      it('lets those run who wait in another queue', async () => {
        const fleet = { all: 1, queue: 1 };
        const long = newJob({ attemptsMax: 1 });
        const other = newJob({ queue: 'reports', owner: 'other' });
        let isEnded = false;
        const runs = { long: 0 };
        work(
          async () => {
            runs.long += 1;
            if (runs.long === 1) await queue.add(other);
            // As often as it takes, but not for ever.
            if (!isEnded && runs.long < 20) throw new GaveWay();
            return null;
          },
          { fleet },
        );
        work(
          async () => {
            isEnded = true;
            return null;
          },
          { fleet, name: 'reports' },
        );
        await queue.add(long);
        await inState(long.id, 'succeeded');
        await inState(other.id, 'succeeded');
        expect(runs.long).toBeLessThan(5);
      });

      it('is cancelled like any other while it waits for its turn', async () => {
        const { id } = await queue.add(newJob({ attemptsMax: 1 }));
        const other = newJob({ owner: 'other' });
        const gate = createGate();
        const fleet = { all: 1, queue: 1 };
        work(
          async (run) => {
            if (run.job.id === id) {
              await queue.add(other);
              throw new GaveWay();
            }
            await gate.opened;
            return null;
          },
          { fleet },
        );
        await poll('the other one to run', async () => (await queue.get(other.id))?.state === 'running');
        expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled' });
        gate.open('go');
        await inState(other.id, 'succeeded');
        expect((await job(id)).attempts).toBe(1);
      });
    });

    describe('lanes and places', () => {
      /** Runs jobs until they are let go, and knows which run at the moment and how many did at most. */
      const holding = () => {
        const running: Job[] = [];
        const seen: Job[] = [];
        const gates = new Map<string, Gate>();
        const most = { all: 0 };
        const gateOf = (id: string): Gate => {
          const gate = gates.get(id) ?? createGate();
          gates.set(id, gate);
          return gate;
        };
        const handler: JobHandler = async (run) => {
          running.push(run.job);
          seen.push(run.job);
          most.all = Math.max(most.all, running.length);
          await gateOf(run.job.id).opened;
          running.splice(running.indexOf(run.job), 1);
          return null;
        };
        return { running, seen, most, handler, end: (id: string) => gateOf(id).open('done') };
      };

      it('runs the jobs of one lane one after the other, over queues and processes, and others beside them', async () => {
        const { running, seen, handler, end } = holding();
        const first = await queue.add(newJob({ lanes: ['publish:1'] }));
        const second = await queue.add(newJob({ lanes: ['publish:1', 'publish:2'] }));
        const third = await queue.add(newJob({ queue: 'reports', lanes: ['publish:2'] }));
        const free = await queue.add(newJob({ lanes: ['publish:3'] }));
        expect(second.lanes).toEqual(['publish:1', 'publish:2']);
        work(handler, { concurrency: 4 });
        await poll('the first to run', () => running.some(({ id }) => id === first.id));
        work(handler, { concurrency: 4, name: 'reports', on: await another() });
        work(handler, { concurrency: 4, on: await another() });
        await poll('all to run that may', () => running.length === 3);
        expect(new Set(running.map(({ id }) => id))).toEqual(new Set([first.id, third.id, free.id]));
        expect(await job(second.id)).toMatchObject({ state: 'queued', attempts: 0 });
        end(third.id);
        await inState(third.id, 'succeeded');
        expect((await job(second.id)).state).toBe('queued');
        end(first.id);
        await poll('the second to run', () => running.some(({ id }) => id === second.id));
        for (const { id } of [second, free]) end(id);
        await inState(second.id, 'succeeded');
        await inState(free.id, 'succeeded');
        expect(seen).toHaveLength(4);
        expect((await job(second.id)).attempts).toBe(1);
      });

      it('goes through a long lane without a break, and takes no place for those who wait in it', async () => {
        const order: string[] = [];
        let atOnce = 0;
        const ids = await addMany(queue, 30, { lanes: ['publish:1'] });
        const beside = await queue.add(newJob({ owner: 'other' }));
        for (const on of [queue, await another()]) {
          work(
            async (run) => {
              if (run.job.lanes !== undefined) expect(++atOnce).toBe(1);
              await run.progress({ percent: 50, message: 'half' });
              if (run.job.lanes !== undefined) atOnce--;
              return order.push(run.job.id);
            },
            { on, concurrency: 4, fleet: { all: 2, queue: 2 } },
          );
        }
        await inState(beside.id, 'succeeded');
        for (const id of ids) await inState(id, 'succeeded');
        const inLane = order.filter((id) => id !== beside.id);
        // Two workers with four places each look at up to eight jobs at once; nobody else is overtaken.
        for (const [index, id] of ids.entries()) expect(Math.abs(inLane.indexOf(id) - index)).toBeLessThanOrEqual(8);
        expect(order.indexOf(beside.id)).toBeLessThan(10);
      });

      it('runs no more jobs at a time than the fleet has places, over all queues and processes', async () => {
        const { running, seen, most, handler, end } = holding();
        const ids = [...(await addMany(queue, 6)), ...(await addMany(queue, 6, { queue: 'reports' }))];
        for (const name of ['publishing', 'reports'] as const) {
          for (const on of [queue, await another()]) {
            work(handler, { on, name, concurrency: 6, fleet: { all: 4, queue: name === 'reports' ? 2 : 4 } });
          }
        }
        await poll('all places to be taken', () => running.length === 4);
        for (const _ of ids) {
          const next = await poll('a job to run', () => running[0]);
          expect(running.length).toBeLessThanOrEqual(4);
          expect(running.filter((one) => one.queue === 'reports').length).toBeLessThanOrEqual(2);
          end(next.id);
          await inState(next.id, 'succeeded');
        }
        expect(most.all).toBe(4);
        expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      });

      it('cancels a job that waits for its lane, and goes on with the next', async () => {
        const { running, handler, end } = holding();
        const [first, second, third] = await addMany(queue, 3, { lanes: ['publish:1'] });
        work(handler, { concurrency: 3 });
        await poll('the first to run', () => running.length === 1);
        expect(await queue.cancel(second ?? '')).toMatchObject({ state: 'cancelled', attempts: 0 });
        end(first ?? '');
        end(third ?? '');
        await inState(third ?? '', 'succeeded');
        expect((await job(second ?? '')).state).toBe('cancelled');
      });

      it('frees the place of a worker that was killed within its lease', async () => {
        const leaseMs = 1_000;
        const lost = await queue.add(newJob({ kind: 'two_steps' }));
        const gateFile = join(folder, 'gate');
        const victim = start({ act: 'work', leaseMs, effectsFile: effectsFile(), gateFile });
        await victim.hears('between');
        const next = await queue.add(newJob({ queue: 'reports' }));
        work(async () => 'done', { name: 'reports', fleet: { all: 1, queue: 1 }, leaseMs });
        await victim.kill();
        // Nobody works on the queue of the lost job: its place must not wait for that.
        await inState(next.id, 'succeeded', { timeoutMs: 3 * leaseMs + wakeMsMax });
        expect((await job(lost.id)).state).not.toBe('succeeded');
      });

      it('keeps the lane of a job whose worker was killed until it has ended, whoever waits for it', async () => {
        const leaseMs = 1_000;
        const lanes = ['publish:1'];
        const lost = await queue.add(newJob({ kind: 'two_steps', lanes }));
        const gateFile = join(folder, 'gate');
        const victim = start({ act: 'work', leaseMs, effectsFile: effectsFile(), gateFile });
        await victim.hears('between');
        const next = await queue.add(newJob({ lanes, queue: 'reports', priority: 1 }));
        const beside = await queue.add(newJob({ queue: 'reports' }));
        const runs = new Map<string, Job>();
        work(
          async (run) => {
            runs.set(run.job.id, await job(lost.id));
            return 'done';
          },
          { name: 'reports', fleet: { all: 1, queue: 1 }, leaseMs },
        );
        await victim.kill();
        // The place is free again, so that the lease is over; the lane is not.
        await inState(beside.id, 'succeeded', { timeoutMs: 3 * leaseMs + wakeMsMax });
        expect(await job(next.id)).toMatchObject({ state: 'queued', attempts: 0 });
        start({ act: 'work', leaseMs, effectsFile: effectsFile() });
        await inState(next.id, 'succeeded');
        expect(runs.get(next.id)).toMatchObject({ id: lost.id, state: 'succeeded', attempts: 2 });
        expect((await job(next.id)).attempts).toBe(1);
      });

      it('keeps the lane of a job that waits for its next run, after an error and after a shutdown', async () => {
        const lanes = ['publish:1', 'publish:2'];
        const first = await queue.add(newJob({ lanes, backoffMs: 300 }));
        const second = await queue.add(newJob({ lanes: ['publish:2'], queue: 'reports' }));
        const order: string[] = [];
        const handler: JobHandler = async (run) => {
          order.push(`${run.job.id} ${run.job.attempts}`);
          if (run.job.id === second.id || run.job.attempts === 3) return 'done';
          if (run.job.attempts === 1) throw new DomainError('CMS_UNAVAILABLE', 'away');
          await aborted(run);
          throw run.signal.reason;
        };
        const worker = work(handler);
        work(handler, { name: 'reports', on: await another() });
        await poll('the second run', () => order.length === 2);
        await worker.close(0);
        work(handler);
        await inState(second.id, 'succeeded');
        expect(order).toEqual([`${first.id} 1`, `${first.id} 2`, `${first.id} 3`, `${second.id} 1`]);
      });

      it('frees the lane of a job that is set aside, and that of one that is cancelled between its runs', async () => {
        const lanes = ['publish:1'];
        const [failing, waiting, last] = [newJob({ lanes }), newJob({ lanes, backoffMs: 600_000 }), newJob({ lanes })];
        for (const each of [failing, waiting, last]) await queue.add(each);
        work(async (run) => {
          if (run.job.id === failing.id) throw new DomainError('CONFLICT', 'held');
          if (run.job.id === waiting.id) throw new DomainError('CMS_UNAVAILABLE', 'away');
          return 'done';
        });
        await inState(failing.id, 'failed');
        await poll('the next run to be awaited', async () => {
          const found = await job(waiting.id);
          return found.state === 'queued' && found.error !== undefined;
        });
        expect(await job(last.id)).toMatchObject({ state: 'queued', attempts: 0 });
        await queue.cancel(waiting.id);
        await inState(last.id, 'succeeded');
      });

      it('frees the lane of a job that failed because it kept losing its worker', async () => {
        const lost = await queue.add(newJob({ kind: 'two_steps', lanes: ['publish:1'] }));
        const next = await queue.add(newJob({ kind: 'two_steps', lanes: ['publish:1'] }));
        for (let deaths = 0; deaths < stalledRunsMax; deaths++) {
          const victim = start({ act: 'work', leaseMs: 1_000, effectsFile: effectsFile(), diesBetweenSteps: true });
          await victim.ended();
        }
        start({ act: 'work', leaseMs: 1_000, effectsFile: effectsFile() });
        await inState(lost.id, 'failed');
        await inState(next.id, 'succeeded');
        expect(effectsOf('begun').filter(([id]) => id === next.id)).toHaveLength(1);
      });

      it('runs jobs of one lane that were set aside and put back, one after the other', async () => {
        const ids = await addMany(queue, 3, { lanes: ['publish:1'] });
        let isMended = false;
        let [atOnce, most] = [0, 0];
        work(
          async () => {
            most = Math.max(most, ++atOnce);
            // Long enough for another run of the lane to begin beside this one.
            await new Promise((resolve) => setImmediate(resolve));
            atOnce--;
            if (!isMended) throw new DomainError('CONFLICT', 'held');
            return 'done';
          },
          { concurrency: 3 },
        );
        for (const id of ids) await inState(id, 'failed');
        isMended = true;
        for (const id of ids) await queue.retry(id);
        for (const id of ids) await inState(id, 'succeeded');
        expect(most).toBe(1);
      });
    });

    describe('what is set aside', () => {
      it('runs a failed job again with its ended steps and a fresh count of attempts', async () => {
        const { id } = await queue.add(newJob({ attemptsMax: 2, backoffMs: 0 }));
        let isMended = false;
        const acts: string[] = [];
        work(async (run) => {
          await run.step('kept', async () => acts.push('kept'));
          if (!isMended) throw new DomainError('CMS_UNAVAILABLE', 'away');
          return 'mended';
        });
        expect((await inState(id, 'failed')).attempts).toBe(2);
        const again = await queue.retry(id);
        expect(again?.state === 'queued' || again?.state === 'running').toBe(true);
        expect(again).not.toHaveProperty('finishedAtMs');
        expect((await inState(id, 'failed')).attempts).toBe(4);
        isMended = true;
        await queue.retry(id);
        expect(await inState(id, 'succeeded')).toMatchObject({ result: 'mended', attempts: 5 });
        expect(acts).toEqual(['kept']);
      });

      it('runs a job again that was set aside because it kept losing its worker', async () => {
        const { id } = await queue.add(newJob({ kind: 'two_steps' }));
        for (let deaths = 0; deaths < stalledRunsMax; deaths++) {
          const victim = start({ act: 'work', leaseMs: 1_000, effectsFile: effectsFile(), diesBetweenSteps: true });
          await victim.ended();
        }
        start({ act: 'work', leaseMs: 1_000, effectsFile: effectsFile() });
        await inState(id, 'failed');
        await queue.retry(id);
        await inState(id, 'succeeded');
        expect(effectsOf('first')).toHaveLength(1);
      });

      it('sets a job that asks aside as held, apart from the failed ones, until it is put back', async () => {
        const [asking, failing] = [newJob({ attemptsMax: 3, backoffMs: 0 }), newJob({ attemptsMax: 1 })];
        const none = { queued: 0, running: 0, held: 0, failed: 0 };
        let isAnswered = false;
        const acts: string[] = [];
        work(async (run) => {
          if (run.job.id === failing.id) throw new DomainError('FORBIDDEN', 'no');
          await run.step('kept', async () => acts.push('kept'));
          if (!isAnswered) throw new DomainError('HELD', 'Go on?', { details: { questions: {} } });
          if (run.job.attempts < 4) throw new DomainError('FORBIDDEN', 'changed its mind');
          return 'answered';
        });
        await queue.add(asking);
        await queue.add(failing);
        const held = await inState(asking.id, 'held');
        expect(held).toMatchObject({
          attempts: 1,
          finishedAtMs: expect.any(Number),
          error: { code: 'HELD', message: 'Go on?', details: { questions: {} } },
        });
        expect(held).not.toHaveProperty('result');
        await inState(failing.id, 'failed');
        expect((await queue.counts()).publishing).toEqual({ ...none, held: 1, failed: 1 });
        const idsOf = async (state: Job['state']) =>
          (await queue.list({ states: [state], limit: 10 })).map(({ id }) => id);
        expect([await idsOf('held'), await idsOf('failed')]).toEqual([[asking.id], [failing.id]]);

        // Asks once more, then fails, then ends: each time it is in one place alone.
        await queue.retry(asking.id);
        await poll('the second run to hold', async () => {
          const now = await job(asking.id);
          return now.state === 'held' && now.attempts === 2;
        });
        expect((await queue.counts()).publishing).toEqual({ ...none, held: 1, failed: 1 });
        isAnswered = true;
        await queue.retry(asking.id);
        await inState(asking.id, 'failed');
        expect((await queue.counts()).publishing).toEqual({ ...none, failed: 2 });
        await queue.retry(asking.id);
        expect(await inState(asking.id, 'succeeded')).toMatchObject({ result: 'answered', attempts: 4 });
        expect((await queue.counts()).publishing).toEqual({ ...none, failed: 1 });
        expect(acts).toEqual(['kept']);
      });

      it('ends a held job when it is cancelled, for good', async () => {
        const asking = newJob();
        work(async () => {
          throw new DomainError('HELD', 'Go on?');
        });
        await queue.add(asking);
        await inState(asking.id, 'held');
        const cancelled = await queue.cancel(asking.id);
        expect(cancelled).toMatchObject({ state: 'cancelled', cancelRequested: true, error: { code: 'CANCELLED' } });
        expect(await queue.retry(asking.id)).toEqual(cancelled);
        expect(await queue.cancel(asking.id)).toEqual(cancelled);
        expect((await queue.counts()).publishing).toEqual({ queued: 0, running: 0, held: 0, failed: 0 });
        expect((await queue.list({ states: ['cancelled'], limit: 10 })).map(({ id }) => id)).toEqual([asking.id]);
      });

      it('changes nothing on any other job', async () => {
        const gate = createGate();
        const [running, cancelled, done] = [newJob(), newJob({ delayMs: 60_000 }), newJob({ priority: 1 })];
        await queue.add(cancelled);
        await queue.cancel(cancelled.id);
        await queue.add(done);
        await queue.add(running);
        work((run) => (run.job.id === running.id ? gate.opened : Promise.resolve('done')));
        await inState(done.id, 'succeeded');
        await inState(running.id, 'running');
        for (const { id } of [running, cancelled, done]) {
          const before = await job(id);
          expect(await queue.retry(id)).toEqual(before);
          expect(await job(id)).toEqual(before);
        }
        expect(await queue.retry('job_unknown')).toBeUndefined();
        gate.open('done');
        await inState(running.id, 'succeeded');
      });

      it('lists the jobs of all owners by queue and state, newest first', async () => {
        const failing = newJob({ owner: 'a', attemptsMax: 1 });
        const cancelled = newJob({ owner: 'b', queue: 'reports' });
        await queue.add(failing);
        work(async () => {
          throw new DomainError('FORBIDDEN', 'no');
        });
        const failed = await inState(failing.id, 'failed');
        await queue.add(cancelled);
        await queue.cancel(cancelled.id);
        const later = await queue.add(newJob({ owner: 'c', delayMs: 60_000 }));
        const idsOf = async (query: Omit<JobQuery, 'limit'>, limit = 50) =>
          (await queue.list({ ...query, limit })).map(({ id }) => id);
        expect(await queue.list({ states: ['failed'], limit: 50 })).toEqual([failed]);
        expect(await idsOf({})).toEqual([later.id, cancelled.id, failing.id]);
        expect(await idsOf({}, 1)).toEqual([later.id]);
        expect(await idsOf({ states: ['queued', 'cancelled'] })).toEqual([later.id, cancelled.id]);
        expect(await idsOf({ queue: 'reports' })).toEqual([cancelled.id]);
        expect(await idsOf({ states: ['succeeded'] })).toEqual([]);
        expect(await idsOf({ owner: 'a', states: ['queued'] })).toEqual([]);
        expect(await idsOf({ owner: 'a', queue: 'publishing', states: ['failed'] })).toEqual([failing.id]);
      });
    });

    describe('failing', () => {
      it('runs a job again after an error that may pass, later each time, until attemptsMax', async () => {
        const { id } = await queue.add(newJob({ attemptsMax: 3, backoffMs: 200 }));
        const begun: number[] = [];
        work(async () => {
          begun.push(performance.now());
          throw new DomainError('CMS_UNAVAILABLE', 'The CMS is away.');
        });
        const failed = await inState(id, 'failed');
        expect(failed).toMatchObject({ attempts: 3, error: { code: 'CMS_UNAVAILABLE', message: 'The CMS is away.' } });
        expect(failed.finishedAtMs).toBeGreaterThanOrEqual(failed.startedAtMs ?? Number.POSITIVE_INFINITY);
        const waits = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
        expect(waits).toHaveLength(2);
        // The timers of a driver may round by a few milliseconds.
        expect(waits[0]).toBeGreaterThan(200 - timerSlackMs);
        expect(waits[1]).toBeGreaterThan(400 - timerSlackMs);
      });

      it('runs a job again after a defect, tells meanwhile why it waits, and forgets that when it succeeds', async () => {
        const { id } = await queue.add(newJob({ attemptsMax: 2, backoffMs: 600 }));
        work(async (run) => {
          if (run.job.attempts === 1) throw new TypeError('secret detail');
          return 'second time';
        });
        const waiting = await poll('the job to wait for its next run', async () => {
          const found = await job(id);
          return found.attempts === 1 && found.state === 'queued' && found;
        });
        expect(waiting.error?.code).toBe('INTERNAL');
        expect(JSON.stringify(waiting)).not.toContain('secret detail');
        const done = await inState(id, 'succeeded');
        expect(done).toMatchObject({ attempts: 2, result: 'second time' });
        expect(done).not.toHaveProperty('error');
      });

      it('fails a job at once after an error that would come again', async () => {
        const { id } = await queue.add(newJob({ attemptsMax: 5, backoffMs: 0 }));
        work(async () => {
          throw new DomainError('VERSION_CONFLICT', 'The page changed.', { details: { page: 'x12' } });
        });
        expect(await inState(id, 'failed')).toMatchObject({
          attempts: 1,
          error: { code: 'VERSION_CONFLICT', message: 'The page changed.', details: { page: 'x12' } },
        });
      });

      it('treats a result that is no JSON as a defect', async () => {
        const { id } = await queue.add(newJob({ attemptsMax: 1 }));
        const circle: Record<string, unknown> = {};
        circle['self'] = circle;
        // What the compiler would refuse, as a defect does it.
        work(async () => circle as never);
        expect((await inState(id, 'failed')).error?.code).toBe('INTERNAL');
      });
    });

    describe('steps and progress', () => {
      it('does not run a step again that has ended in a former run, and runs one that has not', async () => {
        const { id } = await queue.add(newJob({ attemptsMax: 3, backoffMs: 0 }));
        const acts: string[] = [];
        work(async (run) => {
          const kept = await run.step('kept', async () => {
            acts.push(`kept ${run.job.attempts}`);
            return { at: run.job.attempts, nothing: null };
          });
          await run.step('broken', async () => {
            acts.push(`broken ${run.job.attempts}`);
            if (run.job.attempts < 3) throw new DomainError('CMS_TIMEOUT', 'again');
            return null;
          });
          return kept;
        });
        expect((await inState(id, 'succeeded')).result).toEqual({ at: 1, nothing: null });
        expect(acts).toEqual(['kept 1', 'broken 1', 'broken 2', 'broken 3']);
      });

      it('keeps the steps of different jobs and names apart', async () => {
        const ids = await addMany(queue, 2);
        work(async (run) => [
          await run.step('one', async () => `one of ${run.job.id}`),
          await run.step('one', async () => 'never'),
          await run.step('', async () => ''),
          await run.step('two:1', async () => `two of ${run.job.id}`),
        ]);
        for (const id of ids) {
          const one = `one of ${id}`;
          expect((await inState(id, 'succeeded')).result).toEqual([one, one, '', `two of ${id}`]);
        }
      });

      it('never lets progress fall, over all runs of a job, and keeps it from 0 to 100', async () => {
        const { id } = await queue.add(newJob({ attemptsMax: 2, backoffMs: 0 }));
        const seen: unknown[] = [];
        work(async (run) => {
          for (const percent of run.job.attempts === 1 ? [-5, 12.5, 60, 40] : [10, 130]) {
            await run.progress({ percent, message: `at ${percent}` });
            seen.push((await job(id)).progress);
          }
          if (run.job.attempts === 1) throw new DomainError('CMS_TIMEOUT', 'again');
          return null;
        });
        await inState(id, 'succeeded');
        expect(seen).toEqual([
          { percent: 0, message: 'at -5' },
          { percent: 12.5, message: 'at 12.5' },
          { percent: 60, message: 'at 60' },
          { percent: 60, message: 'at 40' },
          { percent: 60, message: 'at 10' },
          { percent: 100, message: 'at 130' },
        ]);
      });

      it('keeps what a job has come to until it tells more, whether it fails, is cancelled or succeeds', async () => {
        const soFar = { done: 1, list: ['ü', null] };
        const failing = await queue.add(newJob({ kind: 'failing' }));
        const cancelled = await queue.add(newJob({ kind: 'cancelled' }));
        const succeeding = await queue.add(newJob({ kind: 'succeeding' }));
        work(async (run) => {
          await run.progress({ percent: 1, message: 'one', soFar });
          await run.progress({ percent: 2, message: 'two' });
          if (run.job.kind === 'failing') throw new DomainError('CONFLICT', 'no');
          if (run.job.kind === 'succeeding') return null;
          await queue.cancel(run.job.id);
          await run.progress({ percent: 3, message: 'three', soFar: { done: 2 } });
          throw new DomainError('CANCELLED', 'as asked');
        });
        expect((await inState(failing.id, 'failed')).progress).toEqual({ percent: 2, message: 'two', soFar });
        expect((await inState(cancelled.id, 'cancelled')).progress).toEqual({
          percent: 3,
          message: 'three',
          soFar: { done: 2 },
        });
        expect((await inState(succeeding.id, 'succeeded')).progress.soFar).toEqual(soFar);
      });
    });

    describe('cancelling', () => {
      it('never starts a job that was cancelled while it waited', async () => {
        const [waiting, delayed] = [newJob(), newJob({ delayMs: 300 })];
        await queue.add(waiting);
        await queue.add(delayed);
        for (const { id } of [waiting, delayed]) {
          const cancelled = await queue.cancel(id);
          expect(cancelled).toMatchObject({ state: 'cancelled', cancelRequested: true, attempts: 0 });
          expect(cancelled?.error?.code).toBe('CANCELLED');
          expect(cancelled?.finishedAtMs).toBeGreaterThanOrEqual(cancelled?.createdAtMs ?? Number.POSITIVE_INFINITY);
          expect(await queue.get(id)).toEqual(cancelled);
          expect(await queue.cancel(id)).toEqual(cancelled);
        }
        const runs: string[] = [];
        work(async (run) => runs.push(run.job.id));
        // It is due after the delayed one would have been.
        const later = await queue.add(newJob({ delayMs: 600 }));
        await inState(later.id, 'succeeded');
        expect(runs).toEqual([later.id]);
      });

      it('does not run a job again that was cancelled while it waited for its next run', async () => {
        const { id } = await queue.add(newJob({ attemptsMax: 5, backoffMs: 400 }));
        const runs: string[] = [];
        work(async (run) => {
          runs.push(run.job.id);
          if (run.job.id === id) throw new DomainError('CMS_TIMEOUT', 'again');
          return null;
        });
        await poll('the job to wait for its next run', async () => {
          const found = await job(id);
          return found.attempts === 1 && found.state === 'queued';
        });
        expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled', attempts: 1 });
        const later = await queue.add(newJob({ delayMs: 700 }));
        await inState(later.id, 'succeeded');
        expect(runs).toEqual([id, later.id]);
        expect((await job(id)).state).toBe('cancelled');
      });

      it('aborts the signal of a running job, in whatever process it runs', async () => {
        const { id } = await queue.add(newJob());
        let told: unknown;
        work(
          async (run) => {
            await aborted(run);
            told = { cancelRequested: run.cancelRequested(), reason: run.signal.reason };
            run.signal.throwIfAborted();
            return 'not reached';
          },
          { on: await another() },
        );
        await inState(id, 'running');
        expect(await queue.cancel(id)).toMatchObject({ state: 'running', cancelRequested: true });
        const cancelled = await inState(id, 'cancelled');
        expect(told).toEqual({ cancelRequested: true, reason: expect.objectContaining({ code: 'CANCELLED' }) });
        expect(cancelled).toMatchObject({ attempts: 1, cancelRequested: true, error: { code: 'CANCELLED' } });
        expect(cancelled).not.toHaveProperty('result');
        expect((await queue.counts()).publishing).toEqual({ queued: 0, running: 0, held: 0, failed: 0 });
      });

      it('ends a running job as cancelled whatever its handler throws, and keeps what it tells', async () => {
        const thrown = [
          new TypeError('fetch failed'),
          new DomainError('OUTCOME_UNKNOWN', 'The write may have taken effect.'),
          new DomainError('CMS_UNAVAILABLE', 'away'),
        ];
        const codes: unknown[] = [];
        let error: Error | undefined;
        work(async (run) => {
          await aborted(run);
          throw error;
        });
        for (error of thrown) {
          const { id } = await queue.add(newJob({ attemptsMax: 5, backoffMs: 0 }));
          await inState(id, 'running');
          await queue.cancel(id);
          codes.push((await inState(id, 'cancelled')).error?.code);
        }
        expect(codes).toEqual(['CANCELLED', 'OUTCOME_UNKNOWN', 'CMS_UNAVAILABLE']);
      });

      it('ends as succeeded when the handler had finished all the same', async () => {
        const { id } = await queue.add(newJob());
        work(async (run) => {
          await aborted(run);
          return 'finished';
        });
        await inState(id, 'running');
        await queue.cancel(id);
        expect(await inState(id, 'succeeded')).toMatchObject({ result: 'finished', cancelRequested: true });
      });

      it('begins no further step once the job was cancelled, and answers the ended ones', async () => {
        const { id } = await queue.add(newJob());
        const acts: string[] = [];
        let refused: unknown;
        work(async (run) => {
          await run.step('done', async () => acts.push('done'));
          await queue.cancel(id);
          // The signal may not have arrived yet.
          expect(await run.step('done', async () => acts.push('again'))).toBe(1);
          await run
            .step('further', async () => acts.push('further'))
            .catch((error: unknown) => {
              refused = error;
            });
          expect(run.signal.aborted && run.cancelRequested()).toBe(true);
          throw refused;
        });
        expect((await inState(id, 'cancelled')).error?.code).toBe('CANCELLED');
        expect(refused).toMatchObject({ code: 'CANCELLED' });
        expect(acts).toEqual(['done']);
      });

      it('changes nothing on a job that has ended', async () => {
        const [good, bad] = [newJob(), newJob({ attemptsMax: 1 })];
        work(async (run) => {
          if (run.job.id === bad.id) throw new DomainError('FORBIDDEN', 'no');
          return 'done';
        });
        await queue.add(good);
        await queue.add(bad);
        for (const ended of [await inState(good.id, 'succeeded'), await inState(bad.id, 'failed')]) {
          expect(await queue.cancel(ended.id)).toEqual(ended);
          expect(await queue.get(ended.id)).toEqual(ended);
        }
      });
    });

    describe('closing a worker', () => {
      it('takes no more jobs and waits for the running ones', async () => {
        const [first, second] = [newJob(), newJob()];
        const gate = createGate();
        const worker = work(() => gate.opened);
        await queue.add(first);
        await inState(first.id, 'running');
        await queue.add(second);
        const closing = worker.close(10_000);
        gate.open('done');
        await closing;
        expect(await job(first.id)).toMatchObject({ state: 'succeeded', result: 'done' });
        expect((await job(second.id)).state).toBe('queued');
        await worker.close(0);
      });

      it('aborts the jobs that are still running and leaves them to be run again', async () => {
        const { id } = await queue.add(newJob({ attemptsMax: 1 }));
        let told: unknown;
        const worker = work(async (run) => {
          await run.step('kept', async () => 'by the first');
          await aborted(run);
          told = run.cancelRequested();
          throw new TypeError('aborted');
        });
        await inState(id, 'running');
        await worker.close(20);
        expect(told).toBe(false);
        expect(await job(id)).toMatchObject({ state: 'queued', attempts: 1 });
        work(async (run) => run.step('kept', async () => 'by the second'), { on: await another() });
        expect(await inState(id, 'succeeded')).toMatchObject({ attempts: 2, result: 'by the first' });
      });

      it('wakes an idle worker for a job that it gave back', async () => {
        const { id } = await queue.add(newJob());
        const worker = work(async (run) => {
          await aborted(run);
          throw new TypeError('aborted');
        });
        await inState(id, 'running');
        work(async () => 'second', { on: await another() });
        await inState((await queue.add(newJob())).id, 'succeeded');
        // The second worker has nothing to do at the moment at which the first one closes.
        await worker.close(0);
        expect((await inState(id, 'succeeded', { timeoutMs: wakeMsMax })).result).toBe('second');
      });

      it('does not wait for a handler that heeds no signal, nor hear what it says afterwards', async () => {
        const { id } = await queue.add(newJob());
        const gate = createGate();
        let late: Promise<unknown> | undefined;
        const worker = work(
          async (run) => {
            await gate.opened;
            late = run.step('late', async () => 'late').catch((error: unknown) => error);
            await late;
            return 'from the closed worker';
          },
          { leaseMs: 600 },
        );
        await inState(id, 'running');
        await worker.close(0);
        work(async () => 'from the next worker', { on: await another(), leaseMs: 600 });
        const done = await inState(id, 'succeeded');
        gate.open('late');
        await poll('the first handler to go on', () => late !== undefined);
        expect(await late).toBeInstanceOf(Error);
        expect(done.result).toBe('from the next worker');
        expect(await job(id)).toEqual(done);
      });
    });

    describe('lost workers', () => {
      const leaseMs = 1_000;
      const twoSteps = () => newJob({ kind: 'two_steps', attemptsMax: 1 });

      it('runs a job to its end once when its worker was killed with -9, without its ended step', async () => {
        const { id } = await queue.add(twoSteps());
        const gateFile = join(folder, 'gate');
        const first = start({ act: 'work', leaseMs, effectsFile: effectsFile(), gateFile });
        await first.hears('between');
        await first.kill();
        expect((await job(id)).state).toBe('running');
        const second = start({ act: 'work', leaseMs, effectsFile: effectsFile() });
        const done = await inState(id, 'succeeded');
        expect(done).toMatchObject({ result: { by: second.pid }, attempts: 2, attemptsMax: 1 });
        expect(effectsOf('first').map((effect) => effect[2])).toEqual([String(first.pid)]);
        expect(effectsOf('second').map((effect) => effect[2])).toEqual([String(second.pid)]);
        expect(effectsOf('begun')).toHaveLength(2);
      });

      it('does not hear a worker that was thought dead', async () => {
        const { id } = await queue.add(twoSteps());
        const gateFile = join(folder, 'gate');
        const stale = start({ act: 'work', leaseMs, effectsFile: effectsFile(), gateFile });
        await stale.hears('between');
        await stopWithoutLock(stale, queue);
        const other = start({ act: 'work', leaseMs, effectsFile: effectsFile() });
        const done = await inState(id, 'succeeded');
        expect(done).toMatchObject({ result: { by: other.pid }, progress: { message: `from ${other.pid}` } });
        writeFileSync(gateFile, '');
        stale.signal('SIGCONT');
        await stale.hears('answers');
        expect(stale.said).toContainEqual(expect.objectContaining({ refused: 'progress' }));
        expect(stale.said).toContainEqual(expect.objectContaining({ refused: 'second' }));
        await poll('its signal to be aborted', () =>
          stale.said.some((saying) => saying['aborted'] === id && saying['cancelRequested'] === false),
        );
        // The stale worker goes on with the next job, so it has dealt with the end of the lost one.
        await other.kill();
        const next = await queue.add(twoSteps());
        expect(await inState(next.id, 'succeeded')).toMatchObject({ result: { by: stale.pid } });
        expect(await job(id)).toEqual(done);
        expect(effectsOf('second').filter((effect) => effect[0] === id)).toHaveLength(1);
      });

      it(`fails a job whose worker was lost ${stalledRunsMax} times`, async () => {
        const { id } = await queue.add(twoSteps());
        let deaths = 0;
        for (; deaths < stalledRunsMax; deaths++) {
          const victim = start({ act: 'work', leaseMs, effectsFile: effectsFile(), diesBetweenSteps: true });
          await victim.ended();
          expect(victim.said).toContainEqual({ between: id });
        }
        const survivor = start({ act: 'work', leaseMs, effectsFile: effectsFile(), diesBetweenSteps: true });
        const failed = await inState(id, 'failed');
        expect(failed).toMatchObject({ attempts: stalledRunsMax, error: { code: 'INTERNAL' } });
        expect(effectsOf('begun')).toHaveLength(stalledRunsMax);
        expect(effectsOf('first')).toHaveLength(1);
        expect(survivor.said).not.toContainEqual({ between: id });
      });

      it('tells of each lost run one worker, the one that noticed it, whatever becomes of the job', async () => {
        const { id } = await queue.add(twoSteps());
        const order = { act: 'work', leaseMs, effectsFile: effectsFile() } as const;
        const toldOf = (word: 'noticed' | 'endedUnrun', ...workers: readonly JobQueueProcess[]): number =>
          workers.flatMap(({ said }) => said).filter((saying) => saying[word] === id).length;
        const noticedBy = (...workers: readonly JobQueueProcess[]) => toldOf('noticed', ...workers);
        const victims: JobQueueProcess[] = [];
        for (let deaths = 0; deaths < stalledRunsMax; deaths++) {
          const victim = start({ ...order, diesBetweenSteps: true });
          await victim.ended();
          victims.push(victim);
        }
        const watchers = [start(order), start(order)];
        await inState(id, 'failed');
        await poll('the last one to be told of, and that it was', () => toldOf('endedUnrun', ...watchers) > 0);
        // Each one noticed that the one before it was gone.
        expect(victims.map((victim) => noticedBy(victim))).toEqual([0, ...victims.slice(1).map(() => 1)]);
        const { id: next } = await queue.add(newJob({ kind: 'two_steps' }));
        await inState(next, 'succeeded');
        expect(noticedBy(...watchers)).toBe(1);
        expect(toldOf('endedUnrun', ...victims, ...watchers)).toBe(1);
      });

      it('does not run a cancelled job again whose worker was lost', async () => {
        const { id } = await queue.add(twoSteps());
        const first = start({ act: 'work', leaseMs, effectsFile: effectsFile(), gateFile: join(folder, 'gate') });
        await first.hears('between');
        await first.kill();
        await queue.cancel(id);
        const heir = start({ act: 'work', leaseMs, effectsFile: effectsFile() });
        expect(await inState(id, 'cancelled')).toMatchObject({ attempts: 1, error: { code: 'CANCELLED' } });
        expect(effectsOf('begun')).toHaveLength(1);
        expect(await heir.hears('endedUnrun')).toEqual({ endedUnrun: id });
      });
    });
  });
}

type OrderOf<Act> = Omit<Extract<ProcessOrder, { readonly act: Act }>, 'driver' | 'location'>;

interface TestWork {
  readonly on: JobQueue;
  readonly name: QueueName;
  readonly concurrency: number;
  readonly fleet: WorkOptions['fleet'];
  readonly leaseMs: number;
  readonly onProblem: (error: unknown) => void;
}

/** How long an idle worker may take to hear of a job, in milliseconds: less than the time after which it looks by itself. */
const wakeMsMax = 3_500;

/** How often a process is killed while it adds jobs. */
const killRounds = 4;

/** By how much a timer may come early, in milliseconds. */
const timerSlackMs = 20;

function newJob(differing: Partial<NewJob> = {}): NewJob {
  return {
    id: `job_${randomUUID()}`,
    queue: 'publishing',
    kind: 'test_job',
    owner: 'owner',
    input: { some: 'input' },
    attemptsMax: 3,
    backoffMs: 50,
    ...differing,
  };
}

async function addMany(
  queue: JobQueue,
  number: number,
  differing: Omit<Partial<NewJob>, 'id'> = {},
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < number; index++) ids.push((await queue.add(newJob(differing))).id);
  return ids;
}

/** Adds a job and waits until it has run: what would have run before it has run by then. */
async function finishOneMore(queue: JobQueue, runs: readonly string[]): Promise<void> {
  const { id } = await queue.add(newJob({ priority: 10, attemptsMax: 1 }));
  await poll('one more job to run', () => runs.includes(id));
}

/** Ends when the signal of the run is aborted; the poll of the test bounds it. */
async function aborted(run: JobRun): Promise<void> {
  await poll('the signal to be aborted', () => run.signal.aborted);
}

interface Gate {
  readonly opened: Promise<string>;
  readonly open: (value: string) => void;
}

/** Something that a handler waits for until the test opens it. */
function createGate(): Gate {
  let open: (value: string) => void = () => undefined;
  const opened = new Promise<string>((resolve) => {
    open = resolve;
  });
  return { opened, open: (value: string) => open(value) };
}

/**
 * Stops a process, but not in the middle of a write to a shared file: it would hold the lock of the file, which no
 * process keeps for long in earnest.
 */
async function stopWithoutLock(stopped: JobQueueProcess, queue: JobQueue): Promise<void> {
  await poll('the process to be stopped outside a write', async () => {
    stopped.signal('SIGSTOP');
    try {
      await queue.add(newJob({ queue: 'backups' }));
      return true;
    } catch {
      // The file is locked: by the stopped process, for nobody else writes.
      stopped.signal('SIGCONT');
      return false;
    }
  });
}
