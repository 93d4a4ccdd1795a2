import { canRead, requireRead } from '../cms/access.ts';
import { contentOfVersion, latestVersion } from '../cms/content.ts';
import { pageXml } from '../cms/page-xml.ts';
import { targetOf } from '../cms/publishing.ts';
import { contentForReferences, referencesIn, usagesOf } from '../cms/references.ts';
import { pageByPath } from '../cms/structured-urls.ts';
import { type AnyNode, childAssets, childFolders, childPages, isPage, isRecycled } from '../cms/tree.ts';
import { HttpRefusal } from '../exceptions.ts';
import type { PageItem, PublishingTarget } from '../model.ts';
import { type ApiCall, FileAnswer, type Route } from '../route.ts';
import { cacheItem } from '../views/cache-item.ts';
import { categoryModel } from '../views/category.ts';
import { pageModel } from '../views/content-item.ts';
import { entityModel } from '../views/entity.ts';
import { assetMapModel, pageMapModel } from '../views/map-entry.ts';
import { assetByPath } from './asset-paths.ts';
import { fileAnswer } from './file-answer.ts';

/** `depth` 0 and `maxCount` -1 mean "no limit". */
const descendantsQuery = { id: 'string!', depth: 'int=0', maxCount: 'int=-1' } as const;

