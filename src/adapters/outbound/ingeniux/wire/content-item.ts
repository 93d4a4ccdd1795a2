import { z } from 'zod';
import type { Assignee, ContentItem, ItemKind, SchemaReference } from '../../../../domain/model/content-item.ts';
import { compact, count, flag, id, listOf, optionalText, text, texts, time } from './values.ts';

/** What `PageModel`, `AssetItemModel`, `AssetFolderModel` and their relatives have in common, and what each adds. */
export const contentItemShape = {
  Id: id,
  Name: text,
  ParentId: optionalText,
  ChildrenCount: count,
  Type: optionalText,
  IsComponent: flag,
  SchemaId: optionalText,
  SchemaName: optionalText,
  SchemaDisplayName: optionalText,
  Version: count,
  CheckedOut: flag,
  AssignedUserId: optionalText,
  AssignedUserName: optionalText,
  AssignedGroupId: optionalText,
  AssignedGroupName: optionalText,
  MarkedTargetIds: texts,
  Locale: optionalText,
  LingualMaps: z
    .object({ Master: z.object({ Id: id }), Clones: listOf(z.object({ Id: id, Locale: text })) })
    .optional()
    .catch(undefined),
  Categorization: texts,
  SecurityLevel: z.union([z.string(), z.number()]).optional().catch(undefined),
  Created: time,
  CreationUser: optionalText,
  LastModified: time,
  LastModifiedUser: optionalText,
  ByteSize: count,
  MimeType: optionalText,
};

const wireItem = z.object(contentItemShape);
type WireItem = z.output<typeof wireItem>;

export const contentItem = wireItem.transform(toContentItem);

export function toContentItem(wire: WireItem): ContentItem {
  const kind = kindOf(wire);
  return compact({
    id: wire.Id,
    kind,
    name: wire.Name,
    parentId: wire.ParentId,
    childrenCount: wire.ChildrenCount,
    schema: schemaOf(wire),
    version: wire.Version,
    checkedOut: wire.CheckedOut,
    assignedTo: assigneeOf(wire),
    markedTargetIds: wire.MarkedTargetIds,
    locale: wire.Locale,
    translations:
      wire.LingualMaps === undefined
        ? undefined
        : {
            masterId: wire.LingualMaps.Master.Id,
            clones: wire.LingualMaps.Clones.map((clone) => ({ id: clone.Id, locale: clone.Locale })),
          },
    categoryIds: wire.Categorization,
    access: accessLevels[String(wire.SecurityLevel)] ?? 'read',
    createdAt: wire.Created,
    createdBy: wire.CreationUser,
    modifiedAt: wire.LastModified,
    modifiedBy: wire.LastModifiedUser,
    file:
      kind === 'asset' ? compact({ fileName: wire.Name, byteSize: wire.ByteSize, mimeType: wire.MimeType }) : undefined,
  });
}

/** Ids of assets and of their folders begin so (contract section 7). */
export const isAssetId = (itemId: string): boolean => /^af?\//.test(itemId);

/** The built-in schema of site folders (contract section 7). */
const folderSchemaId = 'Schema_Folder';

/** The kind of an item, from its id first: not every model has the other properties. */
export function kindOf(item: {
  readonly Id: string;
  readonly Type?: string | undefined;
  readonly IsComponent?: boolean;
  readonly SchemaId?: string | undefined;
}): ItemKind {
  if (item.Id.startsWith('af/') || item.Type === 'AssetFolder') return 'asset_folder';
  if (item.Id.startsWith('a/') || item.Type === 'Asset') return 'asset';
  if (item.IsComponent === true) return 'component';
  return item.SchemaId === folderSchemaId ? 'folder' : 'page';
}

/** `EnumNodeLevelPermission`, by name and by number. */
const accessLevels: Readonly<Record<string, ContentItem['access']>> = {
  NO_ACCESS: 'none',
  READ_ONLY: 'read',
  FULL_ACCESS: 'full',
  '0': 'none',
  '1': 'read',
  '2': 'full',
};

function schemaOf(wire: WireItem): SchemaReference | undefined {
  if (wire.SchemaId === undefined) return undefined;
  const name = wire.SchemaName ?? wire.SchemaId;
  return { id: wire.SchemaId, name, label: wire.SchemaDisplayName ?? name };
}

function assigneeOf(wire: WireItem): Assignee | undefined {
  if (wire.AssignedUserId !== undefined) {
    return { kind: 'user', id: wire.AssignedUserId, name: wire.AssignedUserName ?? wire.AssignedUserId };
  }
  if (wire.AssignedGroupId === undefined) return undefined;
  return { kind: 'group', id: wire.AssignedGroupId, name: wire.AssignedGroupName ?? wire.AssignedGroupId };
}
