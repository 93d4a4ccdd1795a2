import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import { pageSizeMax } from '../../domain/model/paging.ts';
import type { ReportFinding, ReportRequest } from '../../domain/ports/cms/reports.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { JobRun } from '../../domain/ports/job-queue.ts';
import { defineJob } from '../define-job.ts';
import { allPages } from '../items/all-pages.ts';
import { itemDetails } from '../items/item-calls.ts';
import { isEmptyField, listFields } from '../items/list-fields.ts';

export const reportKinds = [
  'broken_links',
  'unused_assets',
  'page_references',
  'asset_references',
  'text',
  'asset_text',
  'schema_usage',
  'workflow',
  'stale',
  'translation_drift',
  'readiness',
  'saved',
] as const;

/** Days without a change that make a page stale, unless the caller says otherwise. */
export const staleDaysDefault = 365;

const reportRow = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  field: z.string().optional(),
  found: z.string().optional(),
  note: z.string().optional(),
  modified_at: z.string().optional(),
});
type ReportRow = z.infer<typeof reportRow>;

export const reportResult = z.object({
  report: z.enum(reportKinds),
  summary: z.string(),
  total: z.int().describe('Rows found; fewer may be kept'),
  rows: z.array(reportRow),
  cut: z.string().optional().describe('What was not looked at, and how to narrow'),
});

const input = z.object({
  report: z.enum(reportKinds),
  /** The page or asset folder that bounds it; the roots of the site when absent. */
  rootId: z.string().optional(),
  withDescendants: z.boolean(),
  /** The page or asset that is referred to; the path for an asset where it is known. */
  itemId: z.string().optional(),
  assetPath: z.string().optional(),
  text: z.string().optional(),
  schemaId: z.string().optional(),
  savedReportId: z.string().optional(),
  parameters: z.record(z.string(), z.string()),
});
type Input = z.infer<typeof input>;

