import { canRead, hasFullAccess, hasRight } from '../cms/access.ts';
import type { Actor } from '../cms/actor.ts';
import { rightOf } from '../cms/check-out.ts';
import { holdsWorkingCopy, nameOf } from '../cms/content.ts';
import { type AnyItem, ancestorsOf, isPage, isRecycled } from '../cms/tree.ts';
import { allowedTransitions } from '../cms/workflow.ts';

/** `ContentItemContextModel` of the contract: what the caller may do with an item now. */
export function contentContext(actor: Actor, item: AnyItem) {
  const { state, user } = actor;
  const recycled = isRecycled(state, item);
  const full = hasFullAccess(actor, item);
  return {
    Id: item.id,
    Name: nameOf(item),
    Recycled: recycled,
    IsFullAccess: full,
    IsReadAccess: canRead(actor, item),
    IsEditable: full && holdsWorkingCopy(state, user, item),
    WorkflowId: item.workflow?.id ?? null,
    CanCopy: canRead(actor, item) && !recycled,
    CanParentRegionRoots: isPage(item) ? item.canParentRegionRoots : false,
    CanMarkForPublish: full && !recycled && item.versions.length > 0 && hasRight(state, user, rightOf(item, 'mark')),
    LanguageRootId: languageRootId(actor, item),
    MarkedForPublishPropagated: false,
    CheckedOut: item.checkedOut !== null,
    AllowedTransitions: full
      ? allowedTransitions(actor, item).map(({ id, name, isDefault }) => ({ Id: id, Name: name, IsDefault: isDefault }))
      : [],
  };
}

function languageRootId(actor: Actor, item: AnyItem): string | null {
  if (!isPage(item)) return null;
  const line = [...ancestorsOf(actor.state, item), item].filter(isPage);
  return line.findLast((page) => page.isRegionRoot)?.id ?? actor.state.rootPageId;
}
