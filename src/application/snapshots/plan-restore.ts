import type { NextCall } from '../../domain/errors.ts';
import { DomainError } from '../../domain/errors.ts';
import type { ContentItem, Field } from '../../domain/model/content-item.ts';
import type { Principal } from '../../domain/model/principal.ts';
import type { Abilities } from '../../domain/model/site.ts';
import type { Snapshot, SnapshotItem } from '../../domain/model/snapshot.ts';
import { outOfOrder } from '../../domain/policy/out-of-order.ts';
import { kindOfField } from '../../domain/policy/plan-draft.ts';
import { enteredValue, type FieldForPerson, isSameField, planFieldsRestore } from '../../domain/policy/plan-restore.ts';
import { ruleAllows } from '../../domain/policy/rule-allows.ts';
import { versionToken } from '../../domain/policy/version-token.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { allPages } from '../items/all-pages.ts';
import { itemDetails } from '../items/item-calls.ts';
import { isAssetId } from '../items/item-path.ts';
import { isEmptyField } from '../items/list-fields.ts';
import { readVisible } from '../items/read-visible.ts';
import { contextOf } from '../items/write-guard.ts';
import { fieldsOf } from './content-objects.ts';
import { type VisiblePlaces, visiblePlaces } from './visible-places.ts';
import { maySee, type Standing, standingsOf } from './visible-snapshot.ts';
import { type WalkedItem, walkSubtree } from './walk-subtree.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'schemas' | 'site' | 'taxonomy' | 'snapshots' | 'digest'>;

/** A call that puts something back. */
export interface RestoreStep extends NextCall {
  readonly puts_back: string;
  /** The call that follows when this one has succeeded. */
  readonly next?: NextCall;
  readonly note?: string;
  /** Nothing is lost without it: for what is there only since then. */
  readonly optional?: true;
}

/** Something that the CMS cannot do over its API, for a person to do in its client. */
export interface ForPerson {
  readonly what: string;
  readonly why: string;
  /** What it held; long texts are cut, and `browse_snapshots` shows the whole. */
  readonly was?: string;
}

/** One item that is not as it was, and how it becomes so again: the steps in their order. */
export interface RestorePlan {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly differs: readonly string[];
  readonly steps: readonly RestoreStep[];
  readonly by_person?: readonly ForPerson[];
  /** Why the steps would be refused now. */
  readonly blocked?: string;
}

export interface RestorePage {
  readonly plans: readonly RestorePlan[];
  /** Items that this user may not read now. */
  readonly hidden: number;
  readonly examined: number;
  /** Where the next page begins. */
  readonly nextIndex?: number;
}

export interface RestoreScope {
  /** Only these items; all of the snapshot when absent. */
  readonly only?: ReadonlySet<string>;
  readonly startIndex: number;
  readonly limit: number;
}

/**
 * What differs between a snapshot and now, and for each difference the call that puts it back, or what a person has to
 * do. Reads only. What comes first in the tree comes first: a parent is back before what lies below it.
 */
export async function planSnapshotRestore(
  snapshot: Snapshot,
  scope: RestoreScope,
  ports: Needs,
  principal: Principal,
): Promise<RestorePage> {
  const places = visiblePlaces(snapshot, snapshot.items, ports, principal);
  const site = await readSite(snapshot, scope, places, ports);
  const plans: RestorePlan[] = [];
  let [hidden, characters, index] = [0, 0, scope.startIndex];
  const total = site.kept.length + site.added.length;
  for (; index < total && plans.length < scope.limit && characters < charactersMax; index += 1) {
    const kept = site.kept[index];
    const added = site.added[index - site.kept.length];
    const plan =
      kept === undefined
        ? added && planAdded(added)
        : await planKept(kept, await site.standing(index), snapshot, site, ports, principal);
    if (plan === 'hidden') hidden += 1;
    else if (plan !== undefined) {
      plans.push(plan);
      characters += JSON.stringify(plan).length;
    }
  }
  const examined = index - scope.startIndex;
  return { plans, hidden, examined, ...(index < total ? { nextIndex: index } : {}) };
}

/** About 4,000 tokens of plans; one that is longer stands alone. */
const charactersMax = 14_000;

/** Items whose standing is asked for together. */
const standingsAtOnce = 50;