/** Audits the content: the CMS's own reports, and some that it does not have, made of many reads. */
export const runReportJob = defineJob({
  kind: 'run_report',
  queue: 'reports',
  attemptsMax: 3,
  backoffMs: 2_000,
  needs: ['pages', 'assets', 'search', 'workflow', 'reports', 'clock'],
  input,
  output: reportResult,

  async execute(given, ports, run) {
    await run.progress({ percent: 1, message: `Running the report ${given.report}` });
    const { rows, cut } = await makers[given.report]({ given, ports, run });
    const summary = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}${rows.length > rowsMax ? `, the first ${rowsMax} kept` : ''}.`;
    await run.progress({ percent: 100, message: summary });
    return {
      report: given.report,
      summary,
      total: rows.length,
      rows: rows.slice(0, rowsMax),
      ...(cut === undefined ? {} : { cut }),
    };
  },
});

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'workflow' | 'reports' | 'clock'>;

interface Making {
  readonly given: Input;
  readonly ports: Needs;
  readonly run: JobRun;
}

interface Made {
  readonly rows: readonly ReportRow[];
  readonly cut?: string;
}

/** A stored result holds this many rows at most: about a megabyte. */
const rowsMax = 2_000;

/** What an agent needs to recognise the place. */
const foundCharactersMax = 200;

/** Pages that the reports of our own read one by one. */
const readOneByOneMax = 300;

const makers: Readonly<Record<(typeof reportKinds)[number], (making: Making) => Promise<Made>>> = {
  broken_links: async (making) => {
    const { withDescendants } = making.given;
    return search(making, { kind: 'broken_links', rootId: await pageRoot(making), withDescendants });
  },
  text: async (making) => {
    const { withDescendants, text } = making.given;
    return search(making, { kind: 'text', rootId: await pageRoot(making), withDescendants, text: told(text, 'text') });
  },
  page_references: async (making) => {
    const { withDescendants, itemId } = making.given;
    const rootId = await pageRoot(making);
    return search(making, { kind: 'page_references', rootId, withDescendants, pageId: told(itemId, 'item') });
  },
  asset_references: async (making) => {
    const { withDescendants, itemId, assetPath } = making.given;
    const rootId = await pageRoot(making);
    const path = assetPath ?? told(itemId, 'item');
    return search(making, { kind: 'asset_references', rootId, withDescendants, assetPath: path });
  },
  asset_text: async (making) => {
    const { withDescendants, text } = making.given;
    return searchFolders(making, (rootId) => ({
      kind: 'asset_text',
      rootId,
      withDescendants,
      text: told(text, 'text'),
    }));
  },
  unused_assets: (making) => searchFolders(making, (rootId) => ({ kind: 'unused_assets', rootId })),
  schema_usage: async ({ given, ports }) => {
    const items = await allPages((page) => ports.search.bySchema(told(given.schemaId, 'text'), page));
    return { rows: items.map((item) => rowOf(item)) };
  },
  workflow: async ({ given, ports, run }) => {
    const definitions = await ports.workflow.definitions();
    const rows: ReportRow[] = [];
    for (const [index, definition] of definitions.entries()) {
      run.signal.throwIfAborted();
      await run.progress({ percent: Math.round((95 * index) / definitions.length), message: definition.name });
      const items = await allPages((page) => ports.workflow.report(definition.id, page));
      rows.push(
        ...items
          .filter((item) => given.text === undefined || contains(item.stateName ?? '', given.text))
          .map((item) => ({
            id: item.itemId,
            name: item.name,
            note: `${definition.name}: ${item.stateName ?? 'unknown state'}`,
          })),
      );
    }
    return { rows };
  },
  stale: async (making) => {
    const days = Number(making.given.parameters['days'] ?? staleDaysDefault);
    const before = making.ports.clock.nowMs() - days * dayMs;
    const { items, cut } = await pagesBelow(making);
    const rows = items
      .filter((item) => item.modifiedAt !== undefined && Date.parse(item.modifiedAt) < before)
      .sort((a, b) => (a.modifiedAt ?? '').localeCompare(b.modifiedAt ?? ''))
      .map((item) => rowOf(item));
    return { rows, ...cut };
  },
  translation_drift: async (making) => {
    const { items, cut } = await pagesBelow(making);
    const rows: ReportRow[] = [];
    const masters = items.filter(({ id, translations }) => translations?.masterId === id);
    await oneByOne(making, masters, async (master) => {
      for (const clone of master.translations?.clones ?? []) {
        const note = await driftOf(master, clone.id, making.ports);
        if (note !== undefined)
          rows.push({ id: clone.id, note: `${clone.locale} of "${master.name}" (${master.id}): ${note}` });
      }
    });
    return { rows, ...cut };
  },
  readiness: async (making) => {
    const { items, cut } = await pagesBelow(making);
    const rows: ReportRow[] = [];
    const looked = items.slice(0, readOneByOneMax);
    await oneByOne(making, looked, async (item) => {
      for (const note of await hindrancesOf(item, making.ports)) rows.push({ ...rowOf(item), note });
    });
    const rootId = await pageRoot(making);
    const broken = await making.ports.reports.run(
      { kind: 'broken_links', rootId, withDescendants: making.given.withDescendants },
      () => undefined,
    );
    rows.push(...broken.map((finding) => ({ ...rowOfFinding(finding), note: 'broken link' })));
    const left = items.length - looked.length;
    return {
      rows,
      ...(left > 0
        ? { cut: `Fields of ${left} more pages were not looked at. Take a smaller part of the site.` }
        : cut),
    };
  },
  saved: async ({ given, ports }) => {
    const reportId = told(given.savedReportId, 'saved_report');
    const report = await ports.reports.saved(reportId);
    if (report === undefined)
      throw new DomainError('NOT_FOUND', `There is no saved report "${reportId.slice(0, 80)}".`);
    const unknown = Object.keys(given.parameters).filter((name) => !report.parameters.includes(name));
    if (unknown.length > 0) {
      throw new DomainError(
        'BAD_INPUT',
        `The report "${report.name}" takes ${report.parameters.length === 0 ? 'no parameters' : `the parameters ${report.parameters.join(', ')}`}, not ${unknown.join(', ')}.`,
      );
    }
    const rows = await ports.reports.runSaved(reportId, given.parameters);
    return { rows: rows.map((row) => ({ found: row.slice(0, 1_000) })) };
  },
};

const dayMs = 24 * 3_600_000;

/** The task has seen to it; a job of another version may not have. */
function told(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '') return value;
  throw new DomainError('BAD_INPUT', `This report needs "${name}".`);
}

async function pageRoot({ given, ports }: Making): Promise<string> {
  return given.rootId ?? (await ports.pages.root()).id;
}

async function search({ ports, run }: Making, request: ReportRequest): Promise<Made> {
  let shown = 1;
  const findings = await ports.reports.run(request, (percent) => {
    // Progress is news, not part of the work: a report does not wait for it, and a lost claim ends the run by its signal.
    if (percent >= shown + progressStep) {
      shown = percent;
      run.progress({ percent: Math.min(percent, 95), message: 'The CMS is searching' }).catch(() => undefined);
    }
  });
  return { rows: findings.map(rowOfFinding) };
}

const progressStep = 10;

/** In the given asset folder, or in all root folders. */
async function searchFolders(making: Making, request: (rootId: string) => ReportRequest): Promise<Made> {
  const { given, ports } = making;
  const roots =
    given.rootId === undefined
      ? (await allPages((page) => ports.assets.rootFolders(page))).map(({ id }) => id)
      : [given.rootId];
  const rows = new Map<string, ReportRow>();
  for (const rootId of roots) {
    making.run.signal.throwIfAborted();
    for (const row of (await search(making, request(rootId))).rows)
      rows.set(`${row.id} ${row.field} ${row.found}`, row);
  }
  return { rows: [...rows.values()] };
}

/** The pages of the part that the report is about, as far as one report goes. */
async function pagesBelow(
  making: Making,
): Promise<{ readonly items: readonly ContentItem[]; readonly cut: { readonly cut?: string } }> {
  const { given, ports } = making;
  const rootId = await pageRoot(making);
  const root = await ports.pages.get(rootId);
  if (root === undefined) throw new DomainError('NOT_FOUND', `The page ${rootId} is not there any more.`);
  if (!given.withDescendants) return { items: [root], cut: {} };
  const items = [root, ...(await allPages((page) => ports.pages.descendants(rootId, page)))];
  const { total } = await ports.pages.descendants(rootId, { startIndex: 0, pageSize: 1 });
  const left = total + 1 - items.length;
  return {
    items,
    cut:
      left > 0 ? { cut: `${left} more pages were not looked at. Take a smaller part of the site with "under".` } : {},
  };
}

async function oneByOne(
  { run }: Making,
  items: readonly ContentItem[],
  look: (item: ContentItem) => Promise<void>,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    run.signal.throwIfAborted();
    if (index % progressStep === 0) {
      await run.progress({ percent: Math.round((90 * index) / items.length), message: `Looking at ${item.name}` });
    }
    await look(item);
  }
}

/** How far a translation is behind its master; `undefined` when it is up to date or not for this user to see. */
async function driftOf(
  master: ContentItem,
  cloneId: string,
  { pages }: Pick<Ports, 'pages'>,
): Promise<string | undefined> {
  const clone = await pages.get(cloneId);
  if (clone === undefined) return undefined;
  const history = await pages.history(cloneId, { startIndex: 0, pageSize: pageSizeMax });
  const rendered = Math.max(0, ...history.items.map(({ masterVersion }) => masterVersion ?? 0));
  if (rendered > 0) {
    return rendered < master.version ? `renders version ${rendered}, the master is at ${master.version}` : undefined;
  }
  // Where the CMS does not tell which version was translated, the dates are all there is.
  const isOlder = (clone.modifiedAt ?? '') < (master.modifiedAt ?? '');
  return isOlder
    ? `last changed ${clone.modifiedAt ?? 'never'}, the master ${master.modifiedAt ?? 'never'}`
    : undefined;
}

/** What keeps a page from being published as it is. */
async function hindrancesOf(item: ContentItem, ports: Pick<Ports, 'pages' | 'assets'>): Promise<readonly string[]> {
  const details = await itemDetails(item.id, 0, ports);
  const empty = listFields(details?.fields ?? []).filter(({ field }) => field.required && isEmptyField(field));
  return [
    ...(item.version === 0 ? ['never checked in'] : []),
    ...(item.checkedOut ? [`checked out by ${item.assignedTo?.name ?? 'somebody'}`] : []),
    ...empty.map(({ path }) => `required field ${path} is empty`),
  ];
}

function rowOf(item: ContentItem): ReportRow {
  return {
    id: item.id,
    name: item.name,
    ...(item.modifiedAt === undefined ? {} : { modified_at: item.modifiedAt }),
  };
}

function rowOfFinding(finding: ReportFinding): ReportRow {
  return {
    id: finding.itemId,
    name: finding.itemName,
    ...(finding.fieldName === '' ? {} : { field: finding.fieldName }),
    ...(finding.found === '' ? {} : { found: finding.found.slice(0, foundCharactersMax) }),
  };
}

const contains = (text: string, wanted: string): boolean => text.toLowerCase().includes(wanted.toLowerCase());
