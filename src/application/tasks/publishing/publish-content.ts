import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import { type Job, restingJobStates } from '../../../domain/model/job.ts';
import type { PublishingTarget } from '../../../domain/model/publishing.ts';
import type { Schedule } from '../../../domain/model/schedule.ts';
import { readTime } from '../../../domain/policy/read-time.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { eachItem } from '../../items/each-item.ts';
import { isAssetId } from '../../items/item-path.ts';
import { resumeCall, shownJobState } from '../../items/own-job.ts';
import { viewSchedule } from '../../items/own-schedule.ts';
import {
  type ChosenItem,
  choosePublishItems,
  plannedPublish,
  planPublishSet,
  problemsFirst,
  publishPreviewToken,
  viewTransitions,
} from '../../items/plan-publish-set.ts';
import { approvalStamp, type PublishGuards } from '../../items/publish-guards.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { commentCharactersMax } from '../../items/sign-comment.ts';
import { untold } from '../../items/untold.ts';
import { awaitStarted } from '../../items/wait-for-job.ts';
import { guardWrite } from '../../items/write-guard.ts';
import { publishContentJob, publishItemsMax } from '../../jobs/publish-content.ts';
import { publishResult } from '../../jobs/publish-results.ts';
import { scheduleJob, startJob } from '../../jobs/start-job.ts';
import { dryRunParameter, itemsParameter, targetParameter } from '../parameters.ts';
import { nextCall } from '../views.ts';

const itemsDefault = 50;
/** How long after its time a scheduled publish may start, in milliseconds; later it was missed. */
const windowMs = 3_600_000;

const input = z
  .object({
    items: itemsParameter.optional(),
    target: targetParameter,
    action: z.enum(['publish', 'unpublish']).default('publish').describe('Default publish'),
    scope: z.enum(['items', 'with_descendants', 'site']).default('items').describe('Default items'),
    mode: z.enum(['incremental', 'full']).default('incremental').describe('Default incremental'),
    at: z.string().max(100).optional().describe('ISO time with zone'),
    run_late: z.boolean().default(false).describe('Even if missed'),
    max_items: z
      .int()
      .min(1)
      .max(publishItemsMax)
      .default(itemsDefault)
      .describe(`Default ${itemsDefault}, max ${publishItemsMax}`),
    preview: z.string().max(100).optional().describe('Token of a dry run or preview'),
    comment: z.string().max(commentCharactersMax).optional().describe('Why'),
    dry_run: dryRunParameter,
  })
  .strict();
type Input = z.output<typeof input>;

