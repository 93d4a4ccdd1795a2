import { latestVersion, nameOf } from '../cms/content.ts';
import { type AnyNode, isPage } from '../cms/tree.ts';

/** `SimpleCacheItemModel` of the contract; asset files also carry their extension. */
export function cacheItem(node: AnyNode) {
  const isItem = 'versions' in node;
  const item = {
    Id: node.id,
    Name: nameOf(node),
    ParentId: node.parentId,
    SiblingPosition: isPage(node) ? node.siblingPosition : 0,
    CheckedOutName: isItem ? (node.checkedOut?.name ?? null) : null,
    CheckedInName: isItem ? (latestVersion(node)?.name ?? null) : node.name,
  };
  if (isPage(node)) return item;
  const file = isItem ? (node.checkedOut ?? latestVersion(node))?.file : null;
  return { ...item, Extension: file?.extension ?? null };
}
