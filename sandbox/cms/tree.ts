import type { AssetFolder, AssetItem, PageItem, SandboxState } from '../model.ts';

export type AnyItem = PageItem | AssetItem;
export type AnyNode = AnyItem | AssetFolder;

/** Deeper than any tree the CMS allows; stops a loop in broken data. */
const MAX_DEPTH = 100;

/** A page or an asset file. */
export function findItem(state: SandboxState, id: string): AnyItem | null {
  return state.pages[id] ?? state.assets[id] ?? null;
}

/** A page, an asset file or an asset folder. */
export function findNode(state: SandboxState, id: string): AnyNode | null {
  return findItem(state, id) ?? state.assetFolders[id] ?? null;
}

export function isPage(node: AnyNode): node is PageItem {
  return 'kind' in node && node.kind === 'page';
}

export function isAsset(node: AnyNode): node is AssetItem {
  return 'kind' in node && node.kind === 'asset';
}

/** The node above, or null for a root. */
export function parentOf(state: SandboxState, node: AnyNode): PageItem | AssetFolder | null {
  if (node.parentId === null) return null;
  return (isPage(node) ? state.pages[node.parentId] : state.assetFolders[node.parentId]) ?? null;
}

/** From the root down to the parent. */
export function ancestorsOf(state: SandboxState, node: AnyNode): (PageItem | AssetFolder)[] {
  const ancestors: (PageItem | AssetFolder)[] = [];
  let above = parentOf(state, node);
  while (above && ancestors.length < MAX_DEPTH) {
    ancestors.unshift(above);
    above = parentOf(state, above);
  }
  return ancestors;
}

/** The children of a page in their order. */
export function childPages(state: SandboxState, pageId: string): PageItem[] {
  return Object.values(state.pages)
    .filter((page) => page.parentId === pageId)
    .sort((a, b) => a.siblingPosition - b.siblingPosition);
}

/** Every page below, depth first, each parent before its children. */
export function descendantPages(state: SandboxState, pageId: string): PageItem[] {
  const byParent = Map.groupBy(Object.values(state.pages), (page) => page.parentId);
  const found: PageItem[] = [];
  const visit = (id: string, depth: number) => {
    const children = (byParent.get(id) ?? []).toSorted((a, b) => a.siblingPosition - b.siblingPosition);
    for (const child of children) {
      found.push(child);
      if (depth < MAX_DEPTH) visit(child.id, depth + 1);
    }
  };
  visit(pageId, 0);
  return found;
}

export function childFolders(state: SandboxState, folderId: string): AssetFolder[] {
  return Object.values(state.assetFolders)
    .filter((folder) => folder.parentId === folderId)
    .sort((a, b) => a.name.localeCompare(b.name));
}

export function childAssets(state: SandboxState, folderId: string): AssetItem[] {
  return Object.values(state.assets).filter((asset) => asset.parentId === folderId);
}

/** Every folder and file below an asset folder. */
export function descendantAssets(state: SandboxState, folderId: string): (AssetFolder | AssetItem)[] {
  const found: (AssetFolder | AssetItem)[] = [];
  const visit = (id: string, depth: number) => {
    found.push(...childAssets(state, id));
    for (const folder of childFolders(state, id)) {
      found.push(folder);
      if (depth < MAX_DEPTH) visit(folder.id, depth + 1);
    }
  };
  visit(folderId, 0);
  return found;
}

/** True for the node itself and for everything below it. */
export function isWithin(state: SandboxState, node: AnyNode, rootId: string): boolean {
  return node.id === rootId || ancestorsOf(state, node).some((ancestor) => ancestor.id === rootId);
}

/** True for what lies in a recycle folder; the folder itself does not count. */
export function isRecycled(state: SandboxState, node: AnyNode): boolean {
  const recycleId = isPage(node) ? state.recycleFolderId : state.assetRecycleFolderId;
  return node.id !== recycleId && isWithin(state, node, recycleId);
}
