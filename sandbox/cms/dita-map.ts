import { CmsException, invalidArgument, invalidOperation } from '../exceptions.ts';
import type { Knobs } from '../knobs.ts';
import type { AssetItem, SandboxState } from '../model.ts';
import { requireFullAccess, requireRead, requireRight } from './access.ts';
import { recordActivity } from './activity.ts';
import type { Actor } from './actor.ts';
import { deleteAssetNodes } from './asset-edit.ts';
import { assertCanCheckIn, checkIn, checkOut } from './check-out.ts';
import { holdsWorkingCopy, latestVersion, nameOf } from './content.ts';
import { collectionOf, ditaKindOf, isDitaMap, ownersOf } from './dita-content.ts';
import { assertMayPublish, submitPublish, targetOf } from './publishing.ts';
import { isRecycled } from './tree.ts';

/** @throws CmsException (ConfigurationErrorsException) where DITA cannot work at all. */
export function requireDita(state: SandboxState): void {
  const missing = !state.dita.javaInstalled
    ? 'Java was not found on the server.'
    : state.publishingTargets.length === 0
      ? 'There is no publishing target.'
      : null;
  if (missing !== null) {
    throw new CmsException('ConfigurationErrorsException', `DITA cannot be used: ${missing}`, {
      BareMessage: missing,
    });
  }
}

/** An asset by the number that DITA models carry, or by its id: `101` and `a/101` are the same. */
export function ditaAsset(state: SandboxState, id: string): AssetItem | undefined {
  return state.assets[/^\d+$/.test(id) ? `a/${id}` : id];
}

/** The number that DITA models carry instead of the id. */
export function ditaNumber(asset: { id: string }): number {
  return Number(asset.id.replace(/^\D+/, ''));
}

/** @throws CmsException (ArgumentException) for everything that is no map. */
export function requireMap(actor: Actor, mapId: string): AssetItem {
  requireDita(actor.state);
  const map = ditaAsset(actor.state, mapId);
  if (!isDitaMap(map)) throw invalidArgument(`There is no DITA map ${mapId}.`, 'mapId');
  requireRead(actor, map);
  return map;
}

/** How many parts of a map somebody other than the caller has checked out. */
export function heldByOthers(actor: Actor, map: AssetItem): AssetItem[] {
  return collectionOf(actor.state, map).filter(
    (asset) => asset.checkedOut && !holdsWorkingCopy(actor.state, actor.user, asset),
  );
}

/** @throws CmsException when the caller may not have one of the parts; none is checked out then. */
export function checkOutMap(actor: Actor, map: AssetItem): void {
  const [foreign] = heldByOthers(actor, map);
  if (foreign) throw invalidOperation(`${nameOf(foreign)} is checked out by another user.`);
  for (const asset of collectionOf(actor.state, map)) checkOut(actor, asset);
}

/** Checks in what the caller holds of a map, and marks the whole of it for the given targets. */
export function checkInMap(actor: Actor, map: AssetItem, targetIds: string[], knobs: Knobs): void {
  const parts = collectionOf(actor.state, map);
  const held = parts.filter((asset) => asset.checkedOut && holdsWorkingCopy(actor.state, actor.user, asset));
  const order = { targetIds: [], comment: '' };
  // A map is checked in by one call without a comment, so none is asked for.
  for (const asset of held) assertCanCheckIn(actor, asset, order, { ...knobs, requireCheckinComments: false });
  for (const asset of held) checkIn(actor, asset, order);
  if (targetIds.length > 0) {
    markMap(
      actor,
      map,
      targetIds.map((targetId) => ({ targetId, version: 0 })),
    );
  }
}

/** A version of 0 stands for the newest one. */
export type Marking = { targetId: string; version: number };

/** Marks a map and everything in it. The version counts for the map; its parts are marked with their newest one. */
export function markMap(actor: Actor, map: AssetItem, markings: Marking[]): void {
  requireRight(actor, 'IGX_USER_RIGHT_ASSET_MARK');
  const parts = collectionOf(actor.state, map);
  for (const asset of parts) requireFullAccess(actor, asset);
  for (const { targetId } of markings) targetOf(actor.state, targetId);
  const unready = parts.find((asset) => latestVersion(asset) === null);
  if (unready) {
    throw new CmsException(
      'ExceptionWithLocalization',
      `${nameOf(unready)} was never checked in, so the map cannot be marked for publish.`,
      { FormaterParameters: [nameOf(unready)], L10NEntryId: 'dita_asset_never_checked_in' },
    );
  }
  for (const marking of markings) {
    for (const asset of parts) markPart(asset, marking, asset.id === map.id);
  }
}

/** Marks one DITA file. @throws CmsException (ArgumentException) for a version that is not there. */
export function markPart(asset: AssetItem, { targetId, version }: Marking, isNamed: boolean): void {
  const wanted = isNamed && version > 0 ? version : (latestVersion(asset)?.number ?? 0);
  if (!asset.versions.some(({ number }) => number === wanted)) {
    throw invalidArgument(`${asset.id} has no version ${wanted}.`, 'marking');
  }
  asset.marks[targetId] = { version: wanted };
}

export type DitaPublish = { targetIds: string[]; formats: string[]; ditavalIds: string[] };

/** Queues one publish per target. @throws CmsException when anything of the map is checked out, by whomever. */
export function publishMap(actor: Actor, map: AssetItem, order: DitaPublish): void {
  const { state } = actor;
  if (order.targetIds.length === 0) throw invalidArgument('No publishing target was named.', 'pubTgtIds');
  for (const targetId of order.targetIds) assertMayPublish(actor, targetId, map);
  const unknown = order.formats.find(
    (format) => !state.dita.outputFormats.some((known) => known.formatString === format),
  );
  if (unknown !== undefined) throw invalidArgument(`There is no output format ${unknown}.`, 'formats');
  const ditavals = order.ditavalIds.map((id) => {
    const ditaval = ditaAsset(state, id);
    if (!ditaval || ditaKindOf(ditaval) !== 'ditaval') throw invalidArgument(`There is no DITAVAL ${id}.`, 'ditavals');
    return ditaval.id;
  });
  const out = collectionOf(state, map).find((asset) => asset.checkedOut);
  if (out) throw invalidOperation(`${nameOf(out)} is checked out; a map is published when all of it is checked in.`);
  for (const targetId of order.targetIds) {
    submitPublish(actor, {
      targetId,
      rootItemId: map.id,
      includeChildren: true,
      incremental: false,
      forcedIncremental: false,
      dita: { formats: order.formats, ditavalIds: ditavals },
    });
  }
  recordActivity(actor, 'Publish DITA map', nameOf(map));
}

/**
 * Recycles a map with what only it uses; what is recycled already is purged.
 * @throws CmsException when something outside of the map depends on one of its parts.
 */
export function removeMap(actor: Actor, map: AssetItem): void {
  const parts = collectionOf(actor.state, map);
  const ids = new Set(parts.map(({ id }) => id));
  for (const part of parts) {
    if (isRecycled(actor.state, part)) continue;
    const owner = ownersOf(actor.state, part).find(({ asset, distance }) => distance === 1 && !ids.has(asset.id));
    if (owner) throw invalidOperation(`${nameOf(part)} is in use by ${nameOf(owner.asset)}.`);
  }
  deleteAssetNodes(actor, parts, true);
}
