import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem, VersionInfo } from '../../../domain/model/content-item.ts';
import { pageSizeMax } from '../../../domain/model/paging.ts';
import type { PublishingTarget, PublishLog, PublishMonitor, PublishState } from '../../../domain/model/publishing.ts';
import { cmsTimeIso } from '../../../domain/policy/cms-time.ts';
import { liveVersion } from '../../../domain/policy/live-version.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { cutText } from '../../items/cut-text.ts';
import { isAssetId, itemPaths } from '../../items/item-path.ts';
import { createPartReader, unavailablePart } from '../../items/part-reader.ts';
import { readPublishLogs } from '../../items/read-publish-logs.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { itemsParameter, targetParameter } from '../parameters.ts';

const needs = ['publishing', 'pages', 'assets', 'search'] as const satisfies readonly (keyof Ports)[];
type Needs = Pick<Ports, (typeof needs)[number]>;

const logView = z.object({
  log: z.string(),
  target: z.string(),
  user: z.string(),
  succeeded: z.boolean(),
  incremental: z.boolean(),
  submitted_at: z.string().optional(),
  completed_at: z.string().optional(),
  pages_published: z.int(),
  assets_published: z.int(),
  failed_count: z.int(),
  error: z.string().optional(),
});

const itemState = z.object({
  target_id: z.string(),
  target: z.string(),
  published: z.boolean(),
  marked: z.boolean(),
  marked_version: z.int().optional().describe('What the next publish takes'),
  live_version: z.int().optional().describe('Absent when it cannot be told'),
  likely_live_version: z.int().optional().describe('Instead: the newest version made before the last publish'),
  note: z.string().optional(),
});

/** Tells how publishing stands. */
export const getPublishStatus = defineTask({
  name: 'get_publish_status',
  title: 'Publishing status',
  summary:
    'Show what publishes now, how much waits, and the last results and errors per target. For items: per target, which version is marked and which is live. With a log: the result per item.',
  toolset: 'publishing',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs,
  input: z
    .object({
      items: itemsParameter.optional(),
      target: targetParameter.optional(),
      log: z.string().trim().min(1).max(300).optional().describe('Log id of a finished publish'),
    })
    .strict(),
  output: z.object({
    running: z
      .object({
        task: z.string(),
        target: z.string(),
        percent: z.number(),
        status: z.string(),
        pages_published: z.int(),
        pages_total: z.int(),
        started_at: z.string().optional(),
        estimated_end_at: z.string().optional(),
        errors: z.array(z.string()).optional(),
      })
      .optional()
      .describe('Absent when nothing runs'),
    waiting_count: z.int().optional().describe('Publishes in the queue; the CMS counts them and lists none'),
    replicating: z.array(z.object({ target: z.string(), percent: z.number() })).optional(),
    targets: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          last_published_at: z.string().optional(),
          marked_pages: z.int(),
          marked_assets: z.int(),
        }),
      )
      .optional(),
    recent: z.array(logView).optional().describe('Finished publishes, newest first'),
    items: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          path: z.string().optional(),
          version: z.int(),
          checked_out: z.boolean(),
          targets: z.array(itemState),
        }),
      )
      .optional(),
    log: logView
      .extend({
        entries: z.array(z.object({ id: z.string(), success: z.boolean(), message: z.string() })),
        entries_total: z.int(),
      })
      .optional(),
    unavailable: z.array(unavailablePart).optional(),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: false,
  async execute(input, ports) {
    if (input.log !== undefined) return { log: await readLog(input.log, ports) };
    const [target, items] = await Promise.all([
      input.target === undefined ? undefined : resolveTarget(input.target, ports.publishing),
      input.items === undefined ? [] : resolveItems(input.items, ports),
    ]);
    const reader = createPartReader();
    const [monitor, allTargets] = await Promise.all([
      reader.read('queue', () => ports.publishing.monitor()),
      target === undefined ? ports.publishing.targets() : [target],
    ]);
    const recent = (monitor?.recent ?? []).filter((log) => target === undefined || log.targetId === target.id);
    const states = items.length === 0 ? undefined : await readItems(items, allTargets, recent, ports);
    return {
      ...(monitor === undefined ? {} : viewMonitor(monitor)),
      targets: allTargets.map(viewTarget),
      // Without the queue's answer nothing is known of recent publishes, which is not the same as none.
      ...(monitor === undefined ? {} : { recent: recent.slice(0, recentShown).map(viewLog) }),
      ...(states === undefined ? {} : { items: states }),
      ...(reader.unavailable.length === 0 ? {} : { unavailable: [...reader.unavailable] }),
      ...(recent.length > recentShown
        ? { hint: `${recent.length - recentShown} older results are left out; give target to see those of one target.` }
        : {}),
    };
  },
});

const recentShown = 5;
const entriesShown = 60;
const messageCharactersMax = 300;

