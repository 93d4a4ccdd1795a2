import { requireFullAccess, requireRead, requireRight } from '../cms/access.ts';
import { nameOf } from '../cms/content.ts';
import {
  collectionOf,
  type DitaPart,
  ditaElements,
  ditaKindOf,
  ditaText,
  isDitaMap,
  ownersOf,
  partsOf,
  referencesOf,
  walkDita,
} from '../cms/dita-content.ts';
import { ditaAsset, requireDita } from '../cms/dita-map.ts';
import { previewsOf } from '../cms/dita-preview.ts';
import { targetOf } from '../cms/publishing.ts';
import { assetPath } from '../cms/structured-urls.ts';
import { findNode, isRecycled, isWithin } from '../cms/tree.ts';
import type { WireModel } from '../contract/contract.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import { csvFile } from '../downloads.ts';
import { invalidArgument } from '../exceptions.ts';
import type { AssetItem } from '../model.ts';
import type { ApiCall, Route } from '../route.ts';
import { dependents, formatInfo } from '../views/dita.ts';

/** Tags *Assets* and *Publishing* of the contract: what DITA adds to single files. */
export const ditaAssetRoutes: Route[] = contractRoutes({
  Assets_GetAssetDitaProperties(call) {
    const asset = assetOf(call);
    const { dita } = call.state;
    const ditavals = ditavalsOf(call);
    const chosen = dita.assetDitavals[asset.id] ?? [];
    return shape('AssetDependencyInfo', {
      Owners: dependents(call, nearest(ownersOf(call.state, asset))),
      Dependents: dependents(call, nearest(partsOf(call.state, asset)), asset),
      DitaInfo: shape('AssetDitaInfo', {
        OutputFormats: dita.outputFormats
          .filter(({ formatString }) => dita.assetFormats[asset.id]?.includes(formatString))
          .map(formatInfo),
        Ditavals: ditavals.filter(({ id }) => chosen.includes(id)).map((ditaval) => named('NameIdPair', ditaval)),
        AllOutputFormats: dita.outputFormats.map(formatInfo),
        AllDitavals: ditavals.map((ditaval) => withPath(call, ditaval)),
      }),
    });
  },
  Assets_GetAllAssetOwners: (call) => dependents(call, ownersOf(call.state, assetOf(call))),
  Assets_GetAllAssetDependents(call) {
    const asset = assetOf(call);
    return dependents(call, partsOf(call.state, asset), asset);
  },
  Assets_DownloadAssetOwnersCsv: (call) => partsCsv(call, 'owners', ownersOf(call.state, assetOf(call))),
  Assets_DownloadAssetDependentsCsv: (call) => partsCsv(call, 'dependents', partsOf(call.state, assetOf(call))),
  Assets_GetAvailableKeyDefinitions(call) {
    const asset = assetOf(call);
    const top = ditaAsset(call.state, call.query.text('topMapId'));
    const maps = [top, asset, ...ownersOf(call.state, asset).map((owner) => owner.asset)].filter(isDitaMap);
    return [...new Set(maps)].flatMap((map) => keyDefinitions(call, map));
  },
  Assets_GetAssetDITAScopes(call) {
    const asset = assetOf(call);
    const target = targetOf(call.state, call.query.text('pubTargetId'));
    const maps = ownersOf(call.state, asset).filter((owner) => isDitaMap(owner.asset));
    const ditavals = ditavalsOf(call);
    return shape('AssetDITAPreviewContextCollection', {
      contexts: [
        shape('AssetDITAPreviewContext', {
          PublishingTargetId: target.id,
          PublishingTargetName: target.name,
          Ditavals: ditavals.map((ditaval) => named('NameIdPair', ditaval)),
          Scopes: maps.map(({ asset: map, distance }, index) =>
            shape('AssetDITAMapScope', {
              Id: map.id,
              Name: nameOf(map),
              DepsCount: collectionOf(call.state, map).length - 1,
              Caches: previewsOf(call.runtime, asset.id, map.id).map(({ ditavalId, path }) =>
                shape('AssetPreviewTempByDitaval', { DitavalId: ditavalId, PreviewTempPath: path }),
              ),
              IsCurrent: index === 0,
              Distance: distance,
            }),
          ),
        }),
      ],
    });
  },
  Assets_CheckDitaContentMovingOutOfDitaRoot(call) {
    const rootId = call.state.dita.rootFolderId;
    const isInside = (id: string) => {
      const node = findNode(call.state, id);
      return node !== null && isWithin(call.state, node, rootId);
    };
    // The contract declares one text for several ids and not how they are parted.
    const sources = call.query.text('srcIds').split(/[,|;]/).filter(isInside);
    return sources.length > 0 && !isInside(call.query.text('tgtId'));
  },
  Assets_SetAssetOutputFormats(call) {
    const asset = changeable(call);
    const formats = call.body.ids('outputFormats');
    const known = call.state.dita.outputFormats.map(({ formatString }) => formatString);
    const unknown = formats.find((format) => !known.includes(format));
    if (unknown !== undefined) throw invalidArgument(`There is no output format ${unknown}.`, 'outputFormats');
    call.state.dita.assetFormats[asset.id] = formats;
    return true;
  },
  Assets_SetAssetDitavals(call) {
    const asset = changeable(call);
    const known = ditavalsOf(call);
    call.state.dita.assetDitavals[asset.id] = call.body.ids('ditavalIds').map((id) => {
      const ditaval = known.find((candidate) => candidate === ditaAsset(call.state, id));
      if (!ditaval) throw invalidArgument(`There is no DITAVAL ${id}.`, 'ditavalIds');
      return ditaval.id;
    });
    return true;
  },
  Publishing_GetDitaDependencies(call) {
    const { dita } = call.state;
    const items = call.body.ids('contentIds').flatMap((id) => findNode(call.state, id) ?? []);
    const files = items.filter((node): node is AssetItem => 'kind' in node && node.kind === 'asset');
    const ditaFiles = files.filter((asset) => ditaKindOf(asset) !== null);
    const formats = dita.outputFormats.map(({ formatString, name, isNormalization }) => ({
      Id: formatString,
      Name: name,
      IsNormalization: isNormalization,
    }));
    return shape('DitaPublishingDependencies', {
      Dependencies: ditaFiles.flatMap((asset) => [
        dependency(call, asset, 0),
        ...partsOf(call.state, asset).map((part) => dependency(call, part.asset, part.distance)),
      ]),
      DitaValChoices: ditavalsOf(call).map((ditaval) => withPath(call, ditaval)),
      FormatChoices: formats.map((format) => shape('DitaPublishingFormat', format)),
      AllNonDITAContent: ditaFiles.length === 0,
    });
  },
});

