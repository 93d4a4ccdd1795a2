import type { Actor } from '../cms/actor.ts';
import { nameOf } from '../cms/content.ts';
import type { AnyItem } from '../cms/tree.ts';
import type { ContentVersion, SandboxState } from '../model.ts';
import { compactDate } from './dates.ts';
import { userName } from './entity.ts';

/** `ContentItemVersionInfo`s of an item, newest first; the working copy, if any, is the first. */
export function versionHistory(actor: Actor, item: AnyItem) {
  const { state } = actor;
  const latest = item.versions.at(-1)?.number ?? 0;
  const stored = item.versions.map((version) => storedVersion(state, item, version, version.number === latest));
  const copy = item.checkedOut;
  const working = copy && {
    Id: item.id,
    Name: nameOf(item),
    Version: latest + 1,
    Date: compactDate(copy.since),
    User: userName(state, copy.userId),
    CurrentVersion: false,
    CheckoutVersion: true,
    PubTargets: { Version: latest + 1, Targets: [] },
    MasterVersion: 0,
    Comments: null,
  };
  return working ? [working, ...stored.toReversed()] : stored.toReversed();
}

function storedVersion(state: SandboxState, item: AnyItem, version: ContentVersion, isCurrent: boolean) {
  const targets = state.publishingTargets.filter((target) => item.marks[target.id]?.version === version.number);
  return {
    Id: item.id,
    Name: version.name,
    Version: version.number,
    Date: compactDate(version.date),
    User: userName(state, version.userId),
    CurrentVersion: isCurrent,
    CheckoutVersion: false,
    PubTargets: { Version: version.number, Targets: targets.map(({ id, name }) => ({ Id: id, Name: name })) },
    MasterVersion: version.masterVersion,
    Comments: version.comment,
  };
}