/** Tag *Preview* of the contract, without DITA. */
export const previewRoutes: Route[] = [
  {
    operationId: 'Preview_GetPageXml',
    method: 'GET',
    path: '/preview/page-xml',
    query: { pageId: 'string!', version: 'int=0', checkedOut: 'bool=true' },
    effect: 'read',
    handle(call) {
      const page = call.state.pages[call.query.text('pageId')];
      if (!page) return null;
      requireRead(call, page);
      return xmlModel(call, page, call.query.int('version') ?? 0, call.query.flag('checkedOut') ?? true);
    },
  },
  {
    operationId: 'Preview_StreamPageXml',
    method: 'GET',
    path: '/preview/stream/page-xml',
    query: { pubTgtId: 'string!', count: 'int=-1' },
    effect: 'read',
    handle(call) {
      const targetId = call.query.text('pubTgtId');
      const pages = Object.values(call.state.pages).filter((page) => targetId in page.marks && canRead(call, page));
      return limited(pages, call.query.int('count')).map((page) =>
        xmlModel(call, page, page.marks[targetId]?.version ?? 0, false),
      );
    },
  },
  {
    operationId: 'Preview_GetPage',
    method: 'GET',
    path: '/preview/page',
    query: { id: 'string!' },
    effect: 'read',
    handle(call) {
      const page = call.state.pages[call.query.text('id')];
      if (!page) return null;
      requireRead(call, page);
      return { ...pageModel(call, page), ChildContentIds: childPages(call.state, page.id).map((child) => child.id) };
    },
  },
  {
    operationId: 'Preview_GetPageDescendants',
    method: 'GET',
    path: '/preview/page-descendants',
    query: descendantsQuery,
    effect: 'read',
    indexed: true,
    handle: (call) => descendants(call, call.query.text('id'), (id) => childPages(call.state, id)),
  },
  {
    operationId: 'Preview_GetPageReference',
    method: 'GET',
    path: '/preview/page-reference',
    query: { id: 'string!' },
    effect: 'read',
    handle: (call) => reference(call, call.state.pages[call.query.text('id')]),
  },
  {
    operationId: 'Preview_StreamPageReferences',
    method: 'GET',
    path: '/preview/stream/page-references',
    query: { count: 'int=-1' },
    effect: 'read',
    handle: (call) => references(call, Object.values(call.state.pages)),
  },
  {
    operationId: 'Preview_GetPageMapEntry',
    method: 'GET',
    path: '/preview/page-map',
    query: { pageId: 'string!', pubTargetId: 'string=' },
    effect: 'read',
    handle(call) {
      const page = call.state.pages[call.query.text('pageId')];
      return page && canRead(call, page) ? pageMapModel(call, target(call), page) : null;
    },
  },
  {
    operationId: 'Preview_GetPageMapEntryByPath',
    method: 'GET',
    path: '/preview/page-map-by-path',
    query: { path: 'string!', pubTargetId: 'string=' },
    effect: 'read',
    indexed: true,
    handle(call) {
      const page = pageByPath(call.state, target(call), call.query.text('path'));
      return page && canRead(call, page) ? pageMapModel(call, target(call), page) : null;
    },
  },
  {
    operationId: 'Preview_GetAssetMapEntry',
    method: 'GET',
    path: '/preview/asset-map',
    query: { id: 'string!', pubTargetId: 'string=' },
    effect: 'read',
    handle(call) {
      const asset = call.state.assets[call.query.text('id')];
      return asset && canRead(call, asset) ? assetMapModel(call, asset) : null;
    },
  },
  {
    operationId: 'Preview_GetAssetMapEntryByPath',
    method: 'GET',
    path: '/preview/asset-map-by-path',
    query: { path: 'string!', pubTargetId: 'string=' },
    effect: 'read',
    indexed: true,
    handle(call) {
      const asset = assetByPath(call.state, call.query.text('path'));
      return asset && canRead(call, asset) ? assetMapModel(call, asset) : null;
    },
  },
  {
    operationId: 'Preview_GetAssetReference',
    method: 'GET',
    path: '/preview/asset-reference',
    query: { id: 'string!' },
    effect: 'read',
    handle(call) {
      const id = call.query.text('id');
      return reference(call, call.state.assets[id] ?? call.state.assetFolders[id]);
    },
  },
  {
    operationId: 'Preview_GetAssetDescendants',
    method: 'GET',
    path: '/preview/asset-descendants',
    query: descendantsQuery,
    effect: 'read',
    indexed: true,
    handle: (call) =>
      descendants(call, call.query.text('id'), (id) => [
        ...childFolders(call.state, id),
        ...childAssets(call.state, id),
      ]),
  },
  {
    operationId: 'Preview_StreamAssetReferences',
    method: 'GET',
    path: '/preview/stream/asset-references',
    query: { count: 'int=-1' },
    effect: 'read',
    handle: (call) =>
      references(call, [...Object.values(call.state.assetFolders), ...Object.values(call.state.assets)]),
  },
  {
    operationId: 'Preview_GetAssetFile',
    method: 'GET',
    path: '/preview/asset-file',
    query: { assetId: 'string!', version: 'int=0', checkedOut: 'bool=true' },
    effect: 'read',
    handle(call) {
      const asset = call.state.assets[call.query.text('assetId')];
      if (!asset) return null;
      if (!canRead(call, asset)) throw new HttpRefusal(403, { Message: 'Forbidden' });
      const version = call.query.int('version') ?? 0;
      const working = call.query.flag('checkedOut') ? asset.checkedOut : null;
      const content =
        version === 0 ? (working ?? latestVersion(asset)) : contentOfVersion(call.state, call.user, asset, version);
      return content?.file ? fileAnswer(content.name, content.file, false) : null;
    },
  },
  {
    operationId: 'Preview_GetTaxonomyCategory',
    method: 'GET',
    path: '/preview/taxonomy',
    query: { id: 'string!' },
    effect: 'read',
    handle(call) {
      const category = call.state.categories.find((candidate) => candidate.id === call.query.text('id'));
      return category ? categoryModel(call.state, category) : null;
    },
  },
  {
    operationId: 'Preview_GetTaxonomyCategoriesByPage',
    method: 'GET',
    path: '/preview/taxonomy-by-page',
    query: { id: 'string!' },
    effect: 'read',
    handle: (call) => categoriesOf(call, call.state.pages[call.query.text('id')]),
  },
  {
    operationId: 'Preview_GetTaxonomyCategoriesByAsset',
    method: 'GET',
    path: '/preview/taxonomy-by-asset',
    query: { id: 'string!' },
    effect: 'read',
    handle: (call) => categoriesOf(call, call.state.assets[call.query.text('id')]),
  },
  {
    operationId: 'Preview_GetTaxonomyCategoryDescendants',
    method: 'GET',
    path: '/preview/taxonomy-descendants',
    query: descendantsQuery,
    effect: 'read',
    handle(call) {
      const found: unknown[] = [];
      const visit = (parentId: string) => {
        for (const category of call.state.categories.filter((candidate) => candidate.parentId === parentId)) {
          const { id, name } = category;
          found.push({
            Id: id,
            Name: name,
            ParentId: parentId,
            SiblingPosition: 0,
            CheckedOutName: null,
            CheckedInName: name,
          });
          visit(id);
        }
      };
      visit(call.query.text('id'));
      return limited(found, call.query.int('maxCount'));
    },
  },
  {
    operationId: 'Preview_StreamTaxonomyCategories',
    method: 'GET',
    path: '/preview/stream/taxonomy',
    query: { count: 'int=-1' },
    effect: 'read',
    handle: (call) =>
      limited(call.state.categories, call.query.int('count')).map((category) => categoryModel(call.state, category)),
  },
  {
    operationId: 'Preview_GetPageForwardReferences',
    method: 'GET',
    path: '/preview/page-forward-references',
    // One of the three reads with a body (contract §2).
    body: 'json',
    effect: 'read',
    handle: (call) => [
      ...new Set(
        call.body.ids('ids').flatMap((id) => {
          const page = call.state.pages[id];
          if (!page || !canRead(call, page)) return [];
          return referencesIn(call.state, page, contentForReferences(page))
            .map(({ targetId }) => targetId)
            .filter((targetId): targetId is string => targetId !== null && targetId in call.state.pages);
        }),
      ),
    ],
  },
  {
    operationId: 'Preview_GetPageCrossReferences',
    method: 'GET',
    path: '/preview/page-cross-references',
    body: 'json',
    effect: 'read',
    handle: (call) => [
      ...new Set(
        call.body
          .ids('ids')
          .flatMap((id) => usagesOf(call.state, id))
          .filter(({ item }) => isPage(item) && canRead(call, item))
          .map(({ item }) => item.id),
      ),
    ],
  },
  {
    operationId: 'Preview_GetGlobalExports',
    method: 'GET',
    path: '/preview/global-exports',
    effect: 'read',
    handle: () => [],
  },
  {
    operationId: 'Preview_GetAssetXMP',
    method: 'GET',
    path: '/preview/asset-xmp',
    query: { id: 'string!', version: 'int=0', checkedOut: 'bool=true' },
    effect: 'read',
    handle(call) {
      const asset = call.state.assets[call.query.text('id')];
      if (!asset || !canRead(call, asset)) return null;
      return new FileAnswer('application/rdf+xml', '<x:xmpmeta xmlns:x="adobe:ns:meta/" />');
    },
  },
];

