import { accessRefused, CmsException, invalidArgument, invalidOperation } from '../exceptions.ts';
import type { Knobs } from '../knobs.ts';
import type { UserRight } from '../model.ts';
import { groupsOf, hasRight, requireFullAccess, requireRight } from './access.ts';
import { recordActivity } from './activity.ts';
import type { Actor } from './actor.ts';
import { emptyRequiredField, latestVersion, nameOf, schemaOf } from './content.ts';
import { type AnyItem, descendantAssets, descendantPages, isAsset, isPage, isRecycled } from './tree.ts';

/**
 * Checks an item out to the caller. An item that is out already stays as it is, whoever has it.
 * @throws CmsException when the caller may not.
 */
export function checkOut(actor: Actor, item: AnyItem): void {
  if (item.checkedOut) return;
  requireRight(actor, rightOf(item, 'checkOut'));
  requireFullAccess(actor, item);
  refuseRecycled(actor, item);
  const isForeign = item.assignedUserId !== null && item.assignedUserId !== actor.user.id;
  if (isForeign && !hasRight(actor.state, actor.user, rightOf(item, 'assign'))) {
    throw invalidOperation(`${item.id} is assigned to another user, and the caller may not reassign items.`);
  }
  if (item.workflow && !isInWorkflowGroup(actor, item)) {
    throw invalidOperation(`${item.id} is in a workflow, and the caller is not in its current group.`);
  }
  const latest = latestVersion(item);
  if (!latest) throw new Error(`The state holds no content of ${item.id}.`);
  item.checkedOut = {
    userId: actor.user.id,
    since: actor.now,
    name: latest.name,
    elements: structuredClone(latest.elements),
    file: latest.file === null ? null : { ...latest.file },
  };
  item.assignedUserId = actor.user.id;
  item.assignedGroupId = null;
  touch(actor, item);
  recordActivity(actor, 'Check out', nameOf(item));
}

/** What a check-in asks for. */
export type CheckInOrder = {
  /** Targets that are marked with the newest version; others keep the version they have. */
  targetIds: string[];
  comment: string;
};

/** @throws CmsException when the check-in would be refused; nothing is changed. */
export function assertCanCheckIn(actor: Actor, item: AnyItem, order: CheckInOrder, knobs: Knobs): void {
  requireFullAccess(actor, item);
  for (const targetId of order.targetIds) {
    if (!actor.state.publishingTargets.some((target) => target.id === targetId)) {
      throw invalidArgument(`There is no publishing target ${targetId}.`, 'PublishingTargetIds');
    }
  }
  if (order.targetIds.length > 0) {
    requireRight(actor, rightOf(item, 'mark'));
    refuseRecycled(actor, item);
  }
  if (!item.checkedOut) return;
  requireRight(actor, rightOf(item, 'checkOut'));
  const isForeign = item.assignedUserId !== null && item.assignedUserId !== actor.user.id;
  if (isForeign && !hasRight(actor.state, actor.user, rightOf(item, 'checkInOthers'))) {
    throw accessRefused(`${item.id} is assigned to another user, and the caller may not check in items of others.`);
  }
  if (knobs.requireCheckinComments && order.comment.trim() === '') {
    throw invalidOperation('A check-in comment is required on this site.');
  }
  const schema = schemaOf(actor.state, item);
  const empty = emptyRequiredField(schema, item.checkedOut.elements);
  if (empty) {
    throw new CmsException('ContentFieldFieldValidationException', `The field "${empty.label}" must have a value.`, {
      PageID: item.id,
      FieldName: empty.name,
      FieldLabel: empty.label,
    });
  }
}