function assetOf(call: ApiCall): AssetItem {
  requireDita(call.state);
  const id = call.query.text('assetId');
  // Unlike the DITA models, these operations know assets by their ids alone.
  const asset = call.state.assets[id];
  if (!asset) throw invalidArgument(`There is no asset ${id}.`, 'assetId');
  requireRead(call, asset);
  return asset;
}

function changeable(call: ApiCall): AssetItem {
  const asset = assetOf(call);
  requireRight(call, 'IGX_USER_RIGHT_CAN_EDIT_ASSETS');
  requireFullAccess(call, asset);
  return asset;
}

function ditavalsOf(call: ApiCall): AssetItem[] {
  return Object.values(call.state.assets).filter(
    (asset) => ditaKindOf(asset) === 'ditaval' && !isRecycled(call.state, asset),
  );
}

function nearest(parts: DitaPart[]): DitaPart[] {
  return parts.filter(({ distance }) => distance === 1);
}

function partsCsv(call: ApiCall, name: string, parts: DitaPart[]) {
  const listed = call.query.flag('all') ? parts : nearest(parts);
  const rows = listed.map(({ asset, reference, distance }) => [
    asset.id,
    nameOf(asset),
    assetPath(call.state, asset),
    reference.relation,
    String(distance),
  ]);
  return csvFile(`${name}.csv`, [['Id', 'Name', 'Path', 'DependencyType', 'Distance'], ...rows]);
}

function keyDefinitions(call: ApiCall, map: AssetItem): WireModel[] {
  const elements = [...walkDita(ditaElements(ditaText(map)))];
  return elements.flatMap((element) => {
    const { keys = '', keyscope = '' } = element.attributes;
    const target = referencesOf(call.state, map, element)[0]?.target;
    return keys
      .split(/\s+/)
      .filter((key) => key !== '')
      .map((key) =>
        shape('KeyDefinition', {
          SourceId: map.id,
          Scope: keyscope,
          Name: key,
          TargetId: target?.id ?? null,
          TargetName: target ? nameOf(target) : null,
          TargetArea: target ? 'Assets' : null,
        }),
      );
  });
}

function dependency(call: ApiCall, asset: AssetItem, level: number): WireModel {
  const { dita } = call.state;
  const chosen = dita.assetDitavals[asset.id] ?? [];
  const refs = partsOf(call.state, asset).filter(({ asset: part }) => ditaKindOf(part) === 'ditaval');
  return shape('DitaPublishingDependencyWithParams', {
    Id: asset.id,
    Name: nameOf(asset),
    IsMap: isDitaMap(asset),
    OutputFormats: dita.outputFormats
      .filter(({ formatString }) => dita.assetFormats[asset.id]?.includes(formatString))
      .map(({ formatString, name, isNormalization }) =>
        shape('DitaPublishingFormat', { Id: formatString, Name: name, IsNormalization: isNormalization }),
      ),
    Ditavals: ditavalsOf(call)
      .filter(({ id }) => chosen.includes(id))
      .map((ditaval) => named('ObjectWithName', ditaval)),
    Ditavalrefs: refs.map(({ asset: ditaval }) => named('ObjectWithName', ditaval)),
    Level: level,
    Selected: true,
    Coverage: asset.checkedOut === null ? 100 : 0,
  });
}

function named(model: 'NameIdPair' | 'ObjectWithName', asset: AssetItem): WireModel {
  return shape(model, { Id: asset.id, Name: nameOf(asset) });
}

function withPath(call: ApiCall, asset: AssetItem): WireModel {
  return shape('NameWithPath', { Id: asset.id, Name: nameOf(asset), Path: assetPath(call.state, asset) });
}
