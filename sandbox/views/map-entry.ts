import type { Actor } from '../cms/actor.ts';
import { nameOf, schemaOf } from '../cms/content.ts';
import { assetPath, structuredUrl } from '../cms/structured-urls.ts';
import type { AssetItem, PageItem, PublishingTarget } from '../model.ts';
import { entityModel } from './entity.ts';

/** `PageMapModel` of the contract, or null for a page without an address on the target. */
export function pageMapModel(actor: Actor, target: PublishingTarget, page: PageItem) {
  const path = structuredUrl(actor.state, target, page);
  if (path === null) return null;
  return {
    ...entityModel(actor.state, `UrlMap/${target.id}/${page.id}`, nameOf(page), 'PageMap', page),
    ContentId: page.id,
    Path: path,
    Schema: schemaOf(actor.state, page).rootName,
    RequireSSL: false,
    HistoricalPaths: page.urlHistory
      .filter((entry) => entry.targetId === null || entry.targetId === target.id)
      .map(({ type, path: former, canonical }) => ({ Type: type, Path: former, Canonical: canonical })),
  };
}

/** `AssetMapModel` of the contract. */
export function assetMapModel(actor: Actor, asset: AssetItem) {
  return {
    ...entityModel(actor.state, `UrlMap/${asset.id}`, nameOf(asset), 'AssetMap', asset),
    ContentId: asset.id,
    Path: assetPath(actor.state, asset),
    Schema: schemaOf(actor.state, asset).rootName,
    RequireSSL: false,
    HistoricalPaths: asset.urlHistory.map(({ type, path }) => ({ Type: type, Path: path })),
  };
}
