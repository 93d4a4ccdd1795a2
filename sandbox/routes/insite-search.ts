import { keepList, keptList, keptListsOf } from '../cms/kept-lists.ts';
import { targetOf } from '../cms/publishing.ts';
import { ancestorsOf, childFolders, descendantAssets, isAsset } from '../cms/tree.ts';
import type { WireModel } from '../contract/contract.ts';
import { boundModels, contractRoutes, type Handler } from '../contract/contract-routes.ts';
import { invalidArgument } from '../exceptions.ts';
import type { AssetFolder, SchemaDefinition } from '../model.ts';
import { type ApiCall, FileAnswer } from '../route.ts';

/** Rows that exist without being saved; saving changes them one by one, by their key. */
type Overlay = { area: string; key: 'Id' | 'FieldName'; rows(call: ApiCall): WireModel[] };

const indexingSchemas: Overlay = {
  area: 'indexing-schemas',
  key: 'Id',
  rows: ({ state }) =>
    searchable(state.schemas).map(({ id, friendlyName }) => ({ Id: id, FriendlyName: friendlyName, Indexed: true })),
};
const boostSchemas: Overlay = {
  area: 'boost-schemas',
  key: 'Id',
  rows: ({ state }) =>
    searchable(state.schemas).map(({ id, friendlyName, rootName }) => ({
      Id: id,
      FriendlyName: friendlyName,
      RootName: rootName,
      Boost: 1,
    })),
};
const indexingFields: Overlay = { area: 'indexing-fields', key: 'FieldName', rows: schemaFields };
const boostFields: Overlay = { area: 'boost-fields', key: 'FieldName', rows: schemaFields };
const siteWideIndexing: Overlay = { area: 'site-wide-indexing-fields', key: 'FieldName', rows: siteWideFields };
const siteWideBoosts: Overlay = { area: 'site-wide-boost-fields', key: 'FieldName', rows: siteWideFields };

/** What `ApplyToTargets` carries from one target to others. */
const AREAS = [indexingSchemas, boostSchemas, indexingFields, boostFields, siteWideIndexing, siteWideBoosts]
  .map(({ area }) => area)
  .concat('indexing-folders');

/** Tag *InsiteSearch* of the contract: how the published site is indexed. The sandbox keeps it and searches nothing. */
export const insiteSearchRoutes = contractRoutes({
  InsiteSearch_GetCustomSettings(call) {
    const targetId = call.query.text('pubTgtId');
    if (targetId !== '') return keptList(call.state, 'custom-settings', targetOf(call.state, targetId).id) ?? [];
    return keptListsOf(call.state, 'custom-settings').flatMap(([, list]) => list);
  },
  InsiteSearch_SaveCustomSettings: (call) => keep(call, ['custom-settings', knownTarget(call)], boundModels(call)),
  InsiteSearch_GetBatchSizes: batchSizes,
  InsiteSearch_SaveBatchSizes: saveBatchSizes,
  InsiteSearch_GetKeymatches: (call) => keptList(call.state, 'keymatches') ?? [],
  InsiteSearch_SaveKeymatches: (call) => keep(call, ['keymatches'], boundModels(call)),
  InsiteSearch_ImportCsv: (call) =>
    importRows(call, 'keymatches', ([Key, type, Url, Title, Abstract]) => ({
      Key,
      KeyMatchType: Number(type) || 0,
      Url,
      Title,
      Abstract,
    })),
  InsiteSearch_GetSynonyms: (call) => keptList(call.state, 'synonyms') ?? [],
  InsiteSearch_SaveSynonyms: (call) => keep(call, ['synonyms'], boundModels(call)),
  InsiteSearch_ImportSynonyms: (call) =>
    importRows(call, 'synonyms', ([LeadWord, Type, ...Words]) => ({ LeadWord, Words, Type })),
  InsiteSearch_GetIndexingSchemas: read(indexingSchemas),
  InsiteSearch_SaveIndexingSchemas: save(indexingSchemas),
  InsiteSearch_GetIndexingSchemasOnly: (call) =>
    rowsOf(call, indexingSchemas).filter(({ Indexed }) => Indexed === true),
  InsiteSearch_GetIndexingFieldsForSchema: read(indexingFields),
  InsiteSearch_SaveIndexingFields: save(indexingFields),
  InsiteSearch_GetIndexingSiteWideFields: read(siteWideIndexing),
  InsiteSearch_SaveSiteWideIndexingFields: save(siteWideIndexing),
  InsiteSearch_GetAssetFolderChildren(call) {
    const folder = call.state.assetFolders[call.query.text('assetFolderId')];
    return folder ? childFolders(call.state, folder.id).map(folderInfo) : null;
  },
  InsiteSearch_GetIndexedAssetFolders(call) {
    const ids = keptList(call.state, 'indexing-folders', knownTarget(call)) ?? [];
    // A folder that was deleted since is indexed no more.
    const folders = ids.map(({ Id }) => call.state.assetFolders[String(Id)]).filter((folder) => folder !== undefined);
    return folders.map((folder) => folderDetail(call, folder));
  },
  InsiteSearch_GetAssetFolderDetail(call) {
    const folder = call.state.assetFolders[call.query.text('assetFolderId')];
    return folder ? folderDetail(call, folder) : null;
  },
  InsiteSearch_SaveIndexingAssetFolders(call) {
    const ids = boundModels(call).map(({ Id }) => ({ Id }));
    const unknown = ids.find(({ Id }) => !(String(Id) in call.state.assetFolders));
    if (unknown) throw invalidArgument(`There is no asset folder ${unknown.Id}.`, 'data');
    return keep(call, ['indexing-folders', knownTarget(call)], ids);
  },
  InsiteSearch_GetBoostSchemas: read(boostSchemas),
  InsiteSearch_SaveBoostSchemas: save(boostSchemas),
  InsiteSearch_GetBoostFieldsForSchema: read(boostFields),
  InsiteSearch_SaveBoostFieldsForSchema: save(boostFields),
  InsiteSearch_GetBoostSiteWideFields: read(siteWideBoosts),
  InsiteSearch_SaveSiteWideBoostFields: save(siteWideBoosts),
  InsiteSearch_ApplyToTargets: applyToTargets,
});

