import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFields } from '../../../../src/application/items/compare-fields.ts';
import type { Field } from '../../../../src/domain/model/content-item.ts';
import { makeField } from '../../../support/builders/make-field.ts';

const link = (target: string, text: string): Field =>
  makeField('Link', target, { type: 'IGX_LINK', attributes: { Text: text } });
const links = (...children: Field[]): Field => makeField('Links', '', { type: 'IGX_LINKSET', children });

const short = (before: Field[], after: Field[]) =>
  compareFields(before, after).map(({ path, change }) => `${change} ${path}`);

describe('compareFields', () => {
  it('lists a changed value and leaves equal fields out', () => {
    expect(short([makeField('A', '1'), makeField('B', 'x')], [makeField('A', '2'), makeField('B', 'x')])).toEqual([
      'changed A',
    ]);
  });

  it('lists fields that came or went', () => {
    expect(short([makeField('A', '1')], [makeField('A', '1'), makeField('B', '')])).toEqual(['added B']);
    expect(short([makeField('A', '1'), makeField('B', '')], [makeField('B', '')])).toEqual(['removed A']);
  });

  it('sees one added entry at the front of a list as one added entry', () => {
    const before = [links(link('x1', 'One'), link('x2', 'Two'))];
    const after = [links(link('x9', 'New'), link('x1', 'One'), link('x2', 'Two'))];
    expect(short(before, after)).toEqual(['added Links[1]']);
    expect(short(after, before)).toEqual(['removed Links[1]']);
  });

  it('sees an entry that changed its place as one moved entry', () => {
    const [one, two, three] = [link('x1', 'One'), link('x2', 'Two'), link('x3', 'Three')];
    const differences = compareFields([links(one, two, three)], structuredClone([links(three, one, two)]));
    expect(differences).toEqual([
      expect.objectContaining({ change: 'moved', path: 'Links[1]', movedFrom: 'Links[3]' }),
    ]);
  });

  it('sees a changed attribute of an entry as a change of that entry', () => {
    const before = [links(link('x1', 'One'), link('x2', 'Two'))];
    const after = [links(link('x1', 'One'), link('x2', 'Second'))];
    expect(short(before, after)).toEqual(['changed Links[2]']);
  });

  it('goes through groups down to the part that changed', () => {
    const entry = (question: string, answer: string): Field =>
      makeField('Question', '', { children: [makeField('Text', question), makeField('Answer', answer)] });
    const before = [makeField('Questions', '', { type: 'IGX_LIST', children: [entry('a', '1'), entry('b', '2')] })];
    const after = [makeField('Questions', '', { type: 'IGX_LIST', children: [entry('a', '1'), entry('b', '3')] })];
    expect(short(before, after)).toEqual(['changed Questions[2].Answer']);
  });

  it('finds nothing between equal contents, and something between different ones', () => {
    const holding = (children: fc.Arbitrary<Field[]>): fc.Arbitrary<Field> =>
      fc
        .record({ name: fc.constantFrom('A', 'B', 'C'), value: fc.constantFrom('', '1', '2'), children })
        .map(({ name, value, children: below }) => makeField(name, value, { children: below }));
    const leaf = holding(fc.constant([]));
    const content = holding(fc.array(holding(fc.array(leaf, { maxLength: 2 })), { maxLength: 2 }));
    fc.assert(
      fc.property(fc.array(content, { maxLength: 4 }), fc.array(content, { maxLength: 4 }), (before, after) => {
        expect(compareFields(before, structuredClone(before))).toEqual([]);
        const same = JSON.stringify(before) === JSON.stringify(after);
        expect(compareFields(before, after).length === 0).toBe(same);
      }),
    );
  });
});
