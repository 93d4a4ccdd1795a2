import type { PageItem, SandboxState } from '../../../sandbox/model.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { createSeedState, sandboxLandmarks } from '../../../sandbox/seed.ts';
import type { Json } from '../../../src/domain/model/job.ts';
import type { Death } from '../../support/mortal-worker.ts';

/**
 * Where workers die: every step of every kind of job. `test/architecture/fault-points.test.ts` holds it against the jobs
 * there are, so that whoever adds a kind or a step adds it here.
 */
export const kinds: Readonly<Record<string, KindRow>> = {
  publish_content: {
    steps: ['guards', 'approved', 'mark', 'before', 'submit'],
    input: (at, state) => {
      const { id, versions, lastModified } = copyOfApprovedPage(at, state);
      const name = versions.at(-1)?.name ?? '';
      return {
        targetId: targets.production,
        items: [{ id, name, isNamed: true }],
        guards: {
          ...{ dueAtMs: 0, itemsMax: 1 },
          approved: [{ id, name, stamp: `${versions.length} draft ${lastModified}` }],
        },
      };
    },
    becomes: 'published',
  },
  publish_dita_map: {
    steps: ['check_in', 'mark', 'try', 'submit'],
    input: (at, state) => ({
      mapId: copyOfMap(at, state),
      targets: [{ id: targets.production, name: 'Production' }],
      formats: ['html5'],
      ditavals: [],
      replicate: false,
    }),
  },
  bulk_publish: {
    kind: 'bulk_action',
    steps: ['chunk', 'look', 'mark', 'before', 'submit'],
    borrowed: ['mark', 'before', 'submit'],
    input: (at, state) => ({
      ...bulkRest,
      order: { action: 'publish', targetId: targets.production },
      pages: bulkPagesOf(at, state),
    }),
    becomes: 'published',
  },
  bulk_check_in: {
    kind: 'bulk_action',
    steps: ['chunk', 'page'],
    input: (at, state) => bulkPageByPage({ action: 'check_in', targetIds: [] }, at, state),
    becomes: 'checked_in',
  },
  bulk_move: {
    kind: 'bulk_action',
    steps: ['chunk', 'page'],
    input: (at, state) => bulkPageByPage({ action: 'move', toId: moveDestination }, at, state),
    becomes: 'moved',
  },
  bulk_categorize: {
    kind: 'bulk_action',
    steps: ['chunk', 'page'],
    input: (at, state) =>
      bulkPageByPage({ action: 'categorize', addIds: addedCategories, removeIds: [removedCategory] }, at, state),
    becomes: 'categorized',
  },
  preview_publish: {
    steps: [],
    input: () => ({
      targetId: targets.production,
      scope: 'items',
      incremental: true,
      items: [{ id: sandboxLandmarks.tuitionPage, isNamed: true }],
    }),
  },
  asking_call: {
    steps: ['call'],
    input: (at, state) => ({
      task: 'upload_asset',
      input: { folder: documentsFolder(state), file_name: uploadName(at), text: 'Once and no more.' },
    }),
  },
  take_snapshot: {
    steps: [],
    files: ['draft', 'object', 'snapshot'],
    input: () => ({ rootId: sandboxLandmarks.tuitionPage, full: true }),
  },
  run_report: {
    steps: [],
    input: () => ({
      report: 'broken_links',
      rootId: sandboxLandmarks.tuitionPage,
      withDescendants: false,
      parameters: {},
    }),
  },
};

/** Kinds that do not touch the CMS: their own tests show what a killed worker leaves. */
export const apartFromCms: readonly string[] = ['take_backup', 'revoke_expired_grants'];

/**
 * What a kind of job is given, and its steps: what is before a colon in a step's name, for what follows names an item.
 * `call` is the call of a task that a job makes, whose keeping is under its idempotency key.
 */
interface KindRow {
  /** The kind, where several rows are about one. */
  readonly kind?: string;
  readonly steps: readonly string[];
  /** Of these, the ones that another kind makes, and this one by calling it. */
  readonly borrowed?: readonly string[];
  /** Of work that keeps its steps as files: what kinds of them it writes. */
  readonly files?: readonly string[];
  /** The input of the job number `at`; what it is about is put into the CMS. */
  readonly input: (at: number, state: SandboxState) => Json;
  /** What its jobs make of pages. */
  readonly becomes?: PageOutcome;
}

export type PageOutcome = 'published' | 'checked_in' | 'moved' | 'categorized';

/** Every point at which a worker can die, for every kind. */
export const deaths: readonly Death[] = Object.entries(kinds).flatMap(([row, { kind = row, steps, files = [] }]) => [
  { at: 'begin', kind, row } as const,
  ...[...steps, ...files].flatMap((step) =>
    (['before', 'acted', 'kept'] as const).map((at) => ({ at, kind, step, row })),
  ),
  { at: 'end', kind, row } as const,
]);

