import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { Page, PageRequest } from '../../../domain/model/paging.ts';
import type { WorkItem } from '../../../domain/model/workflow.ts';
import { cmsTimeIso, cmsTimeMs } from '../../../domain/policy/cms-time.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { createAncestry } from '../../items/ancestry.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { cutText } from '../../items/cut-text.ts';
import { readVisible } from '../../items/read-visible.ts';
import { resolveUser } from '../../items/resolve-user.ts';
import { cursorParameter, limitParameter } from '../parameters.ts';
import { itemView, viewItem } from '../views.ts';

const needs = ['workflow', 'site', 'pages', 'assets', 'clock', 'digest'] as const satisfies readonly (keyof Ports)[];
type Needs = Pick<Ports, (typeof needs)[number]>;

const input = z
  .object({
    who: z.string().trim().min(1).max(200).default('me').describe('me (default), a user’s name or id, or all'),
    kinds: z
      .array(z.enum(['assigned', 'checked_out', 'in_state']))
      .min(1)
      .max(3)
      .optional()
      .describe('in_state = in any workflow state; default all'),
    workflow: z.string().trim().min(1).max(200).optional().describe('Name or id'),
    state: z.string().trim().min(1).max(200).optional().describe('E.g. In Review'),
    older_than_days: z.int().min(0).max(3650).optional().describe('Waiting longer than this'),
    cursor: cursorParameter,
    limit: limitParameter,
  })
  .strict();
type Input = z.output<typeof input>;

