import { accessRefused, invalidArgument, invalidOperation } from '../exceptions.ts';
import type { PublishingTarget, PublishLog, PublishLogEntry, PublishTask, SandboxState } from '../model.ts';
import { groupsOf, hasRight, isAdministrator } from './access.ts';
import type { Actor } from './actor.ts';
import { collectionOf } from './dita-content.ts';
import { contentForReferences, referencesIn } from './references.ts';
import { startReplication } from './replication.ts';
import { recordLine } from './system-log.ts';
import {
  type AnyItem,
  descendantAssets,
  descendantPages,
  findItem,
  isAsset,
  isPage,
  isRecycled,
  isWithin,
} from './tree.ts';

/** A publish someone asked for. */
export type PublishOrder = Pick<
  PublishTask,
  'targetId' | 'rootItemId' | 'includeChildren' | 'incremental' | 'forcedIncremental'
> &
  Partial<Pick<PublishTask, 'dita'>>;

/** A publish takes about this many ticks, however many items it has. */
const TICKS_PER_PUBLISH = 8;

const MAX_LOGS = 500;

/** @throws CmsException when the target is unknown, or the caller may not publish to it. */
export function assertMayPublish(actor: Actor, targetId: string, item: AnyItem | null): PublishingTarget {
  const target = targetOf(actor.state, targetId);
  const rights = item && !isPage(item) ? PUBLISH_RIGHTS.asset : PUBLISH_RIGHTS.page;
  if (!rights.some((right) => hasRight(actor.state, actor.user, right))) {
    throw accessRefused(`User ${actor.user.userId} does not have the right to publish.`);
  }
  const mayUse =
    target.groupIds.length === 0 ||
    isAdministrator(actor.state, actor.user) ||
    groupsOf(actor.state, actor.user).some((group) => target.groupIds.includes(group.id));
  if (!mayUse) throw accessRefused(`User ${actor.user.userId} may not publish to ${target.name}.`);
  if (item && isRecycled(actor.state, item)) throw invalidOperation(`${item.id} is in the Recycle Folder.`);
  return target;
}

const PUBLISH_RIGHTS = {
  page: ['IGX_USER_RIGHT_PUBLISH', 'IGX_USER_RIGHT_PUBLISH_INCREMENTAL'],
  asset: ['IGX_USER_RIGHT_ASSET_PUBLISH', 'IGX_USER_RIGHT_PUBLISH', 'IGX_USER_RIGHT_PUBLISH_INCREMENTAL'],
} as const;

/** Puts a publish at the end of the queue; the queue works one task after the other. */
export function submitPublish(actor: Actor, order: PublishOrder): PublishTask {
  const { state } = actor;
  state.counters.publishTask += 1;
  const task: PublishTask = {
    dita: null,
    ...order,
    id: `PublishingTasks/${state.counters.publishTask}`,
    submitUserId: actor.user.id,
    submitTime: actor.now,
    startTime: null,
    remaining: [],
    totalCount: 0,
    entries: [],
  };
  state.publishing.queue.push(task);
  return task;
}

/**
 * One tick of the queue: starts the first task, publishes a share of its items, or writes the log of the finished
 * one. @returns false when there is nothing left to do.
 */
export function publishTick(state: SandboxState, now: string): boolean {
  const task = state.publishing.queue[0];
  if (!task) return false;
  if (task.startTime === null) {
    task.startTime = now;
    task.remaining = itemsToPublish(state, task, now);
    task.totalCount = task.remaining.length;
    return true;
  }
  if (task.remaining.length === 0) {
    finish(state, task, now);
    return state.publishing.queue.length > 0;
  }
  const share = Math.max(1, Math.ceil(task.totalCount / TICKS_PER_PUBLISH));
  for (const id of task.remaining.splice(0, share)) task.entries.push(publishItem(state, task, id, now));
  return true;
}

/**
 * The ids a publish would work on: what it sends out and what it takes off the target.
 * Full: every marked item of the scope. Incremental: those whose marked version is not the one that is live.
 * Forced incremental: the given item in any case. Dependent components and assets go along when they changed.
 */
export function itemsToPublish(state: SandboxState, order: PublishOrder, now: string): string[] {
  const scope = scopeOf(state, order);
  const chosen = scope.filter(
    (item) =>
      (order.forcedIncremental && item.id === order.rootItemId) ||
      (order.incremental ? isChanged(item, order.targetId, now) : isMarkedOrLive(item, order.targetId)),
  );
  const alongside = order.rootItemId === null ? [] : chosen.flatMap((item) => dependenciesOf(state, item));
  const changedAlongside = alongside.filter(
    (item) => isChanged(item, order.targetId, now) && order.targetId in item.marks,
  );
  return [...new Set([...chosen, ...changedAlongside].map((item) => item.id))];
}

