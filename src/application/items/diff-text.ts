import { diffWordsWithSpace } from 'diff';

/** What changed in a text: counts, and the changed places with a little text around each. */
export interface TextDiff {
  readonly wordsAdded: number;
  readonly wordsRemoved: number;
  /** `…the fee is [-$60-]{+$65+} for…`: what went and what came. */
  readonly text: string;
  /** True when not all changed places are shown. */
  readonly truncated: boolean;
}

/**
 * The difference of two texts by words. Texts that have little in common are shown as one replacement, because finding
 * the best difference of such texts takes time that grows with the square of their length.
 */
export function diffText(before: string, after: string, charactersMax: number): TextDiff {
  if (before === after) return { wordsAdded: 0, wordsRemoved: 0, text: '', truncated: false };
  const parts = joinChanges(
    diffWordsWithSpace(before, after, { maxEditLength }) ?? [
      { value: before, removed: true, added: false },
      { value: after, removed: false, added: true },
    ],
  );
  const shown: string[] = [];
  let length = 0;
  let truncated = false;
  for (const [index, part] of parts.entries()) {
    const text = part.added
      ? `{+${part.value}+}`
      : part.removed
        ? `[-${part.value}-]`
        : context(part.value, index > 0, index < parts.length - 1);
    if (length + text.length > charactersMax) {
      shown.push(`${text.slice(0, Math.max(0, charactersMax - length))}…`);
      truncated = true;
      break;
    }
    shown.push(text);
    length += text.length;
  }
  return {
    wordsAdded: sum(parts.filter((part) => part.added).map((part) => wordCount(part.value))),
    wordsRemoved: sum(parts.filter((part) => part.removed).map((part) => wordCount(part.value))),
    text: shown.join(''),
    truncated,
  };
}

interface Part {
  readonly value: string;
  readonly removed: boolean;
  readonly added: boolean;
}

/** `[-a-]{+b+} [-c-]{+d+}` reads better as `[-a c-]{+b d+}`: changes with only white space between them become one. */
function joinChanges(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  let removed = '';
  let added = '';
  const settle = (): void => {
    if (removed !== '') joined.push({ value: removed, removed: true, added: false });
    if (added !== '') joined.push({ value: added, removed: false, added: true });
    removed = '';
    added = '';
  };
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (part.removed) removed += part.value;
    else if (part.added) added += part.value;
    else if (removed !== '' && added !== '' && next !== undefined && part.value.trim() === '') {
      removed += part.value;
      added += part.value;
    } else {
      settle();
      joined.push(part);
    }
  }
  settle();
  return joined;
}

/** Beyond so many changed words and spaces the texts count as different; this many take about 50 ms. */
const maxEditLength = 400;

/** Unchanged text kept on each side of a change. */
const contextCharacters = 40;

/** Unchanged text between changes, its middle left out. */
function context(text: string, afterChange: boolean, beforeChange: boolean): string {
  const head = afterChange ? text.slice(0, contextCharacters) : '';
  const tail = beforeChange ? text.slice(-contextCharacters) : '';
  const keeps = (afterChange ? contextCharacters : 0) + (beforeChange ? contextCharacters : 0);
  return text.length <= keeps ? text : `${head}…${tail}`;
}

function wordCount(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
