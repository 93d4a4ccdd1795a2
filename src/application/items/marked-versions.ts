import { pageSizeMax } from '../../domain/model/paging.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { itemHistory } from './item-calls.ts';

/** What the version history tells of an item. */
export interface VersionMarks {
  /** The newest checked-in version; 0 before the first check-in. */
  readonly newest: number;
  /** Target id to the version that is marked for it: what the next publish of the target takes. */
  readonly markedFor: ReadonlyMap<string, number>;
}

/** Reads which versions are marked. A mark on a version older than the last hundred is not seen. */
export async function readVersionMarks(id: string, ports: Pick<Ports, 'pages' | 'assets'>): Promise<VersionMarks> {
  const { items } = await itemHistory(id, { startIndex: 0, pageSize: pageSizeMax }, ports);
  const stored = items.filter((version) => !version.isCheckedOutCopy);
  const pairs = stored.flatMap(({ version, targets }) => targets.map((target) => [target.id, version] as const));
  return {
    newest: Math.max(0, ...stored.map(({ version }) => version)),
    // Newest first in the history; in the map the newest has to win.
    markedFor: new Map(pairs.toReversed()),
  };
}
