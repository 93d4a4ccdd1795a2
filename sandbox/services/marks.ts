import { z } from 'zod';
import { groupsOf, hasFullAccess, isAdministrator, requireRight } from '../cms/access.ts';
import type { Actor } from '../cms/actor.ts';
import { rightOf } from '../cms/check-out.ts';
import { targetOf } from '../cms/publishing.ts';
import { descendantPages, isRecycled } from '../cms/tree.ts';
import { accessRefused, invalidOperation } from '../exceptions.ts';
import type { PageItem, PublishingTarget } from '../model.ts';
import { versionHistory } from '../views/history.ts';

const change = z.object({
  pubTarget: z.object({ id: z.string(), name: z.string().nullish() }),
  version: z.string().nullish(),
  marked: z.boolean().nullish(),
});

/** `MarkPageInput`. */
export const markPageInput = z.object({
  pageIds: z.array(z.string()).nullish(),
  markForPublish: z.array(change).nullish(),
  unmarkForPublish: z.array(change).nullish(),
  recursive: z.boolean().nullish(),
});

/** Marks and unmarks; a mark names a version. Everything is looked at before anything changes. @throws CmsException */
export function markPages(actor: Actor, pages: PageItem[], input: z.output<typeof markPageInput>): void {
  const all = input.recursive ? pages.flatMap((page) => [page, ...descendantPages(actor.state, page.id)]) : pages;
  for (const page of all) {
    requireRight(actor, rightOf(page, 'mark'));
    if (!hasFullAccess(actor, page)) throw accessRefused(`User ${actor.user.userId} may not change ${page.id}.`);
    if (isRecycled(actor.state, page)) throw invalidOperation(`${page.id} is in the Recycle Folder.`);
  }
  for (const { pubTarget } of [...(input.markForPublish ?? []), ...(input.unmarkForPublish ?? [])]) {
    const target = targetOf(actor.state, pubTarget.id);
    if (!mayMark(actor, target)) throw accessRefused(`User ${actor.user.userId} may not mark for ${target.name}.`);
  }
  for (const { version } of input.markForPublish ?? []) {
    const without = all.find((page) => !page.versions.some((stored) => String(stored.number) === version));
    if (without) throw invalidOperation(`${without.id} has no version ${version}.`);
  }
  for (const page of all) {
    for (const { pubTarget, version } of input.markForPublish ?? [])
      page.marks[pubTarget.id] = { version: Number(version) };
    for (const { pubTarget } of input.unmarkForPublish ?? []) delete page.marks[pubTarget.id];
  }
}

/** What a page is marked for, and its versions. */
export function pageMarks(actor: Actor, page: PageItem) {
  return {
    markByDefault: false,
    pubTargets: actor.state.publishingTargets.map((target) => ({
      allowCurrentUser: mayMark(actor, target),
      markedVersion: page.marks[target.id]?.version ?? -1,
      pubTargetId: target.id,
      pubTargetName: target.name,
      structuredUrlEnabled: true,
    })),
    versions: versionHistory(actor, page).map(({ PubTargets, Id, ...version }) => ({
      ...version,
      ID: Id,
      PubTargets: JSON.stringify({
        version: PubTargets.Version,
        targets: PubTargets.Targets.map((target) => ({ id: target.Id, name: target.Name })),
      }),
    })),
  };
}

function mayMark(actor: Actor, target: PublishingTarget): boolean {
  if (target.groupIds.length === 0 || isAdministrator(actor.state, actor.user)) return true;
  return groupsOf(actor.state, actor.user).some((group) => target.groupIds.includes(group.id));
}
