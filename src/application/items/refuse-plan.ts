import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import type { Refusal } from '../../domain/policy/plan-edit.ts';

/** Which code a refused edit answers with. */
const codes: Readonly<Record<Refusal['reason'], ErrorCode>> = {
  unknown_field: 'BAD_INPUT',
  bad_value: 'BAD_INPUT',
  read_only: 'FORBIDDEN',
  not_found: 'CONFLICT',
  ambiguous: 'CONFLICT',
  impossible: 'CAPABILITY_MISSING',
};

/** The error for refused changes: what the CMS cannot do weighs more than what the caller can mend. */
export function refusePlan(itemId: string, refusals: readonly Refusal[]): DomainError {
  const impossible = refusals.filter((refusal) => refusal.reason === 'impossible');
  const first = impossible[0] ?? refusals[0];
  const code = first === undefined ? 'BAD_INPUT' : codes[first.reason];
  const list = refusals.map((refusal) => refusal.message).join('; ');
  return new DomainError(
    code,
    code === 'CAPABILITY_MISSING'
      ? `Nothing was changed in ${itemId}: ${list}. Give the user the prepared change to enter in the CMS, or call again with only the changes that replace existing text.`
      : `Nothing was changed in ${itemId}: ${list}.`,
    {
      details: {
        refused: refusals.map(({ field, op, reason }) => ({ field, op, reason })),
        ...(impossible.length === 0 ? {} : { prepared_changes: impossible.map((refusal) => refusal.prepared) }),
      },
      next: { tool: 'get_content', input: { items: [itemId], include: ['fields'], format: 'detailed' } },
    },
  );
}
