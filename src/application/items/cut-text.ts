/** A text that may have been shortened; `length` is that of the whole, in characters, and only set when it was. */
export interface CutText {
  readonly text: string;
  readonly truncated?: true;
  readonly length?: number;
}

/** The first `charactersMax` characters, never half of a surrogate pair. */
export function cutText(text: string, charactersMax: number): CutText {
  if (text.length <= charactersMax) return { text };
  const end = /[\uD800-\uDBFF]/.test(text.charAt(charactersMax - 1)) ? charactersMax - 1 : charactersMax;
  return { text: text.slice(0, end), truncated: true, length: text.length };
}

/**
 * The cap that lets texts of these lengths fit into a budget together: short texts stay whole, and only the longest
 * ones are cut, all to the same length. Never below `capMin`, so that every text shows at least its beginning.
 */
export function fairCap(lengths: readonly number[], budget: number, capMin = 80): number {
  let left = budget;
  const ascending = [...lengths].sort((a, b) => a - b);
  for (const [index, length] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (length > share) return Math.max(share, capMin);
    left -= length;
  }
  return Math.max(budget, capMin);
}
