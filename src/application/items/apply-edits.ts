import { DomainError } from '../../domain/errors.ts';
import type { ContentDetails, Field } from '../../domain/model/content-item.ts';
import type { FieldEdit } from '../../domain/policy/plan-edit.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';

type Needs = Pick<Ports, 'pages' | 'editing'>;

/**
 * Writes planned edits to an item that the caller has checked out, and proves them: the item is read back, every
 * edited field must hold what was planned, and every other field what it held before.
 *
 * @throws DomainError WRITE_UNVERIFIED when the content is not as planned; the errors of CmsEditing, with the edits
 * that were already written in `details.applied_fields`.
 */
export async function applyEdits(
  before: ContentDetails,
  edits: readonly FieldEdit[],
  ports: Needs,
  call: Call,
): Promise<ContentDetails> {
  const itemId = before.item.id;
  const applied: string[] = [];
  for (const edit of edits) {
    call.progress((100 * applied.length) / edits.length, `Writing ${edit.fieldName}`);
    try {
      await ports.editing.replaceText({
        itemId,
        fieldName: edit.fieldName,
        find: edit.find,
        replaceWith: edit.replaceWith,
        occurrences: 1,
      });
    } catch (error) {
      // What was written before stays, because the CMS has no transaction: the caller must know it.
      call.emit({ type: 'content_changed', itemIds: [itemId], change: 'fields', subject: call.principal.subject });
      throw applied.length === 0 ? error : withApplied(error, applied, itemId);
    }
    applied.push(edit.fieldName);
    call.emit({ type: 'content_changed', itemIds: [itemId], change: 'fields', subject: call.principal.subject });
  }
  const after = await ports.pages.details(itemId, 0);
  const wrong = after === undefined ? ['the item itself'] : differences(before, edits, after);
  if (after === undefined || wrong.length > 0) {
    throw new DomainError(
      'WRITE_UNVERIFIED',
      `The CMS took the changes of ${itemId}, but reading it back shows something else in: ${wrong.join(', ')}. Read the item before going on.`,
      {
        details: { fields: wrong, applied_fields: applied },
        next: { tool: 'get_content', input: { items: [itemId] } },
      },
    );
  }
  return after;
}

/** Fields that do not hold what they should after the edits. */
function differences(before: ContentDetails, edits: readonly FieldEdit[], after: ContentDetails): string[] {
  return before.fields
    .filter((field) => {
      const edit = edits.find((candidate) => candidate.fieldName === field.name);
      const now = after.fields.find((candidate) => candidate.name === field.name);
      if (now === undefined) return true;
      return edit === undefined ? snapshot(now) !== snapshot(field) : now.value !== edit.after;
    })
    .map((field) => field.name);
}

function snapshot(field: Field): string {
  return JSON.stringify([field.value, Object.entries(field.attributes).sort(), field.children.map(snapshot)]);
}

function withApplied(error: unknown, applied: readonly string[], itemId: string): unknown {
  if (!(error instanceof DomainError)) return error;
  return new DomainError(
    error.code,
    `${error.message} Before that, ${applied.join(', ')} of ${itemId} had been written and stay written in the checked-out copy.`,
    {
      cause: error,
      details: { ...error.details, applied_fields: applied },
      next: { tool: 'get_content', input: { items: [itemId] } },
    },
  );
}
