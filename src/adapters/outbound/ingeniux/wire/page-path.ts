import { z } from 'zod';
import type { OutlineNode, PagePath } from '../../../../domain/model/content-item.ts';
import { compact, id, listOf, optionalText, text } from './values.ts';

/** `PageMapModel`. */
export const pagePath = z
  .object({ ContentId: id, Path: text, HistoricalPaths: listOf(z.object({ Path: text })) })
  .transform(
    (wire): PagePath => ({
      pageId: wire.ContentId,
      path: wire.Path,
      formerPaths: wire.HistoricalPaths.map((former) => former.Path).filter((path) => path !== ''),
    }),
  );

/** `SimpleCacheItemModel`. */
export const outlineNode = z
  .object({ Id: id, Name: text, ParentId: optionalText })
  .transform((wire): OutlineNode => compact({ id: wire.Id, name: wire.Name, parentId: wire.ParentId }));
