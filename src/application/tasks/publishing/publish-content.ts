import { z } from 'zod';
import { DomainError, toDomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import { finalJobStates, type Job } from '../../../domain/model/job.ts';
import type { PublishingTarget } from '../../../domain/model/publishing.ts';
import type { PublishWay } from '../../../domain/policy/choose-publish-transition.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { listDescendants } from '../../items/list-descendants.ts';
import { planPublish } from '../../items/plan-publish.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { commentCharactersMax } from '../../items/sign-comment.ts';
import { untold } from '../../items/untold.ts';
import { waitForJob } from '../../items/wait-for-job.ts';
import { publishContentJob, publishItemsMax, publishResult } from '../../jobs/publish-content.ts';
import { startJob } from '../../jobs/start-job.ts';
import { dryRunParameter, itemsParameter, targetParameter } from '../parameters.ts';
import { nextCall } from '../views.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing' | 'workflow' | 'digest'>;

/** Hosts and people wait this long for an answer; what takes longer is followed by the job's id. */
const waitMsMax = 20_000;
const itemsDefault = 50;

const input = z
  .object({
    items: itemsParameter.optional(),
    target: targetParameter,
    action: z
      .enum(['publish', 'unpublish'])
      .default('publish')
      .describe('unpublish takes items offline; default publish'),
    scope: z
      .enum(['items', 'with_descendants', 'site'])
      .default('items')
      .describe('with_descendants: also what lies below, where its workflow can publish it; default items'),
    mode: z.enum(['incremental', 'full']).default('incremental').describe('full: everything that is marked'),
    at: z.string().max(100).optional().describe('ISO time with offset; leave out to publish at once'),
    max_items: z
      .int()
      .min(1)
      .max(publishItemsMax)
      .default(itemsDefault)
      .describe(`Refuse when more would go out; default ${itemsDefault}`),
    preview: z.string().max(100).optional().describe('Token of a dry run: refuse when the set has changed since'),
    comment: z
      .string()
      .max(commentCharactersMax)
      .optional()
      .describe('For version and workflow; agent and user are appended'),
    dry_run: dryRunParameter,
  })
  .strict();
type Input = z.output<typeof input>;

const plannedItem = z.object({
  id: z.string(),
  name: z.string(),
  version: z.int().describe('The version that would go out'),
  checks_in: z.boolean().describe('Your checked-out copy becomes that version first'),
  transition: z.string().optional(),
  problem: z.string().optional().describe('Why it would only be marked, or be skipped'),
});

/** Publishes, as a job. */
export const publishContent = defineTask({
  name: 'publish_content',
  title: 'Publish',
  summary:
    'Publish or put live pages or assets on a target such as production: checks in what you hold, marks it, starts the publish through its workflow and tells per item which version is live. A job: waits up to 20 seconds, then answers how to follow it. A dry run shows versions, transitions and problems. Taking offline and scheduling answer the nearest possible way.',
  toolset: 'publishing',
  effect: 'destructive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write', 'cms:publish'],
  needs: ['pages', 'assets', 'search', 'publishing', 'workflow', 'jobs', 'ids', 'digest'],
  input,
  output: publishResult
    .partial()
    .omit({ items: true, log_ids: true })
    .extend({
      job: z.string().optional(),
      state: z.enum(['planned', 'queued', 'running', 'succeeded', 'failed', 'cancelled']),
      percent: z.number().optional(),
      message: z.string().optional(),
      items: publishResult.shape.items.optional(),
      left_out: z.int().optional().describe('Items of a long result that only the job itself shows'),
      planned: z.array(plannedItem).optional(),
      transitions: untold<readonly { readonly name: string; readonly does: readonly string[] }[]>().optional(),
      preview: z.string().optional().describe('Of a dry run: pass it to publish exactly this'),
      error: z.unknown().optional(),
      next: nextCall.optional(),
    }),
  publishesOutputSchema: true,

  async execute(given, ports, call) {
    const target = await resolveTarget(given.target, ports.publishing);
    refuseImpossible(given, target);
    const chosen = await chooseItems(given, ports);
    // What lies below is looked at one by one by the job; here only where the caller asks for the whole picture.
    const isWhole = given.dry_run || given.preview !== undefined;
    const planned = await planAll(isWhole ? chosen : chosen.filter(({ isNamed }) => isNamed), target, ports);
    const preview = previewToken(target, planned, ports);
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
    const job = await startJob(
      publishContentJob,
      {
        targetId: target.id,
        items: chosen.map(({ item, isNamed }) => ({ id: item.id, name: item.name, isNamed })),
        ...(given.comment === undefined ? {} : { comment: given.comment }),
      },
      ports,
      call,
    );
    return viewOutcome(await waitForJob(job, waitMsMax, ports.jobs, call), target);
  },
});

