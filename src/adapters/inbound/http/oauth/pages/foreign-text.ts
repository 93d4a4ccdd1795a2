import { type Html, html } from './html.ts';

/** Longer names are cut: what matters must not be pushed out of sight. Characters as people count them. */
const shownCharactersMax = 60;

/** More accents on one letter are no language but a tower that covers the lines above. */
const marksPerCharacterMax = 3;

/**
 * Characters without a face of their own that change how their neighbours are read or shown: controls, line and
 * paragraph separators, direction overrides and isolates, joiners and other ignorable ones, the blank Braille pattern,
 * and what is no character at all. With them a name can show as another than it is (Unicode TR 36).
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** A stranger's text as one line that shows what it is: invisible characters removed, spaces collapsed, length bounded. */
export function plainLine(text: string, charactersMax = shownCharactersMax): string {
  // What can be shown is a small part of what can be sent: the rest need not be looked at.
  const line = text
    .slice(0, charactersMax * 20)
    .replace(/\s+/gu, ' ')
    .replace(invisible, '')
    .trim();
  const characters = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(line)].map(({ segment }) =>
    withFewMarks(segment),
  );
  if (characters.length <= charactersMax) return characters.join('');
  return `${characters
    .slice(0, charactersMax - 1)
    .join('')
    .trim()}…`;
}

function withFewMarks(character: string): string {
  let marks = 0;
  return [...character].filter((point) => !/\p{M}/u.test(point) || ++marks <= marksPerCharacterMax).join('');
}

/** A stranger's text in a sentence of ours: its direction of writing stays its own. */
export function foreign(text: string): Html {
  return html`<bdi>${plainLine(text)}</bdi>`;
}
