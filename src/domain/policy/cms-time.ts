/**
 * Milliseconds since 1970 of a time as the CMS prints it; `undefined` when it cannot be read. Times without an offset
 * count as UTC, because the contract of the CMS does not say.
 */
export function cmsTimeMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // Histories print `20250701T08:20:00`.
  const trimmed = text.trim().replace(/^(\d{4})(\d\d)(\d\d)(?=T|$)/, '$1-$2-$3');
  const hasTime = /\d:\d\d/.test(trimmed);
  const hasZone = /(?:Z|GMT|UTC|[+-]\d\d:?\d\d)$/i.test(trimmed);
  // ISO times take a Z, all other forms that Date reads take a zone word.
  const zone = /^\d{4}-\d\d-\d\dT/.test(trimmed) ? 'Z' : ' UTC';
  const ms = Date.parse(hasTime && !hasZone ? `${trimmed}${zone}` : trimmed);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The same time in ISO form, to the second where the CMS tells no more; a text that cannot be read stays as it is. */
export function cmsTimeIso(text: string): string {
  const ms = cmsTimeMs(text);
  return ms === undefined ? text : new Date(ms).toISOString().replace('.000Z', 'Z');
}