/** Shows who has to do what. */
export const listWork = defineTask({
  name: 'list_work',
  title: 'List work',
  summary:
    'List what waits: items assigned to a user or their groups, checked out, in a workflow state, or waiting too long. who=all: everything in a workflow.',
  toolset: 'workflow',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs,
  input,
  output: z.object({
    who: z.string(),
    items: z.array(
      itemView.extend({
        workflow: z.string().optional(),
        state: z.string().optional(),
        changed_at: z.string().optional().describe('Of the item on a person’s list, of its state with all'),
        waiting_days: z.int().optional(),
        comment: z.string().optional(),
      }),
    ),
    total: z.int().optional().describe('Absent when filters were applied here and not everything was looked at'),
    candidates: z.int().optional().describe('What the CMS listed before the filters'),
    next_cursor: z.string().optional(),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: false,
  async execute(given, ports, call) {
    const source = given.who.toLowerCase() === 'all' ? await workOfAll(given, ports) : await workOfUser(given, ports);
    const filters = filterTable.filter((row) => row.applies(given, source));
    const { cursor, limit, ...query } = given;
    const queryDigest = ports.digest.sha256(JSON.stringify(query));
    const start = decodeCursor(cursor, queryDigest);
    const scan = await scanWork(source, filters, { given, ports }, start, limit, call);
    const ancestry = createAncestry(ports);
    const items = await Promise.all(
      scan.found.map(async ({ work, item }) => ({
        ...viewItem(item, await ancestry.pathOf(item)),
        ...viewWork(work, ports.clock.nowMs()),
      })),
    );
    const sawAll = start === 0 && scan.nextIndex === undefined;
    return {
      who: source.who,
      items,
      ...(filters.length === 0 ? { total: scan.total } : sawAll ? { total: items.length } : {}),
      ...(filters.length === 0 ? {} : { candidates: scan.total }),
      ...(scan.nextIndex === undefined ? {} : { next_cursor: encodeCursor(scan.nextIndex, queryDigest) }),
      ...hintFor(given, items.length, scan),
    };
  },
});

/** A worklist of the CMS. */
interface WorkSource {
  readonly who: string;
  /** Whether it lists items of one workflow only. */
  readonly oneWorkflow: boolean;
  page(request: PageRequest): Promise<Page<WorkItem>>;
}

async function workOfUser(given: Input, ports: Needs): Promise<WorkSource> {
  const user = await resolveUser(given.who, ports.site);
  // Refused here rather than found nowhere.
  if (given.workflow !== undefined) findDefinition(given.workflow, await ports.workflow.definitions());
  const onlyCheckedOut = given.kinds?.every((kind) => kind === 'checked_out') === true;
  return {
    who: user.name,
    oneWorkflow: false,
    page: (request) =>
      ports.workflow.assignments(
        {
          userId: user.id,
          includeGroups: !onlyCheckedOut,
          includeCheckedOut: true,
          includeCheckedIn: !onlyCheckedOut,
        },
        request,
      ),
  };
}

/** The CMS reports per workflow definition; several are read one after the other as one list. */
async function workOfAll(given: Input, ports: Needs): Promise<WorkSource> {
  const definitions = await ports.workflow.definitions();
  const chosen = given.workflow === undefined ? definitions : [findDefinition(given.workflow, definitions)];
  return {
    who: 'all',
    oneWorkflow: given.workflow !== undefined,
    async page({ startIndex, pageSize }) {
      const items: WorkItem[] = [];
      let total = 0;
      for (const definition of chosen) {
        const start = Math.max(0, startIndex - total);
        const room = pageSize - items.length;
        // A list of one still tells how long the whole is.
        const page = await ports.workflow.report(definition.id, { startIndex: start, pageSize: Math.max(1, room) });
        if (startIndex < total + page.total && room > 0) {
          items.push(...page.items.map((work) => ({ ...work, workflowName: work.workflowName ?? definition.name })));
        }
        total += page.total;
      }
      const next = startIndex + items.length;
      return { items, total, ...(items.length > 0 && next < total ? { nextIndex: next } : {}) };
    },
  };
}

function findDefinition(
  text: string,
  definitions: readonly { readonly id: string; readonly name: string }[],
): { readonly id: string; readonly name: string } {
  const wanted = text.toLowerCase();
  const found = definitions.find(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw new DomainError(
    'NOT_FOUND',
    `There is no workflow "${text.slice(0, 80)}". There are: ${definitions.map(({ name }) => name).join(', ')}.`,
    { candidates: definitions.map(({ id, name }) => ({ id, name })) },
  );
}

/** One line of the worklist with the item itself, which knows more than the line. */
interface FoundWork {
  readonly work: WorkItem;
  readonly item: ContentItem;
}

interface FilterFacts {
  readonly given: Input;
  readonly ports: Needs;
}

interface FilterRow {
  applies(given: Input, source: WorkSource): boolean;
  keeps(found: FoundWork, facts: FilterFacts): boolean | Promise<boolean>;
}

/** The cheap ones first: the workflow of an item costs a call, because worklists of users do not tell it. */
const filterTable: readonly FilterRow[] = [
  {
    applies: (given) => given.kinds !== undefined,
    keeps: ({ work, item }, { given }) =>
      (given.kinds ?? []).some((kind) => {
        if (kind === 'checked_out') return item.checkedOut;
        return kind === 'in_state' ? work.stateName !== undefined : work.assignedTo !== undefined || isAssigned(item);
      }),
  },
  {
    applies: (given) => given.state !== undefined,
    keeps: ({ work }, { given }) => work.stateName?.toLowerCase() === given.state?.toLowerCase(),
  },
  {
    applies: (given) => given.older_than_days !== undefined,
    keeps: ({ work }, { given, ports }) => {
      const days = waitingDays(work, ports.clock.nowMs());
      return days !== undefined && days >= (given.older_than_days ?? 0);
    },
  },
  {
    applies: (given, source) => given.workflow !== undefined && !source.oneWorkflow,
    keeps: async ({ item }, { given, ports }) => {
      const status = await ports.workflow.ofItem(item.id);
      const wanted = given.workflow?.toLowerCase();
      return status?.definitionName.toLowerCase() === wanted || status?.definitionId.toLowerCase() === wanted;
    },
  },
];

function isAssigned(item: ContentItem): boolean {
  return item.assignedTo !== undefined;
}

/** Lines looked at for one answer; the cursor goes on from there. */
const scanMax = 300;

interface Scan {
  readonly found: readonly FoundWork[];
  readonly total: number;
  readonly nextIndex?: number;
}

async function scanWork(
  source: WorkSource,
  filters: readonly FilterRow[],
  facts: FilterFacts,
  start: number,
  limit: number,
  call: Call,
): Promise<Scan> {
  const found: FoundWork[] = [];
  for (let at = start; ; ) {
    call.signal.throwIfAborted();
    const page = await source.page({ startIndex: at, pageSize: limit });
    const kept = await Promise.all(page.items.map((work) => examine(work, filters, facts)));
    for (const [index, one] of kept.entries()) {
      if (one === undefined) continue;
      found.push(one);
      if (found.length < limit) continue;
      const next = at + index + 1;
      return { found, total: page.total, ...(next < page.total ? { nextIndex: next } : {}) };
    }
    if (page.nextIndex === undefined) return { found, total: page.total };
    if (page.nextIndex - start >= scanMax) return { found, total: page.total, nextIndex: page.nextIndex };
    at = page.nextIndex;
  }
}

/** The line with its item when all filters keep it and this user can see it. */
async function examine(
  work: WorkItem,
  filters: readonly FilterRow[],
  facts: FilterFacts,
): Promise<FoundWork | undefined> {
  const item = await readVisible(work.itemId, facts.ports);
  if (item === undefined) return undefined;
  for (const row of filters) {
    if (!(await row.keeps({ work, item }, facts))) return undefined;
  }
  return { work, item };
}

const commentCharactersMax = 200;

function viewWork(work: WorkItem, nowMs: number) {
  const days = waitingDays(work, nowMs);
  return {
    ...(work.workflowName === undefined ? {} : { workflow: work.workflowName }),
    ...(work.stateName === undefined ? {} : { state: work.stateName }),
    ...(work.changedAt === undefined ? {} : { changed_at: cmsTimeIso(work.changedAt) }),
    ...(days === undefined ? {} : { waiting_days: days }),
    ...(work.comment === undefined || work.comment === ''
      ? {}
      : { comment: cutText(work.comment, commentCharactersMax).text }),
  };
}

function waitingDays(work: WorkItem, nowMs: number): number | undefined {
  const changedMs = cmsTimeMs(work.changedAt);
  return changedMs === undefined ? undefined : Math.max(0, Math.floor((nowMs - changedMs) / 86_400_000));
}

function hintFor(given: Input, shown: number, scan: Scan): { readonly hint?: string } {
  if (scan.nextIndex !== undefined) {
    return {
      hint:
        shown < given.limit
          ? `Looked at ${scanMax} of ${scan.total}; next_cursor goes on.`
          : 'There is more: next_cursor, or narrow with kinds, workflow or state.',
    };
  }
  if (shown > 0) return {};
  if (given.state !== undefined && scan.total > 0) {
    return {
      hint: `None of the ${scan.total} listed items is in a state called "${given.state}". Without state, each item tells its own.`,
    };
  }
  return given.who.toLowerCase() === 'all'
    ? { hint: 'Nothing in a workflow fits. Items outside of workflows are on their holders’ lists only.' }
    : { hint: 'Nothing waits here. Items in inactive workflow states, such as published ones, are on nobody’s list.' };
}