/** About 3,000 tokens of rows. */
const itemsShownMax = 50;

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
  if (given.at !== undefined) {
    throw new DomainError(
      'CAPABILITY_MISSING',
      `This CMS schedules no publish over its API. Nearest: mark the items for ${target.name} and ask a publisher to schedule it in the CMS, or publish them when the time has come.`,
      items.length === 0 ? {} : { next: { tool: 'check_in_content', input: { items, mark_for: [target.name] } } },
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

const tooManyAdvice = `take a smaller part of the tree, or raise max_items (at most ${publishItemsMax})`;

interface Chosen {
  readonly item: ContentItem;
  readonly isNamed: boolean;
}

async function chooseItems(given: Input, ports: Needs): Promise<readonly Chosen[]> {
  if (given.items === undefined) {
    throw new DomainError('BAD_INPUT', 'Say what to publish: "items" is missing.');
  }
  const named = await resolveItems(given.items, ports);
  const chosen = new Map<string, Chosen>();
  for (const item of named) {
    const stands = item.kind !== 'asset_folder' || given.scope !== 'with_descendants';
    if (stands) chosen.set(item.id, { item, isNamed: true });
  }
  if (given.scope === 'with_descendants') {
    for (const root of named) {
      for (const item of await listDescendants(root, given.max_items, ports, tooManyAdvice)) {
        if (item.kind === 'asset_folder' || chosen.has(item.id)) continue;
        chosen.set(item.id, { item, isNamed: false });
      }
    }
  }
  if (chosen.size > given.max_items) {
    throw new DomainError(
      'TOO_LARGE',
      `${chosen.size} items would be published, and max_items is ${given.max_items}. Nothing was changed; take fewer, or raise max_items (at most ${publishItemsMax}).`,
      { details: { items: chosen.size, max_items: given.max_items } },
    );
  }
  return [...chosen.values()];
}

/** What stands in the way is read even when the list is cut. */
function problemsFirst(planned: readonly Planned[]): readonly Planned[] {
  return [
    ...planned.filter(({ view }) => view.problem !== undefined),
    ...planned.filter(({ way }) => way !== undefined),
  ];
}

/** Each transition once, with what it does besides changing the state: a section shares one or two of them. */
function viewTransitions(planned: readonly Planned[]) {
  const taken = planned.flatMap(({ way }) => (way === undefined ? [] : [way]));
  const transitions = [...new Map(taken.map(({ transitionId, ...way }) => [transitionId, way])).values()];
  return transitions.length === 0
    ? {}
    : { transitions: transitions.map(({ transitionName, does }) => ({ name: transitionName, does: [...does] })) };
}

interface Planned {
  readonly view: z.infer<typeof plannedItem>;
  /** Absent when the item would not go out. */
  readonly way?: PublishWay & { readonly possible: true };
  /** Whatever decides on how the item goes out. */
  readonly facts: readonly unknown[];
}

/** @throws DomainError what refuses a named item; for items below one it becomes their problem. */
async function planAll(chosen: readonly Chosen[], target: PublishingTarget, ports: Needs): Promise<readonly Planned[]> {
  const targets = await ports.publishing.targets();
  const planned: Planned[] = [];
  for (let at = 0; at < chosen.length; at += plannedAtOnce) {
    const some = chosen.slice(at, at + plannedAtOnce);
    planned.push(...(await Promise.all(some.map((one) => planOne(one, target, targets, ports)))));
  }
  return planned;
}

/** The CMS wants gentle clients: four calls at a time (contract section 10). */
const plannedAtOnce = 4;

async function planOne(
  { item, isNamed }: Chosen,
  target: PublishingTarget,
  targets: readonly PublishingTarget[],
  ports: Needs,
): Promise<Planned> {
  const base = { id: item.id, name: item.name };
  try {
    const { checksIn, way } = await planPublish(item, target, targets, ports);
    const version = item.version + (checksIn ? 1 : 0);
    return {
      view: {
        ...base,
        version,
        checks_in: checksIn,
        ...(way.possible
          ? { transition: way.transitionName }
          : { problem: `${isNamed ? 'It would only be marked.' : 'It would be skipped.'} ${way.reason}` }),
      },
      ...(way.possible ? { way } : {}),
      facts: [item.id, version, checksIn, item.modifiedAt, way.possible ? way.transitionId : way.reason],
    };
  } catch (thrown) {
    // What lies below a named item is skipped where it cannot be published; everything else rises.
    const error = toDomainError(thrown);
    if (isNamed || !skippable.includes(error.code)) throw thrown;
    return {
      view: { ...base, version: item.version, checks_in: false, problem: `It would be skipped. ${error.message}` },
      facts: [item.id, error.code],
    };
  }
}

const skippable: readonly string[] = [
  'CONFLICT',
  'FORBIDDEN',
  'LOCKED',
  'REQUIRED_FIELD',
  'CAPABILITY_MISSING',
  'NOT_FOUND',
];

function previewToken(
  target: PublishingTarget,
  planned: readonly Planned[],
  { digest }: Pick<Ports, 'digest'>,
): string {
  return `preview_${digest.sha256(JSON.stringify([target.id, planned.map(({ facts }) => facts)])).slice(0, 24)}`;
}

function withoutDryRun(given: Input): Record<string, unknown> {
  const { dry_run: _dryRun, preview: _preview, ...rest } = given;
  return rest;
}

function viewOutcome(job: Job, target: PublishingTarget) {
  const result = publishResult.safeParse(job.result).data;
  const items = result?.items ?? [];
  const follow = { tool: 'get_job', input: { job: job.id } };
  return {
    job: job.id,
    state: job.state,
    percent: job.progress.percent,
    message: job.progress.message,
    target: { id: target.id, name: target.name },
    ...(result === undefined
      ? {}
      : { items: items.slice(0, itemsShownMax), live: result.live, summary: result.summary }),
    ...(items.length > itemsShownMax ? { left_out: items.length - itemsShownMax, next: follow } : {}),
    ...(job.error === undefined ? {} : { error: job.error }),
    ...(finalJobStates.includes(job.state) ? {} : { next: { ...follow, input: { job: job.id, wait_seconds: 20 } } }),
    // What was submitted before the end goes on in the CMS.
    ...(['cancelled', 'failed'].includes(job.state)
      ? { next: { tool: 'get_publish_status', input: { target: target.name } } }
      : {}),
  };
}