/** Publishes, as a job. */
export const publishContent = defineTask({
  name: 'publish_content',
  title: 'Publish',
  summary: 'Check in and publish items, now or at a time; tell what is live. A job.',
  toolset: 'publishing',
  effect: 'destructive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write', 'cms:publish'],
  needs: [
    'pages',
    'assets',
    'search',
    'publishing',
    'workflow',
    'drafts',
    'site',
    'jobs',
    'schedules',
    'ids',
    'digest',
    'clock',
    'calendar',
  ],
  input,
  output: publishResult
    .partial()
    .omit({ items: true, log_ids: true })
    .extend({
      job: z.string().optional(),
      state: z.enum(['planned', ...shownJobState.options]),
      percent: z.number().optional(),
      message: z.string().optional(),
      items: publishResult.shape.items.optional(),
      left_out: z.int().optional().describe('Items of a long result that only the job itself shows'),
      planned: z.array(plannedPublish).optional(),
      transitions: untold<readonly { readonly name: string; readonly does: readonly string[] }[]>().optional(),
      preview: z.string().optional().describe('Of a dry run: pass it to publish exactly this'),
      error: z.unknown().optional(),
      next: nextCall.optional(),
    }),
  publishesOutputSchema: true,

  async execute(given, ports, call) {
    const target = await resolveTarget(given.target, ports.publishing);
    if (given.action === 'unpublish' && (await ports.site.abilities()).unmark === 'services') {
      return takeMarksOff(given, target, ports, call);
    }
    refuseImpossible(given, target);
    if (given.items === undefined) {
      throw new DomainError('BAD_INPUT', 'Say what to publish: "items" is missing.');
    }
    const chosen = await choosePublishItems(given.items, given.scope, given.max_items, ports);
    if (chosen.length > given.max_items) throw tooMany(chosen.length, given.max_items);
    // What lies below is looked at one by one by the job; here only where the caller asks for the whole picture.
    const isWhole = given.dry_run || given.preview !== undefined;
    const planned = await planPublishSet(isWhole ? chosen : chosen.filter(({ isNamed }) => isNamed), target, ports);
    const preview = publishPreviewToken(target, planned, ports);
    if (given.dry_run) {
      return {
        state: 'planned' as const,
        target: { id: target.id, name: target.name },
        planned: problemsFirst(planned)
          .slice(0, itemsShownMax)
          .map(({ view }) => view),
        ...viewTransitions(planned),
        ...(planned.length > itemsShownMax ? { left_out: planned.length - itemsShownMax } : {}),
        preview,
        next: { tool: 'publish_content', input: { ...withoutDryRun(given), preview } },
      };
    }
    if (given.preview !== undefined && given.preview !== preview) {
      throw new DomainError(
        'VERSION_CONFLICT',
        'The items, their versions or their workflow states changed after the dry run. Nothing was published; look at a new one.',
        { next: { tool: 'publish_content', input: { ...withoutDryRun(given), dry_run: true } } },
      );
    }
    const order = {
      targetId: target.id,
      items: chosen.map(({ item, isNamed }) => ({ id: item.id, name: item.name, isNamed })),
      ...(given.comment === undefined ? {} : { comment: given.comment }),
    };
    if (given.at !== undefined) {
      const schedule = await schedulePublish(given, given.at, order, chosen, ports, call);
      return {
        ...pick(viewSchedule(schedule)),
        target: { id: target.id, name: target.name },
        next: { tool: 'get_job', input: { job: schedule.id } },
      };
    }
    const job = await startJob(publishContentJob, order, ports, call);
    return viewOutcome(await awaitStarted(job, ports.jobs, call), target);
  },

  outcomeOf: (job) => viewOutcome(job),
});

/** What an answer tells of a publish that waits for its time. */
const pick = ({ job, percent, message }: ReturnType<typeof viewSchedule>) => ({
  job,
  state: 'scheduled' as const,
  percent,
  message: `${message} It holds then if there is a content freeze, an edit after now, a broken link, or the window is over.`,
});

/** @throws DomainError BAD_INPUT for a time that cannot be read or has passed. */
function schedulePublish(
  given: Input,
  at: string,
  order: z.infer<typeof publishContentJob.input>,
  chosen: readonly ChosenItem[],
  ports: Pick<Ports, 'schedules' | 'ids' | 'clock' | 'calendar'>,
  call: Call,
): Promise<Schedule> {
  const time = readTime(at);
  const dueAtMs = ports.calendar.next(time, ports.clock.nowMs());
  if (dueAtMs <= ports.clock.nowMs()) {
    throw new DomainError(
      'BAD_INPUT',
      `The time ${new Date(dueAtMs).toISOString()} has passed. Nothing was scheduled; give a later "at", or leave it out to publish now.`,
    );
  }
  const guards: PublishGuards = {
    dueAtMs,
    ...(given.run_late ? {} : { untilMs: dueAtMs + windowMs }),
    itemsMax: given.max_items,
    approved: chosen.map(({ item }) => ({ id: item.id, name: item.name, stamp: approvalStamp(item) })),
  };
  return scheduleJob(
    publishContentJob,
    { ...order, guards },
    { id: ports.ids.id('schedule'), time, missed: given.run_late ? 'run' : 'report', toleranceMs: windowMs },
    ports,
    call,
  );
}

/** About 3,000 tokens of rows. */
const itemsShownMax = 50;