/** @throws CmsException (ArgumentException) for an unknown id. */
export function targetOf(state: SandboxState, targetId: string): PublishingTarget {
  const target = state.publishingTargets.find((candidate) => candidate.id === targetId);
  if (!target) throw invalidArgument(`There is no publishing target ${targetId}.`, 'publishingTargetId');
  return target;
}

function scopeOf(state: SandboxState, order: PublishOrder): AnyItem[] {
  if (order.rootItemId === null) {
    const root = state.pages[targetOf(state, order.targetId).rootPageId];
    const pages = root ? [root, ...descendantPages(state, root.id)] : [];
    // What was recycled leaves the tree of the target, but still has to be taken off it.
    const recycled = descendantPages(state, state.recycleFolderId);
    return [...pages, ...recycled, ...Object.values(state.assets)];
  }
  const folder = state.assetFolders[order.rootItemId];
  if (folder) return descendantAssets(state, folder.id).filter(isAsset);
  const item = findItem(state, order.rootItemId);
  if (!item) return [];
  if (order.dita && isAsset(item)) return collectionOf(state, item);
  return order.includeChildren && isPage(item) ? [item, ...descendantPages(state, item.id)] : [item];
}

/** True when what is live is not what a publish would leave behind. */
function isChanged(item: AnyItem, targetId: string, now: string): boolean {
  const wanted = isOutOfLifetime(item, now) ? undefined : item.marks[targetId]?.version;
  return wanted !== item.published[targetId]?.version;
}

function isMarkedOrLive(item: AnyItem, targetId: string): boolean {
  return targetId in item.marks || targetId in item.published;
}

/** The components and assets that a page's content embeds. */
function dependenciesOf(state: SandboxState, item: AnyItem): AnyItem[] {
  return referencesIn(state, item, contentForReferences(item))
    .map((reference) => (reference.targetId === null ? null : findItem(state, reference.targetId)))
    .filter((found): found is AnyItem => found !== null && (!isPage(found) || found.isComponent));
}

function publishItem(state: SandboxState, task: PublishTask, id: string, now: string): PublishLogEntry {
  const item = findItem(state, id);
  const target = targetOf(state, task.targetId);
  const kind = item && !isPage(item) ? 'asset' : 'page';
  const failed = (error: string): PublishLogEntry => ({ itemId: id, kind, success: false, error, message: null });
  const done = (message: string): PublishLogEntry => ({ itemId: id, kind, success: true, error: null, message });
  if (!item) return failed(`${id} no longer exists.`);
  const marked = item.marks[task.targetId];
  if (!marked || isRecycled(state, item) || isOutOfLifetime(item, now)) {
    if (!(task.targetId in item.published)) return failed(`${id} is not marked for ${target.name}.`);
    delete item.published[task.targetId];
    return done(`Removed from ${target.name}.`);
  }
  if (isPage(item) && !isWithin(state, item, target.rootPageId) && !item.isComponent) {
    return failed(`${id} lies outside of the root page of ${target.name}.`);
  }
  if (!item.versions.some((version) => version.number === marked.version)) {
    return failed(`Version ${marked.version} of ${id} no longer exists.`);
  }
  item.published[task.targetId] = { version: marked.version, time: now };
  const formats = task.dita && item.id === task.rootItemId ? ` as ${task.dita.formats.join(', ') || 'source'}` : '';
  return done(`Version ${marked.version} published to ${target.name}${formats}.`);
}

function isOutOfLifetime(item: AnyItem, now: string): boolean {
  const at = Date.parse(now);
  const beforeStart = item.startDate !== null && at < Date.parse(item.startDate);
  const afterEnd = item.endDate !== null && at > Date.parse(item.endDate);
  return beforeStart || afterEnd;
}

function finish(state: SandboxState, task: PublishTask, now: string): void {
  state.publishing.queue.shift();
  state.counters.publishLog += 1;
  const nothing = task.totalCount === 0 ? 'Nothing to publish: no item changed since the last publish.' : null;
  const log: PublishLog = {
    id: `PublishCompletionLogs/${state.counters.publishLog}`,
    taskId: task.id,
    targetId: task.targetId,
    error: nothing,
    submitTime: task.submitTime,
    startTime: task.startTime ?? now,
    completionTime: now,
    submitUserId: task.submitUserId,
    incremental: task.incremental,
    forcedIncremental: task.forcedIncremental,
    entries: task.entries,
    replication: null,
  };
  const result = nothing ?? `${task.entries.filter(({ success }) => success).length} of ${task.totalCount} items done.`;
  recordLine(state, now, nothing === null ? 'Info' : 'Warning', `${task.id} to ${task.targetId} ended: ${result}`);
  startReplication(state, log, now);
  state.publishing.logs.unshift(log);
  state.publishing.logs.length = Math.min(state.publishing.logs.length, MAX_LOGS);
  const target = targetOf(state, task.targetId);
  if (task.entries.some((entry) => entry.kind === 'page' && entry.success)) target.lastPublished = now;
  if (task.entries.some((entry) => entry.kind === 'asset' && entry.success)) target.lastAssetPublish = now;
}
