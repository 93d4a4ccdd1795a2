import { randomUUID } from 'node:crypto';
import type { Knobs } from '../knobs.ts';

/** One run of DITA-OT for a single file in the context of a map; kept in memory like the temporary files it makes. */
export type DitaPreview = {
  taskId: string;
  assetId: string;
  mapId: string;
  ditavalId: string;
  targetId: string;
  startedMs: number;
  isCancelled: boolean;
  /** Where the normalised file would lie on the server. */
  path: string;
  logPath: string;
};

/** What keeps previews and knows the time. */
export type PreviewHost = { ditaPreviews: Map<string, DitaPreview>; knobs: Knobs; now: () => Date };

/** A preview takes as long as this many steps of the publishing queue. */
const TICKS_PER_PREVIEW = 4;

export function startPreview(
  host: PreviewHost,
  order: Pick<DitaPreview, 'assetId' | 'mapId' | 'ditavalId' | 'targetId'>,
): DitaPreview {
  const taskId = randomUUID();
  const preview: DitaPreview = {
    ...order,
    taskId,
    startedMs: host.now().getTime(),
    isCancelled: false,
    path: `dita-preview/${taskId}/out.dita`,
    logPath: `dita-preview/${taskId}/log.txt`,
  };
  host.ditaPreviews.set(keyOf(order), preview);
  return preview;
}

/** The newest preview of a file in a context. */
export function findPreview(
  host: PreviewHost,
  order: Pick<DitaPreview, 'assetId' | 'mapId' | 'ditavalId' | 'targetId'>,
): DitaPreview | null {
  return host.ditaPreviews.get(keyOf(order)) ?? null;
}

export function isRunning(host: PreviewHost, preview: DitaPreview): boolean {
  const endsMs = preview.startedMs + TICKS_PER_PREVIEW * host.knobs.publishTickMs;
  return !preview.isCancelled && host.now().getTime() < endsMs;
}

/** The finished previews of a file in a map. */
export function previewsOf(host: PreviewHost, assetId: string, mapId: string): DitaPreview[] {
  return [...host.ditaPreviews.values()].filter(
    (preview) =>
      preview.assetId === assetId && preview.mapId === mapId && !preview.isCancelled && !isRunning(host, preview),
  );
}

/** Throws away what was made for a file. @returns false when there was nothing. */
export function dropPreviews(host: PreviewHost, assetId: string, targetId: string): boolean {
  const doomed = [...host.ditaPreviews].filter(
    ([, preview]) => preview.assetId === assetId && (targetId === '' || preview.targetId === targetId),
  );
  for (const [key] of doomed) host.ditaPreviews.delete(key);
  return doomed.length > 0;
}

function keyOf(order: Pick<DitaPreview, 'assetId' | 'mapId' | 'ditavalId' | 'targetId'>): string {
  return [order.assetId, order.mapId, order.ditavalId, order.targetId].join(' ');
}