/** The site as it is, as far as the plan needs it. */
interface Site {
  readonly kept: readonly SnapshotItem[];
  readonly keptById: ReadonlyMap<string, SnapshotItem>;
  /** Absent where only some items are looked at. */
  readonly now: ReadonlyMap<string, WalkedItem> | undefined;
  /** The topmost items that are there only since then. */
  readonly added: readonly WalkedItem[];
  /** Items that an earlier step brings to their place. */
  readonly placed: Set<string>;
  readonly abilities: Abilities;
  readonly places: VisiblePlaces;
  standing(index: number): Promise<Standing>;
  /** Children of a parent that stand in another order than then, and have to move. */
  outOfOrder(parentId: string): ReadonlySet<string>;
}

async function readSite(snapshot: Snapshot, scope: RestoreScope, places: VisiblePlaces, ports: Needs): Promise<Site> {
  const { only } = scope;
  const [root, abilities] = await Promise.all([readVisible(snapshot.root.id, ports), ports.site.abilities()]);
  const walked = only === undefined && root !== undefined ? (await walkSubtree(root, ports)).items : undefined;
  const now = walked && new Map(walked.map((each) => [each.item.id, each]));
  const keptById = new Map(snapshot.items.map((item) => [item.id, item]));
  const kept = only === undefined ? snapshot.items : snapshot.items.filter(({ id }) => only.has(id));
  const isNew = ({ item }: WalkedItem): boolean => !keptById.has(item.id);
  const added = (walked ?? []).filter(
    (each) => isNew(each) && (each.item.parentId === undefined || keptById.has(each.item.parentId)),
  );
  const standings = new Map<string, Standing>();
  const orders = new Map<string, ReadonlySet<string>>();
  return {
    ...{ kept, keptById, now, added, abilities, places, placed: new Set() },
    async standing(index) {
      const item = kept[index];
      if (item === undefined) return 'hidden';
      if (now?.has(item.id) === true) return 'there';
      if (!standings.has(item.id)) {
        const next = kept.slice(index, index + standingsAtOnce).filter(({ id }) => now?.has(id) !== true);
        for (const [id, standing] of await standingsOf(next, ports)) standings.set(id, standing);
      }
      return standings.get(item.id) ?? 'hidden';
    },
    outOfOrder(parentId) {
      const known = orders.get(parentId);
      if (known !== undefined || now === undefined) return known ?? new Set();
      const childrenThen = snapshot.items.filter((item) => item.parentId === parentId).map(({ id }) => id);
      const childrenNow = [...now.values()].filter(({ item }) => item.parentId === parentId).map(({ item }) => item.id);
      const found = outOfOrder(childrenThen, childrenNow);
      orders.set(parentId, found);
      return found;
    },
  };
}

async function planKept(
  kept: SnapshotItem,
  standing: Standing,
  snapshot: Snapshot,
  site: Site,
  ports: Needs,
  principal: Principal,
): Promise<RestorePlan | 'hidden' | undefined> {
  if (!maySee(standing, snapshot, principal)) return 'hidden';
  if (standing === 'gone') return planGone(kept, snapshot, site, ports);
  const item = site.now?.get(kept.id)?.item ?? (await readVisible(kept.id, ports));
  if (item === undefined) return 'hidden';
  const found: Found = { differs: [], steps: [], forPerson: [] };
  addPlace(found, kept, item, standing, site);
  if (item.schema?.id !== kept.schema?.id) {
    found.differs.push('content type');
    found.forPerson.push({
      what: `content type ${kept.schema?.name ?? 'none'}`,
      why: 'the API changes no content types',
    });
  }
  if (kept.kind === 'asset') await addAsset(found, kept, item, snapshot, ports);
  else if (kept.kind !== 'asset_folder') await addFields(found, kept, item, site, ports);
  addName(found, kept, item);
  await addCategories(found, kept, item, ports);
  if (found.differs.length === 0) return undefined;
  const blocked = found.steps.length === 0 ? undefined : await whatBlocks(item, standing, ports);
  return {
    ...{ id: kept.id, name: kept.name, path: await site.places.item(kept), differs: found.differs, steps: found.steps },
    ...(found.forPerson.length === 0 ? {} : { by_person: found.forPerson }),
    ...(blocked === undefined ? {} : { blocked }),
  };
}

interface Found {
  readonly differs: string[];
  readonly steps: RestoreStep[];
  readonly forPerson: ForPerson[];
}

