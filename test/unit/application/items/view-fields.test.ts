import { describe, expect, it } from 'vitest';
import { fieldsAsMarkdown, viewFields } from '../../../../src/application/items/view-fields.ts';
import { makeField } from '../../../support/builders/make-field.ts';

const fields = [
  makeField('Title', 'Deadlines', { required: true }),
  makeField('Start', '', { type: 'IGX_GROUP_START' }),
  makeField('Secret', 'inner', { hidden: true }),
  makeField('Body', `<p>${'word '.repeat(400)}</p>`, { type: 'IGX_ELEMENT_CDATA', label: 'Main text' }),
  makeField('Links', '', {
    type: 'IGX_LINKSET',
    children: [makeField('Link', 'x7', { type: 'IGX_LINK', attributes: { Text: 'Apply', Target: '' } })],
  }),
  makeField('Teaser', ''),
];

describe('viewFields', () => {
  it('concise shows filled fields, names the empty ones, and counts what it leaves out', () => {
    const viewed = viewFields(fields, { detailed: false, budget: 500 });
    expect(viewed.fields.map(({ field }) => field)).toEqual(['Title', 'Body', 'Links[1]']);
    expect(viewed.emptyFields).toEqual(['Teaser']);
    expect(viewed.leftOutCount).toBe(2);
    expect(viewed.fields[0]).toEqual({ field: 'Title', value: 'Deadlines', required: true });
    expect(viewed.fields[2]).toEqual({ field: 'Links[1]', value: 'x7', attributes: { Text: 'Apply' } });
  });

  it('cuts only what is long, and says how long it is', () => {
    const viewed = viewFields(fields, { detailed: false, budget: 500 });
    expect(viewed.cutFields).toEqual(['Body']);
    expect(viewed.fields[1]).toMatchObject({ truncated: true, length: 2007 });
    const shown = viewed.fields.reduce((sum, { value }) => sum + value.length, 0);
    expect(shown).toBeLessThanOrEqual(500);
  });

  it('detailed shows everything with label and type', () => {
    const viewed = viewFields(fields, { detailed: true, budget: 10_000 });
    expect(viewed.fields).toHaveLength(7);
    expect(viewed.fields.find(({ field }) => field === 'Body')).toMatchObject({
      label: 'Main text',
      type: 'IGX_ELEMENT_CDATA',
    });
    expect(viewed.leftOutCount).toBe(0);
  });

  it('shows only the fields asked for, hidden ones too, with what lies below, and names unknown ones', () => {
    const viewed = viewFields(fields, { only: ['links', 'Secret', 'Nope'], detailed: false, budget: 500 });
    expect(viewed.fields.map(({ field }) => field)).toEqual(['Secret', 'Links[1]']);
    expect(viewed.unknownFields).toEqual(['Nope']);
  });
});

describe('fieldsAsMarkdown', () => {
  it('makes one document with a heading per field that people read', () => {
    const markup = { toMarkdown: (text: string) => text.replace(/<\/?p>/g, '').trim() };
    const text = fieldsAsMarkdown('Deadlines', fields, ['Title', 'Body', 'Secret'], markup);
    expect(text.startsWith('# Deadlines\n\n## Title\n\nDeadlines\n\n## Main text\n\nword word')).toBe(true);
    expect(text).not.toContain('inner');
  });
});
