import { requireFullAccess, requireRead } from '../cms/access.ts';
import { collectionOf, ditaKindOf } from '../cms/dita-content.ts';
import { ditaAsset, requireMap } from '../cms/dita-map.ts';
import { type DitaPreview, dropPreviews, findPreview, isRunning, startPreview } from '../cms/dita-preview.ts';
import { targetOf } from '../cms/publishing.ts';
import type { WireModel } from '../contract/contract.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import { invalidArgument, invalidOperation } from '../exceptions.ts';
import { type ApiCall, FileAnswer, type Route } from '../route.ts';

/** Tags *Preview* and *Assets* of the contract: previews of single DITA files. */
export const ditaPreviewRoutes: Route[] = contractRoutes({
  Preview_StartGeneratingDitaAssetPreview(call) {
    const order = orderOf(call);
    const map = requireMap(call, order.mapId);
    const asset = call.state.assets[order.assetId];
    if (!asset || !collectionOf(call.state, map).includes(asset)) {
      throw invalidArgument(`${order.assetId} is not in the map ${map.id}.`, 'assetId');
    }
    requireRead(call, asset);
    const ditaval = ditaAsset(call.state, order.ditavalId);
    if (order.ditavalId !== '' && (!ditaval || ditaKindOf(ditaval) !== 'ditaval')) {
      throw invalidArgument(`There is no DITAVAL ${order.ditavalId}.`, 'ditavalId');
    }
    targetOf(call.state, order.targetId);
    if (call.state.dita.otVersion === null) throw invalidOperation('DITA-OT is not deployed.');
    const running = findPreview(call.runtime, order);
    const preview = running && isRunning(call.runtime, running) ? running : startPreview(call.runtime, order);
    return previewModel(call, preview);
  },
  Preview_GetDitaAssetPreviewStatus(call) {
    const preview = findPreview(call.runtime, orderOf(call));
    return preview ? previewModel(call, preview) : shape('DitaAssetPreviewModel');
  },
  Preview_CancelDitaAssetPreview(call) {
    const preview = findPreview(call.runtime, orderOf(call));
    if (!preview || !isRunning(call.runtime, preview)) return false;
    preview.isCancelled = true;
    return true;
  },
  Preview_DownloadLog(call) {
    const wanted = call.query.text('logPath');
    const preview = [...call.runtime.ditaPreviews.values()].find(({ logPath }) => logPath === wanted);
    const lines = preview
      ? [`DITA-OT ${call.state.dita.otVersion}`, `Input: ${preview.assetId} in ${preview.mapId}`, endOf(call, preview)]
      : [];
    return new FileAnswer('text/plain; charset=utf-8', lines.map((line) => `${line}\n`).join(''));
  },
  Assets_DeleteDitaPreviewCache(call) {
    const asset = call.state.assets[call.query.text('assetId')];
    if (!asset) return false;
    requireFullAccess(call, asset);
    return dropPreviews(call.runtime, asset.id, call.query.text('pubTargetId'));
  },
});

function orderOf({ query }: ApiCall) {
  return {
    assetId: query.text('assetId'),
    mapId: query.text('mapId'),
    ditavalId: query.text('ditavalId'),
    targetId: query.text('ditaNormPubTargetId'),
  };
}

function previewModel(call: ApiCall, preview: DitaPreview): WireModel {
  const running = isRunning(call.runtime, preview);
  return shape('DitaAssetPreviewModel', {
    Running: running,
    NormalizedTempFilePath: running || preview.isCancelled ? null : preview.path,
    LogPath: preview.logPath,
    TaskId: preview.taskId,
  });
}

function endOf(call: ApiCall, preview: DitaPreview): string {
  if (preview.isCancelled) return 'Cancelled.';
  return isRunning(call.runtime, preview) ? 'Running.' : 'Build successful.';
}