function read(overlay: Overlay): Handler {
  return (call) => rowsOf(call, overlay);
}

function save(overlay: Overlay): Handler {
  return (call) => {
    const changes = boundModels(call);
    const known = rowsOf(call, overlay);
    const unknown = changes.find((change) => !known.some((row) => row[overlay.key] === change[overlay.key]));
    if (unknown) throw invalidArgument(`There is no ${overlay.key} ${unknown[overlay.key]}.`, 'data');
    const changed = known.map((row) => changes.find((change) => change[overlay.key] === row[overlay.key]) ?? row);
    return keep(call, [overlay.area, ...scopeOf(call)], changed);
  };
}

/** The rows as they are now: those that were saved over those that exist. */
function rowsOf(call: ApiCall, overlay: Overlay): WireModel[] {
  const saved = keptList(call.state, overlay.area, ...scopeOf(call)) ?? [];
  return overlay.rows(call).map((row) => saved.find((change) => change[overlay.key] === row[overlay.key]) ?? row);
}

/** Every list belongs to a target, and where the operation says so to a schema. */
function scopeOf(call: ApiCall): string[] {
  return [knownTarget(call), ...('schemaId' in (call.route.query ?? {}) ? [knownSchema(call).id] : [])];
}

function knownTarget(call: ApiCall): string {
  return targetOf(call.state, call.query.text('pubTgtId')).id;
}

function knownSchema(call: ApiCall): SchemaDefinition {
  const id = call.query.text('schemaId');
  const schema = call.state.schemas.find((candidate) => candidate.id === id);
  if (!schema) throw invalidArgument(`There is no schema ${id}.`, 'schemaId');
  return schema;
}

function searchable(schemas: SchemaDefinition[]): SchemaDefinition[] {
  return schemas.filter(({ kind }) => kind !== 'folder');
}

function schemaFields(call: ApiCall): WireModel[] {
  return knownSchema(call).fields.map(({ name, label, type, indexable }) => ({
    FieldLabel: label,
    FieldName: name,
    Indexed: indexable,
    Boost: 1,
    Type: type,
  }));
}

/** What every document has, whatever its schema. */
function siteWideFields(): WireModel[] {
  return ['Name', 'Content', 'Keywords'].map((name) => ({
    FieldLabel: name,
    FieldName: name,
    Indexed: true,
    Boost: 1,
    Type: 'IGX_ELEMENT_TEXT',
  }));
}

function keep(call: ApiCall, key: string[], list: WireModel[]): boolean {
  keepList(call.state, key, list);
  return true;
}

const DEFAULT_BATCH_SIZE = 100;

function batchKey(call: ApiCall): string {
  return call.query.flag('isAsset') ? 'asset-batch-sizes' : 'page-batch-sizes';
}

function batchSizes(call: ApiCall) {
  const saved = keptList(call.state, batchKey(call)) ?? [];
  const defaultSize = Number(
    saved.find(({ PubTargetId }) => PubTargetId === null)?.['BatchSize'] ?? DEFAULT_BATCH_SIZE,
  );
  return {
    TargetSettings: call.state.publishingTargets.map(({ id, name }) => ({
      PubTargetId: id,
      PubTargetName: name,
      BatchSize: saved.find(({ PubTargetId }) => PubTargetId === id)?.['BatchSize'] ?? defaultSize,
    })),
    DefaultBatchSize: defaultSize,
  };
}

/** The row without a target is the default. */
function saveBatchSizes(call: ApiCall): boolean {
  const settings = boundModels(call);
  for (const { PubTargetId } of settings) targetOf(call.state, String(PubTargetId));
  return keep(call, [batchKey(call)], [...settings, { PubTargetId: null, BatchSize: call.query.int('defaultSize') }]);
}

/** Rows of a file without quotes; they replace the list, and come back as they were taken. */
async function importRows(call: ApiCall, area: string, toRow: (cells: string[]) => WireModel): Promise<FileAnswer> {
  const file = await call.body.file();
  const lines = (await file.text()).split(/\r?\n/).filter((line) => line.trim() !== '');
  const cells = lines.map((line) => line.split(',').map((cell) => cell.trim()));
  keepList(call.state, [area], cells.map(toRow));
  return new FileAnswer('text/csv; charset=utf-8', cells.map((row) => `${row.join(',')}\r\n`).join(''));
}

function folderInfo({ id, name }: AssetFolder) {
  return { Id: id, Name: name, IsFolder: true };
}

function folderDetail({ state }: ApiCall, folder: AssetFolder) {
  const path = [...ancestorsOf(state, folder), folder].map((node) => ('name' in node ? node.name : node.id));
  return {
    ...folderInfo(folder),
    Path: path.join('/'),
    DescedantFolders: descendantAssets(state, folder.id).filter((node) => !isAsset(node)).length,
  };
}

function applyToTargets(call: ApiCall): boolean {
  const from = targetOf(call.state, call.query.text('curPubTgtId')).id;
  const targets = call.body.ids('pubTgtIds').map((id) => targetOf(call.state, id).id);
  for (const area of AREAS) {
    for (const [[, targetId, ...rest], list] of keptListsOf(call.state, area)) {
      if (targetId !== from) continue;
      for (const id of targets) keepList(call.state, [area, id, ...rest], structuredClone(list));
    }
  }
  return true;
}