/** The kind that a row is about. */
export const kindOf = (row: string): string => kinds[row]?.kind ?? row;

/** As the definitions tell them for these inputs. */
export function lanesOf(row: string): readonly string[] {
  if (row === 'take_snapshot') return [`snapshot:${sandboxLandmarks.tuitionPage}`];
  const isPageByPage = kindOf(row) === 'bulk_action' && row !== 'bulk_publish';
  const target = isPageByPage ? [] : [`publish:${targets.production}`];
  return kindOf(row) === 'bulk_action' ? ['bulk', ...target] : target;
}

export interface ChangedPage {
  /** As it was put into the CMS. */
  readonly before: PageItem;
  readonly becomes: PageOutcome;
}

/** The pages that the job number `at` of a row changes. */
export function pagesOf(row: string, at: number): readonly ChangedPage[] {
  const becomes = kinds[row]?.becomes;
  if (becomes === undefined) return [];
  const numbers = kindOf(row) === 'bulk_action' ? bulkNumbersOf(at) : [at];
  return numbers.map((number) => ({ before: approvedPageCopy(number), becomes }));
}

const bulkRest = { words: 'for the test', unchanged: 0, skipped: [], stopAfterFailures: 10 };

/** A failure would end the first chunk after two pages: so there is more than one. */
function bulkPageByPage(order: { readonly [name: string]: Json }, at: number, state: SandboxState): Json {
  return { ...bulkRest, stopAfterFailures: 2, order, pages: bulkPagesOf(at, state) };
}

/** More pages than one, so that a death falls between two. */
const bulkNumbersOf = (at: number): readonly number[] => [0, 1, 2].map((index) => 100_000 + 3 * at + index);

function bulkPagesOf(at: number, state: SandboxState): { id: string; from: string; version: number }[] {
  return bulkNumbersOf(at).map((number) => {
    const { id, parentId, versions } = copyOfApprovedPage(number, state);
    return { id, from: parentId ?? '', version: versions.length };
  });
}

const { targets, users } = seedIds;

/** Where pages are moved to: no other row is about it. */
export const moveDestination = sandboxLandmarks.neverPublishedPage;

const approvedPage = createSeedState().pages[sandboxLandmarks.approvedPage];
/** More than one write for each page: a worker can die between them, too. */
export const addedCategories = ['CategoryNodes/13', 'CategoryNodes/22'];
/** The approved page carries it. */
export const removedCategory = approvedPage?.categoryIds[0] ?? '';

/** One more approved page, checked out by the identity that publishes it: so the publish has to check it in. */
function approvedPageCopy(at: number): PageItem {
  const last = approvedPage?.versions.at(-1);
  if (approvedPage === undefined || last === undefined) throw new Error('The seed has no approved page.');
  return {
    ...structuredClone(approvedPage),
    id: `x${50_000 + at}`,
    checkedOut: {
      userId: users.editor,
      since: approvedPage.lastModified,
      name: `Benefits ${at}`,
      elements: structuredClone(last.elements),
      file: null,
    },
  };
}

function copyOfApprovedPage(at: number, state: SandboxState): PageItem {
  const copy = approvedPageCopy(at);
  state.pages[copy.id] = copy;
  return copy;
}

/** Few maps for many jobs: publishes of one map must not be taken for each other. */
export const mapCopyId = (at: number): string => `a/${50_000 + (at % mapsCount)}`;
const mapsCount = 3;

/** A map, checked out by the identity that publishes it: so the publish has to check it in. */
function copyOfMap(at: number, state: SandboxState): string {
  const id = mapCopyId(at);
  const original = Object.values(state.assets).find(
    ({ versions }) => versions.at(-1)?.name === 'residence-life.ditamap',
  );
  const last = original?.versions.at(-1);
  if (original === undefined || last === undefined) throw new Error('The seed has no map about residence life.');
  const name = `residence-life-${id.slice(2)}.ditamap`;
  const copy = state.assets[id] ?? { ...structuredClone(original), id };
  for (const version of copy.versions) version.name = name;
  const { elements, file } = structuredClone(last);
  copy.checkedOut = { userId: users.editor, since: original.lastModified, name, elements, file };
  state.assets[id] = copy;
  return id;
}

const uploadName = (at: number): string => `chaos-${at}.pdf`;

/** How many files the job number `at` has put into the CMS. */
export function uploadsOf(at: number, { assets }: SandboxState): number {
  const names = Object.values(assets).map((asset) => (asset.checkedOut ?? asset.versions.at(-1))?.name);
  return names.filter((name) => name === uploadName(at)).length;
}

function documentsFolder({ assetFolders }: SandboxState): string {
  const folder = Object.values(assetFolders).find(({ name }) => name === 'Documents');
  if (folder === undefined) throw new Error('The seed has no folder for documents.');
  return folder.id;
}
