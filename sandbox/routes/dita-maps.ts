import { canRead, requireFullAccess, requireRight } from '../cms/access.ts';
import { deleteAssetNodes } from '../cms/asset-edit.ts';
import { nameOf } from '../cms/content.ts';
import { collectionOf, ditaKindOf, ditaText, isDitaMap } from '../cms/dita-content.ts';
import {
  checkInMap,
  checkOutMap,
  ditaAsset,
  markMap,
  markPart,
  publishMap,
  removeMap,
  requireDita,
  requireMap,
} from '../cms/dita-map.ts';
import { targetOf } from '../cms/publishing.ts';
import { assetPath } from '../cms/structured-urls.ts';
import { isRecycled } from '../cms/tree.ts';
import type { WireModel } from '../contract/contract.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import { csvFile, zipFile } from '../downloads.ts';
import { invalidArgument } from '../exceptions.ts';
import type { AssetItem, DitaMapFieldChoice } from '../model.ts';
import type { ApiCall, Model, Route } from '../route.ts';
import { ditaMapDetails, ditaMapEntry, ditaTree, ditavalEntry, mapFieldsOf } from '../views/dita.ts';
import { sortedBy } from '../views/paging.ts';

/** Tag *DITA* of the contract: maps and DITAVALs. */
export const ditaMapRoutes: Route[] = contractRoutes({
  DITA_GetDITAMaps: listMaps,
  DITA_GetDITAMapTree: (call) => ditaTree(call, mapOf(call)),
  DITA_GetDITAMapDetails: (call) => ditaMapDetails(call, mapOf(call)),
  DITA_GetDITAMapDetailConfiguration(call) {
    requireDita(call.state);
    return mapFieldsOf(call).map((field) => fieldConfig(call, field));
  },
  DITA_SetDITAMapDetailConfiguration: setMapFields,
  DITA_GetDITAVals(call) {
    requireDita(call.state);
    return ditaFiles(call, 'ditaval').map((asset) => ditavalEntry(call, asset));
  },
  DITA_ManipulateDITAVals: manipulateDitaval,
  DITA_CheckoutDitaMapCollection(call) {
    checkOutMap(call, mapOf(call));
    return true;
  },
  DITA_CheckInDitaMapCollection(call) {
    checkInMap(call, mapOf(call), call.body.ids('pubTgtIds'), call.runtime.knobs);
    return true;
  },
  DITA_MarkPublishDitaMapCollection(call) {
    const markings = call.body
      .models('marking')
      .map((model) => ({ targetId: model.text('Id'), version: Number(model.text('Number')) }));
    markMap(call, mapOf(call), markings);
    return true;
  },
  DITA_PublishDITAMap(call) {
    const request = call.body.model('ditaPubParams');
    publishMap(call, mapNamed(call, request.text('mapId')), {
      targetIds: request.list('pubTgtIds'),
      formats: request.list('formats'),
      ditavalIds: request.list('ditavals'),
    });
    return true;
  },
  DITA_RemoveDitaMapCollection(call) {
    removeMap(call, mapOf(call));
    return true;
  },
  DITA_DownloadDITAMapsCsv(call) {
    requireDita(call.state);
    const maps = ditaFiles(call, 'map').map((map) => [map.id, nameOf(map), assetPath(call.state, map)]);
    return csvFile('dita-maps.csv', [['Id', 'Name', 'Path'], ...maps]);
  },
  DITA_DownloadMap(call) {
    const map = mapOf(call);
    const targetId = call.query.text('publishingTargetId');
    if (targetId !== '') targetOf(call.state, targetId);
    const files = collectionOf(call.state, map).map((asset) => ({
      path: assetPath(call.state, asset),
      text: ditaText(asset),
    }));
    return zipFile(`${nameOf(map)}.zip`, files);
  },
});

function mapOf(call: ApiCall): AssetItem {
  return mapNamed(call, call.query.text('mapId'));
}

/** @throws CmsException (ArgumentException) for an unknown map, and for an id of a form that the knob closes. */
function mapNamed(call: ApiCall, mapId: string): AssetItem {
  const form = /^\d+$/.test(mapId) ? 'number' : 'asset-id';
  const open = call.runtime.knobs.ditaMapId;
  if (open !== 'any' && open !== form) throw invalidArgument(`There is no DITA map ${mapId}.`, 'mapId');
  return requireMap(call, mapId);
}

