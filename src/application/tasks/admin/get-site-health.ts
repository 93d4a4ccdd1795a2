import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { PublishingTarget } from '../../../domain/model/publishing.ts';
import { cmsTimeIso } from '../../../domain/policy/cms-time.ts';
import { redactText } from '../../../domain/policy/redact-secrets.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { cutText } from '../../items/cut-text.ts';
import { cursorParameter } from '../parameters.ts';

const alertView = z.object({
  title: z.string(),
  message: z.string(),
  severity: z.string().optional(),
  at: z.string().optional(),
});
const targetView = z.object({
  id: z.string(),
  name: z.string(),
  last_published: z.string().optional(),
  marked_pages: z.int(),
  marked_assets: z.int(),
  last_result: z.string().optional(),
});
const replicationView = z.object({
  target: z.string(),
  destination: z.string(),
  last_run: z.string().optional(),
  copied: z.int().optional(),
  skipped: z.int().optional(),
  problem: z.string().optional(),
});
const logView = z.object({ at: z.string().optional(), level: z.string(), message: z.string() });

const healthView = z.object({
  summary: z.string().optional(),
  alerts: z.array(alertView).optional(),
  targets: z.array(targetView).optional(),
  queue: z.object({ waiting: z.int(), running: z.string().optional() }).optional(),
  replication: z.array(replicationView).optional(),
  log: z.array(logView).optional(),
  statistics: z
    .object({ now: z.record(z.string(), z.number()), last_30_days: z.record(z.string(), z.number()) })
    .optional(),
  online: z.array(z.string()).optional(),
  not_allowed: z.array(z.string()).optional().describe('Parts that this user of the CMS may not see'),
  unavailable: z.array(z.string()).optional().describe('Parts that this CMS does not give'),
  next_cursor: z.string().optional(),
});
type HealthView = z.infer<typeof healthView>;

/** Tells how the CMS is doing. */
export const getSiteHealth = defineTask({
  name: 'get_site_health',
  title: 'Site health',
  summary:
    'Show how the CMS is doing: alerts, publishing targets and queue, replication, errors in its log, who is online, and how much content there is and was changed in 30 days.',
  toolset: 'admin',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read', 'cms:admin'],
  needs: ['health', 'publishing', 'clock', 'digest'],
  input: z
    .object({
      part: z
        .enum(['summary', 'alerts', 'targets', 'replication', 'log', 'statistics'])
        .default('summary')
        .describe('Default summary'),
      cursor: cursorParameter,
    })
    .strict(),
  output: healthView,
  publishesOutputSchema: false,

  async execute({ part, cursor }, ports) {
    const queryDigest = ports.digest.sha256(`get_site_health ${part}`);
    const startIndex = decodeCursor(cursor, queryDigest);
    const log: Part = ['log', (each) => readLog(startIndex, logLinesMax, queryDigest, each)];
    if (part === 'log') return readParts([log], ports);
    if (startIndex > 0) throw new DomainError('BAD_INPUT', 'Only the log has further pages.');
    if (part !== 'summary') return readParts([[part, readers[part]]], ports);
    return readSummary(queryDigest, ports);
  },
});

type Needs = Pick<Ports, 'health' | 'publishing' | 'clock' | 'digest'>;

const logLinesMax = 40;
const summaryLogLinesMax = 5;
const alertsMax = 20;
const onlineMax = 20;
const messageCharactersMax = 300;
const periodMs = 30 * 24 * 3_600_000;

const readers = {
  alerts: async ({ health }: Needs): Promise<HealthView> => ({
    alerts: (await health.alerts()).slice(0, alertsMax).map(({ title, message, severity, createdAt }) => ({
      title,
      message: cutText(message, messageCharactersMax).text,
      ...(severity === undefined ? {} : { severity }),
      ...(createdAt === undefined ? {} : { at: cmsTimeIso(createdAt) }),
    })),
  }),
  targets: async ({ publishing }: Needs): Promise<HealthView> => {
    const [targets, monitor] = await Promise.all([publishing.targets(), publishing.monitor()]);
    return {
      targets: targets.map((target) => viewTarget(target, monitor.recent)),
      queue: {
        waiting: monitor.pendingCount,
        ...(monitor.running === undefined
          ? {}
          : { running: `${monitor.running.targetName} ${monitor.running.percent} %` }),
      },
    };
  },
  replication: async ({ health, publishing }: Needs): Promise<HealthView> => {
    const rows: z.infer<typeof replicationView>[] = [];
    for (const target of await publishing.targets()) {
      for (const destination of await health.replicationTargets(target.id)) {
        const log = await health.replicationLog(destination.id);
        const problem = log?.error ?? (log?.cancelled === true ? 'cancelled by a user' : undefined);
        rows.push({
          target: target.name,
          destination: destination.name,
          ...(log?.startedAt === undefined ? {} : { last_run: cmsTimeIso(log.startedAt) }),
          ...(log === undefined ? {} : { copied: log.replicated, skipped: log.skipped }),
          ...(problem === undefined ? {} : { problem: cutText(problem, messageCharactersMax).text }),
        });
      }
    }
    return { replication: rows };
  },
  statistics: async ({ health, clock }: Needs): Promise<HealthView> => {
    const since = new Date(clock.nowMs() - periodMs).toISOString().slice(0, 10);
    const [statistics, online] = await Promise.all([health.statistics(since), health.onlineUsers(onlineMax)]);
    return { statistics: { now: statistics.now, last_30_days: statistics.since }, online: [...online] };
  },
} satisfies Record<string, (ports: Needs) => Promise<HealthView>>;

