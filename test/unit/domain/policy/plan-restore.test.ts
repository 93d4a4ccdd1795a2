import { describe, expect, it } from 'vitest';
import type { Field } from '../../../../src/domain/model/content-item.ts';
import { planDraft } from '../../../../src/domain/policy/plan-draft.ts';
import { planEdit } from '../../../../src/domain/policy/plan-edit.ts';
import { isSameField, planFieldsRestore } from '../../../../src/domain/policy/plan-restore.ts';

const field = (name: string, type: string, value: string, more: Partial<Field> = {}): Field => ({
  ...{ name, label: name, type, value, required: false, readOnly: false, hidden: false, attributes: {}, children: [] },
  ...more,
});
const text = (name: string, value: string, more: Partial<Field> = {}) => field(name, 'IGX_ELEMENT_TEXT', value, more);

describe('what of older fields can be written again', () => {
  it('is nothing where nothing differs; labels and flags are no difference', () => {
    const now = [text('Title', 'One', { label: 'Other label', required: true })];
    for (const way of ['find-replace', 'services', 'none'] as const) {
      expect(planFieldsRestore(now, [text('Title', 'One')], way)).toEqual({
        changes: [],
        forPerson: [],
        newFields: [],
      });
    }
  });

  it('is text, by replacing it; long texts by the part that differs', () => {
    const long = 'A sentence that says a lot. '.repeat(40);
    const now = [text('Title', 'Two'), field('Body', 'IGX_ELEMENT_CDATA', `<p>${long}now${long}</p>`)];
    const older = [text('Title', 'One'), field('Body', 'IGX_ELEMENT_CDATA', `<p>${long}then${long}</p>`)];
    const { changes, forPerson } = planFieldsRestore(now, older, 'find-replace');
    expect(forPerson).toEqual([]);
    expect(changes).toMatchObject([
      { op: 'set', field: 'Title', value: 'One' },
      { op: 'replace_text', field: 'Body' },
    ]);
    expect(JSON.stringify(changes[1]).length).toBeLessThan(400);
    const plan = planEdit(now, changes);
    expect(plan.ok && plan.edits.map(({ after }) => after)).toEqual(older.map(({ value }) => value));
  });

  it('leaves to people what replacing text cannot do, each with its reason and what it held', () => {
    const now = [
      text('Empty', ''),
      text('Filled', 'now'),
      field('Day', 'IGX_LOCAL_DATE', '2026-01-02'),
      text('Fixed', 'now', { readOnly: true }),
      field('Links', 'IGX_LINKSET', '', { children: [field('Link', 'IGX_LINK', 'x2')] }),
      text('Fresh', 'came later'),
    ];
    const older = [
      text('Empty', 'then'),
      text('Filled', ''),
      field('Day', 'IGX_LOCAL_DATE', '2025-01-02'),
      text('Fixed', 'then', { readOnly: true }),
      field('Links', 'IGX_LINKSET', '', { children: [field('Link', 'IGX_LINK', 'x1')] }),
      text('Gone', 'no such field now'),
    ];
    const { changes, forPerson, newFields } = planFieldsRestore(now, older, 'find-replace');
    expect(changes).toEqual([]);
    expect(forPerson.map(({ field: name, isEntered }) => [name, isEntered])).toEqual([
      ['Empty', true],
      ['Filled', true],
      ['Day', true],
      ['Fixed', false],
      ['Links', true],
      ['Gone', false],
    ]);
    expect(forPerson.map(({ value }) => value)).toEqual(['then', '', '2025-01-02', 'then', 'x1', 'no such field now']);
    for (const { reason } of forPerson) expect(reason).not.toBe('');
    expect(newFields).toEqual(['Fresh']);
  });

  it('is nearly everything where the CMS writes fields: empty ones, dates, switches, lists', () => {
    const entry = (value: string, words: string) => field('Link', 'IGX_LINK', value, { attributes: { Text: words } });
    const now = [
      text('Empty', ''),
      field('Day', 'IGX_LOCAL_DATE', '2026-01-02'),
      field('Shown', 'IGX_BOOLEAN', 'true'),
      field('Links', 'IGX_LINKSET', '', { children: [entry('x2', 'Two')] }),
    ];
    const older = [
      text('Empty', 'then'),
      field('Day', 'IGX_LOCAL_DATE', '2025-01-02'),
      field('Shown', 'IGX_BOOLEAN', 'false'),
      field('Links', 'IGX_LINKSET', '', { children: [entry('x1', 'One'), entry('x3', 'Three')] }),
    ];
    const { changes, forPerson } = planFieldsRestore(now, older, 'services');
    expect(forPerson).toEqual([]);
    const plan = planDraft(now, changes);
    expect(plan.ok && plan.fields.every((after, index) => isSameField(after, older[index] ?? after))).toBe(true);
    expect(planFieldsRestore(now, older, 'none')).toMatchObject({ changes: [], forPerson: { length: 4 } });
  });
});
