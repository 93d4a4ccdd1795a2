import { DomainError } from '../../domain/errors.ts';
import type { ContentItem, ItemContext } from '../../domain/model/content-item.ts';
import type { PublishingTarget } from '../../domain/model/publishing.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import { checkInItem } from './item-calls.ts';
import { readVersionMarks } from './marked-versions.ts';
import { requireFilled } from './require-filled.ts';
import { guardWrite, refuseForeignLock, reread } from './write-guard.ts';

type Needs = Pick<Ports, 'pages' | 'assets'>;

/**
 * Refuses an item that cannot be checked in, or marked for these targets.
 *
 * @param known - the context of the item, where it was read just now.
 * @throws DomainError NOT_FOUND, CONFLICT (recycled), FORBIDDEN, LOCKED, REQUIRED_FIELD.
 */
export async function refuseCheckIn(
  item: ContentItem,
  targets: readonly PublishingTarget[],
  ports: Needs,
  known?: ItemContext,
): Promise<void> {
  const context = await guardWrite(item, ports, known);
  refuseForeignLock(item, context);
  if (targets.length > 0 && item.version > 0 && !context.canMark) {
    throw new DomainError(
      'FORBIDDEN',
      `This user may not mark "${item.name}" (${item.id}) for publishing. Leave mark_for out to only check in. Nothing was changed.`,
    );
  }
  if (item.checkedOut) await requireFilled(item, ports);
}

export interface CheckInResult {
  readonly after: ContentItem;
  readonly marks: readonly { target: string; version: number }[];
  readonly warnings: readonly string[];
}

/**
 * Checks in, marks, reads back, and says where the CMS did not do what it was asked.
 *
 * @throws DomainError WRITE_UNVERIFIED, and what the CMS refuses.
 */
export async function checkInAndMark(
  item: ContentItem,
  targets: readonly PublishingTarget[],
  comment: string,
  ports: Needs,
  call: Pick<Call, 'emit' | 'principal'>,
): Promise<CheckInResult> {
  const markTargetIds = targets.map(({ id }) => id);
  await checkInItem(item.id, { recursive: false, markTargetIds, comment }, ports);
  call.emit({
    type: 'content_changed',
    itemIds: [item.id],
    change: item.checkedOut ? 'version' : 'marking',
    subject: call.principal.subject,
  });
  const after = await reread(item.id, ports);
  if (item.checkedOut && (after.checkedOut || after.version <= item.version)) {
    throw new DomainError(
      'WRITE_UNVERIFIED',
      `The CMS took the check-in of "${item.name}" (${item.id}), but shows version ${after.version}${after.checkedOut ? ', still checked out' : ''}.`,
      {
        details: { version_before: item.version, version_after: after.version, checked_out: after.checkedOut },
        next: { tool: 'get_content', input: { items: [item.id], include: ['versions', 'permissions'] } },
      },
    );
  }
  if (targets.length === 0) return { after, marks: [], warnings: [] };
  const { newest, markedFor } = await readVersionMarks(item.id, ports);
  const missing = targets.filter(({ id }) => markedFor.get(id) !== newest);
  return {
    after,
    marks: targets.flatMap(({ id, name }) => {
      const version = markedFor.get(id);
      return version === undefined ? [] : [{ target: name, version }];
    }),
    warnings: missing.map(
      ({ name }) =>
        `"${item.name}" (${item.id}) was not marked for ${name} in version ${newest}: the CMS took the call without marking. A person can mark it in the CMS.`,
    ),
  };
}
