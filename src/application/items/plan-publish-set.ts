import { z } from 'zod';
import { toDomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import type { PublishingTarget } from '../../domain/model/publishing.ts';
import type { PublishWay } from '../../domain/policy/choose-publish-transition.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { gently } from './gently.ts';
import { listDescendants } from './list-descendants.ts';
import { planPublish } from './plan-publish.ts';
import { resolveItems } from './resolve-item.ts';

/** An item of a publish: named by the caller, or found below a named one. */
export interface ChosenItem {
  readonly item: ContentItem;
  readonly isNamed: boolean;
}

const tooManyAdvice = 'take a smaller part of the tree, or raise max_items';

/** How an answer shows what would happen to one item of a publish. */
export const plannedPublish = z.object({
  id: z.string(),
  name: z.string(),
  version: z.int().describe('The version that would go out'),
  checks_in: z.boolean().describe('Your checked-out copy becomes that version first'),
  transition: z.string().optional(),
  problem: z.string().optional().describe('Why it would only be marked, or be skipped'),
});

export interface PlannedItem {
  readonly view: z.infer<typeof plannedPublish>;
  /** Absent when the item would not go out. */
  readonly way?: PublishWay & { readonly possible: true };
  /** Whatever decides on how the item goes out. */
  readonly facts: readonly unknown[];
}

/**
 * What a publish is about: the named items and, when asked for, what lies below them.
 *
 * @throws DomainError NOT_FOUND, AMBIGUOUS; TOO_LARGE when more than `countMax` lie below one item.
 */
export async function choosePublishItems(
  texts: readonly string[],
  scope: 'items' | 'with_descendants' | 'site',
  countMax: number,
  ports: Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing'>,
): Promise<readonly ChosenItem[]> {
  const named = await resolveItems(texts, ports);
  const chosen = new Map<string, ChosenItem>();
  for (const item of named) {
    const stands = item.kind !== 'asset_folder' || scope !== 'with_descendants';
    if (stands) chosen.set(item.id, { item, isNamed: true });
  }
  if (scope === 'with_descendants') {
    for (const root of named) {
      for (const item of await listDescendants(root, countMax, ports, tooManyAdvice)) {
        if (item.kind === 'asset_folder' || chosen.has(item.id)) continue;
        chosen.set(item.id, { item, isNamed: false });
      }
    }
  }
  return [...chosen.values()];
}

/** @throws DomainError what refuses a named item; for items below one it becomes their problem. */
export async function planPublishSet(
  chosen: readonly ChosenItem[],
  target: PublishingTarget,
  ports: Pick<Ports, 'pages' | 'assets' | 'workflow' | 'publishing'>,
): Promise<readonly PlannedItem[]> {
  const targets = await ports.publishing.targets();
  return gently(chosen, (one) => planOne(one, target, targets, ports));
}

/** Changes whenever the set, a version, a lock or a workflow state does: a publish can insist on what was looked at. */
export function publishPreviewToken(
  target: PublishingTarget,
  planned: readonly PlannedItem[],
  { digest }: Pick<Ports, 'digest'>,
): string {
  return `preview_${digest.sha256(JSON.stringify([target.id, planned.map(({ facts }) => facts)])).slice(0, 24)}`;
}

/** What stands in the way is read even when the list is cut. */
export function problemsFirst(planned: readonly PlannedItem[]): readonly PlannedItem[] {
  return [
    ...planned.filter(({ view }) => view.problem !== undefined),
    ...planned.filter(({ way }) => way !== undefined),
  ];
}

/** Each transition once, with what it does besides changing the state: a section shares one or two of them. */
export function viewTransitions(planned: readonly PlannedItem[]) {
  const taken = planned.flatMap(({ way }) => (way === undefined ? [] : [way]));
  const transitions = [...new Map(taken.map(({ transitionId, ...way }) => [transitionId, way])).values()];
  return transitions.length === 0
    ? {}
    : { transitions: transitions.map(({ transitionName, does }) => ({ name: transitionName, does: [...does] })) };
}

async function planOne(
  { item, isNamed }: ChosenItem,
  target: PublishingTarget,
  targets: readonly PublishingTarget[],
  ports: Pick<Ports, 'pages' | 'assets' | 'workflow'>,
): Promise<PlannedItem> {
  const base = { id: item.id, name: item.name };
  try {
    const { checksIn, way } = await planPublish(item, target, targets, ports);
    const version = item.version + (checksIn ? 1 : 0);
    return {
      view: {
        ...base,
        version,
        checks_in: checksIn,
        ...(way.possible
          ? { transition: way.transitionName }
          : { problem: `${isNamed ? 'It would only be marked.' : 'It would be skipped.'} ${way.reason}` }),
      },
      ...(way.possible ? { way } : {}),
      facts: [item.id, version, checksIn, item.modifiedAt, way.possible ? way.transitionId : way.reason],
    };
  } catch (thrown) {
    // What lies below a named item is skipped where it cannot be published; everything else rises.
    const error = toDomainError(thrown);
    if (isNamed || !skippable.includes(error.code)) throw thrown;
    return {
      view: { ...base, version: item.version, checks_in: false, problem: `It would be skipped. ${error.message}` },
      facts: [item.id, error.code],
    };
  }
}

const skippable: readonly string[] = [
  'CONFLICT',
  'FORBIDDEN',
  'LOCKED',
  'REQUIRED_FIELD',
  'CAPABILITY_MISSING',
  'NOT_FOUND',
];
