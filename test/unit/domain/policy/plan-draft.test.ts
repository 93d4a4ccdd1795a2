import { describe, expect, it } from 'vitest';
import type { Field } from '../../../../src/domain/model/content-item.ts';
import { planDraft, planRestore } from '../../../../src/domain/policy/plan-draft.ts';
import type { FieldChange } from '../../../../src/domain/policy/plan-edit.ts';
import { makeField } from '../../../support/builders/make-field.ts';

const link = (value: string, text: string): Field =>
  makeField('Link', value, { type: 'IGX_LINK', attributes: { Text: text } });

const fields: readonly Field[] = [
  makeField('Title', 'Fees'),
  makeField('Body', '<p>Due in May.</p>', { type: 'IGX_ELEMENT_CDATA' }),
  makeField('Featured', 'true', { type: 'IGX_BOOLEAN' }),
  makeField('Date', '20260301T09:00:00', { type: 'IGX_DATE' }),
  makeField('Day', '', { type: 'IGX_LOCAL_DATE' }),
  makeField('Audience', 'a|b', { type: 'IGX_MULTI_SELECT' }),
  makeField('Tags', '', { type: 'IGX_MULTI_SELECT' }),
  makeField('Contact', '', { type: 'IGX_COMPONENT' }),
  makeField('Links', '', { type: 'IGX_LINKSET', children: [link('x1', 'One'), link('x2', 'Two')] }),
  makeField('Empty', '', { type: 'IGX_LIST' }),
  makeField('Rows', '', {
    type: 'IGX_LIST',
    children: [
      makeField('Row', '', {
        type: 'IGX_LIST',
        children: [makeField('Title', 'R1'), makeField('Cell', 'c1'), makeField('Cell', 'c2')],
      }),
    ],
  }),
  makeField('Nav', 'x7', { type: 'IGX_NAVIGATION' }),
  makeField('Code', 'A1', { readOnly: true }),
];

const plan = (...changes: FieldChange[]) => planDraft(fields, changes);

/** The field after the changes, which must be possible. */
const changed = (name: string, ...changes: FieldChange[]): Field => {
  const made = plan(...changes);
  if (!made.ok) throw new Error(made.refusals[0]?.message);
  return made.fields.find((field) => field.name === name) ?? expect.unreachable();
};