/** Recycled, moved, or in another order among its siblings. */
function addPlace(found: Found, kept: SnapshotItem, item: ContentItem, standing: Standing, site: Site): void {
  const { parentId } = kept;
  if (parentId === undefined) return;
  const isElsewhere = item.parentId !== parentId;
  const isRecycled = standing === 'recycled';
  // What lies below something that was deleted comes back with it.
  if (isRecycled && !isElsewhere) return;
  const isOutOfOrder = !isElsewhere && site.outOfOrder(parentId).has(kept.id);
  if (!isElsewhere && !isOutOfOrder) return;
  const place = placeOf(kept, parentId, site);
  site.placed.add(kept.id);
  found.differs.push(isRecycled ? 'deleted' : isElsewhere ? 'place' : 'order');
  found.steps.push({
    tool: 'move_content',
    input: { items: [kept.id], ...place },
    puts_back: isRecycled ? 'the item, with what lies below it, out of the recycle folder' : 'its place in the tree',
  });
}

/** Behind the sibling that stood in front of it, which is in its place by then. */
function placeOf(kept: SnapshotItem, parentId: string, site: Site): { readonly to: string; readonly position: string } {
  const siblings = isAssetId(kept.id) ? [] : [...site.keptById.values()].filter((each) => each.parentId === parentId);
  const own = siblings.findIndex(({ id }) => id === kept.id);
  const isInPlace = ({ id }: SnapshotItem): boolean =>
    site.placed.has(id) || site.now?.get(id)?.item.parentId === parentId;
  const before = siblings.slice(0, Math.max(0, own)).findLast((each) => isInPlace(each));
  if (before !== undefined) return { to: before.id, position: 'after' };
  const after = siblings.slice(own + 1).find((each) => isInPlace(each) && !site.outOfOrder(parentId).has(each.id));
  if (after !== undefined && own >= 0) return { to: after.id, position: 'before' };
  return { to: parentId, position: 'child' };
}

function addName(found: Found, kept: SnapshotItem, item: ContentItem): void {
  if (item.name === kept.name) return;
  found.differs.push('name');
  found.steps.push({
    tool: 'move_content',
    input: { items: [kept.id], new_name: kept.name },
    puts_back: `its name, ${kept.name} (now ${item.name})`,
  });
}

async function addCategories(found: Found, kept: SnapshotItem, item: ContentItem, ports: Needs): Promise<void> {
  const isSame = JSON.stringify([...item.categoryIds].sort()) === JSON.stringify([...kept.categoryIds].sort());
  if (isSame) return;
  found.differs.push('categories');
  const there = new Set((await ports.taxonomy.withPaths(kept.categoryIds)).map(({ id }) => id));
  const gone = kept.categoryIds.filter((id) => !there.has(id));
  found.steps.push({
    tool: 'categorize_content',
    input: { items: [kept.id], replace_with: kept.categoryIds.filter((id) => there.has(id)) },
    puts_back: 'its categories',
    ...(gone.length === 0 ? {} : { note: `These categories are not there any more: ${gone.join(', ')}.` }),
  });
}

/** The fields of a page, as an edit would find them: in the caller's own check-out where there is one. */
async function addFields(found: Found, kept: SnapshotItem, item: ContentItem, site: Site, ports: Needs): Promise<void> {
  if (item.version === kept.version && !item.checkedOut) return;
  const details = await itemDetails(item.id, 0, ports);
  if (details === undefined) return;
  const older = await fieldsOf(kept, ports.snapshots.store);
  const { editFields, rollBack } = site.abilities;
  const { changes, forPerson, newFields } = planFieldsRestore(details.fields, older, editFields);
  const fields = [...changes, ...forPerson].map(({ field }) => field);
  if (fields.length === 0) return;
  found.differs.push(...fields.map((field) => `field ${field}`));
  const unsayable = forPerson.filter(({ isEntered }) => isEntered);
  // A whole version is all or nothing: where the CMS writes fields, it brings what cannot be said as a change as well.
  const byVersion =
    rollBack !== 'none' &&
    changes.length + unsayable.length > 0 &&
    (rollBack === 'services' || unsayable.length === 0) &&
    (await isVersionIntact(kept, older, ports));
  const left = byVersion ? forPerson.filter((field) => !unsayable.includes(field)) : forPerson;
  found.forPerson.push(...left.map(forPersonOf));
  if (!byVersion && changes.length === 0) return;
  found.steps.push({
    tool: 'edit_content',
    input: {
      item: kept.id,
      version: versionToken(details, ports.digest.sha256),
      ...(byVersion ? { restore_version: kept.version } : { changes }),
    },
    puts_back: byVersion
      ? `its fields, as version ${kept.version} has them`
      : `its fields: ${changes.map(({ field }) => field).join(', ')}`,
    next: { tool: 'check_in_content', input: { items: [kept.id] } },
    ...(newFields.length === 0
      ? {}
      : { note: `Fields that came since then stay as they are: ${newFields.join(', ')}.` }),
  });
}

