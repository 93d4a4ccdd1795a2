import type { PageItem, PublishingTarget, SandboxState, UrlHistoryType } from '../model.ts';
import { isFolderPage, nameOf } from './content.ts';
import { type AnyItem, ancestorsOf, isPage, isRecycled, isWithin } from './tree.ts';

/**
 * The address of a page on a target, relative to the target's `BaseUrl`: no slash in front, empty for the home page.
 * Null for what has no address: components, recycled pages, pages outside of the target's root.
 */
export function structuredUrl(state: SandboxState, target: PublishingTarget, page: PageItem): string | null {
  if (page.isComponent || isRecycled(state, page) || !isWithin(state, page, target.rootPageId)) return null;
  if (page.id === target.homePageId) return '';
  const segments = [...ancestorsOf(state, page), page]
    .filter((node): node is PageItem => 'kind' in node)
    .filter((node) => node.id !== target.rootPageId && isWithin(state, node, target.rootPageId))
    .filter((node) => node.id === page.id || target.includeFolderNamesInUrlPath || !isFolderPage(state, node))
    .map((node) => segmentOf(target, nameOf(node)));
  return segments.length === 0 ? '' : segments.join('/') + target.urlExtension;
}

/** The page with the given address on a target, by its present or a former address. */
export function pageByPath(state: SandboxState, target: PublishingTarget, path: string): PageItem | null {
  const wanted = normalisePath(path, target);
  const pages = Object.values(state.pages);
  const present = pages.find((page) => {
    const url = structuredUrl(state, target, page);
    return url !== null && normalisePath(url, target) === wanted;
  });
  return (
    present ??
    pages.find((page) =>
      page.urlHistory.some(
        (entry) =>
          (entry.targetId === null || entry.targetId === target.id) && normalisePath(entry.path, target) === wanted,
      ),
    ) ??
    null
  );
}

/** The path of an asset: the names of its folders and its own, below the asset root. */
export function assetPath(state: SandboxState, item: AnyItem): string {
  const folders = ancestorsOf(state, item).filter((node) => node.parentId !== null);
  return [...folders, item].map(nameOf).join('/');
}

/** Remembers the present addresses of a page and of its descendants before they change. */
export function rememberUrls(state: SandboxState, items: AnyItem[], type: UrlHistoryType): void {
  for (const item of items) {
    if (isPage(item)) {
      for (const target of state.publishingTargets) {
        const path = structuredUrl(state, target, item);
        if (path) item.urlHistory.push({ targetId: target.id, type, path, canonical: false });
      }
    } else {
      item.urlHistory.push({ targetId: null, type, path: assetPath(state, item), canonical: false });
    }
  }
}

function segmentOf(target: PublishingTarget, name: string): string {
  const joined = name.trim().replace(/\s+/g, target.urlSeparator || '-');
  return target.forceLowerCaseUrl ? joined.toLowerCase() : joined;
}

/** So that `/About/Contact/`, `about/contact` and `about/contact.html` are found alike. */
function normalisePath(path: string, target: PublishingTarget): string {
  const bare = decodePath(path.split(/[?#]/)[0] ?? '')
    .replace(/^\/+|\/+$/g, '')
    .toLowerCase();
  return target.urlExtension && bare.endsWith(target.urlExtension.toLowerCase())
    ? bare.slice(0, -target.urlExtension.length)
    : bare;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray percent sign is not an encoding; the path is then taken as it stands.
    return path;
  }
}
