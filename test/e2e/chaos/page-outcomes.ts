import { expect } from 'vitest';
import type { PageItem, SandboxState } from '../../../sandbox/model.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import {
  addedCategories,
  type ChangedPage,
  moveDestination,
  type PageOutcome,
  removedCategory,
} from './fault-points.ts';

/** Holds a page against what it must have become: done once, and nothing else of it changed. */
export function provePage({ before, becomes }: ChangedPage, state: SandboxState): void {
  const page = state.pages[before.id];
  if (page === undefined) throw new Error(`${before.id} is gone.`);
  proofs[becomes](page, before, state);
}

/** How often the CMS has published an item as the root of a task. */
export function publishesOf(id: string, { publishing }: SandboxState): number {
  return publishing.logs.filter(({ entries }) => entries.some(({ itemId }) => itemId === id)).length;
}

const { states, targets } = seedIds;

const proofs: Readonly<Record<PageOutcome, (page: PageItem, before: PageItem, state: SandboxState) => void>> = {
  checked_in: proveCheckedIn,
  published(page, before, state) {
    proveCheckedIn(page, before);
    expect(page.workflow?.stateId, `workflow of ${page.id}`).toBe(states.published);
    expect(page.published[targets.production]?.version, `live version of ${page.id}`).toBe(page.versions.length);
    expect(publishesOf(page.id, state), `publishes of ${page.id}`).toBe(1);
  },
  moved(page, before, { pages }) {
    // The CMS remembers the former address at each move, even at one to the place where the page is.
    const addresses = page.urlHistory.slice(before.urlHistory.length);
    expect(addresses.length, `former addresses of ${page.id}`).toBeGreaterThan(0);
    expect(new Set(addresses.map(({ targetId }) => targetId)).size, `moves of ${page.id}`).toBe(addresses.length);
    const { parentId, siblingPosition, urlHistory, lastModified, lastModifiedBy } = page;
    expect(parentId, `parent of ${page.id}`).toBe(moveDestination);
    const children = Object.values(pages).filter((other) => other.parentId === parentId);
    expect(children.filter((other) => other.siblingPosition === siblingPosition)).toEqual([page]);
    expect(page).toEqual({ ...before, parentId, siblingPosition, urlHistory, lastModified, lastModifiedBy });
  },
  categorized(page, before) {
    const categoryIds = [...before.categoryIds.filter((id) => id !== removedCategory), ...addedCategories];
    const { lastModified, lastModifiedBy } = page;
    expect(page.categoryIds.toSorted(), `categories of ${page.id}`).toEqual(categoryIds.toSorted());
    expect(page).toEqual({ ...before, categoryIds: page.categoryIds, lastModified, lastModifiedBy });
  },
};

function proveCheckedIn(page: PageItem, before: PageItem): void {
  expect(page.versions, `versions of ${page.id}`).toHaveLength(before.versions.length + 1);
  expect(page.checkedOut, `check-out of ${page.id}`).toBeNull();
}