async function readLog(id: string, ports: Needs) {
  const log = await ports.publishing.log(id);
  if (log === undefined) {
    throw new DomainError('NOT_FOUND', `There is no publish log "${id.slice(0, 80)}", or it was trimmed.`, {
      next: { tool: 'get_publish_status', input: {} },
    });
  }
  const failuresFirst = [...log.entries].sort((a, b) => Number(a.success) - Number(b.success));
  return {
    ...viewLog(log),
    entries: failuresFirst.slice(0, entriesShown).map((entry) => ({
      id: entry.itemId,
      success: entry.success,
      message: cutText(entry.message, messageCharactersMax).text,
    })),
    entries_total: log.entries.length,
  };
}

async function readItems(
  items: readonly ContentItem[],
  targets: readonly PublishingTarget[],
  recent: readonly PublishLog[],
  ports: Needs,
) {
  const ids = items.filter((item) => item.kind !== 'asset_folder').map((item) => item.id);
  const [paths, histories, perTarget] = await Promise.all([
    itemPaths(items, ports),
    Promise.all(items.map(async (item) => [item.id, await historyOf(item, ports)] as const)),
    Promise.all(
      targets.map(async (target) => {
        const [states, logs] = await Promise.all([
          ports.publishing.states(target.id, ids),
          readPublishLogs(target.id, recent, ports.publishing),
        ]);
        return { target, states: new Map(states.map((state) => [state.itemId, state])), logs };
      }),
    ),
  ]);
  const historyById = new Map(histories);
  return items.map((item) => {
    const path = paths.get(item.id);
    return {
      id: item.id,
      name: item.name,
      ...(path === undefined ? {} : { path }),
      version: item.version,
      checked_out: item.checkedOut,
      targets: perTarget.flatMap(({ target, states, logs }) => {
        const state = states.get(item.id);
        return state === undefined ? [] : [viewState(item, target, state, historyById.get(item.id) ?? [], logs)];
      }),
    };
  });
}

async function historyOf(item: ContentItem, ports: Needs): Promise<readonly VersionInfo[]> {
  if (item.kind === 'asset_folder') return [];
  const port = isAssetId(item.id) ? ports.assets : ports.pages;
  return (await port.history(item.id, { startIndex: 0, pageSize: pageSizeMax })).items;
}

function viewState(
  item: ContentItem,
  target: PublishingTarget,
  state: PublishState,
  history: readonly VersionInfo[],
  logs: readonly PublishLog[],
): z.infer<typeof itemState> {
  const told = liveVersion({
    itemId: item.id,
    targetId: target.id,
    published: state.published,
    versions: history,
    logs,
  });
  const { marked } = told;
  const notes = [
    ...(told.note === undefined ? [] : [told.note]),
    ...(marked !== undefined && marked.version < item.version
      ? [`Version ${item.version} is not marked: a publish takes version ${marked.version}.`]
      : []),
    ...(state.published && !state.marked
      ? ['Not marked any more: the next full publish takes it off the target.']
      : []),
  ];
  return {
    target_id: target.id,
    target: target.name,
    published: state.published,
    marked: state.marked,
    ...(marked === undefined ? {} : { marked_version: marked.version }),
    ...(told.live === undefined ? {} : { live_version: told.live }),
    ...(told.likely === undefined ? {} : { likely_live_version: told.likely }),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

function viewMonitor(monitor: PublishMonitor) {
  const { running } = monitor;
  return {
    waiting_count: monitor.pendingCount,
    ...(monitor.replicating.length === 0
      ? {}
      : { replicating: monitor.replicating.map(({ targetName, percent }) => ({ target: targetName, percent })) }),
    ...(running === undefined
      ? {}
      : {
          running: {
            task: running.taskId,
            target: running.targetName,
            percent: running.percent,
            status: running.status,
            pages_published: running.pagesPublished,
            pages_total: running.pagesTotal,
            ...(running.startedAt === undefined ? {} : { started_at: cmsTimeIso(running.startedAt) }),
            ...(running.estimatedEndAt === undefined ? {} : { estimated_end_at: cmsTimeIso(running.estimatedEndAt) }),
            ...(running.errors.length === 0
              ? {}
              : { errors: running.errors.slice(0, 10).map((error) => cutText(error, messageCharactersMax).text) }),
          },
        }),
  };
}

function viewTarget(target: PublishingTarget) {
  return {
    id: target.id,
    name: target.name,
    ...(target.lastPublishedAt === undefined ? {} : { last_published_at: cmsTimeIso(target.lastPublishedAt) }),
    marked_pages: target.markedPageCount,
    marked_assets: target.markedAssetCount,
  };
}

function viewLog(log: PublishLog): z.infer<typeof logView> {
  return {
    log: log.id,
    target: log.targetName,
    user: log.userName,
    succeeded: log.error === undefined && log.failedCount === 0,
    incremental: log.incremental,
    ...(log.submittedAt === undefined ? {} : { submitted_at: cmsTimeIso(log.submittedAt) }),
    ...(log.completedAt === undefined ? {} : { completed_at: cmsTimeIso(log.completedAt) }),
    pages_published: log.pagesPublished,
    assets_published: log.assetsPublished,
    failed_count: log.failedCount,
    ...(log.error === undefined ? {} : { error: cutText(log.error, messageCharactersMax).text }),
  };
}
