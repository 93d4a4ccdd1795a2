import type { PublishLog } from '../../domain/model/publishing.ts';
import type { CmsPublishing } from '../../domain/ports/cms/publishing.ts';

/** Logs of one target whose entries are read to tell what is live; each costs a call. */
const logsMax = 5;

/** The newest finished publishes of a target with their entries, out of those that the monitor lists. */
export async function readPublishLogs(
  targetId: string,
  recent: readonly PublishLog[],
  publishing: CmsPublishing,
): Promise<readonly PublishLog[]> {
  const own = recent.filter((log) => log.targetId === targetId).slice(0, logsMax);
  const read = await Promise.all(own.map((log) => publishing.log(log.id)));
  return read.filter((log) => log !== undefined);
}