describe('planDraft', () => {
  it.each<[string, FieldChange, string]>([
    ['sets text', { op: 'set', field: 'Title', value: 'New' }, 'New'],
    ['empties text', { op: 'clear', field: 'Title' }, ''],
    ['sets an empty text', { op: 'set', field: 'Title', value: '' }, ''],
    ['appends text', { op: 'append', field: 'Title', value: ' 2026' }, 'Fees 2026'],
    ['replaces text', { op: 'replace_text', field: 'Title', find: 'ee', value: '$&' }, 'F$&s'],
    ['sets a switch', { op: 'set', field: 'Featured', value: false }, 'false'],
    [
      'sets a date in the form that the field has',
      { op: 'set', field: 'Date', value: '2027-12-24T18:00:00' },
      '20271224T18:00:00',
    ],
    ['sets a day', { op: 'set', field: 'Day', value: '2028-02-29' }, '2028-02-29'],
    ['joins several values as the field does', { op: 'set', field: 'Audience', value: ['b', 'c'] }, 'b|c'],
    ['takes one of several values', { op: 'set', field: 'Tags', value: ['b'] }, 'b'],
    ['sets a reference', { op: 'set', field: 'Contact', value: 'x42' }, 'x42'],
  ])('%s', (_title, change, value) => {
    expect(changed(change.field, change).value).toBe(value);
  });

  it('changes, inserts, appends and removes entries', () => {
    const values = (...changes: FieldChange[]) => changed('Links', ...changes).children.map((entry) => entry.value);
    expect(values({ op: 'append', field: 'Links', value: 'x3' })).toEqual(['x1', 'x2', 'x3']);
    expect(values({ op: 'insert', field: 'Links', index: 1, value: 'x0' })).toEqual(['x0', 'x1', 'x2']);
    expect(values({ op: 'remove', field: 'Links', index: 1 })).toEqual(['x2']);
    expect(values({ op: 'remove', field: 'Links[2]' })).toEqual(['x1']);
    expect(values({ op: 'set', field: 'Links', value: ['x8', 'x9'] })).toEqual(['x8', 'x9']);
    expect(values({ op: 'clear', field: 'Links' })).toEqual([]);
    expect(values({ op: 'set', field: 'Links[2]', value: 'x5' })).toEqual(['x1', 'x5']);
  });

  it('makes a new entry after the pattern of the others', () => {
    const entry = changed('Links', { op: 'append', field: 'Links', value: { value: 'x3', Text: 'Three' } }).children[2];
    expect(entry).toMatchObject({ name: 'Link', type: 'IGX_LINK', value: 'x3', attributes: { Text: 'Three' } });
    expect(changed('Links', { op: 'append', field: 'Links', value: 'x3' }).children[2]?.attributes).toEqual({
      Text: '',
    });
    expect(changed('Empty', { op: 'append', field: 'Empty', value: 'first' }).children).toMatchObject([
      { name: '', value: 'first' },
    ]);
  });

  it('lets the first real entry take the place of the blank one that the CMS keeps', () => {
    const blank = [makeField('Links', '', { type: 'IGX_LINKSET', children: [link('', '')] })];
    const made = planDraft(blank, [{ op: 'append', field: 'Links', value: 'x1' }]);
    expect(made).toMatchObject({ ok: true, fields: [{ children: [{ name: 'Link', value: 'x1' }] }] });
  });

  it('finds what lies deep by the paths of get_content', () => {
    const row = (path: string) => changed('Rows', { op: 'set', field: path, value: 'new' }).children[0]?.children;
    expect(row('Rows[1].Title')?.map(({ value }) => value)).toEqual(['new', 'c1', 'c2']);
    expect(row('Rows[1].Cell[2]')?.map(({ value }) => value)).toEqual(['R1', 'c1', 'new']);
  });

  it('tells what changes, by path, and leaves the rest untouched', () => {
    const made = plan({ op: 'set', field: 'Title', value: 'Fees' }, { op: 'remove', field: 'Links[1]' });
    expect(made).toMatchObject({ ok: true, differences: [{ path: 'Links' }] });
    if (made.ok)
      expect(made.fields.filter(({ name }) => name !== 'Links')).toEqual(fields.filter(({ name }) => name !== 'Links'));
  });

  it('judges markup by what all changes together make of it', () => {
    const open: FieldChange = { op: 'append', field: 'Body', value: '<p>More' };
    expect(plan(open)).toMatchObject({ ok: false, refusals: [{ reason: 'bad_value' }] });
    expect(plan(open, { op: 'append', field: 'Body', value: '.</p>' }).ok).toBe(true);
  });

  it.each<[string, FieldChange, string]>([
    ['an unknown field', { op: 'set', field: 'Nothing', value: 'x' }, 'unknown_field'],
    ['a path that is none', { op: 'set', field: 'Links[', value: 'x' }, 'unknown_field'],
    ['an entry that is not there', { op: 'set', field: 'Links[9]', value: 'x' }, 'unknown_field'],
    ['a read-only field', { op: 'set', field: 'Code', value: 'x' }, 'read_only'],
    ['a computed field', { op: 'set', field: 'Nav', value: 'x1' }, 'impossible'],
    ['a switch that is no yes or no', { op: 'set', field: 'Featured', value: 'maybe' }, 'bad_value'],
    ['a date that is none', { op: 'set', field: 'Date', value: 'tomorrow' }, 'bad_value'],
    ['a day that no year has', { op: 'set', field: 'Day', value: '2026-02-30' }, 'bad_value'],
    ['several values without a known separator', { op: 'set', field: 'Tags', value: ['a', 'b'] }, 'bad_value'],
    ['entries in a text', { op: 'insert', field: 'Title', value: 'x' }, 'bad_value'],
    ['text that is not there', { op: 'replace_text', field: 'Title', find: 'zzz', value: 'x' }, 'not_found'],
    ['text that is there twice', { op: 'replace_text', field: 'Body', find: 'p', value: 'x' }, 'ambiguous'],
    ['a part that an entry does not have', { op: 'append', field: 'Links', value: { Colour: 'red' } }, 'bad_value'],
    ['an entry behind the end', { op: 'insert', field: 'Links', index: 9, value: 'x3' }, 'not_found'],
    ['removing nothing', { op: 'remove', field: 'Links' }, 'bad_value'],
  ])('refuses %s, and the whole edit with it', (_title, change, reason) => {
    const made = plan({ op: 'set', field: 'Title', value: 'New' }, change);
    expect(made).toMatchObject({ ok: false, refusals: [{ index: 1, field: change.field, reason }] });
  });
});

describe('planRestore', () => {
  it('takes the older values of what editors enter, and nothing else', () => {
    const older = fields.map((field) => ({ ...field, value: `old ${field.value}`, children: [] }));
    const made = planRestore(
      fields,
      older.filter(({ name }) => name !== 'Contact'),
    );
    if (!made.ok) throw new Error('not planned');
    const byName = (name: string) => made.fields.find((field) => field.name === name);
    expect(byName('Title')?.value).toBe('old Fees');
    expect(byName('Links')?.children).toEqual([]);
    for (const kept of ['Nav', 'Code', 'Contact'])
      expect(byName(kept)).toEqual(fields.find(({ name }) => name === kept));
    expect(made.differences.map(({ path }) => path)).not.toContain('Nav');
  });
});
