import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browseTree } from '../../../src/application/tasks/core/browse-tree.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('browse_tree', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  const childrenOf = (id: string): string[] =>
    Object.values(harness.state.pages)
      .filter((page) => page.parentId === id)
      .sort((a, b) => a.siblingPosition - b.siblingPosition)
      .map((page) => page.id);

  it('lists the children of the root in their order', async () => {
    const answer = await harness.run(browseTree, { limit: 100 });
    expect(answer.at).toEqual({ id: harness.state.rootPageId, name: 'Home', path: 'Home' });
    expect(answer.nodes.map(({ id }) => id)).toEqual(childrenOf(harness.state.rootPageId));
    expect(answer.total).toBe(answer.nodes.length);
  });

  it('goes on with the cursor', async () => {
    const first = await harness.run(browseTree, { limit: 5 });
    const second = await harness.run(browseTree, { limit: 5, cursor: first.next_cursor ?? '' });
    const ids = [...first.nodes, ...second.nodes].map(({ id }) => id);
    expect(ids).toEqual(childrenOf(harness.state.rootPageId).slice(0, 10));
  });

  it('gives an outline, parents before children, with levels', async () => {
    const answer = await harness.run(browseTree, { at: '/admissions', direction: 'descendants', limit: 100 });
    const levels = new Map(answer.nodes.map((node) => [node.id, node.level ?? 0]));
    const seen = new Set([answer.at.id]);
    for (const node of answer.nodes) {
      expect(seen.has(node.parent_id)).toBe(true);
      expect(harness.state.pages[node.id]?.parentId).toBe(node.parent_id);
      expect(node.level).toBe((levels.get(node.parent_id ?? '') ?? 0) + 1);
      seen.add(node.id);
    }
    expect(answer.total).toBe(answer.nodes.length);
    expect(Math.max(...levels.values())).toBeGreaterThan(1);
    const flat = await harness.run(browseTree, { at: '/admissions', direction: 'descendants', depth: 1, limit: 100 });
    expect(flat.nodes.map(({ id }) => id)).toEqual(childrenOf(answer.at.id ?? ''));
  });

  it('lists ancestors from the root down, and none for the root', async () => {
    const { tuitionPage } = harness.landmarks;
    const answer = await harness.run(browseTree, { at: tuitionPage, direction: 'ancestors' });
    expect(answer.nodes.map(({ name }) => name)).toEqual(['Home', 'Admissions']);
    expect(await harness.run(browseTree, { direction: 'ancestors' })).toMatchObject({ nodes: [], total: 0 });
  });

  it('lists asset folders and their assets, down to several levels', async () => {
    const top = await harness.run(browseTree, { at: 'assets' });
    expect(top.nodes.every(({ kind }) => kind === 'asset_folder')).toBe(true);
    const deep = await harness.run(browseTree, { at: 'assets', depth: 3, limit: 100 });
    expect(deep.nodes.filter(({ kind }) => kind === 'asset').length).toBeGreaterThan(10);
    const folder = deep.nodes.find(({ kind, level }) => kind === 'asset_folder' && level === 2);
    const inside = await harness.run(browseTree, { at: folder?.id ?? '' });
    for (const node of inside.nodes) {
      const item = harness.state.assets[node.id] ?? harness.state.assetFolders[node.id];
      expect(item?.parentId).toBe(folder?.id);
    }
  });

  it('lists categories, and what lies below one', async () => {
    const top = await harness.run(browseTree, { at: 'taxonomy' });
    expect(top.nodes.every(({ kind }) => kind === 'category')).toBe(true);
    const withChildren = top.nodes.find((node) => (node.children_count ?? 0) > 0);
    const below = await harness.run(browseTree, { at: withChildren?.id ?? '' });
    expect(below.total).toBe(withChildren?.children_count);
    const above = await harness.run(browseTree, { at: below.nodes[0]?.id ?? '', direction: 'ancestors' });
    expect(above.nodes.map(({ id }) => id)).toEqual([withChildren?.id]);
  });

  it('lists the recycle folder', async () => {
    const answer = await harness.run(browseTree, { at: 'recycled' });
    expect(answer.nodes.map(({ id }) => id)).toContain(harness.landmarks.recycledPage);
  });

  it('refuses an ambiguous name with candidates, and an unknown one with the nearest', async () => {
    const ambiguous = await harness.refusal(browseTree, { at: 'Contact' });
    expect(ambiguous.code).toBe('AMBIGUOUS');
    expect(ambiguous.candidates?.map(({ id }) => id).sort()).toEqual(
      [harness.landmarks.aboutContactPage, harness.landmarks.admissionsContactPage].sort(),
    );
    const unknown = await harness.refusal(browseTree, { at: '/admissions/deadlinez' });
    expect(unknown.code).toBe('NOT_FOUND');
    expect(unknown.next).toEqual({ tool: 'browse_tree', input: { at: expect.stringMatching(/^x\d+$/) } });
  });
});
