import { DomainError } from '../../domain/errors.ts';
import type { ContentItem, ItemContext } from '../../domain/model/content-item.ts';
import type { PublishingTarget } from '../../domain/model/publishing.ts';
import {
  choosePublishTransition,
  type PublishSituation,
  type PublishWay,
} from '../../domain/policy/choose-publish-transition.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { requireFilled } from './require-filled.ts';
import { guardWrite, refuseForeignLock } from './write-guard.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'workflow'>;

/** What publishing one item takes. */
export interface PublishPlan {
  readonly item: ContentItem;
  /** The caller's checked-out copy becomes a version first. */
  readonly checksIn: boolean;
  readonly way: PublishWay;
}

/**
 * Reads what publishing an item takes, after the refusals that need no try.
 *
 * @param known - the context of the item, where it was read just now.
 * @throws DomainError NOT_FOUND, CONFLICT (recycled), FORBIDDEN, LOCKED, REQUIRED_FIELD, CAPABILITY_MISSING (an asset folder).
 */
export async function planPublish(
  item: ContentItem,
  target: PublishingTarget,
  targets: readonly PublishingTarget[],
  ports: Needs,
  known?: ItemContext,
): Promise<PublishPlan> {
  if (item.kind === 'asset_folder') {
    throw new DomainError(
      'CAPABILITY_MISSING',
      `"${item.name}" (${item.id}) is an asset folder, and folders are not published. Publish the assets in it with scope with_descendants.`,
    );
  }
  const context = await guardWrite(item, ports, known);
  refuseForeignLock(item, context);
  // What was never checked in cannot be marked yet, so that the CMS's answer says nothing about the right.
  if (item.version > 0 && !context.canMark) {
    throw new DomainError(
      'FORBIDDEN',
      `This user may not mark "${item.name}" (${item.id}) for publishing. Tell the user; a publisher can do it in the CMS.`,
    );
  }
  if (item.checkedOut) await requireFilled(item, ports);
  return {
    item,
    checksIn: item.checkedOut,
    way: choosePublishTransition(await readSituation(item.id, context, ports), target, targets),
  };
}

/** Where an item stands in its workflow, as far as publishing is concerned; `undefined` outside of any workflow. */
async function readSituation(
  itemId: string,
  context: ItemContext,
  { workflow }: Pick<Ports, 'workflow'>,
): Promise<PublishSituation | undefined> {
  const status = await workflow.ofItem(itemId);
  if (status === undefined) return undefined;
  const [leaving, definition] = await Promise.all([
    workflow.transitions(itemId),
    workflow.definition(status.definitionId),
  ]);
  return {
    stateName: status.stateName,
    locked: status.locked,
    ...(status.groupName === undefined ? {} : { groupName: status.groupName }),
    allowed: context.transitions,
    leavingIds: leaving.map(({ id }) => id),
    defined: definition?.transitions ?? [],
  };
}
