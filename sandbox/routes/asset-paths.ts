import { assetPath } from '../cms/structured-urls.ts';
import type { AssetItem, SandboxState } from '../model.ts';

/** The asset at a path of folder names, with or without a slash in front and in any case. */
export function assetByPath(state: SandboxState, path: string): AssetItem | null {
  const wanted = path.replace(/^\/+|\/+$/g, '').toLowerCase();
  return Object.values(state.assets).find((asset) => assetPath(state, asset).toLowerCase() === wanted) ?? null;
}
