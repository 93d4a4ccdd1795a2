import { describe, expect, it } from 'vitest';
import { diffSentences } from '../../../../src/application/items/diff-sentences.ts';

const diff = (before: string, after: string) => diffSentences(before, after, 2_000);

describe('diffSentences', () => {
  it('finds nothing between equal texts', () => {
    expect(diff('One. Two.', 'One. Two.')).toEqual({
      added: 0,
      removed: 0,
      changed: 0,
      wordsAdded: 0,
      wordsRemoved: 0,
      text: '',
      truncated: false,
    });
  });

  it('shows a changed sentence by its words and leaves the others out', () => {
    const answer = diff(
      'Rooms open at nine. The fee is $60 for members. Bring a card.',
      'Rooms open at nine. The fee is $65 for members. Bring a card.',
    );
    expect(answer).toMatchObject({ added: 0, removed: 0, changed: 1, wordsAdded: 1, wordsRemoved: 1 });
    expect(answer.text).toContain('$[-60-]{+65+}');
    expect(answer.text).not.toContain('Rooms');
  });

  it('tells added and removed sentences from reworded ones', () => {
    const answer = diff('Keep this. Parking is free here.', 'Keep this. Our choir sings on Sundays. New heading');
    expect(answer).toMatchObject({ added: 2, removed: 1, changed: 0 });
    expect(diff('A first one. Gone with the wind.', 'A first one.')).toMatchObject({
      added: 0,
      removed: 1,
      changed: 0,
    });
    expect(diff('A first one.', 'A first one.\nAnother line')).toMatchObject({
      added: 1,
      removed: 0,
      text: '{+Another line+}',
    });
  });

  it('does not split at abbreviations before small letters, nor inside numbers', () => {
    expect(diff('It costs 1.5 million, i.e. a lot.', 'It costs 2.5 million, i.e. a lot.')).toMatchObject({
      changed: 1,
      added: 0,
    });
  });

  it('cuts what is too long and says so', () => {
    const long = Array.from({ length: 50 }, (_, index) => `Sentence number ${index} is new.`).join(' ');
    const answer = diffSentences('', long, 200);
    expect(answer.truncated).toBe(true);
    expect(answer.text.length).toBeLessThan(300);
    expect(answer.added).toBe(50);
  });
});
