import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { SandboxState } from '../../../sandbox/model.ts';
import { createSeedState } from '../../../sandbox/seed.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/server.ts';
import { createBackupArchive } from '../../../src/adapters/outbound/node/backup-archive.ts';
import { createBackupFolder } from '../../../src/adapters/outbound/node/backup-folder.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { createSnapshotStore } from '../../../src/adapters/outbound/node/snapshot-store.ts';
import { openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteLock } from '../../../src/adapters/outbound/sqlite/lock.ts';
import { bulkResult } from '../../../src/application/bulk/bulk-receipt.ts';
import { jobs } from '../../../src/application/jobs/index.ts';
import { storeJobInput } from '../../../src/application/jobs/start-job.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import { finalJobStates, type Json, type NewJob } from '../../../src/domain/model/job.ts';
import {
  createRedisStorage,
  createSqliteStorage,
  type JobQueueStorage,
  openJobQueue,
} from '../../support/job-queue-storage.ts';
import { testMasterKey } from '../../support/master-key.ts';
import type { Death, MortalOrder } from '../../support/mortal-worker.ts';
import { poll } from '../../support/poll.ts';
import { deaths, kindOf, kinds, lanesOf, mapCopyId, pagesOf, uploadsOf } from './fault-points.ts';
import { provePage, publishesOf } from './page-outcomes.ts';

/**
 * Workers are killed with -9: at every point of every step of every kind of job, and at random moments. In the end the
 * CMS must be as if none had been: every page has one new version and one publish, or was moved once, or carries the
 * categories wanted, and every map has one publish for each job. And each job that takes a snapshot leaves one whole snapshot.
 *
 * CHAOS_KILLS says how many kills there are in all, over both storages; `npm run test:chaos` makes 200, which is the whole
 * table on each. Without it there are as many as let workers die after every act on the one, and after every result that
 * is kept on the other.
 */
const kills = Number(process.env['CHAOS_KILLS'] ?? deaths.filter(({ at }) => at === 'acted' || at === 'kept').length);
const killMsMax = 12_000;
/** Longer than a worker on a busy machine may be held up between two renewals. */
const leaseMs = 2_000;
/** A worker that looks for its death in vain gets one more job of the kind after so many looks: about four seconds. */
const looksPerJob = 80;

const storages = { sqlite: createSqliteStorage, redis: createRedisStorage };

describe.each(Object.entries(storages))('workers that are killed, on %s', (driver, openStorage) => {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  afterEach(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  });

  const share = driver === 'sqlite' ? Math.ceil(kills / 2) : Math.floor(kills / 2);

  it(`leave the CMS as if they had not been, after ${share} kills`, {
    timeout: share * killMsMax + 120_000,
  }, async () => {
    const storage = await openStorage();
    closers.push(() => storage.close());
    const state = createSeedState();
    const sandbox = await startSandbox({ port: 0, state, knobs: { publishTickMs: 20, reportTickMs: 10 } });
    closers.push(() => sandbox.close());
    const opened = await openJobQueue(storage);
    closers.push(() => opened.close());
    const { queue } = opened;
    const cache = mkdtempSync(join(tmpdir(), 'igx-chaos-'));
    closers.push(() => rmSync(cache, { recursive: true, force: true }));
    const place = join(cache, 'snapshots');

    const added: NewJob[] = [];
    const add = async (kind: string): Promise<void> => {
      // Noted before it is added: others add at the same time.
      const job = newJob(kind, added.length, state);
      added.push(job);
      await patiently(() => queue.add(job));
    };
    const dieOnce = async (dies: Death): Promise<void> => {
      const row = 'row' in dies ? dies.row : undefined;
      for (const each of row === undefined ? atRandom : [row]) await add(each);
      const child = startWorker(storage, sandbox, dies, { cache, place });
      closers.push(() => end(child));
      let looks = 0;
      await poll(
        `the worker to die: ${JSON.stringify(dies)}`,
        async () => {
          looks += 1;
          // Another worker may have taken the job that this one was to die of.
          if (looks % looksPerJob === 0 && row !== undefined) await add(row);
          return child.signalCode !== null;
        },
        { timeoutMs: 120_000, everyMs: 50 },
      );
      await putBack();
    };
    /** Jobs that lost their workers too often are set aside, which frees their lanes; the operator runs them again. */
    const setAside = new Set<string>();
    const putBack = async (): Promise<void> => {
      for (const { id } of await patiently(() => queue.list({ states: ['failed'], limit: 1_000 }))) {
        setAside.add(id);
        await patiently(() => queue.retry(id));
      }
    };

    const planned = planDeaths(share, driver === 'sqlite' ? deathsByPoint : deathsByPoint.toReversed());
    // Bulk jobs run one at a time, so two workers that die of them wait for each other: one begins with these, one ends.
    const waiting = planned.toSorted((one, other) => Number(isOfBulk(other)) - Number(isOfBulk(one)));
    await Promise.all(
      [() => waiting.shift(), () => waiting.pop()].map(async (next) => {
        for (let dies = next(); dies !== undefined; dies = next()) await dieOnce(dies);
      }),
    );
    const survivor = startWorker(storage, sandbox, { at: 'never' }, { cache, place });
    closers.push(() => end(survivor));
    await poll(
      'every job to succeed',
      async () => {
        await putBack();
        const found = await Promise.all(added.map(({ id }) => patiently(() => queue.get(id))));
        return found.every((job) => job !== undefined && finalJobStates.includes(job.state) && job.state !== 'failed');
      },
      { timeoutMs: 240_000, everyMs: 200 },
    );

    const ended = await Promise.all(added.map(({ id }) => patiently(() => queue.get(id))));
    expect(ended.filter((job) => job?.state !== 'succeeded')).toEqual([]);
    process.stdout.write(
      `${driver}: ${planned.length} kills, ${added.length} jobs, ${runsOf(ended)} runs, ${setAside.size} set aside\n`,
    );
    // Refused after a death that it was done before, a page would look right in the CMS all the same.
    const bulkReceipts = ended.flatMap((job) => (job?.kind === 'bulk_action' ? [job.result] : []));
    expect(bulkReceipts.filter((receipt) => !isWhole(receipt))).toEqual([]);
    for (const page of added.flatMap((job, at) => pagesOf(rowOf(job), at))) provePage(page, state);
    await proveSnapshots(added.filter(({ kind }) => kind === 'take_snapshot').length, place);
    for (const [at, { kind }] of added.entries()) {
      if (kind === 'asking_call') expect(uploadsOf(at, state), `uploads of ${at}`).toBe(1);
    }
    const ofMaps = added.flatMap(({ id, kind }, at) =>
      kind === 'publish_dita_map' ? [{ id, map: mapCopyId(at) }] : [],
    );
    for (const [map, jobsOfMap] of Map.groupBy(ofMaps, (job) => job.map)) {
      // Of two that are set aside at the same time, one may find what the other has published and not told of yet.
      const shared = Math.max(0, jobsOfMap.filter(({ id }) => setAside.has(id)).length - 1);
      expect(publishesOf(map, state), `publishes of ${map}`).toBeGreaterThanOrEqual(jobsOfMap.length - shared);
      expect(publishesOf(map, state), `publishes of ${map}`).toBeLessThanOrEqual(jobsOfMap.length);
      expect(state.assets[map]?.checkedOut, `check-out of ${map}`).toBeNull();
    }
  });
});

