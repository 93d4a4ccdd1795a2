import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PageItem } from '../../../sandbox/model.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { createSeedState, sandboxLandmarks } from '../../../sandbox/seed.ts';
import type { Consumer, ConsumerOptions } from '../../../src/adapters/inbound/jobs/consumer.ts';
import type { BulkResult } from '../../../src/application/bulk/bulk-receipt.ts';
import { defineJob } from '../../../src/application/define-job.ts';
import { storeJobInput } from '../../../src/application/jobs/start-job.ts';
import { runBulkAction } from '../../../src/application/tasks/authoring/run-bulk-action.ts';
import { cancelJob } from '../../../src/application/tasks/jobs/cancel-job.ts';
import { getJob } from '../../../src/application/tasks/jobs/get-job.ts';
import { confirmationOutput } from '../../../src/application/tasks/parameters.ts';
import { runReport } from '../../../src/application/tasks/reports/run-report.ts';
import type { Job } from '../../../src/domain/model/job.ts';
import { consumeJobs } from '../../support/job-consumer.ts';
import {
  createRedisStorage,
  createSqliteStorage,
  type JobQueueStorage,
  openJobQueue,
} from '../../support/job-queue-storage.ts';
import { addPages } from '../../support/many-pages.ts';
import { poll } from '../../support/poll.ts';
import { openTaskHarness, type RunOptions, type TaskHarness } from '../../support/task-harness.ts';

const { home, aboutContactPage, approvedPage } = sandboxLandmarks;
const { states, targets, users } = seedIds;
const topic = 'CategoryNodes/3';

const storages = { SQLite: createSqliteStorage, Redis: createRedisStorage };

type BulkArguments = Parameters<typeof harness.run<typeof runBulkAction>>[1];

let harness: TaskHarness;
const closers: (() => Promise<unknown>)[] = [];
const problems: unknown[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  expect(problems.splice(0)).toEqual([]);
});

/** A site with two sections; the pages that a test is about lie below the first one. */
async function openSite(options: {
  readonly storage?: () => Promise<JobQueueStorage>;
  readonly count: number;
  readonly original?: string;
  readonly heldBy?: string;
  readonly cacheTtlSeconds?: number;
}) {
  const state = createSeedState();
  const [from = '', to = ''] = addPages(state, aboutContactPage, { count: 2, parentId: home, name: 'Section' });
  const { count, original = aboutContactPage, heldBy } = options;
  const ids = addPages(state, original, { count, parentId: from, ...(heldBy === undefined ? {} : { heldBy }) });
  const storage = await (options.storage ?? createSqliteStorage)();
  closers.push(() => storage.close());
  const opened = await openJobQueue(storage);
  closers.push(() => opened.close());
  const { cacheTtlSeconds = 300 } = options;
  harness = await openTaskHarness({ state, jobs: opened.queue, cacheTtlSeconds, knobs: { publishTickMs: 1 } });
  closers.push(() => harness.close());
  return { from, to, ids };
}

function consume(options: Partial<ConsumerOptions> = {}): Consumer {
  const consumer = consumeJobs(harness, (problem) => problems.push(problem), 'editor', options);
  closers.push(() => consumer.close(0));
  return consumer;
}

const page = (id: string): PageItem => {
  const found = harness.state.pages[id];
  if (found === undefined) throw new Error(`There is no page ${id}.`);
  return found;
};
const childrenOf = (id: string) => Object.values(harness.state.pages).filter(({ parentId }) => parentId === id);
const callsOf = (operationId: string) =>
  harness.sandbox.calls.list().filter((call) => call.operationId === operationId);

async function planOf(input: BulkArguments, options: RunOptions = {}) {
  const asked = await harness.answer(runBulkAction, input, options);
  expect(asked.kind).toBe('confirmation');
  const { confirm, impact, warnings } = confirmationOutput.parse(asked.output);
  return { confirm, impact: impact as Readonly<Record<string, unknown>>, warnings };
}

/** Starts the job of a plan and answers its id as soon as it is stored; nothing runs before a consumer does. */
async function start(input: BulkArguments, options: RunOptions = {}): Promise<string> {
  const { confirm } = await planOf(input, options);
  const { subject: owner } = harness.principal(options.role);
  const { jobs } = harness.runtime().ports;
  const before = await jobs.list({ owner, limit: 1_000 });
  const abort = new AbortController();
  const started = harness.run(runBulkAction, { ...input, confirm }, { ...options, signal: abort.signal });
  const job = await poll('the job to be stored', async () =>
    (await jobs.list({ owner, limit: 1_000 })).find(({ id }) => before.every((other) => other.id !== id)),
  );
  // Whoever asked does not wait: the job goes on by itself.
  abort.abort();
  await started.catch(() => undefined);
  return job.id;
}