/** Without its mark, an item leaves the target with the target's next full publish, which a person starts. */
async function takeMarksOff(given: Input, target: PublishingTarget, ports: UnmarkPorts, call: Call) {
  if (given.scope !== 'items' || given.items === undefined) {
    throw new DomainError('BAD_INPUT', 'Unpublishing takes named items, with the scope items.');
  }
  const items = await resolveItems(given.items, ports);
  const asset = items.find(({ id }) => isAssetId(id));
  if (asset !== undefined) {
    throw new DomainError(
      'CAPABILITY_MISSING',
      `This CMS takes the marks off pages only, and "${asset.name}" (${asset.id}) is an asset. Nothing was changed.`,
      { next: { tool: 'get_content', input: { items: [asset.id], include: ['publish_state'] } } },
    );
  }
  for (const item of items) await guardWrite(item, ports);
  const answer = { target: { id: target.id, name: target.name } };
  const next = { tool: 'get_publish_status', input: { target: target.name } };
  const what = `mark(s) for ${target.name}; what is live stays until its next full publish, which a publisher starts in the CMS.`;
  if (given.dry_run) {
    return { ...answer, state: 'planned' as const, message: `Would take off ${items.length} ${what}`, next };
  }
  const outcomes = await eachItem(items, async (item) => {
    await ports.drafts.setMark(item.id, { targetId: target.id, version: 'none' });
    call.emit({ type: 'content_changed', itemIds: [item.id], change: 'marking', subject: call.principal.subject });
  });
  const failed = outcomes.flatMap((outcome) => (outcome.done ? [] : [`${outcome.item.id}: ${outcome.error.message}`]));
  return {
    ...answer,
    state: failed.length === 0 ? ('succeeded' as const) : ('failed' as const),
    message: [`Took off ${items.length - failed.length} ${what}`, ...failed].join(' '),
    next,
  };
}

type UnmarkPorts = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing' | 'drafts'>;

/** What REST v1 cannot do is said before anything is looked up, with what comes nearest. */
function refuseImpossible(given: Input, target: PublishingTarget): void {
  const items = given.items ?? [];
  const same = { ...(given.items === undefined ? {} : { items }), target: target.name };
  if (given.action === 'unpublish') {
    throw new DomainError(
      'CAPABILITY_MISSING',
      `This CMS takes nothing offline over its API. Nearest: a workflow transition that takes the publish marks off, after which the next full publish removes the item; or delete the item and let a publisher run a full publish of ${target.name} in the CMS.`,
      items.length === 0
        ? {}
        : { next: { tool: 'get_content', input: { items, include: ['workflow', 'publish_state'] } } },
    );
  }
  if (given.scope === 'site' || given.mode === 'full') {
    throw new DomainError(
      'CAPABILITY_MISSING',
      `This CMS starts no publish of a whole site and no full publish over its API: a publisher starts them in the CMS. Nearest: publish named items, or a section with what lies below it.`,
      items.length === 0
        ? { next: { tool: 'get_publish_status', input: { target: target.name } } }
        : {
            next: {
              tool: 'publish_content',
              input: { ...same, scope: given.scope === 'site' ? 'with_descendants' : given.scope },
            },
          },
    );
  }
}

function tooMany(count: number, max: number): DomainError {
  return new DomainError(
    'TOO_LARGE',
    `${count} items would be published, and max_items is ${max}. Nothing was changed; take fewer, or raise max_items (at most ${publishItemsMax}).`,
    { details: { items: count, max_items: max } },
  );
}

function withoutDryRun(given: Input): Record<string, unknown> {
  const { dry_run: _dryRun, preview: _preview, ...rest } = given;
  return rest;
}

function viewOutcome(job: Job, target?: PublishingTarget) {
  const result = publishResult.safeParse(job.result).data;
  const items = result?.items ?? [];
  const follow = { tool: 'get_job', input: { job: job.id } };
  return {
    job: job.id,
    state: job.state,
    percent: job.progress.percent,
    message: job.progress.message,
    ...(target === undefined ? {} : { target: { id: target.id, name: target.name } }),
    ...(result === undefined
      ? {}
      : { target: result.target, items: items.slice(0, itemsShownMax), live: result.live, summary: result.summary }),
    ...(items.length > itemsShownMax ? { left_out: items.length - itemsShownMax, next: follow } : {}),
    ...(job.error === undefined ? {} : { error: job.error }),
    ...(restingJobStates.includes(job.state) ? {} : { next: { ...follow, input: { job: job.id, wait_seconds: 20 } } }),
    // What was submitted before the end goes on in the CMS.
    ...(['cancelled', 'failed'].includes(job.state)
      ? { next: { tool: 'get_publish_status', input: target === undefined ? {} : { target: target.name } } }
      : {}),
    ...(job.state === 'held' ? { next: resumeCall(job) } : {}),
  };
}
