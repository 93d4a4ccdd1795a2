import { z } from 'zod';
import type { ContentItem } from '../../domain/model/content-item.ts';
import type { Question } from '../../domain/model/question.ts';
import { freezeAt } from '../../domain/policy/content-freeze.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { isAssetId } from './item-path.ts';
import { readVisible } from './read-visible.ts';

/** What must still hold when the time of a scheduled publish has come. */
export const publishGuards = z.object({
  dueAtMs: z.int(),
  /** The end of the window; absent where a late publish is better than none. */
  untilMs: z.int().optional(),
  itemsMax: z.int(),
  /** The items as they were when the publish was scheduled: what was approved. */
  approved: z.array(z.object({ id: z.string(), name: z.string(), stamp: z.string() })),
});
export type PublishGuards = z.infer<typeof publishGuards>;

/** Changes with every edit, check-in and check-out. */
export function approvalStamp({ version, checkedOut, modifiedAt }: ContentItem): string {
  return `${version}${checkedOut ? ' draft' : ''} ${modifiedAt ?? ''}`;
}

type Needs = Pick<Ports, 'pages' | 'assets' | 'site' | 'reports' | 'clock'>;

/**
 * Everything that stands against the publish now, as sentences for whoever scheduled it. Empty when nothing does. Nothing
 * of it is remembered: what is slow to find out comes first, and what could change meanwhile is asked for last.
 */
export async function findHindrances(guards: PublishGuards, ports: Needs): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const { id } of guards.approved.filter((one) => !isAssetId(one.id))) {
    const page = await readVisible(id, ports);
    if (page !== undefined) broken.push(...(await brokenLinks(page, ports)));
  }
  const changed: string[] = [];
  for (const { id, name, stamp } of guards.approved) {
    const item = await readVisible(id, ports);
    if (item === undefined) changed.push(`"${name}" (${id}) is not there any more.`);
    else if (approvalStamp(item) !== stamp) changed.push(`"${name}" (${id}) was edited after it was scheduled.`);
  }
  const hindrances = [...(await findStops(guards, ports)), ...changed, ...broken];
  return hindrances.length > shownMax
    ? [...hindrances.slice(0, shownMax), `And ${hindrances.length - shownMax} more.`]
    : hindrances;
}

/** What stands against it whatever the items are. */
async function findStops(
  { untilMs, approved, itemsMax }: PublishGuards,
  { site, clock }: Pick<Ports, 'site' | 'clock'>,
): Promise<readonly string[]> {
  const freeze = await site.contentFreeze({ fresh: true });
  const nowMs = clock.nowMs();
  const frozen = freezeAt(freeze, nowMs);
  return [
    ...(frozen === undefined
      ? []
      : [`The CMS is in a content freeze${frozen.endsAt === undefined ? '' : ` until ${frozen.endsAt}`}.`]),
    ...(untilMs !== undefined && nowMs > untilMs ? [`The window ended at ${new Date(untilMs).toISOString()}.`] : []),
    ...(approved.length > itemsMax
      ? [`${approved.length} items would be published, and at most ${itemsMax} may be.`]
      : []),
  ];
}

/** More than a person reads before deciding. */
const shownMax = 20;

async function brokenLinks({ id, name }: ContentItem, { reports }: Pick<Ports, 'reports'>): Promise<readonly string[]> {
  const findings = await reports.run({ kind: 'broken_links', rootId: id, withDescendants: false }, () => undefined);
  return findings.length === 0 ? [] : [`"${name}" (${id}) has ${findings.length} broken link(s).`];
}

/** What a publish that holds asks. What was edited is scheduled anew: this approval was for something else. */
export function hindranceQuestion(hindrances: readonly string[]): Question {
  return {
    message: `The scheduled publish holds, and nothing was published. ${hindrances.join(' ')} It can look again when that is over; what was edited, or has missed its window, is given up and scheduled anew.`,
    fields: { decision: { kind: 'choice', title: 'What now?', options: ['check_again', 'give_up'] } },
  };
}
