import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmationOutput } from '../../../src/application/tasks/parameters.ts';
import { manageRedirects } from '../../../src/application/tasks/publishing/manage-redirects.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

let harness: TaskHarness;
beforeEach(async () => {
  harness = await openTaskHarness();
});
afterEach(() => harness.close());

const role = 'publisher' as const;
type Arguments = Parameters<typeof manageRedirects.execute>[0];
const run = (input: Arguments) => harness.run(manageRedirects, input, { role });
const refusal = (input: Arguments) => harness.refusal(manageRedirects, input, { role });
const confirmed = async (input: Arguments) => {
  const answer = await harness.answer(manageRedirects, input, { role });
  expect(answer.kind).toBe('confirmation');
  const { confirm, impact, warnings } = confirmationOutput.parse(answer.output);
  return { impact, warnings, answer: await run({ ...input, confirm }) };
};
const save = async (from: string, to: string, targets = ['Production']) =>
  (await run({ action: 'save', from, to, targets })).redirects[0]?.id ?? '';
const kept = (from: string) => harness.state.redirects.find((redirect) => redirect.from === from);

describe('manage_redirects', () => {
  it('adds a redirect at once, and lists and filters', async () => {
    const count = harness.state.redirects.length;
    const id = await save('/campaign-2026', '/admissions');
    await save('/old-fees', '/admissions/tuition', ['Staging', 'Production']);
    expect(kept('/old-fees')?.targetIds).toHaveLength(2);
    const all = await run({ action: 'list' });
    expect(all.total).toBe(count + 2);
    expect(all.redirects.find((redirect) => redirect.id === id)).toEqual({
      id,
      from: '/campaign-2026',
      to: '/admissions',
      targets: ['Production'],
    });
    const filtered = await run({ action: 'list', from: 'OLD-FEES' });
    expect(filtered.redirects.map(({ from }) => from)).toEqual(['/old-fees']);
    expect((await run({ action: 'list', to: '/admissions', targets: ['Staging'] })).total).toBe(1);
  });

  it('pages through a long list', async () => {
    for (let at = 0; at < 60; at += 1) {
      harness.state.redirects.push({
        id: `Redirects/9${at}`,
        name: '',
        from: `/r${at}`,
        to: '/',
        targetIds: [],
        notes: '',
        temporary: false,
      });
    }
    const first = await run({ action: 'list', from: '/r' });
    expect(first.redirects).toHaveLength(50);
    const second = await run({ action: 'list', from: '/r', cursor: first.next_cursor });
    expect(new Set([...first.redirects, ...second.redirects].map(({ id }) => id)).size).toBe(first.total);
  });

  it('changes the redirect of the same address only after it was confirmed', async () => {
    const id = await save('/campaign-2026', '/admissions');
    const { impact, answer } = await confirmed({ action: 'save', from: '/campaign-2026', to: '/about' });
    expect(impact).toMatchObject({
      before: { to: '/admissions' },
      after: { id, to: '/about', targets: ['Production'] },
    });
    expect(answer.before?.to).toBe('/admissions');
    expect(harness.state.redirects.filter(({ from }) => from === '/campaign-2026')).toEqual([
      expect.objectContaining({ id, to: '/about' }),
    ]);
  });

  it('saves nothing that is so already', async () => {
    await save('/campaign-2026', '/admissions');
    const again = await run({ action: 'save', from: '/campaign-2026', to: '/admissions', targets: ['Production'] });
    expect(again).toMatchObject({ undo: 'no', redirects: [{ from: '/campaign-2026' }] });
    expect(harness.state.redirects.filter(({ from }) => from === '/campaign-2026')).toHaveLength(1);
  });

  it('asks before it takes the address of a page away', async () => {
    const { warnings } = await confirmed({
      action: 'save',
      from: '/admissions/tuition',
      to: '/admissions',
      targets: ['Production'],
    });
    expect(warnings.join()).toContain('/admissions/tuition');
  });

  it('warns of addresses that lead nowhere or onward', async () => {
    await save('/two', '/about');
    const onward = await run({ action: 'save', from: '/one', to: '/two', targets: ['Production'] });
    expect(onward.warnings.join()).toContain('/about');
    const nowhere = await run({ action: 'save', from: '/three', to: '/no-such-page', targets: ['Production'] });
    expect(nowhere.warnings.join()).toContain('/no-such-page');
  });

  it('removes by id and by address, after the impact', async () => {
    const id = await save('/gone', '/about');
    const { impact, answer } = await confirmed({ action: 'remove', ids: [id] });
    expect(impact).toMatchObject({ redirects: [{ id, from: '/gone' }] });
    expect(answer).toMatchObject({ redirects: [{ id, to: '/about' }], undo: 'possible' });
    expect(kept('/gone')).toBeUndefined();
    await save('/gone-too', '/about');
    await confirmed({ action: 'remove', from: '/gone-too/' });
    expect(kept('/gone-too')).toBeUndefined();
  });

  it('refuses loops, also long ones', async () => {
    await save('/b', '/c');
    await save('/c', '/a');
    const refused = await refusal({ action: 'save', from: '/a', to: '/b', targets: ['Production'] });
    expect(refused).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('loop') });
    expect((await refusal({ action: 'save', from: '/a', to: '/A/', targets: ['Production'] })).code).toBe('BAD_INPUT');
  });

  it.each<[string, Arguments, string]>([
    ['a new one without targets', { action: 'save', from: '/a', to: '/b' }, 'BAD_INPUT'],
    ['an unknown target', { action: 'save', from: '/a', to: '/b', targets: ['Moon'] }, 'NOT_FOUND'],
    ['an old address that is no path', { action: 'save', from: 'a', to: '/b', targets: ['Production'] }, 'BAD_INPUT'],
    ['a script', { action: 'save', from: '/a', to: 'javascript:x', targets: ['Production'] }, 'BAD_INPUT'],
    [
      'a host without its scheme',
      { action: 'save', from: '/a', to: '//x.example', targets: ['Production'] },
      'BAD_INPUT',
    ],
    ['removing nothing', { action: 'remove' }, 'BAD_INPUT'],
    ['removing what is not there', { action: 'remove', ids: ['Redirects/999999'] }, 'NOT_FOUND'],
    ['removing an unknown address', { action: 'remove', from: '/nowhere' }, 'NOT_FOUND'],
  ])('refuses %s', async (_title, input, code) => {
    const before = structuredClone(harness.state.redirects);
    expect((await refusal(input)).code).toBe(code);
    expect(harness.state.redirects).toEqual(before);
  });

  it('passes on that the user may not manage redirects', async () => {
    const input = { action: 'save', from: '/a', to: '/about', targets: ['Production'] };
    expect((await harness.refusal(manageRedirects, input)).code).toBe('FORBIDDEN');
  });
});
