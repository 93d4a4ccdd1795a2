import type { ContentDetails, Field } from '../model/content-item.ts';

/**
 * A short text that changes whenever the item's saved version, its check-out or any of its values does. `get_content`
 * gives it, `edit_content` demands it: two writers cannot overwrite each other unseen.
 */
export function versionToken(details: ContentDetails, sha256: (text: string) => string): string {
  const { item } = details;
  const facts = JSON.stringify([item.name, details.fields.map(factsOf)]);
  return `${item.version}${item.checkedOut ? '+' : ''}.${sha256(facts).slice(0, 12)}`;
}

function factsOf(field: Field): unknown {
  return [field.name, field.value, Object.entries(field.attributes).sort(), field.children.map(factsOf)];
}
