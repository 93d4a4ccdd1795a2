import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAndReplace } from '../../../src/application/tasks/authoring/find-and-replace.ts';
import { confirmationOutput } from '../../../src/application/tasks/parameters.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

let harness: TaskHarness;
beforeEach(async () => {
  harness = await openTaskHarness({ knobs: { reportTickMs: 1 } });
});
afterEach(() => harness.close());

const fee = 'The application fee for 2025 is $60.';
const list = (input: { find: string; under: string; match_case?: boolean }) => harness.run(findAndReplace, input);
const confirm = async (input: Record<string, unknown>) => {
  const answer = await harness.answer(findAndReplace, input);
  expect(answer.kind).toBe('confirmation');
  return confirmationOutput.parse(answer.output);
};

describe('find_and_replace', () => {
  it('lists each occurrence below a page with its surroundings, and changes nothing', async () => {
    const { tuitionPage } = harness.landmarks;
    const answer = await list({ find: '2025', under: tuitionPage });
    expect(answer.total).toBeGreaterThan(1);
    expect(answer.occurrences).toHaveLength(answer.total);
    expect(new Set(answer.occurrences.map(({ id }) => id)).size).toBe(answer.total);
    expect(answer.occurrences.map(({ text }) => text).join()).toContain('The application fee for 【2025】 is $60.');
    expect(answer).toMatchObject({ changed: [], undo: 'no' });
    expect(pageOf(tuitionPage).checkedOut).toBeNull();
    expect(harness.sandbox.calls.list().some(({ operationId }) => operationId === 'Site_ReplaceReportEntry')).toBe(
      false,
    );
  });

  it('replaces the chosen occurrence and no other, in a copy that it checks out', async () => {
    const { tuitionPage } = harness.landmarks;
    const before = bodyOf(tuitionPage);
    const { occurrences } = await list({ find: '2025', under: tuitionPage });
    const chosen = occurrences.find(({ text }) => text.includes('application fee'));
    const input = { find: '2025', replace_with: '2026', under: tuitionPage, occurrences: [chosen?.id ?? ''] };
    const { confirm: token, impact } = await confirm(input);
    expect(JSON.stringify(impact)).toContain('【2026】');
    expect(pageOf(tuitionPage).checkedOut).toBeNull();
    const answer = await harness.run(findAndReplace, { ...input, confirm: token });
    expect(answer.items).toEqual([expect.objectContaining({ id: tuitionPage, outcome: 'replaced', replaced: 1 })]);
    expect(bodyOf(tuitionPage)).toBe(before.replace(fee, fee.replace('2025', '2026')));
    expect(answer.next).toEqual({ tool: 'check_in_content', input: { items: [tuitionPage] } });
    expect(harness.events.map((event) => ('change' in event ? event.change : ''))).toEqual(
      expect.arrayContaining(['lock', 'fields']),
    );
  });

  it('replaces several places of one field and of several pages', async () => {
    const { tuitionPage, deadlinesPage } = harness.landmarks;
    const parent = pageOf(tuitionPage).parentId ?? '';
    const { occurrences } = await list({ find: 'APPLICATION', under: parent, match_case: false });
    const chosen = occurrences.filter(({ item }) => item === tuitionPage || item === deadlinesPage);
    expect(new Set(chosen.map(({ item }) => item)).size).toBe(2);
    const before = { [tuitionPage]: allText(tuitionPage), [deadlinesPage]: allText(deadlinesPage) };
    const input = {
      find: 'APPLICATION',
      replace_with: 'request',
      under: parent,
      match_case: false,
      occurrences: chosen.map(({ id }) => id),
    };
    const { confirm: token } = await confirm(input);
    const answer = await harness.run(findAndReplace, { ...input, confirm: token });
    expect(answer.items.every(({ outcome }) => outcome === 'replaced')).toBe(true);
    for (const id of [tuitionPage, deadlinesPage]) {
      expect(allText(id)).toBe((before[id] ?? '').replace(/application/gi, 'request'));
    }
  });

  it('says what cannot be changed: locks of others, and what the user may only read', async () => {
    const { checkedOutByOtherPage, readOnlyForEditorPage } = harness.landmarks;
    const careers = await list({ find: 'a', under: checkedOutByOtherPage });
    expect(careers.not_replaceable).toContainEqual(
      expect.objectContaining({ item: checkedOutByOtherPage, reason: expect.stringContaining('Daniel Reyes') }),
    );
    const policies = await list({ find: 'a', under: readOnlyForEditorPage });
    expect(policies.not_replaceable).toContainEqual(
      expect.objectContaining({ item: readOnlyForEditorPage, reason: expect.stringContaining('may not change') }),
    );
  });

  it('marks places inside of tags', async () => {
    const answer = await list({ find: 'href', under: harness.landmarks.home });
    expect(answer.occurrences.length).toBeGreaterThan(0);
    expect(answer.occurrences.every(({ in_markup }) => in_markup === true)).toBe(true);
    const words = await list({ find: fee, under: harness.landmarks.home });
    expect(words.occurrences).toEqual([expect.not.objectContaining({ in_markup: true })]);
  });

  it('refuses when the field changed since it was listed, or since the impact was shown', async () => {
    const { tuitionPage } = harness.landmarks;
    const { occurrences } = await list({ find: fee, under: tuitionPage });
    const input = { find: fee, replace_with: 'No fee.', under: tuitionPage, occurrences: [occurrences[0]?.id ?? ''] };
    const { confirm: token } = await confirm(input);
    const body = pageOf(tuitionPage)
      .versions.at(-1)
      ?.elements.find(({ name }) => name === 'Body');
    if (body === undefined) throw new Error('The seed has changed.');
    body.value = `<p>New.</p>${body.value}`;
    expect((await harness.refusal(findAndReplace, { ...input, confirm: token })).code).toBe('VERSION_CONFLICT');
    expect((await harness.refusal(findAndReplace, input)).code).toBe('VERSION_CONFLICT');
    expect(pageOf(tuitionPage).checkedOut).toBeNull();
  });

  it('finds nothing without an error', async () => {
    expect(await list({ find: 'qqqzzz', under: harness.landmarks.home })).toMatchObject({
      total: 0,
      occurrences: [],
      not_replaceable: [],
    });
  });

  it('refuses what would break or empty a field, or go beyond the place', async () => {
    const { tuitionPage, deadlinesPage } = harness.landmarks;
    const { occurrences } = await list({ find: fee, under: tuitionPage });
    const ids = [occurrences[0]?.id ?? ''];
    const refused = async (input: object) =>
      (await harness.refusal(findAndReplace, { find: fee, under: tuitionPage, occurrences: ids, ...input })).code;
    expect(await refused({})).toBe('BAD_INPUT');
    expect(await refused({ replace_with: 'Fees & costs' })).toBe('BAD_INPUT');
    expect(await refused({ replace_with: 'X', under: deadlinesPage })).toBe('VERSION_CONFLICT');
    expect(await refused({ replace_with: 'X', occurrences: ['x1.Body.1.00000000'], under: 'x1' })).toBe(
      'VERSION_CONFLICT',
    );
    expect(await refused({ replace_with: 'X', find: 'fee' })).toBe('VERSION_CONFLICT');
    const many = Array.from({ length: 11 }, (_, at) => `x${at + 1}.Body.1.00000000`);
    expect(await refused({ replace_with: 'X', occurrences: many })).toBe('TOO_LARGE');
    const asset = Object.keys(harness.state.assets)[0] ?? '';
    expect((await harness.refusal(findAndReplace, { find: 'x', under: asset })).code).toBe('CAPABILITY_MISSING');
  });

  it('goes on with the other items when one fails', async () => {
    const { tuitionPage, deadlinesPage } = harness.landmarks;
    const parent = pageOf(tuitionPage).parentId ?? '';
    const { occurrences } = await list({ find: 'application', under: parent, match_case: false });
    const one = (item: string) => occurrences.find((occurrence) => occurrence.item === item)?.id ?? '';
    const input = {
      find: 'application',
      replace_with: 'request',
      under: parent,
      match_case: false,
      occurrences: [one(tuitionPage), one(deadlinesPage)],
    };
    const { confirm: token } = await confirm(input);
    harness.sandbox.faults.add({
      kind: 'exception',
      type: 'InvalidOperationException',
      match: { operationId: 'Pages_CheckOut' },
      times: 1,
    });
    const answer = await harness.run(findAndReplace, { ...input, confirm: token });
    expect(answer.items.map(({ outcome }) => outcome).sort()).toEqual(['failed', 'replaced']);
    expect(answer.changed).toHaveLength(1);
  });
});

function pageOf(id: string) {
  const page = harness.state.pages[id];
  if (page === undefined) throw new Error(`The sandbox has no page ${id}.`);
  return page;
}

const elementsOf = (id: string) => (pageOf(id).checkedOut ?? pageOf(id).versions.at(-1))?.elements ?? [];
const bodyOf = (id: string): string => elementsOf(id).find(({ name }) => name === 'Body')?.value ?? '';

/** The values at the top of the form, which are those that can be replaced. */
const allText = (id: string): string =>
  elementsOf(id)
    .map(({ value }) => value)
    .join('\n');
