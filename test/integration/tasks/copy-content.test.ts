import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyContent } from '../../../src/application/tasks/authoring/copy-content.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

let harness: TaskHarness;
beforeEach(async () => {
  harness = await openTaskHarness();
});
afterEach(() => harness.close());

describe('copy_content', () => {
  it('copies a page alone, as a draft of the user', async () => {
    const { tuitionPage, home } = harness.landmarks;
    const answer = await harness.run(copyContent, { items: [tuitionPage], to: home });
    const [row] = answer.copies;
    expect(row).toMatchObject({ source_id: tuitionPage, copy: { version: 0, checked_out: true } });
    const copy = harness.state.pages[row?.copy.id ?? ''];
    expect(copy).toMatchObject({ parentId: home, marks: {}, workflow: null });
    expect(copy?.checkedOut?.elements).toEqual(harness.state.pages[tuitionPage]?.versions.at(-1)?.elements);
    expect(answer.undo).toBe('possible');
    expect(harness.events).toContainEqual(expect.objectContaining({ change: 'structure', itemIds: [home] }));
  });

  it('starts a translation of a whole subtree', async () => {
    const source = parentOf(harness.landmarks.admissionsContactPage);
    const below = childrenOf(source).length;
    const { copies } = await harness.run(copyContent, {
      items: [source],
      to: harness.landmarks.home,
      with_descendants: true,
      locale: 'es-us',
    });
    const copyId = copies[0]?.copy.id ?? '';
    expect(harness.state.pages[copyId]?.locale).toBe('es-us');
    expect(childrenOf(copyId)).toHaveLength(below);
    expect(below).toBeGreaterThan(0);
  });

  it('finds the copies where the CMS does not say what they are', async () => {
    const { tuitionPage, home } = harness.landmarks;
    const signal = AbortSignal.timeout(20_000);
    const gateway = harness.runtime().connector.as(harness.principal(), { signal, allowStale: false });
    const pages = {
      ...gateway.pages,
      copy: async (...order: Parameters<typeof gateway.pages.copy>) => {
        await gateway.pages.copy(...order);
        return [];
      },
    };
    const answer = await copyContent.execute(
      copyContent.input.parse({ items: [tuitionPage], to: home }),
      { ...gateway, pages },
      {
        principal: harness.principal(),
        requestId: 'test',
        signal,
        started: () => undefined,
        emit: () => undefined,
        progress: () => undefined,
      },
    );
    const [row] = answer.copies;
    expect(row?.source_id).toBe(tuitionPage);
    expect(harness.state.pages[row?.copy.id ?? '']?.parentId).toBe(home);
  });

  it('finds out whether copies were made when no answer came, and never copies twice', async () => {
    const { tuitionPage, home } = harness.landmarks;
    const match = { operationId: 'Pages_Copy' };
    const input = { items: [tuitionPage], to: home };
    const before = Object.keys(harness.state.pages).length;
    harness.sandbox.faults.add({ kind: 'drop-connection', afterEffect: true, match, times: 1 });
    const { copies } = await harness.run(copyContent, input);
    expect(harness.state.pages[copies[0]?.copy.id ?? '']?.parentId).toBe(home);
    harness.sandbox.faults.add({ kind: 'drop-connection', match, times: 1 });
    expect((await harness.refusal(copyContent, input)).code).toBe('OUTCOME_UNKNOWN');
    expect(Object.keys(harness.state.pages)).toHaveLength(before + 1);
  });

  it('only tells in a dry run, and warns of a name that is taken', async () => {
    const { tuitionPage } = harness.landmarks;
    const parent = parentOf(tuitionPage);
    const answer = await harness.run(copyContent, { items: [tuitionPage], to: parent, dry_run: true });
    expect(answer).toMatchObject({ dry_run: true, copies: [], changed: [] });
    expect(answer.planned).toEqual([expect.objectContaining({ id: tuitionPage, descendants: 0 })]);
    expect(answer.warnings).toEqual([expect.stringContaining('already')]);
    expect(harness.sandbox.calls.list().some(({ operationId }) => operationId === 'Pages_Copy')).toBe(false);
  });

  it('copies assets into another folder', async () => {
    const asset = Object.values(harness.state.assets).find(({ parentId }) => parentId !== null);
    const folder = Object.values(harness.state.assetFolders).find(
      ({ id, parentId }) => id !== asset?.parentId && parentId !== null && !taken(id),
    );
    const { copies } = await harness.run(
      copyContent,
      { items: [asset?.id ?? ''], to: folder?.id ?? '' },
      { role: 'publisher' },
    );
    expect(harness.state.assets[copies[0]?.copy.id ?? '']).toMatchObject({ parentId: folder?.id });

    function taken(folderId: string): boolean {
      return folderId === harness.state.assetRecycleFolderId;
    }
  });

  it.each([
    [
      'a page into an asset folder',
      () => [harness.landmarks.tuitionPage, harness.state.assetRootFolderId],
      'BAD_INPUT',
    ],
    ['what is in the recycle folder', () => [harness.landmarks.recycledPage, harness.landmarks.home], 'CONFLICT'],
    [
      'below a page that the user may only read',
      () => [harness.landmarks.tuitionPage, harness.landmarks.readOnlyForEditorPage],
      'FORBIDDEN',
    ],
    ['into the recycle folder', () => [harness.landmarks.tuitionPage, harness.landmarks.recycleFolder], 'BAD_INPUT'],
  ] as const)('refuses %s', async (_title, places, code) => {
    const [item, to] = places();
    const refusal = await harness.refusal(copyContent, { items: [item], to });
    expect(refusal.code).toBe(code);
    expect(harness.sandbox.calls.list().some(({ operationId }) => operationId === 'Pages_Copy')).toBe(false);
  });

  it('refuses a subtree into itself and one that is too large', async () => {
    const { admissionsContactPage, home } = harness.landmarks;
    const parent = parentOf(admissionsContactPage);
    const inside = { items: [parent], to: admissionsContactPage, with_descendants: true };
    expect((await harness.refusal(copyContent, inside)).code).toBe('BAD_INPUT');
    const whole = { items: [home], to: admissionsContactPage, with_descendants: true };
    expect((await harness.refusal(copyContent, whole)).code).toMatch(/BAD_INPUT|TOO_LARGE|FORBIDDEN/);
  });
});

const parentOf = (id: string): string => harness.state.pages[id]?.parentId ?? '';
const childrenOf = (id: string) => Object.values(harness.state.pages).filter(({ parentId }) => parentId === id);
