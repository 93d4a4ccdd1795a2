import type { ReportParameter, ReportSchedule, SavedReport } from '../administration.ts';
import { invalidArgument, invalidOperation } from '../exceptions.ts';
import { canRead } from './access.ts';
import type { Actor } from './actor.ts';
import { nameOf, schemaOf } from './content.ts';
import { type AnyItem, isRecycled } from './tree.ts';

/** One document as a report sees it: its attributes by name. */
type Document = Record<string, string>;

/** The kinds of documents that a query looks through. */
const DOCUMENTS: Record<string, (actor: Actor) => Document[]> = {
  Page: (actor) => itemsOf(actor, Object.values(actor.state.pages)),
  Asset: (actor) => itemsOf(actor, Object.values(actor.state.assets)),
  User: ({ state }) =>
    state.users.map(({ id, name, title, disabled }) => ({
      Id: id,
      Name: name,
      Title: title,
      Disabled: String(disabled),
    })),
  Category: ({ state }) =>
    state.categories.map(({ id, name, parentId, typeName }) => ({
      Id: id,
      Name: name,
      ParentId: parentId ?? '',
      TypeName: typeName,
    })),
};

/** Attributes that a query over these documents can name. @throws CmsException for a kind that does not exist. */
export function attributesOf(actor: Actor, kinds: string[]): string[] {
  const names = kinds.flatMap((kind) =>
    documentsOf(actor, kind)
      .slice(0, 1)
      .flatMap((document) => Object.keys(document)),
  );
  return [...new Set(names)];
}

/** @throws CmsException (ArgumentException) for an unknown id. */
export function savedReportOf(actor: Actor, id: string): SavedReport {
  const report = actor.state.administration.reports.reports.find((candidate) => candidate.id === id);
  if (!report) throw invalidArgument(`There is no report ${id}.`, 'reportId');
  return report;
}

/**
 * Runs a report and notes the visit. @returns one JSON object a row, with the report's columns.
 * @throws CmsException when a parameter is unknown or missing, the query cannot be read, or the report is computed elsewhere.
 */
export function runSavedReport(actor: Actor, report: SavedReport, given: Map<string, string>): string[] {
  if (report.type === 'Advanced') throw invalidOperation(`The provider ${report.providerUrl} does not answer.`);
  const terms = termsOf(report, parameterValues(report.parameters, given));
  const rows = report.documents
    .flatMap((kind) => documentsOf(actor, kind))
    .filter((document) => terms.every(({ attribute, pattern }) => pattern.test(document[attribute] ?? '')));
  report.visitedBy = actor.user.id;
  report.visitTime = actor.now;
  const names = report.columns.map(({ attributeName }) => attributeName);
  return rows.map((row) => JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name] ?? null]))));
}

function parameterValues(parameters: ReportParameter[], given: Map<string, string>): Map<string, string> {
  const unknown = [...given.keys()].find((name) => !parameters.some((parameter) => parameter.name === name));
  if (unknown !== undefined) throw invalidArgument(`The report has no parameter ${unknown}.`, 'parameters');
  return new Map(
    parameters.map(({ name, defaultValue }) => {
      const value = given.get(name) || defaultValue;
      if (value === '') throw invalidArgument(`The parameter ${name} needs a value.`, 'parameters');
      return [name, value];
    }),
  );
}

function termsOf({ query }: SavedReport, values: Map<string, string>): { attribute: string; pattern: RegExp }[] {
  if (query.trim() === '') return [];
  return query.split(/\s+AND\s+/).map((term) => {
    const [, attribute, wanted] = /^(\w+):(.+)$/.exec(term.trim()) ?? [];
    if (!attribute || !wanted) throw invalidOperation(`The query cannot be read at "${term}".`);
    const filled = wanted.replace(/\{(\w+)\}/g, (hole, name: string) => values.get(name) ?? hole);
    const pattern = filled
      .split('*')
      .map((text) => RegExp.escape(text))
      .join('.*');
    return { attribute, pattern: new RegExp(`^${pattern}$`, 'i') };
  });
}

/** When schedules are due next, earliest first. */
export function nextOccurrences(reports: SavedReport[], now: string, count: number) {
  return reports
    .flatMap((report) => report.schedules.map((schedule) => ({ report, schedule, time: nextTime(schedule, now) })))
    .toSorted((a, b) => a.time.localeCompare(b.time))
    .slice(0, Math.max(0, count));
}

const HOUR_MS = 3_600_000;

/** A month counts thirty days here; nothing is sent, so nobody waits for the right day. */
const UNIT_MS: Record<string, number> = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 168 * HOUR_MS, month: 720 * HOUR_MS };

/** @throws CmsException (ArgumentException) for a unit or a time that is none. */
export function assertSchedule({ name, startTime, recurUnit, recurNumber }: ReportSchedule): void {
  if (Number.isNaN(Date.parse(startTime))) throw invalidArgument(`"${startTime}" of ${name} is no time.`, 'startTime');
  if (!(recurUnit.toLowerCase() in UNIT_MS) || recurNumber < 1) {
    throw invalidArgument(`${name} cannot recur every ${recurNumber} ${recurUnit}.`, 'recurUnit');
  }
}

function nextTime({ startTime, recurUnit, recurNumber }: ReportSchedule, now: string): string {
  const startMs = Date.parse(startTime);
  const stepMs = (UNIT_MS[recurUnit.toLowerCase()] ?? HOUR_MS) * recurNumber;
  const steps = Math.max(0, Math.ceil((Date.parse(now) - startMs) / stepMs));
  return new Date(startMs + steps * stepMs).toISOString();
}

function documentsOf(actor: Actor, kind: string): Document[] {
  const read = DOCUMENTS[kind];
  if (!read) throw invalidArgument(`There are no documents of the kind ${kind}.`, 'involvedDocuments');
  return read(actor);
}

/** What lies in a recycle folder or is closed to the caller is in no report. */
function itemsOf(actor: Actor, items: AnyItem[]): Document[] {
  const { state } = actor;
  return items
    .filter((item) => canRead(actor, item) && !isRecycled(state, item))
    .map((item) => ({
      Id: item.id,
      Name: nameOf(item),
      Schema: schemaOf(state, item).rootName,
      Locale: item.locale,
      Version: String(item.versions.at(-1)?.number ?? 0),
      CheckedOut: String(item.checkedOut !== null),
      ParentId: item.parentId ?? '',
      Created: item.created,
      LastModified: item.lastModified,
      LastModifiedUser: item.lastModifiedBy,
    }));
}