/** Whether the CMS still holds the version that the snapshot has; old ones may be trimmed, or of an earlier life. */
async function isVersionIntact(kept: SnapshotItem, older: readonly Field[], ports: Needs): Promise<boolean> {
  if (kept.version === 0) return false;
  const details = await itemDetails(kept.id, kept.version, ports);
  if (details === undefined || details.fields.length !== older.length) return false;
  return details.fields.every((field, index) => {
    const before = older[index];
    return before !== undefined && isSameField(field, before);
  });
}

async function addAsset(
  found: Found,
  kept: SnapshotItem,
  item: ContentItem,
  snapshot: Snapshot,
  ports: Needs,
): Promise<void> {
  if (item.version === kept.version) return;
  const details = await itemDetails(item.id, item.version, ports);
  const older = await fieldsOf(kept, ports.snapshots.store);
  const { forPerson } = planFieldsRestore(details?.fields ?? [], older, 'none');
  found.differs.push(...forPerson.map(({ field }) => `field ${field}`));
  const why = 'the API changes no fields of assets';
  found.forPerson.push(...forPerson.map((field) => ({ ...forPersonOf(field), why })));
  const { file } = kept;
  if (file === undefined) return;
  if (file.hash === undefined) {
    found.differs.push('file, perhaps');
    found.forPerson.push({ what: 'the file', why: 'it was not kept: too large, or the CMS gave none' });
    return;
  }
  if ((await hashOfFile(item, ports)) === file.hash) return;
  found.differs.push('file');
  found.steps.push({
    tool: 'upload_asset',
    input: { replace: kept.id, file_name: item.name, source_snapshot: `${snapshot.id}:${kept.id}` },
    puts_back: 'its file',
    next: { tool: 'check_in_content', input: { items: [kept.id] } },
  });
}

/** `undefined` for a file that is larger than snapshots keep, and so is not the one that was kept. */
async function hashOfFile(
  { id, version }: ContentItem,
  { assets, snapshots }: Pick<Ports, 'assets' | 'snapshots'>,
): Promise<string | undefined> {
  try {
    const bytes = await assets.file(id, { version, bytesMax: snapshots.fileBytesMax });
    return bytes === undefined ? undefined : snapshots.store.hashOf(bytes);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'TOO_LARGE') return undefined;
    throw error;
  }
}

