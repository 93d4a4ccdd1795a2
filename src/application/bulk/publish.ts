import { DomainError } from '../../domain/errors.ts';
import type { PublishingTarget, PublishMonitor } from '../../domain/model/publishing.ts';
import { cmsTimeMs } from '../../domain/policy/cms-time.ts';
import { planPublish } from '../items/plan-publish.ts';
import { refuseFreeze } from '../items/refuse-freeze.ts';
import { resolveTarget } from '../items/resolve-target.ts';
import { type AskedItem, findTarget, publishItems } from '../jobs/publish-content.ts';
import type { PublishedItem } from '../jobs/publish-results.ts';
import type { BulkAction } from './bulk-action.ts';
import type { BulkRow } from './bulk-order.ts';

/** Checks in, marks, submits and follows, some pages at a time. */
export const publishAction: BulkAction<'publish'> = {
  takes: ['targets', 'comment'],
  callsPerPage: 20,
  undo: {
    undo: 'no',
    undo_hint: 'What is live stays until another version is published, or a publisher takes it offline in the CMS.',
  },
  againHint:
    'Pages that are done are in its plan where their workflow publishes them once more: then name those that are left as "items".',

  async plan({ targets: texts = [], comment }, ports) {
    const [text] = texts;
    if (text === undefined || texts.length > 1) {
      throw new DomainError(
        'BAD_INPUT',
        'Say where to publish: "targets" with one target. Each further one is a job of its own.',
      );
    }
    const target = await resolveTarget(text, ports.publishing);
    const targets = await ports.publishing.targets();
    return {
      order: { action: 'publish', targetId: target.id, ...(comment === undefined ? {} : { comment }) },
      words: `publish to ${target.name}`,
      waitMs: usualPublishMs(await ports.publishing.monitor(), target),
      async judge(item, context) {
        const { way } = await planPublish(item, target, targets, ports, context);
        // A page that would only be marked waits for somebody else's publish: that is no bulk work.
        if (!way.possible) throw new DomainError('CAPABILITY_MISSING', way.reason);
        return undefined;
      },
      stamp: ({ version, checkedOut, modifiedAt }) => [version, checkedOut, modifiedAt],
      warnings: async () => [`What is published to ${target.name} can be seen there at once.`],
    };
  },

  async prepare({ targetId, comment }, { ports, run, call }) {
    const target = await findTarget(targetId, ports);
    const site = { isDown: false };
    return {
      chunkMax,
      async act(pages, hears) {
        // Its end is followed with what was submitted: between two chunks it may stop, within one it goes on.
        const whole = { ...run, safePoint: async () => run.signal.throwIfAborted(), progress: async () => undefined };
        const rows = new Map<string, BulkRow>();
        const asked: AskedItem[] = [];
        for (const { id, version } of pages) {
          const seen = await run.step(`look:${id}`, async () => {
            await run.safePoint();
            await refuseFreeze(ports);
            const item = await ports.pages.get(id);
            return item === undefined ? null : { name: item.name, isNewer: item.version > version };
          });
          if (seen === null)
            rows.set(id, {
              ...{ id, outcome: 'failed', code: 'NOT_FOUND' },
              message: `The page ${id} is not there any more, or this user may not see it. Leave it out.`,
            });
          else if (seen.isNewer) {
            const message = `"${seen.name}" (${id}) has a newer version than was planned, and was left as it is. Look at it, and plan it anew.`;
            rows.set(id, { id, name: seen.name, outcome: 'failed', code: 'VERSION_CONFLICT', message });
          } else asked.push({ id, name: seen.name, isNamed: false });
        }
        for (const row of rows.values()) await hears.row(row);
        const context = { target, comment, ports, run: whole, call, site };
        const { items } = await publishItems(asked, context, (item) => hears.row(rowOf(item)));
        for (const item of items) rows.set(item.id, rowOf(item));
        return [...rows.values()];
      },
    };
  },
};

/** How long the last publishes to the target took, in the middle of them. */
function usualPublishMs({ recent }: PublishMonitor, target: PublishingTarget): number {
  const tookMs = recent
    .filter(({ targetId }) => targetId === target.id)
    .map((log) => (cmsTimeMs(log.completedAt) ?? 0) - (cmsTimeMs(log.startedAt) ?? Number.POSITIVE_INFINITY))
    .filter((ms) => ms >= 0)
    .toSorted((one, other) => one - other);
  return tookMs[Math.floor(tookMs.length / 2)] ?? 0;
}

/** The CMS lists its last 20 publishes, among them those of others: more at a time could be missed. */
const chunkMax = 10;

const outcomes: Readonly<Record<PublishedItem['outcome'], BulkRow['outcome']>> = {
  live: 'done',
  submitted: 'submitted',
  replicating: 'submitted',
  unseen: 'submitted',
  marked_only: 'failed',
  failed: 'failed',
  skipped: 'failed',
};

function rowOf({ id, name, outcome, version, code, message }: PublishedItem): BulkRow {
  return {
    ...{ id, name, outcome: outcomes[outcome] },
    ...(version === undefined ? {} : { version }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  };
}
