import type { ContentElement, ContentVersion, PageItem, SchemaDefinition, SchemaField } from '../model.ts';
import { type HistoryRow, histories } from './histories.ts';
import { homeKey, pageId, pageIds, pageSpecs, recycleKey } from './page-ids.ts';
import type { FieldContent, FieldValue, PageSpec } from './page-spec.ts';
import type { SandboxRole } from './people.ts';
import { lastPublishTimes } from './publishing-targets.ts';
import { schemaIds } from './schemas.ts';
import { seedIds } from './seed-ids.ts';
import { stamp } from './stamp.ts';
import { pageCategoryRows } from './taxonomy.ts';

/** Where the references in the content tables lead. */
export type SeedReferences = {
  assetIds: Map<string, string>;
  folderIds: Map<string, string>;
  categoryIds: Map<string, string>;
};

/**
 * Builds every page from its row: elements in the order of the schema's fields, versions, place in the tree, the
 * usual workflow, and a publish of the newest version to each target that the page belongs to.
 */
export function buildPages(schemas: SchemaDefinition[], references: SeedReferences): Record<string, PageItem> {
  const schemasById = new Map(schemas.map((schema) => [schema.id, schema]));
  const positions = siblingPositions();
  const pages = pageSpecs.map((spec, index) => {
    const schema = schemasById.get(schemaIds[spec.schema]);
    if (schema === undefined) {
      throw new Error(`The seed has no schema ${spec.schema}.`);
    }
    return buildPage(spec, index, schema, references, positions.get(spec.key) ?? 1);
  });
  return Object.fromEntries(pages.map((page) => [page.id, page]));
}

/** Pages that nobody put into a workflow. */
const keysWithoutWorkflow: ReadonlySet<string> = new Set([
  'giving/impact',
  'about/campus-map',
  'library/collections/map-room',
  'events/2026/coding-camp',
  recycleKey,
  'recycle/summer-school-2024',
  'recycle/old-bookshop-hours',
]);

const schemasWithoutWorkflow: ReadonlySet<string> = new Set([
  'folder',
  'heroBanner',
  'promoBlock',
  'contactCard',
  'alertBanner',
]);

const schemasWithoutCategories = schemasWithoutWorkflow;

/** What lies below these keys is published to the Intranet besides Production and Staging. */
const intranetPrefixes = ['services', 'components/contacts'];

const writers: SandboxRole[] = ['editor', 'author', 'publisher'];

function buildPage(
  spec: PageSpec,
  index: number,
  schema: SchemaDefinition,
  references: SeedReferences,
  siblingPosition: number,
): PageItem {
  const elements = elementsOf(spec, schema, references);
  const versions = versionsOf(spec, index, schema, elements);
  const first = versions[0];
  const last = versions.at(-1);
  if (first === undefined || last === undefined) {
    throw new Error(`The seed gives ${spec.key} no version.`);
  }
  const targetIds = targetIdsOf(spec.key);
  const locale = isWithin(spec.key, 'es') ? 'es-us' : 'en-us';
  return {
    kind: 'page',
    ...stamp(first.date, first.userId, last.date, last.userId),
    id: pageId(spec.key),
    schemaId: schema.id,
    versions,
    checkedOut: null,
    assignedUserId: null,
    assignedGroupId: null,
    workflow: workflowOf(spec, index, last),
    categoryIds: schemasWithoutCategories.has(spec.schema) ? [] : categoryIdsOf(spec.key, references),
    marks: Object.fromEntries(targetIds.map((id) => [id, { version: last.number }])),
    published: Object.fromEntries(
      targetIds.map((id) => [id, { version: last.number, time: lastPublishTimes[id] ?? last.date }]),
    ),
    locale,
    security: null,
    startDate: null,
    endDate: null,
    favoriteOf: [],
    parentId: spec.key === homeKey || spec.key === recycleKey ? null : pageId(parentKey(spec.key)),
    siblingPosition,
    isComponent: schema.kind === 'component',
    viewName: schema.kind === 'folder' ? null : schema.rootName,
    stylesheet: null,
    isRegionRoot: spec.key === homeKey || spec.key === 'es',
    canParentRegionRoots: spec.key === homeKey,
    lingual: null,
    urlHistory: [],
  };
}

function parentKey(key: string): string {
  return key.includes('/') ? key.slice(0, key.lastIndexOf('/')) : homeKey;
}

function isWithin(key: string, prefix: string): boolean {
  return key === prefix || key.startsWith(`${prefix}/`);
}

function siblingPositions(): Map<string, number> {
  const counts = new Map<string, number>();
  return new Map(
    pageSpecs.map(({ key }) => {
      const parent = key === homeKey || key === recycleKey ? `root ${key}` : parentKey(key);
      const position = (counts.get(parent) ?? 0) + 1;
      counts.set(parent, position);
      return [key, position];
    }),
  );
}

function elementsOf(spec: PageSpec, schema: SchemaDefinition, references: SeedReferences): ContentElement[] {
  const unknown = Object.keys(spec.fields).filter((name) => !schema.fields.some((field) => field.name === name));
  if (unknown.length > 0) {
    throw new Error(`The schema ${schema.rootName} has no field ${unknown.join(', ')} (page ${spec.key}).`);
  }
  return schema.fields.map((field) => elementOf(field, spec.fields[field.name], references));
}

