import { DomainError } from '../../domain/errors.ts';
import type { ContentDetails, Field } from '../../domain/model/content-item.ts';
import { isOnlyBlank, kindOfField } from '../../domain/policy/plan-draft.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';

type Needs = Pick<Ports, 'pages' | 'drafts'>;

/**
 * Writes wanted fields to an item that the caller has checked out, and proves them: the item is read back, and every
 * field must hold what is wanted. Where it does not, a check-out that `isFresh` is undone, so that nothing is lost.
 *
 * @throws DomainError WRITE_UNVERIFIED when the content is not as wanted; the errors of CmsDrafts.
 */
export async function saveDraft(
  before: ContentDetails,
  wanted: readonly Field[],
  isFresh: boolean,
  ports: Needs,
  call: Call,
): Promise<ContentDetails> {
  const itemId = before.item.id;
  const changed = () =>
    call.emit({ type: 'content_changed', itemIds: [itemId], change: 'fields', subject: call.principal.subject });
  try {
    await ports.drafts.saveFields(itemId, wanted);
  } catch (error) {
    // A check-out of our own must not stay behind a refusal; where the outcome is open, the copy stays to be looked at.
    const isRefusal = error instanceof DomainError && error.code !== 'OUTCOME_UNKNOWN';
    if (!isFresh || !isRefusal) throw error;
    throw (await discarded(itemId, ports)) ? withHint(error, 'The check-out was undone.') : error;
  } finally {
    changed();
  }
  const after = await ports.pages.details(itemId, 0);
  const wrong = after === undefined ? ['the item itself'] : differences(wanted, after.fields);
  if (after !== undefined && wrong.length === 0) return after;
  const isUndone = isFresh && (await discarded(itemId, ports));
  changed();
  throw new DomainError(
    'WRITE_UNVERIFIED',
    isUndone
      ? `The CMS took the changes of ${itemId}, but kept something else in: ${wrong.join(', ')}. The check-out was undone, so the item is as it was.`
      : `The CMS took the changes of ${itemId}, but kept something else in: ${wrong.join(', ')}. Read the item before going on; discard_checkout drops the edits.`,
    {
      details: { fields: wrong, check_out_undone: isUndone },
      next: { tool: 'get_content', input: { items: [itemId] } },
    },
  );
}

/** Whether the check-out could be undone. */
async function discarded(itemId: string, ports: Needs): Promise<boolean> {
  try {
    await ports.drafts.discard(itemId);
    return true;
  } catch (error) {
    // What went wrong first is what the caller has to hear; that the copy stays is told with it.
    if (error instanceof DomainError) return false;
    throw error;
  }
}

function withHint(error: DomainError, hint: string): DomainError {
  return new DomainError(error.code, `${error.message} ${hint}`, {
    cause: error,
    ...(error.details === undefined ? {} : { details: error.details }),
    ...(error.next === undefined ? {} : { next: error.next }),
  });
}

/** Names of fields that do not hold what is wanted. */
function differences(wanted: readonly Field[], held: readonly Field[]): string[] {
  if (wanted.length !== held.length) return ['the number of fields'];
  return wanted.flatMap((field, index) => (holds(field, held[index]) ? [] : [field.name]));
}

function holds(wanted: Field, held: Field | undefined): boolean {
  if (held === undefined) return false;
  const entries = wanted.children.length === 0 && isOnlyBlank(held.children) ? [] : held.children;
  if (wanted.children.length !== entries.length) return false;
  // An entry that was put into an empty list gets its name from the CMS.
  const isNamed = wanted.name === '' || wanted.name === held.name;
  const names =
    wanted.name === '' ? [] : [...new Set([...Object.keys(wanted.attributes), ...Object.keys(held.attributes)])];
  return (
    isNamed &&
    isSameValue(wanted, held) &&
    names.every((name) => (wanted.attributes[name] ?? '') === (held.attributes[name] ?? '')) &&
    wanted.children.every((child, index) => holds(child, entries[index]))
  );
}

/** The CMS may write a date in another of its forms: the digits decide. */
function isSameValue(wanted: Field, held: Field): boolean {
  if (wanted.value === held.value) return true;
  const digits = (value: string) => value.replace(/\D/g, '').padEnd(14, '0');
  return kindOfField(wanted.type) === 'date' && wanted.value !== '' && digits(wanted.value) === digits(held.value);
}
