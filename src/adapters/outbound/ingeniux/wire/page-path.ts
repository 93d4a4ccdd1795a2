import { z } from 'zod';
import type { OutlineNode, PagePath } from '../../../../domain/model/content-item.ts';
import { compact, id, listOf, optionalText, text } from './values.ts';

/** `PageMapModel`. */
export const pagePath = z
  .object({ ContentId: id, Path: text, HistoricalPaths: listOf(z.object({ Path: text })) })
  .transform(
    (wire): PagePath => ({
      pageId: wire.ContentId,
      path: sitePath(wire.Path),
      formerPaths: wire.HistoricalPaths.filter((former) => former.Path !== '').map((former) => sitePath(former.Path)),
    }),
  );

/** The CMS writes paths without a slash in front, and nothing for the home page; people write one. */
function sitePath(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/** `SimpleCacheItemModel`. */
export const outlineNode = z
  .object({ Id: id, Name: text, ParentId: optionalText })
  .transform((wire): OutlineNode => compact({ id: wire.Id, name: wire.Name, parentId: wire.ParentId }));
