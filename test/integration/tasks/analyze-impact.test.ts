import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeImpact } from '../../../src/application/tasks/core/analyze-impact.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

let harness: TaskHarness;
beforeAll(async () => {
  harness = await openTaskHarness();
});
afterAll(() => harness.close());

type Arguments = Parameters<typeof analyzeImpact.execute>[0];
const ask = (input: Arguments) => harness.run(analyzeImpact, input);
const one = async (input: Arguments) => {
  const answer = await ask(input);
  const [item] = answer.items;
  if (item === undefined) throw new Error('An answer has at least one item.');
  return { ...answer, item };
};
const pageOf = (id: string) => harness.state.pages[id] ?? raise(`The sandbox has no page ${id}.`);
const raise = (message: string): never => {
  throw new Error(message);
};

describe('analyze_impact', () => {
  it('tells who points to a page, where it is live, and what follows', async () => {
    const { sharedContactCard } = harness.landmarks;
    const { item, possible, next } = await one({ action: 'delete', items: [sharedContactCard] });
    expect(item.references?.total).toBeGreaterThan(1);
    expect(item.references?.from[0]).toMatchObject({ id: expect.stringMatching(/^x\d+$/), name: expect.any(String) });
    expect(possible).toBe(true);
    expect(next).toEqual({ tool: 'delete_content', input: { items: [sharedContactCard] } });
  });

  it('ranks the risk: a live subtree is high, an unused draft is low', async () => {
    const admissions = pageOf(harness.landmarks.tuitionPage).parentId ?? '';
    const subtree = await one({ action: 'delete', items: [admissions] });
    expect(subtree.item.descendants).toBeGreaterThan(0);
    expect(subtree.item.live_on).toContain('Production');
    expect(['medium', 'high']).toContain(subtree.risk);
    const both = await ask({ action: 'delete', items: [admissions, harness.landmarks.neverPublishedPage] });
    expect(both.risk).toBe(subtree.risk);
    const quiet = await one({ action: 'rename', items: [harness.landmarks.neverPublishedPage], to: 'Accessibility' });
    expect(quiet.item.live_on).toBeUndefined();
    expect(quiet.risk).toBe('low');
  });

  it('names redirects that lead to the page, and its workflow', async () => {
    const { tuitionPage } = harness.landmarks;
    const address = (await one({ action: 'delete', items: [tuitionPage] })).item.addresses?.find(
      ({ target }) => target === 'Production',
    );
    harness.state.redirects.push({
      id: 'Redirects/901',
      name: '',
      from: '/very-old-fees',
      to: address?.path ?? '',
      targetIds: ['PublishingTargets/1'],
      notes: '',
      temporary: false,
    });
    const { item } = await one({ action: 'delete', items: [tuitionPage] });
    expect(item.redirects).toContainEqual(expect.objectContaining({ id: 'Redirects/901', from: '/very-old-fees' }));
    expect(item.workflow).toContain(': ');
  });

  it('finds the locks of others, on the page and below it', async () => {
    const { checkedOutByOtherPage, checkedOutByEditorPage } = harness.landmarks;
    const locked = await one({ action: 'delete', items: [checkedOutByOtherPage] });
    expect(locked).toMatchObject({ possible: false, risk: 'high' });
    expect(locked.item.blockers).toEqual([expect.stringContaining('Daniel Reyes')]);
    expect(locked.next).toBeUndefined();
    const mine = await one({ action: 'delete', items: [checkedOutByEditorPage] });
    expect(mine.item.locks).toBeUndefined();
    const parent = pageOf(checkedOutByOtherPage).parentId ?? '';
    const above = await one({ action: 'delete', items: [parent] });
    expect(above.item.locks).toContainEqual(expect.objectContaining({ id: checkedOutByOtherPage }));
    expect(above.possible).toBe(true);
  });

  it('warns of addresses that change, and stops impossible moves', async () => {
    const { tuitionPage, home, aboutContactPage, recycledPage, recycleFolder } = harness.landmarks;
    const move = await one({ action: 'move', items: [tuitionPage], to: home });
    expect(move.item.warnings.join()).toContain('addresses change');
    expect(move.next).toEqual({ tool: 'move_content', input: { items: [tuitionPage], to: home } });
    const parent = pageOf(aboutContactPage).parentId ?? '';
    const inside = await one({ action: 'move', items: [parent], to: aboutContactPage });
    expect(inside.item.blockers.join()).toContain('below itself');
    const foreign = await one({ action: 'move', items: [tuitionPage], to: harness.state.assetRootFolderId });
    expect(foreign.possible).toBe(false);
    expect((await one({ action: 'move', items: [recycledPage], to: home })).possible).toBe(true);
    expect((await one({ action: 'delete', items: [recycledPage] })).item.blockers.join()).toContain('recycle folder');
    expect((await one({ action: 'delete', items: [recycleFolder] })).possible).toBe(false);
  });

  it('checks a new name against the rules and the neighbours', async () => {
    const { tuitionPage, deadlinesPage } = harness.landmarks;
    const taken = pageOf(deadlinesPage).versions.at(-1)?.name ?? '';
    expect((await one({ action: 'rename', items: [tuitionPage], to: taken })).item.blockers.join()).toContain(
      deadlinesPage,
    );
    expect((await one({ action: 'rename', items: [tuitionPage], to: 'Fees & costs' })).possible).toBe(false);
    expect((await one({ action: 'rename', items: [tuitionPage], to: 'Fees and costs' })).possible).toBe(true);
  });

  it('tells what a page to publish still lacks', async () => {
    const { checkedOutByEditorPage, brokenLinkPage } = harness.landmarks;
    const draft = await one({ action: 'publish', items: [checkedOutByEditorPage], target: 'Production' });
    expect(draft.item.warnings.join()).toContain('checked out');
    const page = pageOf(brokenLinkPage);
    const unpublished = harness.landmarks.neverPublishedPage;
    page.versions
      .at(-1)
      ?.elements.find(({ name }) => name === 'RelatedLinks')
      ?.children.push({
        name: 'Link',
        value: unpublished,
        attributes: {},
        children: [],
      });
    const linked = await one({ action: 'publish', items: [brokenLinkPage], target: 'Production' });
    expect(linked.item.warnings.join()).toContain(unpublished);
    expect(linked.next?.tool).toBe('publish_content');
  });

  it('keeps assets that are in use from being deleted, and tells where a replaced file shows', async () => {
    const used = Object.values(harness.state.assets).find(({ id }) =>
      JSON.stringify(Object.values(harness.state.pages)).includes(`"${id}"`),
    );
    const id = used?.id ?? raise('No page uses an asset.');
    const gone = await one({ action: 'delete', items: [id] });
    expect(gone.item.references?.total).toBeGreaterThan(0);
    expect(gone.item.blockers.join()).toContain('in use');
    const replaced = await one({ action: 'replace_asset', items: [id] });
    expect(replaced.item.references?.total).toBe(gone.item.references?.total);
    expect((await one({ action: 'replace_asset', items: [harness.landmarks.home] })).possible).toBe(false);
  });

  it('tells what carries a category', async () => {
    const { item, risk, next } = await one({ action: 'delete_category', items: ['Topics/Research'] });
    expect(item.references?.total).toBeGreaterThan(0);
    expect(item.descendants).toBe(4);
    expect(risk).toBe('high');
    expect(next).toEqual({ tool: 'edit_taxonomy', input: { action: 'delete', category: item.id } });
  });

  it('changes nothing', async () => {
    const before = harness.sandbox.calls.list().length;
    await ask({ action: 'delete', items: [harness.landmarks.home] });
    const made = harness.sandbox.calls.list().slice(before);
    expect(made.filter(({ method }) => !['GET', 'POST'].includes(method))).toEqual([]);
    expect(harness.events).toEqual([]);
  });

  it.each<[string, Arguments, string]>([
    ['a move without a place', { action: 'move', items: ['x1'] }, 'BAD_INPUT'],
    ['a publish without a target', { action: 'publish', items: ['x1'] }, 'BAD_INPUT'],
    ['an unknown target', { action: 'publish', items: ['x1'], target: 'Moon' }, 'NOT_FOUND'],
    ['an unknown item', { action: 'delete', items: ['x999999'] }, 'NOT_FOUND'],
    ['an unknown category', { action: 'delete_category', items: ['Moon'] }, 'NOT_FOUND'],
  ])('refuses %s', async (_title, input, code) => {
    expect((await harness.refusal(analyzeImpact, input)).code).toBe(code);
  });
});
