import { z } from 'zod';
import type { ContentItem } from '../../../../domain/model/content-item.ts';
import type { NamedItem, SearchHit } from '../../../../domain/ports/cms/search.ts';
import { contentItemShape, kindOf, toContentItem } from './content-item.ts';
import { compact, count, flag, id, listOf, optionalText, text, time } from './values.ts';

/** `RankedSearchResultEntry`. */
export const searchHit = z
  .object({ ...contentItemShape, Rank: count, Recycled: flag })
  .transform((wire): SearchHit => ({ ...toContentItem(wire), rank: wire.Rank, recycled: wire.Recycled }));

/** `ContentItemMetadataModel`. */
export const namedItem = z
  .object({
    Id: id,
    ContentId: optionalText,
    Name: text,
    Type: optionalText,
    IsComponent: flag,
    Path: listOf(z.object({ Name: text })),
  })
  .transform((wire): NamedItem => {
    const itemId = wire.ContentId ?? wire.Id;
    const names = wire.Path.map((node) => node.Name);
    return {
      id: itemId,
      name: wire.Name,
      kind: wire.Type === 'ContentAlias' || wire.Type === 'Other' ? 'other' : kindOf({ ...wire, Id: itemId }),
      path: names.at(-1) === wire.Name ? names : [...names, wire.Name],
    };
  });

/** `SchemaUsageResult`: less than an item, so that what it does not tell has the value of the unknown. */
export const schemaUser = z
  .object({
    Id: id,
    Name: text,
    ContentType: optionalText,
    SchemaId: optionalText,
    RootName: optionalText,
    CheckedOut: flag,
    AssignedUser: optionalText,
    AssignedGroup: optionalText,
    Created: time,
    CreationUser: optionalText,
    LastModified: time,
    LastModifiedUser: optionalText,
  })
  .transform(
    (wire): ContentItem =>
      compact({
        id: wire.Id,
        kind: kindOf({ Id: wire.Id, Type: wire.ContentType, SchemaId: wire.SchemaId }),
        name: wire.Name,
        childrenCount: 0,
        schema:
          wire.SchemaId === undefined
            ? undefined
            : { id: wire.SchemaId, name: wire.RootName ?? wire.SchemaId, label: wire.RootName ?? wire.SchemaId },
        version: 0,
        checkedOut: wire.CheckedOut,
        assignedTo: assignee(wire.AssignedUser, wire.AssignedGroup),
        markedTargetIds: [],
        categoryIds: [],
        access: 'read' as const,
        createdAt: wire.Created,
        createdBy: wire.CreationUser,
        modifiedAt: wire.LastModified,
        modifiedBy: wire.LastModifiedUser,
      }),
  );

function assignee(user: string | undefined, group: string | undefined): ContentItem['assignedTo'] {
  if (user !== undefined) return { kind: 'user', id: user, name: user };
  return group === undefined ? undefined : { kind: 'group', id: group, name: group };
}

/** `ReportEntry`: one field that holds the searched text. */
export const reportEntry = z.object({
  Id: id,
  ContentId: text,
  ContentName: text,
  Name: text,
  FullValue: text,
  FoundValue: text,
  IsCheckedIn: flag,
  LastModifiedDate: time,
});

/** `ReportStatusResponse`. */
export const reportStatus = z.object({ Success: flag, Complete: flag, ProgressPercentage: count });

/** `SearchReportModel`. */
export const reportStarted = z.object({ ReportId: id });
