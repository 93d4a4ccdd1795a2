import { DomainError, type ErrorCode, type NextCall } from '../../domain/errors.ts';
import type { FieldChange, Refusal } from '../../domain/policy/plan-edit.ts';

/** Which code a refused edit answers with. */
const codes: Readonly<Record<Refusal['reason'], ErrorCode>> = {
  unknown_field: 'BAD_INPUT',
  bad_value: 'BAD_INPUT',
  read_only: 'FORBIDDEN',
  not_found: 'CONFLICT',
  ambiguous: 'CONFLICT',
  impossible: 'CAPABILITY_MISSING',
};

/** What was asked, as the caller put it. */
export interface AskedEdit {
  readonly itemId: string;
  /** The version that the caller brought. */
  readonly version: string;
  readonly changes: readonly FieldChange[];
}

/** The error for refused changes: what the CMS cannot do weighs more than what the caller can mend. */
export function refusePlan(asked: AskedEdit, refusals: readonly Refusal[]): DomainError {
  const impossible = refusals.filter((refusal) => refusal.reason === 'impossible');
  const first = impossible[0] ?? refusals[0];
  const code = first === undefined ? 'BAD_INPUT' : codes[first.reason];
  const list = refusals.map((refusal) => refusal.message).join('; ');
  const next = code === 'CAPABILITY_MISSING' ? withoutRefused(asked, refusals) : readAgain(asked.itemId, refusals);
  return new DomainError(
    code,
    code === 'CAPABILITY_MISSING'
      ? `Nothing was changed in ${asked.itemId}: ${list}. Give the user the prepared change to enter in the CMS${next === undefined ? '' : '; the other changes can be made without it'}.`
      : `Nothing was changed in ${asked.itemId}: ${list}.`,
    {
      details: {
        refused: refusals.map(({ field, op, reason }) => ({ field, op, reason })),
        ...(impossible.length === 0 ? {} : { prepared_changes: impossible.map((refusal) => refusal.prepared) }),
      },
      ...(next === undefined ? {} : { next }),
    },
  );
}

/** The same edit with the changes that stood in nobody's way; none when nothing is left. */
function withoutRefused({ itemId, version, changes }: AskedEdit, refusals: readonly Refusal[]): NextCall | undefined {
  const left = changes.filter((_change, index) => refusals.every((refusal) => refusal.index !== index));
  return left.length === 0
    ? undefined
    : { tool: 'edit_content', input: { item: itemId, version, changes: left.map((change) => ({ ...change })) } };
}

/** The fields in question as they are stored; all of them where a name was wrong. */
function readAgain(itemId: string, refusals: readonly Refusal[]): NextCall {
  const isNameWrong = refusals.some(({ reason }) => reason === 'unknown_field');
  const fields = [...new Set(refusals.map(({ field }) => field))];
  return {
    tool: 'get_content',
    input: { items: [itemId], include: ['fields'], ...(isNameWrong ? { format: 'detailed' } : { fields }) },
  };
}
