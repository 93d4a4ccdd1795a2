import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field } from '../../../../src/domain/model/content-item.ts';
import { countOccurrences, narrowReplacement, planEdit } from '../../../../src/domain/policy/plan-edit.ts';

const field = (name: string, value: string, over: Partial<Field> = {}): Field => ({
  name,
  label: name,
  type: 'IGX_ELEMENT_TEXT',
  value,
  required: false,
  readOnly: false,
  hidden: false,
  attributes: {},
  children: [],
  ...over,
});

const fields = [
  field('Title', 'Tuition and fees'),
  field('Body', '<p>The fee for <strong>2025</strong> is $60. The fee is due in May.</p>', {
    type: 'IGX_ELEMENT_CDATA',
  }),
  field('Summary', ''),
  field('Featured', 'true', { type: 'IGX_BOOLEAN' }),
  field('Code', 'A1', { readOnly: true }),
  field('Links', '', { type: 'IGX_LINKSET', children: [field('Link', 'x4')] }),
];

const reasonsOf = (changes: Parameters<typeof planEdit>[1]) => {
  const plan = planEdit(fields, changes);
  return plan.ok ? [] : plan.refusals.map((refusal) => refusal.reason);
};

describe('planEdit', () => {
  it('turns a text replacement into one that occurs once', () => {
    const plan = planEdit(fields, [{ op: 'replace_text', field: 'Body', find: '$60', value: '$75' }]);
    expect(plan).toMatchObject({
      ok: true,
      edits: [{ fieldName: 'Body', after: expect.stringContaining('is $75. The') }],
    });
  });

  it('applies changes of one field in order and makes one replacement of them', () => {
    const plan = planEdit(fields, [
      { op: 'set', field: 'Title', value: 'Tuition' },
      { op: 'append', field: 'Title', value: ' 2026' },
      { op: 'replace_text', field: 'Title', find: '2026', value: '2027' },
    ]);
    expect(plan).toMatchObject({ ok: true, edits: [{ before: 'Tuition and fees', after: 'Tuition 2027' }] });
  });

  it('takes dollar signs of a replacement as they are', () => {
    const plan = planEdit(fields, [{ op: 'replace_text', field: 'Title', find: 'fees', value: "$& $1 $'" }]);
    expect(plan).toMatchObject({ ok: true, edits: [{ after: "Tuition and $& $1 $'" }] });
  });

  it('makes no edit where nothing changes', () => {
    expect(planEdit(fields, [{ op: 'set', field: 'Title', value: 'Tuition and fees' }])).toEqual({
      ok: true,
      edits: [],
    });
  });

  it.each([
    ['an unknown field', { op: 'set', field: 'Nope', value: 'x' }, 'unknown_field'],
    ['a read-only field', { op: 'set', field: 'Code', value: 'x' }, 'read_only'],
    ['a value that is no text', { op: 'set', field: 'Title', value: 3 }, 'bad_value'],
    ['a replacement without find', { op: 'replace_text', field: 'Title', value: 'x' }, 'bad_value'],
    ['a text that is not there', { op: 'replace_text', field: 'Title', find: 'nothing', value: 'x' }, 'not_found'],
    ['a text that is there twice', { op: 'replace_text', field: 'Body', find: 'The fee', value: 'x' }, 'ambiguous'],
    ['an empty field', { op: 'set', field: 'Summary', value: 'x' }, 'impossible'],
    ['emptying a field', { op: 'clear', field: 'Title' }, 'impossible'],
    [
      'emptying by replacement',
      { op: 'replace_text', field: 'Title', find: 'Tuition and fees', value: '' },
      'impossible',
    ],
    ['a boolean', { op: 'set', field: 'Featured', value: 'false' }, 'impossible'],
    ['a part of a structured field', { op: 'set', field: 'Links[0].Link', value: 'x5' }, 'impossible'],
    ['a replacement without a value', { op: 'replace_text', field: 'Title', find: 'fees' }, 'bad_value'],
    ['removing words as if they were an entry', { op: 'remove', field: 'Body', find: 'fee' }, 'bad_value'],
    ['inserting into a text', { op: 'insert', field: 'Body', value: 'x' }, 'bad_value'],
    ['torn markup', { op: 'replace_text', field: 'Body', find: '</strong>', value: '' }, 'bad_value'],
    ['a list entry', { op: 'insert', field: 'Links', value: 'x5' }, 'impossible'],
  ] as const)('refuses %s', (_title, change, reason) => {
    expect(reasonsOf([change])).toEqual([reason]);
  });

  it('judges markup after all changes of a field, and leaves alone what was torn before', () => {
    const both = planEdit(fields, [
      { op: 'replace_text', field: 'Body', find: '$60', value: '<em>$60' },
      { op: 'replace_text', field: 'Body', find: ' is due', value: '</em> is due' },
    ]);
    expect(both.ok).toBe(true);
    const torn = [field('Body', '<p>Open', { type: 'IGX_ELEMENT_CDATA' })];
    expect(planEdit(torn, [{ op: 'append', field: 'Body', value: ' house' }]).ok).toBe(true);
  });

  it('tells which of the changes it refuses', () => {
    const plan = planEdit(fields, [
      { op: 'set', field: 'Title', value: 'New' },
      { op: 'set', field: 'Summary', value: 'Short' },
    ]);
    expect(plan.ok ? [] : plan.refusals.map(({ index }) => index)).toEqual([1]);
  });

  it('refuses all changes when one is impossible, and prepares that one for a person', () => {
    const plan = planEdit(fields, [
      { op: 'set', field: 'Title', value: 'New' },
      { op: 'set', field: 'Summary', value: 'Short' },
    ]);
    expect(plan).toMatchObject({ ok: false, refusals: [{ prepared: { field: 'Summary', old: '', new: 'Short' } }] });
  });

  it('shows the stored form when only markup stands between the words', () => {
    const plan = planEdit(fields, [{ op: 'replace_text', field: 'Body', find: 'fee for 2025 is', value: 'x' }]);
    expect(plan.ok ? '' : plan.refusals[0]?.message).toContain('<strong>2025</strong>');
  });
});

describe('narrowReplacement', () => {
  const text = fc.string({ minLength: 1, maxLength: 80, unit: fc.constantFrom('a', 'b', ' ', 'c', '\n', '😀', 'é') });

  it('makes `after` of `before` at the one place where it occurs', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const { find, replaceWith } = narrowReplacement(before, after);
        expect(countOccurrences(before, find)).toBe(1);
        expect(before.replace(find, () => replaceWith)).toBe(after);
      }),
    );
  });

  it('never tears a character of two code units apart', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const { find, replaceWith } = narrowReplacement(before, after);
        expect(find.isWellFormed()).toBe(true);
        expect(replaceWith.isWellFormed()).toBe(true);
      }),
    );
  });

  it('takes some context, not the whole text', () => {
    const before = `${'lorem ipsum dolor '.repeat(50)}the fee is $60 a year ${'sit amet '.repeat(50)}`;
    const { find } = narrowReplacement(before, before.replace('$60', '$75'));
    expect(find).toContain('$60');
    expect(find.length).toBeLessThan(80);
  });
});
