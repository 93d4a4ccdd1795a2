import { z } from 'zod';
import type { ItemContext } from '../../../../domain/model/content-item.ts';
import { compact, flag, id, listOf, optionalText, text } from './values.ts';

/** `PageContextModel` and `AssetContextModel`. */
export const itemContext = z
  .object({
    Id: id,
    Recycled: flag,
    IsFullAccess: flag,
    IsReadAccess: flag,
    IsEditable: flag,
    CanCopy: flag,
    CanMarkForPublish: flag,
    CheckedOut: flag,
    WorkflowId: optionalText,
    AllowedTransitions: listOf(z.object({ Id: id, Name: text, IsDefault: flag })),
  })
  .transform(
    (wire): ItemContext =>
      compact({
        id: wire.Id,
        recycled: wire.Recycled,
        fullAccess: wire.IsFullAccess,
        readAccess: wire.IsReadAccess,
        editable: wire.IsEditable,
        canCopy: wire.CanCopy,
        canMark: wire.CanMarkForPublish,
        checkedOut: wire.CheckedOut,
        workflowId: wire.WorkflowId,
        transitions: wire.AllowedTransitions.map(({ Id, Name, IsDefault }) => ({
          id: Id,
          name: Name,
          isDefault: IsDefault,
        })),
      }),
  );
