import { diffArrays } from 'diff';
import { diffText } from './diff-text.ts';

/** What changed in a text, sentence by sentence. */
export interface SentenceDiff {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly wordsAdded: number;
  readonly wordsRemoved: number;
  /** A line for each sentence that differs: `[-what went-]{+what came+}`, the unchanged words of it around. */
  readonly text: string;
  /** True when not all of it is shown. */
  readonly truncated: boolean;
}

/**
 * The difference of two texts by sentences; within a sentence that changed, by words. A sentence counts as changed when
 * it stands where another one stood and shares words with it.
 */
export function diffSentences(before: string, after: string, charactersMax: number): SentenceDiff {
  const lines: string[] = [];
  const total = { added: 0, removed: 0, changed: 0, wordsAdded: 0, wordsRemoved: 0 };
  let length = 0;
  let truncated = false;
  const show = (line: string): void => {
    const room = charactersMax - length;
    if (room <= 0) truncated = true;
    else lines.push(line.length > room ? `${line.slice(0, room)}…` : line);
    if (line.length > room) truncated = true;
    length += line.length;
  };
  const settle = (removed: readonly string[], added: readonly string[]): void => {
    const waiting = [...added];
    for (const old of removed) {
      const at = waiting.findIndex((fresh) => isRewording(old, fresh));
      const [fresh] = at === -1 ? [] : waiting.splice(at, 1);
      if (fresh === undefined) total.removed += 1;
      else total.changed += 1;
      const diff = diffText(old, fresh ?? '', charactersMax);
      total.wordsAdded += diff.wordsAdded;
      total.wordsRemoved += diff.wordsRemoved;
      show(diff.text);
    }
    for (const fresh of waiting) {
      const diff = diffText('', fresh, charactersMax);
      total.added += 1;
      total.wordsAdded += diff.wordsAdded;
      show(diff.text);
    }
  };
  let removed: readonly string[] = [];
  let added: readonly string[] = [];
  for (const part of diffArrays(sentencesOf(before), sentencesOf(after))) {
    if (part.removed) removed = [...removed, ...part.value];
    else if (part.added) added = [...added, ...part.value];
    else {
      settle(removed, added);
      removed = [];
      added = [];
    }
  }
  settle(removed, added);
  return { ...total, text: lines.join('\n'), truncated };
}

/** Ends of sentences and of lines part a text: a heading, an entry of a list and a cell of a table are sentences too. */
function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?…]["”’)]?)\s+(?=["“‘(]?[\p{Lu}\p{N}])|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** Two sentences that share a third of their words, or have nothing that could be shared, are one sentence, reworded. */
function isRewording(before: string, after: string): boolean {
  const [old, fresh] = [wordsOf(before), wordsOf(after)];
  const shared = [...old].filter((word) => fresh.has(word)).length;
  return shared * shareOfWords >= Math.max(old.size, fresh.size) || Math.max(old.size, fresh.size) <= fewWords;
}

const shareOfWords = 3;
const fewWords = 2;

const wordsOf = (sentence: string): ReadonlySet<string> => new Set(sentence.toLowerCase().match(/[\p{L}\p{N}]+/gu));
