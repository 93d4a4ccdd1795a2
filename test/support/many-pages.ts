import type { PageItem, SandboxState } from '../../sandbox/model.ts';

/** How the copies differ from the page that they are made of. */
export interface ManyPages {
  readonly count: number;
  /** The page that they lie below. */
  readonly parentId: string;
  /** Who holds them, with a working copy; nobody when absent. */
  readonly heldBy?: string;
  /** What their names begin with. */
  readonly name?: string;
}

/** Copies of a page of the seed, straight in the sandbox's state: a site with as many pages as a test needs. */
export function addPages(state: SandboxState, originalId: string, many: ManyPages): readonly string[] {
  const original = state.pages[originalId];
  const last = original?.versions.at(-1);
  if (original === undefined || last === undefined) throw new Error(`The seed has no checked-in page ${originalId}.`);
  return Array.from({ length: many.count }, (_value, at) => {
    const id = `x${state.counters.page}`;
    state.counters.page += 1;
    const name = `${many.name ?? 'Notice'} ${String(at + 1).padStart(4, '0')}`;
    const copy: PageItem = {
      ...structuredClone(original),
      id,
      parentId: many.parentId,
      siblingPosition: at,
      lingual: null,
      urlHistory: [],
      checkedOut:
        many.heldBy === undefined
          ? null
          : {
              userId: many.heldBy,
              since: original.lastModified,
              name,
              elements: structuredClone(last.elements),
              file: null,
            },
    };
    const newest = copy.versions.at(-1);
    if (newest !== undefined) newest.name = name;
    if (many.heldBy !== undefined) copy.assignedUserId = many.heldBy;
    state.pages[id] = copy;
    return id;
  });
}
