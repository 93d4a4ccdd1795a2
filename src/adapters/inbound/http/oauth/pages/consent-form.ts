/** The names of the consent form's fields. */
export const consentFields = { decision: 'decision', toolset: 'toolset', readOnly: 'read_only' } as const;

/** What a person decided. */
export type ConsentDecision =
  | { readonly decision: 'deny' }
  | { readonly decision: 'allow'; readonly toolsets: readonly string[]; readonly isReadOnly: boolean };

/**
 * Reads what the consent form sent. Only a clear "allow" allows. Toolsets that were not offered are dropped: none may
 * remain, and then the page is to be shown again.
 */
export function readConsentForm(fields: URLSearchParams, offered: readonly string[]): ConsentDecision {
  const decisions = fields.getAll(consentFields.decision);
  if (decisions.length !== 1 || decisions[0] !== 'allow') return { decision: 'deny' };
  const picked = new Set(fields.getAll(consentFields.toolset));
  return {
    decision: 'allow',
    toolsets: offered.filter((word) => picked.has(word)),
    isReadOnly: fields.has(consentFields.readOnly),
  };
}