/** The document of a version; `0` is the working copy when it is wanted and there is one, else the newest version. */
function xmlModel(call: ApiCall, page: PageItem, version: number, checkedOut: boolean) {
  const { state } = call;
  const latest = latestVersion(page);
  const newest = checkedOut ? (page.checkedOut ?? latest) : latest;
  const content = version === 0 ? newest : contentOfVersion(state, call.user, page, version);
  if (!content) return null;
  const isStored = 'number' in content;
  return {
    ...entityModel(state, `PageXml/${page.id}`, content.name, 'PageXml', page),
    Content: pageXml(state, page, content.name, content.elements),
    PageId: page.id,
    Version: isStored ? content.number : (latest?.number ?? 0) + 1,
    CheckedOut: !isStored,
  };
}

function descendants<T extends AnyNode>(call: ApiCall, rootId: string, childrenOf: (id: string) => T[]) {
  const depth = call.query.int('depth') ?? 0;
  const found: T[] = [];
  const visit = (id: string, level: number) => {
    if (depth > 0 && level > depth) return;
    for (const child of childrenOf(id)) {
      if (!canRead(call, child)) continue;
      found.push(child);
      visit(child.id, level + 1);
    }
  };
  visit(rootId, 1);
  return limited(found, call.query.int('maxCount')).map(cacheItem);
}

function references(call: ApiCall, nodes: AnyNode[]) {
  const shown = nodes.filter((node) => canRead(call, node) && !isRecycled(call.state, node));
  return limited(shown, call.query.int('count')).map(cacheItem);
}

function reference(call: ApiCall, node: AnyNode | undefined) {
  return node && canRead(call, node) ? cacheItem(node) : null;
}

function categoriesOf(call: ApiCall, item: { categoryIds: string[] } | undefined) {
  if (!item) return null;
  return call.state.categories
    .filter((category) => item.categoryIds.includes(category.id))
    .map((category) => categoryModel(call.state, category));
}

/** The named target, or the first one when none is named. */
function target(call: ApiCall): PublishingTarget {
  const id = call.query.text('pubTargetId') || (call.state.publishingTargets[0]?.id ?? '');
  return targetOf(call.state, id);
}

function limited<T>(items: T[], count: number | null): T[] {
  return count === null || count < 0 ? items : items.slice(0, count);
}
