import { z } from 'zod';
import type { ContentItem } from '../../domain/model/content-item.ts';

/** What every answer says of an item. Never the raw CMS payload. */
export const itemView = z.object({
  id: z.string(),
  kind: z.enum(['page', 'component', 'folder', 'asset', 'asset_folder']),
  name: z.string(),
  path: z.string().optional().describe('Names from the root down'),
  schema: z.string().optional(),
  version: z.int().describe('Newest checked-in version; 0 = never checked in'),
  checked_out: z.boolean(),
  assigned_to: z.string().optional(),
  marked_for: z.array(z.string()).optional().describe('Publishing target ids'),
  modified_at: z.string().optional(),
});
export type ItemView = z.infer<typeof itemView>;

/** `path` is the names from the root down, where the caller knows them. */
export function viewItem(item: ContentItem, path?: string): ItemView {
  return {
    id: item.id,
    kind: item.kind,
    name: item.name,
    ...(path === undefined ? {} : { path }),
    ...(item.schema === undefined ? {} : { schema: item.schema.name }),
    version: item.version,
    checked_out: item.checkedOut,
    ...(item.assignedTo === undefined ? {} : { assigned_to: item.assignedTo.name }),
    ...(item.markedTargetIds.length === 0 ? {} : { marked_for: [...item.markedTargetIds] }),
    ...(item.modifiedAt === undefined ? {} : { modified_at: item.modifiedAt }),
  };
}

/** One item of a receipt: what it was before and is now. */
export const changedItem = z.object({
  id: z.string(),
  name: z.string(),
  kind: itemView.shape.kind,
  version_before: z.int().optional(),
  version_after: z.int().optional(),
  checked_out: z.boolean(),
});

/** The call that goes on from here. */
export const nextCall = z.object({ tool: z.string(), input: z.record(z.string(), z.unknown()) });

/** What a write answers: what changed, read back from the CMS; what it touches; how to undo it. */
export const receiptView = z.object({
  changed: z.array(changedItem),
  undo: z.enum(['possible', 'partial', 'no']),
  undo_hint: z.string().optional(),
  warnings: z.array(z.string()),
});

export function viewChanged(before: ContentItem | undefined, after: ContentItem): z.infer<typeof changedItem> {
  return {
    id: after.id,
    name: after.name,
    kind: after.kind,
    ...(before === undefined ? {} : { version_before: before.version }),
    version_after: after.version,
    checked_out: after.checkedOut,
  };
}
