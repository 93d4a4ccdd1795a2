import { randomUUID } from 'node:crypto';
import type { SandboxState } from '../model.ts';
import { itemsToPublish, type PublishOrder } from './publishing.ts';
import { findItem, isPage } from './tree.ts';

/** A computed list of what a publish would send; kept in memory for a while. */
export type PreviewTask = {
  id: string;
  order: PublishOrder;
  sitePublish: boolean;
  submitTime: string;
  submitUserId: string;
  pages: { id: string; version: number }[];
  assets: { id: string; version: number }[];
};

const MAX_PREVIEWS = 200;

/** Works out a publish without doing it. */
export function openPreview(
  previews: Map<string, PreviewTask>,
  state: SandboxState,
  order: PublishOrder,
  about: { sitePublish: boolean; submitTime: string; submitUserId: string },
): PreviewTask {
  const items = itemsToPublish(state, order, about.submitTime)
    .map((id) => findItem(state, id))
    .filter((item) => item !== null)
    .filter((item) => order.targetId in item.marks);
  const entryOf = (item: (typeof items)[number]) => ({
    id: item.id,
    version: item.marks[order.targetId]?.version ?? 0,
  });
  const task: PreviewTask = {
    id: randomUUID(),
    order,
    ...about,
    pages: items.filter(isPage).map(entryOf),
    assets: items.filter((item) => !isPage(item)).map(entryOf),
  };
  previews.set(task.id, task);
  const oldest = previews.keys().next().value;
  if (previews.size > MAX_PREVIEWS && oldest !== undefined) previews.delete(oldest);
  return task;
}