const jobNow = async (id: string): Promise<Job> => {
  const job = await harness.runtime().ports.jobs.get(id);
  if (job === undefined) throw new Error(`There is no job ${id}.`);
  return job;
};
const shownState = async (id: string) => harness.run(getJob, { job: id });
const inState = (id: string, state: string, timeoutMs = 120_000) =>
  poll(
    `${id} to be ${state}`,
    async () => {
      const job = await shownState(id);
      if (job.state !== state && ['succeeded', 'failed', 'cancelled', 'held'].includes(job.state ?? '')) {
        throw new Error(`${id} is ${job.state}: ${JSON.stringify(job).slice(0, 2_000)}`);
      }
      return job.state === state && job;
    },
    { timeoutMs, everyMs: 30 },
  );

/** Every row of a receipt, page by page, as an agent reads it. */
async function wholeReceipt(id: string): Promise<BulkResult> {
  const items: BulkResult['items'] = [];
  for (let cursor: string | undefined; ; ) {
    const answer = await harness.run(getJob, { job: id, ...(cursor === undefined ? {} : { cursor }) });
    const part = (answer.result ?? answer.so_far) as BulkResult;
    items.push(...part.items);
    cursor = answer.next_cursor;
    if (cursor === undefined) return { ...part, items };
  }
}
const idsOf = ({ items }: BulkResult, outcome: string) =>
  items.filter((row) => row.outcome === outcome).map(({ id }) => id);

describe.each(Object.entries(storages))('500 pages as one job, on %s', (_driver, storage) => {
  it('are moved: planned first, with progress and an estimated end, once each, and one receipt', async () => {
    const { from, to, ids } = await openSite({ storage, count: 500 });
    const { impact, warnings } = await planOf({ action: 'move', under: from, to });
    expect(impact).toMatchObject({ pages: 500, open: 500, unchanged: 0, refused: 0 });
    expect(impact['estimated_seconds']).toBeGreaterThan(0);
    expect(warnings.join(' ')).toContain('addresses');
    expect(callsOf('Pages_Move')).toHaveLength(0);

    const id = await start({ action: 'move', under: from, to });
    consume();
    const seen = await poll('an estimate', async () => {
      const job = await shownState(id);
      const soFar = job.so_far as BulkResult | undefined;
      return soFar?.estimated_end_at !== undefined && { job, soFar };
    });
    expect(seen.job).toMatchObject({ state: 'running', message: expect.stringContaining('of 500 done') });
    expect(seen.job.percent).toBe(Math.floor((100 * seen.soFar.done) / 500));
    expect(Date.parse(seen.soFar.estimated_end_at ?? '')).toBeGreaterThan(0);
    await inState(id, 'succeeded');
    const receipt = await wholeReceipt(id);
    expect(receipt).toMatchObject({ total: 500, done: 500, failed: 0, untouched: 0, undo: 'possible' });
    expect(idsOf(receipt, 'done')).toEqual(ids);
    expect(receipt.items.every((row) => row.from === from)).toBe(true);
    expect(childrenOf(from)).toEqual([]);
    expect(childrenOf(to).map((child) => child.id)).toEqual(ids);
    expect(callsOf('Pages_Move')).toHaveLength(500);
  }, 120_000);

  it('give way to another owner’s job where there is one place, hold when paused, and go on', async () => {
    const { from, ids } = await openSite({ storage, count: 500 });
    const id = await start({ action: 'categorize', under: from, add: [topic] });
    consume({ jobsMax: 1, turnMs: 100 });
    await poll('the bulk job to run', async () => (await jobNow(id)).progress.message.includes('done'));
    const other = await harness.run(
      runReport,
      { report: 'broken_links', under: aboutContactPage },
      { role: 'publisher' },
    );
    expect(other.state).toBe('succeeded');
    const between = await jobNow(id);
    expect(between.state).not.toBe('succeeded');
    await harness.run(cancelJob, { job: id, action: 'pause' });
    const held = await inState(id, 'held');
    const soFar = await wholeReceipt(id);
    expect(soFar.done).toBeLessThan(500);
    expect(soFar.done + soFar.untouched).toBe(500);
    // What the job says of itself is what the CMS holds.
    expect(ids.filter((one) => page(one).categoryIds.includes(topic)).toSorted()).toEqual(
      idsOf(soFar, 'done').toSorted(),
    );
    expect(held.next).toMatchObject({ tool: 'cancel_job', input: { job: id, action: 'resume' } });
    await harness.run(cancelJob, { job: id, action: 'resume' });
    await inState(id, 'succeeded');
    expect(await wholeReceipt(id)).toMatchObject({ done: 500, failed: 0 });
    expect(ids.every((one) => page(one).categoryIds.includes(topic))).toBe(true);
    expect(callsOf('Taxonomy_AddAssociations')).toHaveLength(500);
    expect((await jobNow(id)).attempts).toBeGreaterThan(2);
  }, 120_000);
});