/** Checks in and marks. A checked-in item is only marked, which is how this API marks. Assert first. */
export function checkIn(actor: Actor, item: AnyItem, order: CheckInOrder): void {
  const copy = item.checkedOut;
  if (copy) {
    item.versions.push({
      number: (latestVersion(item)?.number ?? 0) + 1,
      name: copy.name,
      date: actor.now,
      userId: actor.user.id,
      comment: order.comment,
      schemaVersion: schemaOf(actor.state, item).version,
      masterVersion: masterVersionOf(actor, item),
      elements: copy.elements,
      file: copy.file,
    });
    item.checkedOut = null;
    if (!item.workflow) {
      item.assignedUserId = null;
      item.assignedGroupId = null;
    }
    touch(actor, item);
    recordActivity(actor, 'Check in', nameOf(item));
  }
  for (const targetId of order.targetIds) mark(item, targetId);
}

/** Marks an item's newest version for a target. @throws CmsException for an item that was never checked in. */
export function mark(item: AnyItem, targetId: string): void {
  const latest = latestVersion(item);
  if (!latest) throw invalidOperation(`${item.id} has no current version, so it cannot be marked for publish.`);
  item.marks[targetId] = { version: latest.number };
}

/** Drops the working copy. @throws CmsException for an item without any version. */
export function undoCheckOut(actor: Actor, item: AnyItem): void {
  if (!item.checkedOut) return;
  if (!latestVersion(item)) throw invalidOperation(`${item.id} was never checked in; undoing would leave nothing.`);
  item.checkedOut = null;
  if (!item.workflow) {
    item.assignedUserId = null;
    item.assignedGroupId = null;
  }
  touch(actor, item);
}

/** The item and, when asked, everything below it. */
export function withDescendants(actor: Actor, item: AnyItem, recursive: boolean): AnyItem[] {
  if (!recursive) return [item];
  if (isPage(item)) return [item, ...descendantPages(actor.state, item.id)];
  return [item, ...descendantAssets(actor.state, item.id).filter(isAsset)];
}

/** Notes who changed an item and when. */
export function touch(actor: Actor, entity: { lastModified: string; lastModifiedBy: string }): void {
  entity.lastModified = actor.now;
  entity.lastModifiedBy = actor.user.id;
}

/** The rights for the same act differ between pages and assets. */
const RIGHTS = {
  checkOut: ['IGX_USER_RIGHT_CHECKIN_CHECKOUT', 'IGX_USER_RIGHT_ASSET_CHECKIN_CHECKOUT'],
  checkInOthers: ['IGX_USER_RIGHT_CHECKIN_OTHERS', 'IGX_USER_RIGHT_ASSET_CHECKIN_OTHERS'],
  mark: ['IGX_USER_RIGHT_MARK', 'IGX_USER_RIGHT_ASSET_MARK'],
  assign: ['IGX_USER_RIGHT_ASSIGNMENT', 'IGX_USER_RIGHT_ASSET_ASSIGNMENT'],
  transition: ['IGX_USER_RIGHT_TRANSITION', 'IGX_USER_RIGHT_ASSET_TRANSITION'],
  publish: ['IGX_USER_RIGHT_PUBLISH', 'IGX_USER_RIGHT_ASSET_PUBLISH'],
} as const satisfies Record<string, readonly [UserRight, UserRight]>;

/** The right an act needs on this kind of item. */
export function rightOf(item: AnyItem, act: keyof typeof RIGHTS): UserRight {
  return RIGHTS[act][isPage(item) ? 0 : 1];
}

/** True when the item's workflow lets the caller's groups work on it. */
export function isInWorkflowGroup(actor: Actor, item: AnyItem): boolean {
  const groupId = item.workflow?.groupId ?? null;
  if (groupId === null || hasRight(actor.state, actor.user, 'IGX_USER_RIGHT_ADMIN')) return true;
  return groupsOf(actor.state, actor.user).some((group) => group.id === groupId);
}

function refuseRecycled(actor: Actor, item: AnyItem): void {
  if (isRecycled(actor.state, item)) throw invalidOperation(`${item.id} is in the Recycle Folder.`);
}

function masterVersionOf(actor: Actor, item: AnyItem): number {
  if (!isPage(item) || !item.lingual || item.lingual.masterId === item.id) return 0;
  const master = actor.state.pages[item.lingual.masterId];
  return master ? (latestVersion(master)?.number ?? 0) : 0;
}
