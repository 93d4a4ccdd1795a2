import { invalidArgument, invalidOperation } from '../exceptions.ts';
import type { PageItem, SandboxState, SchemaDefinition } from '../model.ts';
import { groupsOf, hasFullAccess, isAdministrator, requireFullAccess, requireRead, requireRight } from './access.ts';
import { recordActivity } from './activity.ts';
import type { Actor } from './actor.ts';
import { touch } from './check-out.ts';
import { currentContent, defaultElements, latestVersion, nameOf, schemaOf } from './content.ts';
import { rememberUrls } from './structured-urls.ts';
import { type AnyItem, childPages, descendantPages, isRecycled, isWithin } from './tree.ts';
import { startWorkflow } from './workflow.ts';

/** `EnumCopyActions`. */
export type Position = 'IGX_MAKE_CHILD' | 'IGX_INSERT_BEFORE' | 'IGX_INSERT_AFTER';

/** @throws CmsException (ArgumentException) for characters the CMS does not allow in names. */
export function assertName(name: string): void {
  if (FORBIDDEN_IN_NAMES.test(name)) {
    throw invalidArgument(
      `The name "${name}" has a character that is not allowed: , / \\ ? ! @ # $ % ^ & * ; ' "`,
      'Name',
    );
  }
}

const FORBIDDEN_IN_NAMES = /[,/\\?!@#$%^&*;'"]/;

/** Renames the working copy, or the newest version in place when there is none. */
export function renameItem(actor: Actor, item: AnyItem, name: string): void {
  requireFullAccess(actor, item);
  assertName(name);
  if (name.trim() === '') throw invalidArgument('A name must not be empty.', 'Name');
  const affected = item.kind === 'page' ? [item, ...descendantPages(actor.state, item.id)] : [item];
  rememberUrls(actor.state, affected, 'Renamed');
  const content = item.checkedOut ?? latestVersion(item);
  if (!content) throw new Error(`The state holds no content of ${item.id}.`);
  content.name = name;
  touch(actor, item);
  recordActivity(actor, 'Rename', name);
}

/** What a new page is made from; see `Pages_CreatePCRPage`. */
export type CreateOrder = {
  ruleId: string;
  name: string;
  parentPageId: string;
  skipWorkflow: boolean;
  assignToUserId: string;
};

/** Creates a page from a page creation rule: checked out, with default values, in the rule's workflow if any. */
export function createPage(actor: Actor, order: CreateOrder): PageItem {
  const { state } = actor;
  requireRight(actor, 'IGX_USER_RIGHT_CREATE');
  const rule = state.pageCreationRules.find((candidate) => candidate.id === order.ruleId);
  if (!rule) throw invalidArgument(`There is no page creation rule ${order.ruleId}.`, 'PCRId');
  if (!isGranted(actor, rule))
    throw invalidOperation(`The page creation rule ${rule.name} is not granted to the caller.`);
  const schema = schemaOf(state, rule);
  if (schema.draft) throw invalidOperation(`The schema ${schema.friendlyName} is a draft and cannot create pages.`);
  const parent = chooseParent(actor, rule, order.parentPageId);
  requireFullAccess(actor, parent);
  const page = addPage(actor, schema, parent, order.name);
  if (rule.workflowDefinitionId && !order.skipWorkflow) {
    startWorkflow(actor, page, rule.workflowDefinitionId, order.assignToUserId);
  }
  recordActivity(actor, 'Create', nameOf(page));
  return page;
}

/** Creates a page of a schema without a rule, which only the service layer can: checked out, with default values. */
export function createPageOfSchema(
  actor: Actor,
  order: { schemaId: string; parentPageId: string; name: string },
): PageItem {
  const { state } = actor;
  requireRight(actor, 'IGX_USER_RIGHT_CREATE');
  const schema = state.schemas.find(({ id, kind }) => id === order.schemaId && kind !== 'asset');
  if (!schema) throw invalidArgument(`There is no page schema ${order.schemaId}.`, 'schemaId');
  if (schema.draft) throw invalidOperation(`The schema ${schema.friendlyName} is a draft and cannot create pages.`);
  const parent = state.pages[order.parentPageId];
  if (!parent || isRecycled(state, parent) || parent.id === state.recycleFolderId) {
    throw invalidArgument(`${order.parentPageId} is no page to create below.`, 'parentId');
  }
  requireFullAccess(actor, parent);
  const page = addPage(actor, schema, parent, order.name);
  recordActivity(actor, 'Create', nameOf(page));
  return page;
}

function addPage(actor: Actor, schema: SchemaDefinition, parent: PageItem, wantedName: string): PageItem {
  const { state, user } = actor;
  const name = wantedName.trim() === '' ? ' ' : wantedName;
  assertName(name);
  state.counters.page += 1;
  const page: PageItem = {
    kind: 'page',
    id: `x${state.counters.page}`,
    schemaId: schema.id,
    created: actor.now,
    createdBy: user.id,
    lastModified: actor.now,
    lastModifiedBy: user.id,
    archived: false,
    versions: [],
    checkedOut: { userId: user.id, since: actor.now, name, elements: defaultElements(schema), file: null },
    assignedUserId: user.id,
    assignedGroupId: null,
    workflow: null,
    categoryIds: [],
    marks: {},
    published: {},
    locale: parent.locale,
    security: null,
    startDate: null,
    endDate: null,
    favoriteOf: [],
    parentId: parent.id,
    siblingPosition: nextPosition(state, parent.id),
    isComponent: schema.kind === 'component',
    viewName: null,
    stylesheet: null,
    isRegionRoot: false,
    canParentRegionRoots: false,
    lingual: null,
    urlHistory: [],
  };
  state.pages[page.id] = page;
  return page;
}

/** The rules granted to the caller by name or by group; a rule granted to nobody in particular is everybody's. */
export function isGranted(actor: Actor, rule: { userIds: string[]; groupIds: string[] }): boolean {
  if (isAdministrator(actor.state, actor.user)) return true;
  if (rule.userIds.length === 0 && rule.groupIds.length === 0) return true;
  const groups = groupsOf(actor.state, actor.user);
  return rule.userIds.includes(actor.user.id) || groups.some((group) => rule.groupIds.includes(group.id));
}

type ParentRule = { parents: { pageId: string; parentOnly: boolean }[]; name: string };

/** True when a page may be created below `page` by the rule. */
export function isAllowedParent(state: SandboxState, rule: ParentRule, page: PageItem): boolean {
  return rule.parents.some(
    (parent) => parent.pageId === page.id || (!parent.parentOnly && isWithin(state, page, parent.pageId)),
  );
}

function chooseParent(actor: Actor, rule: ParentRule, wanted: string): PageItem {
  const { state } = actor;
  if (rule.parents.length === 0) throw invalidOperation(`The page creation rule ${rule.name} has no parent pages.`);
  if (wanted === '') {
    const first = rule.parents
      .map((parent) => state.pages[parent.pageId])
      .find((page) => page && !isRecycled(state, page) && hasFullAccess(actor, page));
    if (!first) throw invalidOperation(`The page creation rule ${rule.name} has no parent the caller may use.`);
    return first;
  }
  const page = state.pages[wanted];
  const isUsable = page && page.id !== state.recycleFolderId && !isRecycled(state, page);
  if (!isUsable || !isAllowedParent(state, rule, page)) {
    throw invalidArgument(`${wanted} is not an allowed parent of the page creation rule ${rule.name}.`, 'ParentPageId');
  }
  return page;
}

/** Moves pages with their subtrees. */
export function movePages(actor: Actor, pages: PageItem[], target: PageItem, position: Position): void {
  for (const page of pages) {
    refuseRootOrRecycleFolder(actor.state, page, 'moved');
    const parent = newParent(actor.state, target, position);
    if (isWithin(actor.state, parent, page.id)) throw invalidOperation(`${page.id} cannot be moved into itself.`);
    requireFullAccess(actor, page);
    requireFullAccess(actor, parent);
    rememberUrls(actor.state, [page, ...descendantPages(actor.state, page.id)], 'Moved');
    place(actor.state, page, target, position);
    touch(actor, page);
    recordActivity(actor, 'Move', nameOf(page));
  }
}

export type CopyOrder = { singlePageCopy: boolean; position: Position; targetLocale: string };

/** Copies pages. The copies are new: checked out to the caller, without versions, unmarked, in no workflow. */
export function copyPages(actor: Actor, pages: PageItem[], target: PageItem, order: CopyOrder): PageItem[] {
  return pages.map((page) => {
    refuseRootOrRecycleFolder(actor.state, page, 'copied');
    requireRead(actor, page);
    requireFullAccess(actor, newParent(actor.state, target, order.position));
    requireRight(actor, 'IGX_USER_RIGHT_CREATE');
    const originals = order.singlePageCopy ? [page] : [page, ...descendantPages(actor.state, page.id)];
    const newIds = new Map<string, string>();
    const copies = originals.map((original) => copyOne(actor, original, newIds, order.targetLocale));
    const top = copies[0];
    if (!top) throw new Error('A copy has at least one page.');
    place(actor.state, top, target, order.position);
    recordActivity(actor, 'Copy', nameOf(top));
    return top;
  });
}

function copyOne(actor: Actor, original: PageItem, newIds: Map<string, string>, targetLocale: string): PageItem {
  const { state, user } = actor;
  state.counters.page += 1;
  const id = `x${state.counters.page}`;
  newIds.set(original.id, id);
  const content = currentContent(state, user, original);
  const copy: PageItem = {
    ...structuredClone(original),
    id,
    created: actor.now,
    createdBy: user.id,
    lastModified: actor.now,
    lastModifiedBy: user.id,
    versions: [],
    checkedOut: {
      userId: user.id,
      since: actor.now,
      name: content.name,
      elements: structuredClone(content.elements),
      file: null,
    },
    assignedUserId: user.id,
    assignedGroupId: null,
    workflow: null,
    marks: {},
    published: {},
    favoriteOf: [],
    urlHistory: [],
    lingual: null,
    parentId: newIds.get(original.parentId ?? '') ?? original.parentId,
    locale: targetLocale || original.locale,
  };
  state.pages[id] = copy;
  if (targetLocale && targetLocale !== original.locale) linkTranslation(state, original, copy);
  return copy;
}

function linkTranslation(state: SandboxState, original: PageItem, copy: PageItem): void {
  const map = original.lingual ?? { masterId: original.id, masterLocale: original.locale, clones: [] };
  map.clones = [...map.clones.filter((clone) => clone.locale !== copy.locale), { id: copy.id, locale: copy.locale }];
  for (const id of [map.masterId, ...map.clones.map((clone) => clone.id)]) {
    const member = state.pages[id];
    if (member) member.lingual = structuredClone(map);
  }
}

/** Moves a page to the Recycle Folder; a page that is there already is purged with everything below it. */
export function deletePage(actor: Actor, page: PageItem): void {
  const { state } = actor;
  refuseRootOrRecycleFolder(state, page, 'deleted');
  requireRight(actor, 'IGX_USER_RIGHT_DELETE');
  requireFullAccess(actor, page);
  const subtree = [page, ...descendantPages(state, page.id)];
  recordActivity(actor, 'Delete', nameOf(page));
  if (isRecycled(state, page)) {
    for (const doomed of subtree) delete state.pages[doomed.id];
    return;
  }
  rememberUrls(state, subtree, 'Deleted');
  for (const item of subtree) {
    item.marks = {};
    item.workflow = null;
    item.assignedUserId = null;
    item.assignedGroupId = null;
    if (!item.checkedOut) item.categoryIds = [];
  }
  page.parentId = state.recycleFolderId;
  page.siblingPosition = nextPosition(state, state.recycleFolderId);
  touch(actor, page);
}

function refuseRootOrRecycleFolder(state: SandboxState, page: PageItem, done: string): void {
  if (page.id === state.rootPageId || page.id === state.recycleFolderId) {
    throw invalidOperation(`${nameOf(page)} cannot be ${done}.`);
  }
}

function newParent(state: SandboxState, target: PageItem, position: Position): PageItem {
  if (position === 'IGX_MAKE_CHILD') return target;
  const parent = target.parentId === null ? null : state.pages[target.parentId];
  if (!parent) throw invalidOperation('A page cannot be a sibling of the root.');
  return parent;
}

function place(state: SandboxState, page: PageItem, target: PageItem, position: Position): void {
  const parent = newParent(state, target, position);
  const siblings = childPages(state, parent.id).filter((sibling) => sibling.id !== page.id);
  page.parentId = parent.id;
  if (position === 'IGX_MAKE_CHILD') {
    page.siblingPosition = (siblings.at(-1)?.siblingPosition ?? 0) + 1;
    return;
  }
  const at = siblings.findIndex((sibling) => sibling.id === target.id);
  const before = siblings[position === 'IGX_INSERT_BEFORE' ? at - 1 : at]?.siblingPosition;
  const after = siblings[position === 'IGX_INSERT_BEFORE' ? at : at + 1]?.siblingPosition;
  page.siblingPosition =
    before === undefined ? (after ?? 1) - 1 : after === undefined ? before + 1 : (before + after) / 2;
}

function nextPosition(state: SandboxState, parentId: string): number {
  return (childPages(state, parentId).at(-1)?.siblingPosition ?? 0) + 1;
}