describe('bulk actions', () => {
  it('check in 500 pages, each once, leave out what others hold, and say so before', async () => {
    const { from, ids } = await openSite({ count: 500, heldBy: users.editor });
    const foreign = addPages(harness.state, aboutContactPage, { count: 7, parentId: from, heldBy: users.publisher });
    const done = addPages(harness.state, aboutContactPage, { count: 3, parentId: from });
    const versions = page(ids[0] ?? '').versions.length;
    const wish: BulkArguments = { action: 'check_in', under: from, comment: 'Term starts.' };
    const { impact } = await planOf(wish);
    expect(impact).toMatchObject({
      pages: 510,
      open: 500,
      unchanged: 3,
      refused: 7,
      reasons: { LOCKED: 7 },
      refused_sample: expect.arrayContaining([expect.objectContaining({ id: foreign[0], code: 'LOCKED' })]),
    });
    const id = await start(wish);
    consume();
    await inState(id, 'succeeded');
    const receipt = await wholeReceipt(id);
    expect(receipt).toMatchObject({ total: 510, done: 500, unchanged: 3, skipped: 7, failed: 0 });
    expect(idsOf(receipt, 'skipped')).toEqual(foreign);
    for (const one of ids) {
      expect(page(one).checkedOut).toBeNull();
      expect(page(one).versions).toHaveLength(versions + 1);
    }
    expect(page(ids[0] ?? '').versions.at(-1)?.comment).toContain(
      `Term starts. (by agent task-harness for agent-of-editor, job ${id})`,
    );
    expect(foreign.every((one) => page(one).checkedOut !== null)).toBe(true);
    expect(callsOf('Pages_CheckIn')).toHaveLength(500);
    expect(done.every((one) => page(one).versions.length === versions)).toBe(true);
  }, 120_000);

  it('publish 100 pages, some at a time, each once, and tell what is live', async () => {
    const { from, ids } = await openSite({ count: 100, original: approvedPage, heldBy: users.editor });
    const versions = page(ids[0] ?? '').versions.length;
    const id = await start({ action: 'publish', under: from, targets: ['Production'] });
    consume();
    await inState(id, 'succeeded');
    const receipt = await wholeReceipt(id);
    expect(receipt).toMatchObject({ total: 100, done: 100, failed: 0, undo: 'no' });
    expect(receipt).not.toHaveProperty('hint');
    for (const one of ids) {
      expect(page(one).versions).toHaveLength(versions + 1);
      expect(page(one).workflow?.stateId).toBe(states.published);
      expect(page(one).published[targets.production]?.version).toBe(versions + 1);
    }
    const roots = harness.state.publishing.logs.flatMap(({ entries }) => entries.map(({ itemId }) => itemId));
    expect(ids.every((one) => roots.filter((root) => root === one).length === 1)).toBe(true);
  }, 120_000);

  it('stops at the failure that is one too many, tells why and what is left, and goes on when told', async () => {
    const { from, to, ids } = await openSite({ count: 40 });
    const id = await start({ action: 'move', under: from, to, stop_after_failures: 3 });
    // After the plan, somebody takes pages 6 to 15.
    for (const one of ids.slice(5, 15)) hold(one, users.publisher);
    consume();
    const held = await inState(id, 'held');
    expect(held.error).toMatchObject({
      code: 'HELD',
      message: expect.stringMatching(
        /stopped after 3 failures: 3 LOCKED.*5 of 40 done, 3 failed, 32 untouched\. Go on with the 32 untouched\? .*not tried again.* after 3 more\.$/,
      ),
    });
    expect(held.next).toEqual({ tool: 'cancel_job', input: { job: id, action: 'resume' } });
    const soFar = await wholeReceipt(id);
    expect(idsOf(soFar, 'done')).toEqual(ids.slice(0, 5));
    expect(idsOf(soFar, 'failed')).toEqual(ids.slice(5, 8));
    expect(idsOf(soFar, 'untouched')).toEqual(ids.slice(8));
    expect(soFar.reasons).toMatchObject([
      { code: 'LOCKED', pages: 3, example: expect.stringContaining('checked out by') },
    ]);
    expect(childrenOf(to)).toHaveLength(5);
    await harness.run(cancelJob, { job: id, action: 'resume' });
    expect((await inState(id, 'held')).error).toMatchObject({ message: expect.stringContaining('after 6 failures') });
    await harness.run(cancelJob, { job: id, action: 'resume', answers: { 'failures:6': { decision: 'give_up' } } });
    await inState(id, 'succeeded');
    const receipt = await wholeReceipt(id);
    expect(receipt).toMatchObject({
      done: 5,
      failed: 6,
      untouched: 29,
      stopped: expect.stringContaining('6 failures'),
      hint: expect.stringMatching(/send the same run_bulk_action again, without "confirm": it plans what is left\.$/),
    });
    // The same call again takes what is left.
    for (const one of ids.slice(5, 15)) page(one).checkedOut = null;
    const rest = await start({ action: 'move', under: from, to });
    await inState(rest, 'succeeded');
    expect(childrenOf(to)).toHaveLength(40);
  }, 60_000);

  it('ends after the page that it is at when it is cancelled, and the receipt is what the CMS holds', async () => {
    const { from, to, ids } = await openSite({ count: 300 });
    const id = await start({ action: 'move', under: from, to });
    consume();
    await poll('some pages to be moved', () => childrenOf(to).length > 20);
    // The CMS takes its time, so that the job is cancelled while a page is under way.
    harness.sandbox.faults.add({ kind: 'latency', ms: 400, match: { operationId: 'Pages_Move' } });
    const before = childrenOf(to).length;
    await poll('one more page', () => childrenOf(to).length > before);
    await harness.run(cancelJob, { job: id });
    await inState(id, 'cancelled');
    const receipt = await wholeReceipt(id);
    expect(childrenOf(to).length).toBeLessThan(300);
    expect(idsOf(receipt, 'done')).toEqual(childrenOf(to).map((child) => child.id));
    expect(idsOf(receipt, 'untouched')).toEqual(ids.slice(receipt.done));
    expect(receipt.failed).toBe(0);
  }, 60_000);

  it('look again where the CMS acted and its answer was lost, and count the page as done', async () => {
    const { from, to, ids } = await openSite({ count: 6, heldBy: users.editor });
    const lost = (operationId: string) =>
      // Once more than the driver tries by itself.
      harness.sandbox.faults.add({ kind: 'drop-connection', afterEffect: true, match: { operationId }, times: 3 });
    consume();
    const check = await start({ action: 'check_in', under: from });
    lost('Pages_CheckIn');
    await inState(check, 'succeeded');
    expect(await wholeReceipt(check)).toMatchObject({ done: 6, failed: 0 });
    const move = await start({ action: 'move', under: from, to });
    lost('Pages_Move');
    await inState(move, 'succeeded');
    expect(await wholeReceipt(move)).toMatchObject({ done: 6, failed: 0 });
    expect(childrenOf(to).map((child) => child.id)).toEqual(ids);
    expect(new Set(ids.map((one) => page(one).versions.length)).size).toBe(1);
  });

  it.each(['freeze', 'lockdown'] as const)(
    'hold at the next page in a %s, and go on after it',
    async (stop) => {
      const { from, to } = await openSite({ count: 200, cacheTtlSeconds: 0 });
      const id = await start({ action: 'move', under: from, to });
      consume();
      await poll('some pages to be moved', () => childrenOf(to).length > 10);
      const { lockdown } = harness.runtime();
      if (stop === 'freeze') {
        const [startTime, endTime] = ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'];
        harness.sandbox.setFreeze({ startTime, endTime, message: 'Migration', allowedUserIds: [] });
      } else await lockdown.set({ sinceMs: 1, reason: 'an incident' });
      const held = await inState(id, 'held');
      expect(held.error).toMatchObject({
        message: expect.stringContaining(stop === 'freeze' ? 'freeze' : 'read-only'),
      });
      expect(held.error).not.toMatchObject({ message: expect.stringContaining('Nothing was changed') });
      const moved = childrenOf(to).length;
      expect(moved).toBeLessThan(200);
      expect((await wholeReceipt(id)).done).toBe(moved);
      if (stop === 'freeze') harness.sandbox.setFreeze(null);
      else await lockdown.set(undefined);
      await harness.run(cancelJob, { job: id, action: 'resume' });
      await inState(id, 'succeeded');
      expect(childrenOf(to)).toHaveLength(200);
      expect(callsOf('Pages_Move').filter(({ status }) => status < 400)).toHaveLength(200);
    },
    60_000,
  );

  it('start only what was shown: to whom, with what, and nothing that changed since', async () => {
    const { from, to, ids } = await openSite({ count: 12 });
    const wish: BulkArguments = { action: 'move', under: from, to };
    const invalid = { code: 'CONFIRMATION_INVALID' };
    const token = async () => (await planOf(wish)).confirm;
    expect(await harness.refusal(runBulkAction, { ...wish, to: home, confirm: await token() })).toMatchObject(invalid);
    expect(
      await harness.refusal(runBulkAction, { ...wish, confirm: await token() }, { role: 'publisher' }),
    ).toMatchObject(invalid);
    const more = await token();
    addPages(harness.state, aboutContactPage, { count: 1, parentId: from });
    expect(await harness.refusal(runBulkAction, { ...wish, confirm: more })).toMatchObject({
      ...invalid,
      message: expect.stringContaining('changed after the impact'),
    });
    const locked = await token();
    hold(ids[0] ?? '', users.publisher);
    expect(await harness.refusal(runBulkAction, { ...wish, confirm: locked })).toMatchObject(invalid);
    expect(await harness.runtime().ports.jobs.list({ limit: 10 })).toEqual([]);
    expect(callsOf('Pages_Move')).toHaveLength(0);
  });

  it('are started once under one idempotency key', async () => {
    const { from, to } = await openSite({ count: 5 });
    consume();
    const wish: BulkArguments = { action: 'move', under: from, to };
    const { confirm } = await planOf(wish);
    const first = await harness.run(runBulkAction, { ...wish, confirm }, { idempotencyKey: 'one' });
    const second = await harness.run(runBulkAction, { ...wish, confirm }, { idempotencyKey: 'one' });
    expect(second.job).toBe(first.job);
    expect(first).toMatchObject({ state: 'succeeded', done: 5 });
    expect(await harness.runtime().ports.jobs.list({ limit: 10 })).toHaveLength(1);
  });

  it('take pages by depth and schema, and leave below a page what moves along with it', async () => {
    const { from, to, ids } = await openSite({ count: 3 });
    const [first = ''] = ids;
    const below = addPages(harness.state, aboutContactPage, { count: 2, parentId: first });
    expect((await planOf({ action: 'move', under: from, to })).impact).toMatchObject({
      pages: 5,
      open: 3,
      unchanged: 2,
    });
    expect((await planOf({ action: 'categorize', under: from, depth: 1, add: [topic] })).impact).toMatchObject({
      open: 3,
    });
    const schema = page(first).schemaId;
    expect((await planOf({ action: 'categorize', under: from, schema, add: [topic] })).impact).toMatchObject({
      open: 5,
    });
    const named = { items: [...below, 'x999999'], action: 'categorize' as const, add: [topic] };
    expect((await planOf(named)).impact).toMatchObject({ open: 2, refused: 1, reasons: { NOT_FOUND: 1 } });
  });

  it('leave out a page that was moved elsewhere, or got a newer version, after the plan', async () => {
    const { from, to, ids } = await openSite({ count: 4, heldBy: users.editor });
    const [first = '', second = ''] = ids;
    const move = await start({ action: 'move', under: from, to });
    page(first).parentId = home;
    const check = await start({ action: 'check_in', items: [...ids] });
    const { versions } = page(second);
    versions.push({ ...structuredClone(versions[0] as (typeof versions)[0]), number: versions.length + 1 });
    consume();
    await inState(move, 'succeeded');
    expect((await wholeReceipt(move)).items[0]).toMatchObject({
      id: first,
      outcome: 'failed',
      code: 'VERSION_CONFLICT',
      message: expect.stringContaining('was left there. Plan it anew'),
    });
    expect(page(first).parentId).toBe(home);
    await inState(check, 'succeeded');
    expect((await wholeReceipt(check)).items[0]).toMatchObject({
      id: second,
      code: 'VERSION_CONFLICT',
      message: expect.stringContaining('was left as it is. Look at it, and plan it anew'),
    });
    expect(page(second).checkedOut).not.toBeNull();
  });

  it('run one at a time beside the jobs of others', async () => {
    const { from, ids } = await openSite({ count: 120 });
    const wish: BulkArguments = { action: 'categorize', under: from, add: [topic] };
    const first = await start(wish);
    const others = await Promise.all(
      (['publisher', 'admin'] as const).map((role) => start({ ...wish, remove: ['CategoryNodes/4'] }, { role })),
    );
    consume({ turnMs: 2_000 });
    await poll('the first to run', async () => (await jobNow(first)).state === 'running');
    const single = await harness.run(
      runReport,
      { report: 'broken_links', under: aboutContactPage },
      { role: 'author' },
    );
    expect(single.state).toBe('succeeded');
    const all = [first, ...others];
    let most = 0;
    await poll(
      'all to end',
      async () => {
        const now = await Promise.all(all.map(jobNow));
        most = Math.max(most, now.filter(({ state }) => state === 'running').length);
        return now.every(({ state }) => state === 'succeeded');
      },
      { timeoutMs: 60_000 },
    );
    expect(most).toBe(1);
    expect(ids.every((one) => page(one).categoryIds.includes(topic))).toBe(true);
  }, 90_000);

  it.each([
    ['no pages', { action: 'move', to: home }, 'BAD_INPUT', 'which pages'],
    ['pages said twice', { action: 'move', to: home, under: home, items: [home] }, 'BAD_INPUT', 'which pages'],
    ['no place', { action: 'move', under: home }, 'BAD_INPUT', '"to" is missing'],
    [
      'what another action takes',
      { action: 'move', under: home, to: home, targets: ['Production'] },
      'BAD_INPUT',
      'not targets',
    ],
    ['two targets', { action: 'publish', under: home, targets: ['Production', 'Staging'] }, 'BAD_INPUT', 'one target'],
    ['no categories', { action: 'categorize', under: home }, 'BAD_INPUT', 'which categories'],
    ['a place below itself', { action: 'move', items: ['x1'], to: aboutContactPage }, 'CONFLICT', 'below itself'],
    ['nothing to do', { action: 'check_in', items: [aboutContactPage] }, 'CONFLICT', 'nothing to do'],
  ] as const)('refuse %s', async (_title, wish, code, words) => {
    await openSite({ count: 1 });
    const error = await harness.refusal(runBulkAction, wish);
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it.each([
    ['cms-writes', 'is waited for in a job that writes', 'answered'],
    ['reports', 'is cut off in a job that only reads', 'cut off'],
  ] as const)('a call on %s that is under way when its job is cancelled %s', async (queue, _what, outcome) => {
    await openSite({ count: 1 });
    const seen: string[] = [];
    const slow = defineJob({
      ...{ kind: 'slow', queue, attemptsMax: 1, backoffMs: 10 },
      needs: ['pages'],
      input: z.object({}),
      output: z.object({}),
      async execute(_input, { pages }, run) {
        seen.push('asked');
        await pages.get(home).then(
          () => seen.push('answered'),
          () => seen.push('cut off'),
        );
        run.signal.throwIfAborted();
        return {};
      },
    });
    harness.sandbox.faults.add({ kind: 'latency', ms: 1_500, match: { operationId: 'Pages_GetPage' } });
    consume({ jobs: [slow] });
    const { jobs } = harness.runtime().ports;
    const { queue: into, kind, attemptsMax, backoffMs } = slow;
    const input = storeJobInput({}, { principal: harness.principal(), requestId: 'req_1' });
    await jobs.add({ id: 'job_slow', queue: into, kind, owner: 'owner', input, attemptsMax, backoffMs });
    await poll('the call', () => seen.includes('asked'));
    await jobs.cancel('job_slow');
    await poll('the end', async () => (await jobs.get('job_slow'))?.state === 'cancelled');
    expect(seen).toEqual(['asked', outcome]);
  });

  it('publish for nobody without the scope', async () => {
    const { from } = await openSite({ count: 1, original: approvedPage });
    const scopes = ['cms:read', 'cms:write'] as const;
    const wish = { action: 'publish', under: from, targets: ['Production'] };
    expect(await harness.refusal(runBulkAction, wish, { scopes })).toMatchObject({ code: 'SCOPE_MISSING' });
  });
});

function hold(id: string, userId: string): void {
  const found = page(id);
  const last = found.versions.at(-1);
  if (last === undefined) throw new Error(`${id} was never checked in.`);
  found.checkedOut = {
    userId,
    since: last.date,
    name: last.name,
    elements: structuredClone(last.elements),
    file: null,
  };
  found.assignedUserId = userId;
}
