import type { CreationRuleParent } from '../model/schema.ts';

/**
 * Whether a page creation rule may create right under a page, given the rule's parents and the ids above the page.
 * A parent counts for everything below it unless the rule says `parentOnly`; one that is not accessible to the caller
 * counts for nothing.
 */
export function ruleAllows(
  parents: readonly CreationRuleParent[],
  page: { readonly id: string; readonly ancestorIds: readonly string[] },
): boolean {
  return parents.some(
    (parent) =>
      parent.accessible && (parent.id === page.id || (!parent.parentOnly && page.ancestorIds.includes(parent.id))),
  );
}