async function readLog(startIndex: number, lines: number, queryDigest: string, { health }: Needs): Promise<HealthView> {
  const page = await health.log({ startIndex, pageSize: lines });
  return {
    log: page.items.map(({ at, level, message }) => ({
      ...(at === undefined ? {} : { at: cmsTimeIso(at) }),
      level,
      // Log lines quote connection strings, headers and addresses with credentials.
      message: cutText(redactText(message, 'sensitive').value, messageCharactersMax).text,
    })),
    ...(page.nextIndex === undefined ? {} : { next_cursor: encodeCursor(page.nextIndex, queryDigest) }),
  };
}

/** A part by its name. */
type Part = readonly [name: string, read: (ports: Needs) => Promise<HealthView>];

/**
 * Reads parts one after the other. Those that this user may not see are named instead of refusing the rest; where
 * several are read, so are those that the CMS does not give. An outage rises.
 */
async function readParts(parts: readonly Part[], ports: Needs): Promise<HealthView> {
  const notAllowed: string[] = [];
  const unavailable: string[] = [];
  let whole: HealthView = {};
  for (const [name, read] of parts) {
    try {
      whole = { ...whole, ...(await read(ports)) };
    } catch (thrown) {
      if (!(thrown instanceof DomainError)) throw thrown;
      if (thrown.code === 'FORBIDDEN') notAllowed.push(name);
      else if (parts.length > 1 && leftOut.includes(thrown.code)) unavailable.push(name);
      else throw thrown;
    }
  }
  return {
    ...whole,
    ...(notAllowed.length === 0 ? {} : { not_allowed: notAllowed }),
    ...(unavailable.length === 0 ? {} : { unavailable }),
  };
}

/** Refusals of one call, whatever the CMS calls them; an outage is none. */
const leftOut: readonly string[] = [
  'BAD_INPUT',
  'CAPABILITY_MISSING',
  'CMS_REFUSED',
  'CMS_UNEXPECTED',
  'CONFLICT',
  'NOT_FOUND',
];

/** All parts, short, and a line of counts over those that could be read. */
async function readSummary(queryDigest: string, ports: Needs): Promise<HealthView> {
  const { next_cursor: _next, ...view } = await readParts(
    [...Object.entries(readers), ['log', (each) => readLog(0, summaryLogLinesMax, queryDigest, each)]],
    ports,
  );
  const failed = view.targets?.filter(({ last_result }) => last_result?.includes('failed'));
  const uncopied = view.replication?.filter(({ problem }) => problem !== undefined);
  const missing = [...(view.not_allowed ?? []), ...(view.unavailable ?? [])];
  const counts = [
    ...(view.alerts === undefined ? [] : [`${view.alerts.length} alerts`]),
    ...(view.queue === undefined ? [] : [`${view.queue.waiting} publishes waiting`]),
    ...(failed === undefined ? [] : [`${failed.length} targets with a failed last publish`]),
    ...(uncopied === undefined ? [] : [`${uncopied.length} destinations with a failed copy`]),
    ...(missing.length === 0 ? [] : [`not known: ${missing.join(', ')}`]),
  ];
  return { summary: counts.join(', '), ...view };
}

function viewTarget(
  target: PublishingTarget,
  recent: Awaited<ReturnType<Ports['publishing']['monitor']>>['recent'],
): z.infer<typeof targetView> {
  const last = recent.find(({ targetId }) => targetId === target.id);
  return {
    id: target.id,
    name: target.name,
    ...(target.lastPublishedAt === undefined ? {} : { last_published: cmsTimeIso(target.lastPublishedAt) }),
    marked_pages: target.markedPageCount,
    marked_assets: target.markedAssetCount,
    ...(last === undefined
      ? {}
      : {
          last_result:
            last.error === undefined
              ? `${last.pagesPublished} pages, ${last.assetsPublished} assets${last.failedCount === 0 ? '' : `, ${last.failedCount} failed`}`
              : `failed: ${cutText(last.error, messageCharactersMax).text}`,
        }),
  };
}