/** What is purged can only be made anew, under another id. */
async function planGone(kept: SnapshotItem, snapshot: Snapshot, site: Site, ports: Needs): Promise<RestorePlan> {
  const about = { id: kept.id, name: kept.name, path: kept.path, differs: ['deleted for good'] };
  const isParentThere = kept.parentId !== undefined && (site.now?.has(kept.parentId) ?? true);
  const pathAbove = kept.path.split(' / ').slice(0, -1).join(' / ');
  const parent = isParentThere ? (kept.parentId ?? '') : pathAbove;
  const note = `It gets a new id: what referred to ${kept.id} has to be pointed to it, and its history is lost.`;
  if (kept.kind === 'asset_folder') {
    const why = 'a folder is made by uploading a file into it, with the path of names as "folder"';
    return { ...about, steps: [], by_person: [{ what: `folder ${kept.name}`, why }] };
  }
  const older = await fieldsOf(kept, ports.snapshots.store);
  if (kept.kind === 'asset') {
    const fields = older
      .filter((field) => !isEmptyField(field))
      .map(forPersonOfField('the API changes no fields of assets'));
    if (kept.file?.hash === undefined) {
      const lost = { what: 'the file', why: 'it was not kept: too large, or the CMS gave none' };
      return { ...about, steps: [], by_person: [lost, ...fields] };
    }
    const folder = isParentThere && kept.parentId !== undefined ? parent : pathAbove.replaceAll(' / ', '/');
    const input = { folder, file_name: kept.name, source_snapshot: `${snapshot.id}:${kept.id}` };
    const step: RestoreStep = { tool: 'upload_asset', input, puts_back: 'the file, as a new asset', note };
    return { ...about, steps: [step], ...(fields.length === 0 ? {} : { by_person: fields }) };
  }
  const filled = older.filter((field) => !isEmptyField(field) && !field.readOnly && kindOfField(field.type) !== 'none');
  const canFill = site.abilities.editFields === 'services';
  const rule = await findRule(kept, site, ports);
  if (rule === undefined) {
    const lacking = `no creation rule of the site makes ${kept.schema?.name ?? 'such a page'} there`;
    const page = { what: `page ${kept.name} below ${pathAbove}`, why: lacking };
    return { ...about, steps: [], by_person: [page, ...filled.map(forPersonOfField(lacking))] };
  }
  const step: RestoreStep = {
    tool: 'create_page',
    input: {
      rule,
      parent,
      name: kept.name,
      ...(canFill ? { fields: Object.fromEntries(filled.map((field) => [field.name, enteredValue(field)])) } : {}),
    },
    puts_back: canFill ? 'the page, with its fields' : 'the page, without its fields',
    note,
  };
  const why = 'a new page starts empty, and this CMS can only replace text that is there';
  return {
    ...about,
    steps: [step],
    ...(canFill || filled.length === 0 ? {} : { by_person: filled.map(forPersonOfField(why)) }),
  };
}

/** What `create_page` makes such a page with, at its place: a creation rule, or the content type itself. */
async function findRule(kept: SnapshotItem, site: Site, ports: Needs): Promise<string | undefined> {
  const { schema, parentId } = kept;
  if (schema === undefined || parentId === undefined) return undefined;
  const rules = (await allPages((page) => ports.schemas.creationRules(page))).filter(
    ({ schemaId }) => schemaId === schema.id,
  );
  const ancestorIds = await idsAbove(parentId, site, ports);
  for (const rule of rules) {
    const parents = await allPages((page) => ports.schemas.creationRuleParents(rule.id, page));
    if (ruleAllows(parents, { id: parentId, ancestorIds })) return rule.id;
  }
  return rules.length === 0 && site.abilities.createBySchema === 'services' ? schema.id : undefined;
}

/** Up to the first parent that is there as the snapshot tells it, from there on as the CMS does. */
async function idsAbove(id: string, site: Site, ports: Needs): Promise<readonly string[]> {
  const kept = site.keptById.get(id);
  const isGone = kept?.parentId !== undefined && site.now !== undefined && !site.now.has(id);
  if (isGone && kept.parentId !== undefined) return [kept.parentId, ...(await idsAbove(kept.parentId, site, ports))];
  return (await ports.pages.ancestors(id)).map((page) => page.id);
}

function planAdded({ item, path }: WalkedItem): RestorePlan {
  return {
    ...{ id: item.id, name: item.name, path, differs: ['new since then'] },
    steps: [
      {
        tool: 'delete_content',
        input: { items: [item.id] },
        puts_back: 'the tree as it was, without this item and what lies below it',
        optional: true,
      },
    ],
  };
}

/** Why the CMS would refuse the steps as things are. */
async function whatBlocks(item: ContentItem, standing: Standing, ports: Needs): Promise<string | undefined> {
  const context = await contextOf(item.id, ports);
  if (!context.fullAccess) return 'You may read it, not change it.';
  if (standing === 'there' && item.checkedOut && !context.editable) {
    return `Checked out by ${item.assignedTo?.name ?? 'somebody else'}: the steps are refused until it is checked in.`;
  }
  return undefined;
}

const shownCharactersMax = 300;

function forPersonOf({ field, reason, value }: Omit<FieldForPerson, 'isEntered'>): ForPerson {
  const was = value.length > shownCharactersMax ? `${value.slice(0, shownCharactersMax)}…` : value;
  return { what: `field ${field}`, why: reason, was };
}

const forPersonOfField =
  (reason: string) =>
  (field: Field): ForPerson =>
    forPersonOf({ field: field.name, reason, value: field.value });