/** In an order that mixes the kinds. */
const deathsByPoint = deaths.toSorted((one, other) => one.at.localeCompare(other.at));

/** The table as far as there are kills, from another end on each storage; the rest at random moments of a run. */
function planDeaths(count: number, table: readonly Death[]): readonly Death[] {
  const random = Array.from({ length: Math.max(0, count - table.length) }, () => ({
    at: 'random' as const,
    afterMs: Math.round(Math.random() * 400),
  }));
  return [...table.slice(0, count), ...random];
}

/** What is added before a death at a random moment. */
const atRandom = ['publish_content', 'run_report', 'bulk_publish', 'bulk_check_in', 'bulk_move', 'bulk_categorize'];

/** The row that a job was made from: the middle of its id. */
const rowOf = ({ id }: NewJob): string => id.slice('job_'.length, id.lastIndexOf('_'));

function newJob(rowName: string, at: number, state: SandboxState): NewJob {
  const kind = kindOf(rowName);
  const definition = jobs.find((job) => job.kind === kind);
  const row = kinds[rowName];
  if (definition === undefined || row === undefined) throw new Error(`There is no kind ${kind}.`);
  const input = row.input(at, state);
  return {
    id: `job_${rowName}_${at}`,
    ...{ queue: definition.queue, kind, owner: `owner-${at % 3}`, attemptsMax: definition.attemptsMax, backoffMs: 50 },
    input: storeJobInput(input, {
      principal: { subject: `owner-${at % 3}`, clientId: 'chaos', scopes: ['cms:read', 'cms:write', 'cms:publish'] },
      requestId: `req_${at}`,
    }),
    ...('lanes' in definition ? { lanes: lanesOf(rowName) } : {}),
  };
}

const isOfBulk = (dies: Death): boolean => 'kind' in dies && dies.kind === 'bulk_action';

function isWhole(receipt: Json | undefined): boolean {
  const { total, done, submitted = 0 } = bulkResult.parse(receipt);
  return done + submitted === total;
}

function runsOf(ended: readonly ({ readonly attempts: number } | undefined)[]): number {
  return ended.reduce((sum, job) => sum + (job?.attempts ?? 0), 0);
}

/** On a machine this busy, Redis may not answer in time. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'STORAGE_UNAVAILABLE' || tries === triesMax) throw error;
    }
  }
}
const triesMax = 20;

const program = fileURLToPath(new URL('../../support/mortal-worker.ts', import.meta.url));

/** As many snapshots as jobs, each whole, and nothing left of any draft. */
async function proveSnapshots(count: number, place: string): Promise<void> {
  const files = createBackupFolder({ folder: place });
  const clock = createClock();
  const store = createSnapshotStore({
    ...{ store: files, clock, archive: createBackupArchive({ masterKeys: [testMasterKey] }) },
    lock: createSqliteLock({ database: openDatabase(':memory:'), clock }),
    facts: { productVersion: '0.0.0-test', layout: { driver: 'embedded', version: 1 } },
  });
  const listed = await store.list();
  expect(listed).toHaveLength(count);
  const contents = new Set<string>();
  for (const { id } of listed) {
    const snapshot = await store.open(id);
    for (const { contentHash } of snapshot?.items ?? []) await store.object(contentHash ?? '');
    contents.add(JSON.stringify(snapshot?.items));
  }
  // Nobody changes what they keep: whoever was killed meanwhile, all hold the same.
  expect(contents.size).toBe(Math.min(1, count));
  expect(await files.list('content-draft-')).toEqual([]);
}

function startWorker(
  storage: JobQueueStorage,
  sandbox: Sandbox,
  dies: Death,
  { cache, place }: { readonly cache: string; readonly place: string },
): ChildProcess {
  const order: MortalOrder = {
    driver: storage.driver,
    location: storage.location,
    cms: { baseUrl: sandbox.siteRoot, clientId: 'sandbox-editor', clientSecret: 'sandbox-secret-editor' },
    leaseMs,
    place,
    dies,
  };
  return spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
}

async function exit(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await exit(child);
}
