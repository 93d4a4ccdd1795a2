import { randomUUID } from 'node:crypto';
import type { Runtime } from '../runtime.ts';

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

/** A preview takes as long as this many steps of the publishing queue. */
const TICKS_PER_PREVIEW = 4;

export function startPreview(
  runtime: Runtime,
  order: Pick<DitaPreview, 'assetId' | 'mapId' | 'ditavalId' | 'targetId'>,
): DitaPreview {
  const taskId = randomUUID();
  const preview: DitaPreview = {
    ...order,
    taskId,
    startedMs: runtime.now().getTime(),
    isCancelled: false,
    path: `dita-preview/${taskId}/out.dita`,
    logPath: `dita-preview/${taskId}/log.txt`,
  };
  runtime.ditaPreviews.set(keyOf(order), preview);
  return preview;
}

/** The newest preview of a file in a context. */
export function findPreview(
  runtime: Runtime,
  order: Pick<DitaPreview, 'assetId' | 'mapId' | 'ditavalId' | 'targetId'>,
): DitaPreview | null {
  return runtime.ditaPreviews.get(keyOf(order)) ?? null;
}

export function isRunning(runtime: Runtime, preview: DitaPreview): boolean {
  const endsMs = preview.startedMs + TICKS_PER_PREVIEW * runtime.knobs.publishTickMs;
  return !preview.isCancelled && runtime.now().getTime() < endsMs;
}

/** The finished previews of a file in a map. */
export function previewsOf(runtime: Runtime, assetId: string, mapId: string): DitaPreview[] {
  return [...runtime.ditaPreviews.values()].filter(
    (preview) =>
      preview.assetId === assetId && preview.mapId === mapId && !preview.isCancelled && !isRunning(runtime, preview),
  );
}

/** Throws away what was made for a file. @returns false when there was nothing. */
export function dropPreviews(runtime: Runtime, assetId: string, targetId: string): boolean {
  const doomed = [...runtime.ditaPreviews].filter(
    ([, preview]) => preview.assetId === assetId && (targetId === '' || preview.targetId === targetId),
  );
  for (const [key] of doomed) runtime.ditaPreviews.delete(key);
  return doomed.length > 0;
}

function keyOf(order: Pick<DitaPreview, 'assetId' | 'mapId' | 'ditavalId' | 'targetId'>): string {
  return [order.assetId, order.mapId, order.ditavalId, order.targetId].join(' ');
}