function ditaFiles(call: ApiCall, kind: 'map' | 'ditaval'): AssetItem[] {
  return Object.values(call.state.assets)
    .filter((asset) => ditaKindOf(asset) === kind && canRead(call, asset) && !isRecycled(call.state, asset))
    .toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

/** The tag of the list says whether removed maps are in the CMS at all. */
function listMaps(call: ApiCall): WireModel {
  const { query, state } = call;
  requireDita(state);
  const maps = Object.values(state.assets).filter((asset) => isDitaMap(asset) && canRead(call, asset));
  const filter = query.text('filter').toLowerCase();
  const advanced = call.body.model('advancedSearch');
  const entries = maps
    .filter((map) => query.flag('includeRemoved') || !isRecycled(state, map))
    .filter((map) => nameOf(map).toLowerCase().includes(filter))
    .filter((map) => matches(call, map, advanced))
    .map((map) => ditaMapEntry(call, map));
  const order = query.flag('sortDescending') ? 'DESC' : 'ASC';
  const sorted = sortedBy(entries, query.text('sortField'), order, (entry, field) => {
    const found = Object.entries(entry).find(([name]) => name.toLowerCase() === field.toLowerCase());
    return found?.[1];
  });
  const start = Math.max(0, query.int('start') ?? 0);
  const end = query.int('end') ?? 0;
  const results = sorted.slice(start, end > start ? end : undefined);
  const next = start + results.length;
  return shape('PaginatedModelWithTagOfDitaMapEntryAndBoolean', {
    Results: results,
    TotalResults: sorted.length,
    PageSize: results.length,
    NextIndex: next < sorted.length || call.runtime.knobs.nextIndexEnd === 'total' ? next : -1,
    Tag: maps.some((map) => isRecycled(state, map)),
  });
}

/** The conditions that are given, all of them or, with the logic `or`, any of them. */
function matches(call: ApiCall, map: AssetItem, search: Model): boolean {
  const date = search.text('dateType').toLowerCase() === 'created' ? map.created : map.lastModified;
  const has = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());
  const conditions: [given: string, holds: (given: string) => boolean][] = [
    [search.text('name'), (given) => has(nameOf(map), given)],
    [search.text('id'), (given) => ditaAsset(call.state, given)?.id === map.id],
    [search.text('path'), (given) => has(assetPath(call.state, map), given)],
    [search.text('workstate'), (given) => map.workflow?.stateId === given],
    [search.text('start'), (given) => Date.parse(date) >= Date.parse(given)],
    [search.text('end'), (given) => Date.parse(date) <= Date.parse(given)],
  ];
  const results = conditions.filter(([given]) => given !== '').map(([given, holds]) => holds(given));
  if (results.length === 0) return true;
  return search.text('logic').toLowerCase() === 'or' ? results.includes(true) : !results.includes(false);
}

function fieldConfig(call: ApiCall, field: DitaMapFieldChoice): WireModel {
  const own = call.state.dita.userMapFields[call.user.id]?.find(({ nameOrId }) => nameOrId === field.nameOrId);
  const global = call.state.dita.mapFields.find(({ nameOrId }) => nameOrId === field.nameOrId);
  return shape('DitaMapFieldConfig', {
    nameOrId: field.nameOrId,
    source: field.source,
    label: field.label,
    baseLabel: field.nameOrId,
    globalLabelOverride: global?.label ?? null,
    userLabelOverride: own?.label ?? null,
    selected: field.selected,
  });
}

function setMapFields(call: ApiCall): boolean {
  requireDita(call.state);
  const fields = call.body.models('fields').map((model) => ({
    nameOrId: model.text('nameOrId'),
    source: Number(model.text('source')),
    label: model.text('label') || model.text('nameOrId'),
    selected: model.flag('selected'),
  }));
  const { dita } = call.state;
  if (call.query.flag('saveGlobally')) dita.mapFields = fields;
  else dita.userMapFields[call.user.id] = fields;
  return true;
}

/** Removes, restores or marks one DITAVAL, named by its number or by its path. */
function manipulateDitaval(call: ApiCall): boolean {
  const request = call.body.model('operation');
  requireDita(call.state);
  const number = request.text('DitavalAssetId');
  const path = request.text('DitavalAssetPath').toLowerCase();
  const asset =
    ditaAsset(call.state, number) ??
    Object.values(call.state.assets).find((candidate) => assetPath(call.state, candidate).toLowerCase() === path);
  if (!asset || ditaKindOf(asset) !== 'ditaval') throw invalidArgument(`There is no DITAVAL ${number}.`, 'operation');
  const action = (call.bound as { Action: string }).Action;
  if (action === 'Remove') return deleteAssetNodes(call, [asset], true).deleted.length === 1;
  requireFullAccess(call, asset);
  if (action === 'Restore') {
    requireRight(call, 'IGX_USER_RIGHT_MANAGE_ASSET_FOLDERS');
    asset.parentId = call.state.dita.rootFolderId;
    return true;
  }
  requireRight(call, 'IGX_USER_RIGHT_ASSET_MARK');
  for (const marking of request.models('PubMarking')) {
    const targetId = targetOf(call.state, marking.text('PubTargetId')).id;
    markPart(asset, { targetId, version: Number(marking.text('MarkedVersion')) }, true);
  }
  return true;
}
