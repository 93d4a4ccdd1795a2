import { nameOf } from '../cms/content.ts';
import { aliasesOf, aliasOf, createAlias, deleteAlias, isUpdateDue, updateAlias } from '../cms/dita-alias.ts';
import { ditaAsset, ditaNumber, requireDita } from '../cms/dita-map.ts';
import { childPages, descendantPages } from '../cms/tree.ts';
import type { WireModel } from '../contract/contract.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import { invalidArgument } from '../exceptions.ts';
import type { AssetItem, PageItem } from '../model.ts';
import type { ApiCall, Route } from '../route.ts';
import { pageModel } from '../views/content-item.ts';
import { pathOf } from '../views/dita.ts';

/** Tags *DITA* and *Pages* of the contract: pages that show DITA files. */
export const ditaAliasRoutes: Route[] = contractRoutes({
  Pages_CreateDITAAlias(call) {
    return pageModel(call, createAlias(call, assetOf(call), call.query.text('parentPageId')));
  },
  Pages_UpdateDITAAlias(call) {
    const { page } = aliasOf(call, call.query.text('aliasId'));
    const below = call.query.flag('updateChildren') ? descendantPages(call.state, page.id) : [];
    return [page, ...below]
      .filter(({ id }) => id in call.state.dita.aliases && updateAlias(call, id))
      .map((updated) => pageModel(call, updated));
  },
  DITA_GetDITAAliases(call) {
    const asset = assetOf(call);
    return shape('DitaAliasesModel', {
      AutoUpdateEnabled: false,
      entries: aliasesOf(call, asset.id).map((page) => aliasEntry(call, page)),
    });
  },
  DITA_UpdateAliases(call) {
    const ids = namedAliases(call);
    return ids.filter((id) => updateAlias(call, id));
  },
  DITA_DeleteAliases(call) {
    const ids = namedAliases(call);
    for (const id of ids) deleteAlias(call, id);
    return ids;
  },
  DITA_ViewDITAAlias: (call) => aliasTree(call, aliasOf(call, pageId(call.query.text('aliasId'))).page, []),
  Assets_CheckAssetAliases: (call) =>
    call.query.list('ids').reduce((count, id) => count + aliasesOf(call, id).length, 0),
});

function assetOf(call: ApiCall): AssetItem {
  requireDita(call.state);
  const id = call.query.text('assetId');
  const asset = ditaAsset(call.state, id);
  if (!asset) throw invalidArgument(`There is no asset ${id}.`, 'assetId');
  return asset;
}

/** @throws CmsException (ArgumentException) when one of them is no alias of the file. */
function namedAliases(call: ApiCall): string[] {
  const asset = assetOf(call);
  return call.body.ids('aliasIds').map((given) => {
    const id = pageId(given);
    if (aliasOf(call, id).alias.assetId !== asset.id) {
      throw invalidArgument(`${id} is no alias of ${asset.id}.`, 'aliasIds');
    }
    return id;
  });
}

/** The models carry numbers, other operations ids: `1001` and `x1001` are the same. */
function pageId(given: string): string {
  return /^\d+$/.test(given) ? `x${given}` : given;
}

function aliasEntry(call: ApiCall, page: PageItem): WireModel {
  const below = descendantPages(call.state, page.id);
  return shape('DitaAliasEntry', {
    Id: ditaNumber(page),
    Name: nameOf(page),
    Path: pathOf(call.state, page),
    UpdateDue: isUpdateDue(call, page.id),
    DependentsUpdateDue: below.some(({ id }) => isUpdateDue(call, id)),
    CanDelete: call.state.dita.aliases[page.id]?.rootPageId === page.id,
  });
}

function aliasTree(call: ApiCall, page: PageItem, ancestorIds: string[]): WireModel {
  const alias = call.state.dita.aliases[page.id];
  return shape('DitaTreeNode', {
    Id: page.id,
    Name: nameOf(page),
    icon: 'alias',
    children: childPages(call.state, page.id).map((child) => aliasTree(call, child, [...ancestorIds, page.id])),
    ancestorIds,
    checkedIn: page.checkedOut === null,
    alias: alias?.assetId ?? null,
    markedTargets: Object.keys(page.marks),
    isContainer: childPages(call.state, page.id).length > 0,
  });
}