function elementOf(field: SchemaField, value: FieldValue | undefined, references: SeedReferences): ContentElement {
  const content: FieldContent = typeof value === 'object' ? value : { value: value ?? field.defaultValue };
  const childName = field.child?.name ?? field.name;
  return {
    name: field.name,
    value: resolve(content.value ?? '', references),
    attributes: resolveAll(content.attributes ?? {}, references),
    children: (content.children ?? []).map((child) => ({
      name: childName,
      value: resolve(child.value ?? '', references),
      attributes: resolveAll(child.attributes ?? {}, references),
      children: [],
    })),
  };
}

function resolveAll(attributes: Record<string, string>, references: SeedReferences): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, resolve(value, references)]));
}

function resolve(text: string, { assetIds, folderIds, categoryIds }: SeedReferences): string {
  const idsByKind: Record<string, ReadonlyMap<string, string>> = {
    page: pageIds,
    asset: assetIds,
    folder: folderIds,
    category: categoryIds,
  };
  return text.replace(/\{(page|asset|folder|category):([^}]*)\}/g, (token, kind: string, key: string) => {
    const id = idsByKind[kind]?.get(key);
    if (id === undefined) {
      throw new Error(`The seed refers to ${token}, which does not exist.`);
    }
    return id;
  });
}

function versionsOf(
  spec: PageSpec,
  index: number,
  schema: SchemaDefinition,
  elements: ContentElement[],
): ContentVersion[] {
  return historyOf(spec, index, elements).map((row, position, rows) => ({
    number: position + 1,
    name: spec.name,
    date: row.date,
    userId: seedIds.users[row.role],
    comment: row.comment,
    schemaVersion: position === rows.length - 1 ? schema.version : Math.max(1, schema.version - 1),
    masterVersion: 0,
    // Each version owns its elements: a later change of one must not show in another.
    elements: structuredClone(
      row.differences.reduce((current, [now, was]) => replaceText(current, now, was), elements),
    ),
    file: null,
  }));
}

/** Articles were written on their day; the other pages came from the previous site, and some were revised since. */
function historyOf(spec: PageSpec, index: number, elements: ContentElement[]): HistoryRow[] {
  const explicit = histories[spec.key];
  if (explicit !== undefined) {
    return explicit;
  }
  const role = writers[index % writers.length] ?? 'editor';
  const articleDate = elements.find((element) => element.name === 'Date')?.value;
  if (articleDate !== undefined) {
    return [{ date: articleDate, role, comment: 'First version', differences: [] }];
  }
  const imported = isoMinutesAfter(Date.UTC(2025, 0, 8, 9), index * 41);
  const body = elements.find((element) => element.name === 'Body')?.value ?? '';
  const shorter = shorterBody(body, index);
  if (shorter === body) {
    return [{ date: imported, role, comment: 'Imported from the previous site', differences: [] }];
  }
  const revised = isoMinutesAfter(Date.UTC(2025, 8, 1, 8), index * 97);
  return [
    { date: imported, role: 'author', comment: 'Imported from the previous site', differences: [[body, shorter]] },
    { date: revised, role, comment: 'Text completed', differences: [] },
  ];
}

/** What a body was at the import: its first block; of one paragraph, on every third page, all but the last sentence. */
function shorterBody(body: string, index: number): string {
  const firstBlock = body.split('\n')[0] ?? '';
  return firstBlock === body && index % 3 === 0 ? body.replace(/\. [A-Z][^.<]*\.<\/p>$/, '.</p>') : firstBlock;
}

function isoMinutesAfter(startMs: number, minutes: number): string {
  return new Date(startMs + minutes * 60_000).toISOString().replace('.000Z', 'Z');
}

function replaceText(elements: ContentElement[], now: string, was: string): ContentElement[] {
  return elements.map((element) => ({ ...element, value: element.value.replaceAll(now, () => was) }));
}

function workflowOf(spec: PageSpec, index: number, last: ContentVersion): PageItem['workflow'] {
  if (schemasWithoutWorkflow.has(spec.schema) || keysWithoutWorkflow.has(spec.key)) {
    return null;
  }
  return {
    id: `Workflows/${index + 1}`,
    definitionId: spec.schema === 'article' ? seedIds.workflows.newsFastTrack : seedIds.workflows.webPublishing,
    stateId: seedIds.states.published,
    groupId: seedIds.groups.contentTeam,
    comment: last.comment,
    locked: false,
    noExecute: false,
    started: last.date,
    updated: last.date,
    updatedBy: last.userId,
  };
}

function targetIdsOf(key: string): string[] {
  const { production, staging, intranet } = seedIds.targets;
  if (isWithin(key, recycleKey)) {
    return [];
  }
  return intranetPrefixes.some((prefix) => isWithin(key, prefix))
    ? [production, staging, intranet]
    : [production, staging];
}

function categoryIdsOf(key: string, { categoryIds }: SeedReferences): string[] {
  const paths = pageCategoryRows
    .filter(([prefix]) => (prefix.endsWith('/') ? key.startsWith(prefix) : isWithin(key, prefix)))
    .flatMap(([, categoryPaths]) => categoryPaths);
  return [...new Set(paths)].map((path) => {
    const id = categoryIds.get(path);
    if (id === undefined) {
      throw new Error(`The seed has no category ${path}.`);
    }
    return id;
  });
}
