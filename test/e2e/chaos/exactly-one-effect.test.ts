import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { PageItem, SandboxState } from '../../../sandbox/model.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { createSeedState, sandboxLandmarks } from '../../../sandbox/seed.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/server.ts';
import { jobs } from '../../../src/application/jobs/index.ts';
import { storeJobInput } from '../../../src/application/jobs/start-job.ts';
import { finalJobStates, type Json, type NewJob } from '../../../src/domain/model/job.ts';
import { createSqliteStorage, type JobQueueStorage, openJobQueue } from '../../support/job-queue-storage.ts';
import type { Death, MortalOrder } from '../../support/mortal-worker.ts';
import { poll } from '../../support/poll.ts';
import { startRedis } from '../../support/redis.ts';

/**
 * Workers are killed with -9: at every point of every step of every kind of job, and at random moments. In the end the
 * CMS must be as if none had been: every page has one new version and one publish, every map one publish.
 *
 * CHAOS_KILLS says how many kills there are in all, over both storages; `npm run test:chaos` makes 200.
 */
const kills = Number(process.env['CHAOS_KILLS'] ?? 40);
const killMsMax = 12_000;
/** Longer than a worker on a busy machine may be held up between two renewals. */
const leaseMs = 2_000;
/** A worker that looks for its death in vain gets one more job of the kind after so many looks: about four seconds. */
const looksPerJob = 80;
/** As many workers live, and die, at a time. */
const workersAtOnce = 2;

const { states, targets } = seedIds;

/** What a kind of job is given, its steps, and whether the undisturbed end state of the CMS is reached by one run. */
interface KindRow {
  readonly steps: readonly string[];
  /** The input of the job number `at`. */
  readonly input: (at: number, state: SandboxState) => Json;
}

const kinds: Readonly<Record<string, KindRow>> = {
  publish_content: {
    steps: ['mark', 'before', 'submit'],
    input: (at, state) => {
      const page = copyOfApprovedPage(at, state);
      return {
        targetId: targets.production,
        items: [{ id: page.id, name: page.versions.at(-1)?.name ?? '', isNamed: true }],
      };
    },
  },
  publish_dita_map: {
    steps: ['mark', 'before', 'submit'],
    input: (at, state) => ({
      mapId: copyOfMap(at, state),
      targets: [{ id: targets.production, name: 'Production' }],
      formats: ['html5'],
      ditavals: [],
      replicate: false,
    }),
  },
  preview_publish: {
    steps: [],
    input: () => ({
      targetId: targets.production,
      scope: 'items',
      incremental: true,
      items: [{ id: sandboxLandmarks.tuitionPage, isNamed: true }],
    }),
  },
  asking_call: {
    steps: ['call'],
    input: (at, state) => ({
      task: 'upload_asset',
      input: { folder: documentsFolder(state), file_name: uploadName(at), text: 'Once and no more.' },
    }),
  },
  run_report: {
    steps: [],
    input: () => ({
      report: 'broken_links',
      rootId: sandboxLandmarks.tuitionPage,
      withDescendants: false,
      parameters: {},
    }),
  },
};

/** Every point at which a worker can die, for every kind. */
const deaths: readonly Death[] = Object.entries(kinds).flatMap(([kind, { steps }]) => [
  { at: 'begin', kind } as const,
  ...steps.flatMap((step) => (['before', 'acted', 'kept'] as const).map((at) => ({ at, kind, step }))),
  { at: 'end', kind } as const,
]);

const storages = { sqlite: createSqliteStorage, redis: createRedisStorage };

/** Work that does not touch the CMS: its own tests show what a killed worker leaves. */
const apartFromCms = ['take_backup'];

it('knows every kind of job', () => {
  expect([...Object.keys(kinds), ...apartFromCms].toSorted()).toEqual(jobs.map(({ kind }) => kind).toSorted());
});

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

    const added: NewJob[] = [];
    const add = async (kind: string): Promise<void> => {
      // Noted before it is added: others add at the same time.
      const job = newJob(kind, added.length, state);
      added.push(job);
      await queue.add(job);
    };
    const dieOnce = async (dies: Death): Promise<void> => {
      for (const kind of 'kind' in dies ? [dies.kind] : ['publish_content', 'run_report']) await add(kind);
      const child = startWorker(storage, sandbox, dies, cache);
      closers.push(() => end(child));
      let looks = 0;
      await poll(
        `the worker to die: ${JSON.stringify(dies)}`,
        async () => {
          looks += 1;
          // Another worker may have taken the job that this one was to die of.
          if (looks % looksPerJob === 0 && 'kind' in dies) await add(dies.kind);
          return child.signalCode !== null;
        },
        { timeoutMs: 120_000, everyMs: 50 },
      );
      // A job that lost its workers too often is set aside; the operator runs it again.
      for (const { id } of await queue.list({ states: ['failed'], limit: 1_000 })) await queue.retry(id);
    };

    const planned = planDeaths(share);
    const waiting = planned.values();
    await Promise.all(
      Array.from({ length: workersAtOnce }, async () => {
        for (const dies of waiting) await dieOnce(dies);
      }),
    );
    const survivor = startWorker(storage, sandbox, { at: 'never' }, cache);
    closers.push(() => end(survivor));
    await poll(
      'every job to succeed',
      async () => {
        for (const { id } of await queue.list({ states: ['failed'], limit: 1_000 })) await queue.retry(id);
        const found = await Promise.all(added.map(({ id }) => queue.get(id)));
        return found.every((job) => job !== undefined && finalJobStates.includes(job.state) && job.state !== 'failed');
      },
      { timeoutMs: 240_000, everyMs: 200 },
    );

    const ended = await Promise.all(added.map(({ id }) => queue.get(id)));
    expect(ended.filter((job) => job?.state !== 'succeeded')).toEqual([]);
    process.stdout.write(`${driver}: ${planned.length} kills, ${added.length} jobs, ${runsOf(ended)} runs\n`);
    const pages = added.flatMap((job, at) => (job.kind === 'publish_content' ? [copyId(at)] : []));
    for (const id of pages) {
      const page = state.pages[id];
      expect(page?.versions, `versions of ${id}`).toHaveLength(approvedVersions + 1);
      expect(page?.checkedOut, `check-out of ${id}`).toBeNull();
      expect(page?.workflow?.stateId, `workflow of ${id}`).toBe(states.published);
      expect(page?.published[targets.production]?.version, `live version of ${id}`).toBe(approvedVersions + 1);
      expect(publishesOf(id, state), `publishes of ${id}`).toBe(1);
    }
    for (const [at, { kind }] of added.entries()) {
      if (kind === 'asking_call') expect(assetsNamed(uploadName(at), state), `uploads of ${at}`).toBe(1);
      if (kind === 'publish_dita_map') expect(publishesOf(mapCopyId(at), state), `publishes of map ${at}`).toBe(1);
    }
  });
});

