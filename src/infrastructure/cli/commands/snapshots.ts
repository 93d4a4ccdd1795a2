import { setTimeout as wait } from 'node:timers/promises';
import type { Call } from '../../../application/call.ts';
import { startJob } from '../../../application/jobs/start-job.ts';
import { takeSnapshotJob } from '../../../application/jobs/take-snapshot.ts';
import { headIfReadable } from '../../../application/snapshots/prune-snapshots.ts';
import { DomainError } from '../../../domain/errors.ts';
import { finalJobStates, type Job } from '../../../domain/model/job.ts';
import { scopes } from '../../../domain/model/principal.ts';
import type { Snapshot, SnapshotItem } from '../../../domain/model/snapshot.ts';
import type { SnapshotStore } from '../../../domain/ports/snapshot-store.ts';
import { openContainer, type Wired } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { exitCodes, type RunCommand } from '../command.ts';
import { printTable } from '../table.ts';
import { toldInWords } from '../told-in-words.ts';

export interface OneSnapshotOptions {
  readonly id: string;
  readonly verify?: boolean;
  readonly json?: boolean;
}

export interface TakeSnapshotOptions {
  readonly item: string;
  readonly full?: boolean;
  readonly comment?: string;
}

/** All snapshots, newest first; one that cannot be read is listed with that. */
export const snapshotsList: RunCommand<{ json?: boolean }> = ({ config, logger, resources }, { json }) =>
  toldInWords(async () => {
    const { store } = (await openContainer({ config, logger, resources })).get(T.Snapshots);
    const rows: Readonly<Record<string, string>>[] = [];
    for (const { id, takenAtMs } of await store.list()) {
      const head = await headIfReadable(id, store);
      if (json === true) process.stdout.write(`${JSON.stringify(head ?? { id, takenAtMs, damaged: true })}\n`);
      rows.push({
        id,
        taken: timeOf(takenAtMs),
        root: head === undefined ? 'cannot be read' : `${head.root.id} ${head.root.path}`,
        pages: String(head?.counts.pages ?? ''),
        assets: String(head?.counts.assets ?? ''),
        by: head?.takenBy ?? '',
        comment: head?.comment ?? '',
      });
    }
    if (json !== true) process.stdout.write(rows.length === 0 ? '' : printTable(rows));
    process.stderr.write(`${rows.length} snapshot(s) in ${store.place}.\n`);
    return exitCodes.ok;
  });

/** What one snapshot holds; with `verify` every object of it is read and proven. */
export const snapshotsShow: RunCommand<OneSnapshotOptions> = ({ config, logger, resources }, { id, verify, json }) =>
  toldInWords(async () => {
    const { store } = (await openContainer({ config, logger, resources })).get(T.Snapshots);
    const snapshot = await known(id, store);
    process.stdout.write(json === true ? `${JSON.stringify(snapshot)}\n` : printTable(snapshot.items.map(rowOf)));
    if (verify !== true) return exitCodes.ok;
    const damaged = await findDamaged(snapshot, store);
    for (const { item, reason } of damaged) process.stderr.write(`${item.id} ${item.path}: ${reason}\n`);
    process.stderr.write(
      `${snapshot.items.length - damaged.length} items read and proven, ${damaged.length} damaged.\n`,
    );
    return damaged.length === 0 ? exitCodes.ok : exitCodes.failed;
  });

/** Hands the work to the queue, as the identity that the settings name, and waits for it; prints the snapshot's id. */
export const snapshotsTake: RunCommand<TakeSnapshotOptions> = ({ config, logger, resources }, given) =>
  toldInWords(async () => {
    if (!/^(?:x\d+|af?\/\d+)$/.test(given.item)) {
      throw new DomainError('BAD_INPUT', `"${given.item}" is no id of a page (x42), asset (a/5) or folder (af/7).`);
    }
    const container = await openContainer({ config, logger, resources });
    const jobs = container.get(T.Jobs);
    resources.own('job queue', () => jobs.close());
    const order = {
      rootId: given.item,
      full: given.full === true,
      ...(given.comment === undefined ? {} : { comment: given.comment }),
    };
    const job = await startJob(takeSnapshotJob, order, { jobs, ids: container.get(T.Ids) }, callOf(container));
    process.stderr.write(`The job ${job.id} waits for a server or worker.\n`);
    const ended = await follow(job, container);
    if (ended.state !== 'succeeded') {
      process.stderr.write(`The job ${job.id} has ${ended.state}. ${ended.error?.message ?? ''}\n`);
      return exitCodes.failed;
    }
    const { snapshot, notes = [] } = takeSnapshotJob.output.parse(ended.result);
    for (const note of notes) process.stderr.write(`${note}\n`);
    process.stdout.write(`${snapshot}\n`);
    return exitCodes.ok;
  });

/** Removes snapshots, and what nothing else refers to. */
export const snapshotsRemove: RunCommand<{ ids: readonly string[] }> = ({ config, logger, resources }, { ids }) =>
  toldInWords(async () => {
    const { store } = (await openContainer({ config, logger, resources })).get(T.Snapshots);
    const present = new Set((await store.list()).map(({ id }) => id));
    for (const id of ids) if (!present.has(id)) throw unknown(id);
    const { objectsRemoved } = await store.remove(ids);
    process.stderr.write(`${ids.length} snapshot(s) removed, with ${objectsRemoved} object(s) that only they held.\n`);
    return exitCodes.ok;
  });

/** Everything that the operator starts: no grant stands behind it, so the CMS sees the identity of the settings. */
function callOf(container: Wired): Call {
  return {
    principal: { subject: 'operator', clientId: 'cli', scopes },
    requestId: container.get(T.Ids).id('req'),
    signal: new AbortController().signal,
    task: 'take_snapshot',
    emit: () => undefined,
    progress: () => undefined,
    started: () => undefined,
  };
}

async function follow(job: Job, container: Wired): Promise<Job> {
  let seen = job;
  while (!finalJobStates.includes(seen.state)) {
    await wait(pollMs);
    const now = await container.get(T.Jobs).get(job.id);
    if (now === undefined) throw new DomainError('NOT_FOUND', `The job ${job.id} is no longer kept.`);
    if (now.progress.message !== seen.progress.message) {
      process.stderr.write(`${now.progress.percent} % ${now.progress.message}\n`);
    }
    seen = now;
  }
  return seen;
}

const pollMs = 500;

async function findDamaged(
  { items }: Snapshot,
  store: SnapshotStore,
): Promise<readonly { readonly item: SnapshotItem; readonly reason: string }[]> {
  const damaged = [];
  for (const item of items) {
    for (const hash of [item.contentHash, item.file?.hash]) {
      if (hash === undefined) continue;
      try {
        await store.object(hash);
      } catch (error) {
        if (!(error instanceof DomainError) || error.details?.['unreadable'] !== true) throw error;
        damaged.push({ item, reason: error.message });
      }
    }
  }
  return damaged;
}

async function known(id: string, store: SnapshotStore): Promise<Snapshot> {
  const snapshot = await store.open(id);
  if (snapshot === undefined) throw unknown(id);
  return snapshot;
}

const unknown = (id: string): DomainError =>
  new DomainError('NOT_FOUND', `There is no snapshot "${id}". "snapshots list" shows those that are kept.`);

function rowOf(item: SnapshotItem): Readonly<Record<string, string>> {
  const { file } = item;
  return {
    id: item.id,
    kind: item.kind,
    version: String(item.version),
    file: file === undefined ? '' : `${file.byteSize} bytes${file.leftOut === undefined ? '' : `, ${file.leftOut}`}`,
    path: item.path,
  };
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
