import { invalidArgument, invalidOperation } from '../exceptions.ts';
import type { AssetItem, DitaAlias, PageItem } from '../model.ts';
import { requireRead } from './access.ts';
import type { Actor } from './actor.ts';
import { checkIn, checkOut } from './check-out.ts';
import { latestVersion } from './content.ts';
import { ditaElements, ditaKindOf, ditaText, ditaTitle, isDitaMap, referencesOf } from './dita-content.ts';
import { isRecycled } from './tree.ts';
import { createPageOfSchema, deletePage } from './tree-edit.ts';

/** Makes pages that show a DITA file: for a map one page per topic, in the order and depth of the map. */
export function createAlias(actor: Actor, asset: AssetItem, parentPageId: string): PageItem {
  requireRead(actor, asset);
  if (ditaKindOf(asset) === null) throw invalidArgument(`${asset.id} is no DITA file.`, 'assetId');
  return addAlias(actor, asset, parentPageId, null);
}

function addAlias(actor: Actor, asset: AssetItem, parentPageId: string, rootPageId: string | null): PageItem {
  const { state } = actor;
  const schemaId = state.dita.renderSchemaId;
  const page = createPageOfSchema(actor, { schemaId, parentPageId, name: pageName(asset) });
  const root = rootPageId ?? page.id;
  state.dita.aliases[page.id] = { assetId: asset.id, assetVersion: 0, rootPageId: root };
  showAsset(actor, page, asset);
  addChildren(actor, page, asset, ditaElements(ditaText(asset)), root);
  return page;
}

function addChildren(
  actor: Actor,
  page: PageItem,
  map: AssetItem,
  elements: ReturnType<typeof ditaElements>,
  rootPageId: string,
): void {
  if (!isDitaMap(map)) return;
  for (const element of elements.filter(({ name }) => name === 'topicref' || name === 'mapref')) {
    const target = referencesOf(actor.state, map, element)[0]?.target;
    if (!target) continue;
    const child = addAlias(actor, target, page.id, rootPageId);
    addChildren(actor, child, map, element.children, rootPageId);
  }
}

/** The alias of a page. @throws CmsException (ArgumentException) for a page that is none. */
export function aliasOf(actor: Actor, pageId: string): { page: PageItem; alias: DitaAlias } {
  const page = actor.state.pages[pageId];
  const alias = actor.state.dita.aliases[pageId];
  if (!page || !alias) throw invalidArgument(`${pageId} is no DITA alias.`, 'aliasId');
  return { page, alias };
}

/** The aliases of a file that are not recycled. */
export function aliasesOf({ state }: Pick<Actor, 'state'>, assetId: string): PageItem[] {
  return Object.entries(state.dita.aliases)
    .filter(([, alias]) => alias.assetId === assetId)
    .map(([pageId]) => state.pages[pageId])
    .filter((page) => page !== undefined)
    .filter((page) => !isRecycled(state, page));
}

/** True when the file has a newer version than the page shows. */
export function isUpdateDue({ state }: Pick<Actor, 'state'>, pageId: string): boolean {
  const alias = state.dita.aliases[pageId];
  const asset = alias && state.assets[alias.assetId];
  return asset !== undefined && (latestVersion(asset)?.number ?? 0) > (alias?.assetVersion ?? 0);
}

/** Brings an alias up to the newest version of its file. @returns false when it was up to date. */
export function updateAlias(actor: Actor, pageId: string): boolean {
  const { page, alias } = aliasOf(actor, pageId);
  const asset = actor.state.assets[alias.assetId];
  if (!asset) throw invalidOperation(`The DITA file of ${pageId} no longer exists.`);
  if (!isUpdateDue(actor, pageId)) return false;
  checkOut(actor, page);
  showAsset(actor, page, asset);
  return true;
}

/** @throws CmsException (ArgumentException) for an alias that was made along with another one. */
export function deleteAlias(actor: Actor, pageId: string): void {
  const { page, alias } = aliasOf(actor, pageId);
  if (alias.rootPageId !== pageId) {
    throw invalidArgument(
      `${pageId} belongs to the alias ${alias.rootPageId}; only that one can be deleted.`,
      'aliasIds',
    );
  }
  deletePage(actor, page);
}

/** Writes a file's title and text into the page's working copy, and checks it in. */
function showAsset(actor: Actor, page: PageItem, asset: AssetItem): void {
  const alias = actor.state.dita.aliases[page.id];
  const copy = page.checkedOut;
  if (!alias || !copy) throw new Error(`${page.id} is no alias that is checked out.`);
  const shown: Record<string, string> = { Title: ditaTitle(asset), Summary: ditaTitle(asset), Body: bodyOf(asset) };
  for (const element of copy.elements) element.value = shown[element.name] ?? element.value;
  alias.assetVersion = latestVersion(asset)?.number ?? 0;
  checkIn(actor, page, { targetIds: [], comment: `From ${asset.id}` });
}

function bodyOf(asset: AssetItem): string {
  const paragraphs = [...ditaText(asset).matchAll(/<p>([\s\S]*?)<\/p>/g)].map(([, text = '']) =>
    text.replace(/<[^>]*>/g, ''),
  );
  return paragraphs.map((text) => `<p>${text}</p>`).join('') || '<p></p>';
}

/** Names of pages allow fewer characters than titles. */
function pageName(asset: AssetItem): string {
  return ditaTitle(asset).replace(/[,/\\?!@#$%^&*;'"]/g, ' ');
}