/** The table as far as there are kills, in an order that mixes the kinds; the rest at random moments of a run. */
function planDeaths(count: number): readonly Death[] {
  const table = deaths.toSorted((one, other) => String(one.at).localeCompare(String(other.at))).slice(0, count);
  const random = Array.from({ length: count - table.length }, () => ({
    at: 'random' as const,
    afterMs: Math.round(Math.random() * 400),
  }));
  return [...table, ...random];
}

function newJob(kind: string, at: number, state: SandboxState): NewJob {
  const definition = jobs.find((job) => job.kind === kind);
  const row = kinds[kind];
  if (definition === undefined || row === undefined) throw new Error(`There is no kind ${kind}.`);
  const input = row.input(at, state);
  return {
    id: `job_${kind}_${at}`,
    ...{ queue: definition.queue, kind, owner: `owner-${at % 3}`, attemptsMax: definition.attemptsMax, backoffMs: 50 },
    input: storeJobInput(input, {
      principal: { subject: `owner-${at % 3}`, clientId: 'chaos', scopes: ['cms:read', 'cms:write', 'cms:publish'] },
      requestId: `req_${at}`,
    }),
    ...('lanes' in definition ? { lanes: [`publish:${targets.production}`] } : {}),
  };
}

const copyId = (at: number): string => `x${50_000 + at}`;
const approvedVersions = createSeedState().pages[sandboxLandmarks.approvedPage]?.versions.length ?? 0;

/** One more approved page, checked out by the identity that publishes it: so the publish has to check it in. */
function copyOfApprovedPage(at: number, state: SandboxState): PageItem {
  const original = createSeedState().pages[sandboxLandmarks.approvedPage];
  const last = original?.versions.at(-1);
  if (original === undefined || last === undefined) throw new Error('The seed has no approved page.');
  const copy: PageItem = {
    ...structuredClone(original),
    id: copyId(at),
    checkedOut: {
      userId: seedIds.users.editor,
      since: original.lastModified,
      name: `Benefits ${at}`,
      elements: structuredClone(last.elements),
      file: null,
    },
  };
  state.pages[copy.id] = copy;
  return copy;
}

const uploadName = (at: number): string => `chaos-${at}.pdf`;

function documentsFolder({ assetFolders }: SandboxState): string {
  const folder = Object.values(assetFolders).find(({ name }) => name === 'Documents');
  if (folder === undefined) throw new Error('The seed has no folder for documents.');
  return folder.id;
}

function assetsNamed(name: string, { assets }: SandboxState): number {
  return Object.values(assets).filter((asset) => (asset.checkedOut ?? asset.versions.at(-1))?.name === name).length;
}

const mapCopyId = (at: number): string => `a/${50_000 + at}`;

/**
 * One more map. Each job has its own, because the CMS's logs name items and no jobs: of two publishes of one map at the
 * same time, a job that was interrupted may take the other's for its own, which leaves the map live all the same.
 */
function copyOfMap(at: number, state: SandboxState): string {
  const original = Object.values(state.assets).find(
    ({ versions }) => versions.at(-1)?.name === 'residence-life.ditamap',
  );
  if (original === undefined) throw new Error('The seed has no map about residence life.');
  const copy = { ...structuredClone(original), id: mapCopyId(at) };
  for (const version of copy.versions) version.name = `residence-life-${at}.ditamap`;
  state.assets[copy.id] = copy;
  return copy.id;
}

/** How often the CMS has published an item as the root of a task. */
function publishesOf(id: string, { publishing }: SandboxState): number {
  return publishing.logs.filter(({ entries }) => entries.some(({ itemId }) => itemId === id)).length;
}

function runsOf(ended: readonly ({ readonly attempts: number } | undefined)[]): number {
  return ended.reduce((sum, job) => sum + (job?.attempts ?? 0), 0);
}

const program = fileURLToPath(new URL('../../support/mortal-worker.ts', import.meta.url));

function startWorker(storage: JobQueueStorage, sandbox: Sandbox, dies: Death, cache: string): ChildProcess {
  const order: MortalOrder = {
    driver: storage.driver,
    location: storage.location,
    cms: { baseUrl: sandbox.siteRoot, clientId: 'sandbox-editor', clientSecret: 'sandbox-secret-editor' },
    leaseMs,
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

async function createRedisStorage(): Promise<JobQueueStorage> {
  const server = await startRedis({ appendOnly: true });
  return { driver: 'redis', location: server.url, close: () => server.close() };
}
