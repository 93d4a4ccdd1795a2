import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem, VersionInfo } from '../../../domain/model/content-item.ts';
import { pageSizeMax } from '../../../domain/model/paging.ts';
import type { PublishingTarget, PublishLog, PublishMonitor, PublishState } from '../../../domain/model/publishing.ts';
import { cmsTimeIso, cmsTimeMs } from '../../../domain/policy/cms-time.ts';
import { type LiveVersion, liveVersion } from '../../../domain/policy/live-version.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { cutText } from '../../items/cut-text.ts';
import { isCopying } from '../../items/follow-copies.ts';
import { isAssetId, itemPaths } from '../../items/item-path.ts';
import { createPartReader, unavailablePart } from '../../items/part-reader.ts';
import {
  lookUntilSeen,
  newSentences,
  type PublicQuestion,
  publicAddress,
  type SeenPublicly,
} from '../../items/public-looks.ts';
import { readPublishLogs } from '../../items/read-publish-logs.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { itemsParameter, targetParameter } from '../parameters.ts';

const needs = [
  'publishing',
  'pages',
  'assets',
  'search',
  'publicSite',
  'clock',
] as const satisfies readonly (keyof Ports)[];
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
  copies: z.enum(['running', 'done', 'stopped']).optional().describe('To the web servers, where there are any'),
});

const itemState = z.object({
  target_id: z.string(),
  target: z.string(),
  published: z.boolean(),
  marked: z.boolean(),
  marked_version: z.int().optional().describe('What the next publish takes'),
  live_version: z.int().optional().describe('Absent when it cannot be told'),
  live_since: z.string().optional().describe('When the publish ended that put it there, copies included'),
  public: z
    .object({ address: z.string(), seen: z.enum(['yes', 'no', 'unclear']), note: z.string(), checked_at: z.string() })
    .optional()
    .describe('What visitors get, where the address is known'),
  likely_live_version: z.int().optional().describe('Instead: the newest version made before the last publish'),
  note: z.string().optional(),
});

/** Tells how publishing stands. */
export const getPublishStatus = defineTask({
  name: 'get_publish_status',
  title: 'Publishing status',
  summary:
    'Show what publishes now, how much waits, and the last results and errors per target. For items: per target, which version is marked, which is live since when, and whether visitors see it. With a log: the result per item.',
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
  async execute(input, ports, call) {
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
    const states = items.length === 0 ? undefined : await readItems(items, allTargets, recent, ports, call.signal);
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
  signal: AbortSignal,
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
  const standings = items.flatMap((item) =>
    perTarget.flatMap(({ target, states, logs }): Standing[] => {
      const state = states.get(item.id);
      if (state === undefined) return [];
      const versions = historyById.get(item.id) ?? [];
      const told = liveVersion({ itemId: item.id, targetId: target.id, published: state.published, versions, logs });
      return [{ item, target, state, versions, told }];
    }),
  );
  const seen = await lookAtPublic(standings, ports, signal);
  return items.map((item) => {
    const path = paths.get(item.id);
    return {
      id: item.id,
      name: item.name,
      ...(path === undefined ? {} : { path }),
      version: item.version,
      checked_out: item.checkedOut,
      targets: standings
        .filter((standing) => standing.item === item)
        .map((standing) => viewStanding(standing, seen.get(keyOf(standing)))),
    };
  });
}

/** What is known of one item on one target. */
interface Standing {
  readonly item: ContentItem;
  readonly target: PublishingTarget;
  readonly state: PublishState;
  readonly versions: readonly VersionInfo[];
  readonly told: LiveVersion;
}

const keyOf = ({ item, target }: Standing): string => `${target.id} ${item.id}`;

/** One look at each address: who asks how it stands does not want to wait for caches. */
async function lookAtPublic(
  standings: readonly Standing[],
  ports: Needs,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SeenPublicly>> {
  const questions = await Promise.all(
    standings.map(async (standing): Promise<PublicQuestion[]> => {
      const { item, target, state, versions, told } = standing;
      const address = await publicAddress(item.id, target, ports);
      if (address === undefined) return [];
      const publishedFromMs = cmsTimeMs(told.log?.startedAt ?? told.log?.submittedAt);
      const earlier = versions.find((info) => !info.isCheckedOutCopy && info.version < (told.live ?? 0))?.version;
      const facts = {
        published: state.published,
        ...(publishedFromMs === undefined ? {} : { publishedFromMs }),
        ...(told.live === undefined
          ? {}
          : { newSentences: await newSentences(item.id, told.live, earlier, ports.pages) }),
      };
      return [{ itemId: keyOf(standing), address, facts }];
    }),
  );
  return lookUntilSeen(questions.flat(), 0, ports, signal);
}

async function historyOf(item: ContentItem, ports: Needs): Promise<readonly VersionInfo[]> {
  if (item.kind === 'asset_folder') return [];
  const port = isAssetId(item.id) ? ports.assets : ports.pages;
  return (await port.history(item.id, { startIndex: 0, pageSize: pageSizeMax })).items;
}

function viewStanding(
  { item, target, state, told }: Standing,
  seen: SeenPublicly | undefined,
): z.infer<typeof itemState> {
  const { marked, log } = told;
  const since = log?.replication === undefined ? log?.completedAt : log.replication.completedAt;
  const notes = [
    ...(told.note === undefined ? [] : [told.note]),
    ...(log === undefined ? [] : copyNote(log)),
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
    ...(told.live === undefined || since === undefined ? {} : { live_since: cmsTimeIso(since) }),
    ...(told.likely === undefined ? {} : { likely_live_version: told.likely }),
    ...(seen === undefined
      ? {}
      : {
          public: {
            address: seen.address,
            seen: seen.seen,
            note: seen.note,
            checked_at: new Date(seen.checkedAtMs).toISOString(),
          },
        }),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

function copyNote(log: PublishLog): readonly string[] {
  const servers = `${log.replication?.destinationCount} web server(s)`;
  switch (copiesOf(log)) {
    case 'running':
      return [`The copy to ${servers} has not ended.`];
    case 'stopped':
      return [`An error stopped the copy to ${servers}: visitors may still get the old version.`];
    default:
      return [];
  }
}

function copiesOf(log: PublishLog): 'running' | 'done' | 'stopped' | undefined {
  if (log.replication === undefined) return undefined;
  if (log.replication.isStopped) return 'stopped';
  return isCopying(log) ? 'running' : 'done';
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
  const copies = copiesOf(log);
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
    ...(copies === undefined ? {} : { copies }),
    ...(log.error === undefined ? {} : { error: cutText(log.error, messageCharactersMax).text }),
  };
}
