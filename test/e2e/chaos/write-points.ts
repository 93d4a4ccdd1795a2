import type { PageItem, SandboxState } from '../../../sandbox/model.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { createSeedState, sandboxLandmarks } from '../../../sandbox/seed.ts';

/** A write of an agent: each has a page of its own, which its row puts into the CMS. */
export interface WriteRow {
  readonly tool: string;
  /** In the ordinary run too: one that is looked for, one that is read back, one that is confirmed. */
  readonly isShort?: true;
  /** What the CMS calls of this write hold, and those of no other. */
  readonly mark: string;
  prepare?(state: SandboxState): void;
  /** The arguments, read anew for each call. */
  input(agent: Reader, state: SandboxState): Promise<Record<string, unknown>>;
  /** Whether somebody who looks would say that it is done. */
  isDone(state: SandboxState): boolean;
  /** What there is of it in the CMS. */
  view(state: SandboxState): unknown;
}

/** What an agent reads before it writes. */
export interface Reader {
  call(tool: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
}

const { publisher } = seedIds.users;
const { production } = seedIds.targets;
const { home, recycleFolder, tuitionPage, draftPage, approvedPage } = sandboxLandmarks;

const page = (state: SandboxState, id: string): PageItem | undefined => state.pages[id];
const nameOf = (item: PageItem): string => item.checkedOut?.name ?? item.versions.at(-1)?.name ?? '';
const named = (state: SandboxState, name: string): readonly PageItem[] =>
  Object.values(state.pages).filter((item) => nameOf(item) === name);

/** A page of the seed once more, under another id and name. */
function copyOf(seedId: string, id: string, state: SandboxState, isCheckedOut = false): void {
  const original = createSeedState().pages[seedId];
  if (original === undefined) throw new Error(`The seed has no page ${seedId}.`);
  const copy: PageItem = {
    ...structuredClone(original),
    ...{ id, checkedOut: null, assignedUserId: null, assignedGroupId: null },
  };
  for (const version of copy.versions) version.name = `Page ${id}`;
  const last = copy.versions.at(-1);
  if (isCheckedOut && last !== undefined) {
    const { name, elements } = structuredClone(last);
    copy.checkedOut = { userId: publisher, since: copy.lastModified, name, elements, file: null };
  }
  state.pages[id] = copy;
}

/** The arguments of a call that is confirmed: asked for first, then sent with the token. */
async function confirmed(agent: Reader, tool: string, input: Record<string, unknown>) {
  const { confirm } = await agent.call(tool, input);
  return { ...input, confirm };
}

export const writes: readonly WriteRow[] = [
  {
    tool: 'create_page',
    isShort: true,
    mark: 'Cut-off-by-chaos',
    input: async (_agent, state) => ({ ...placeForNews(state), name: 'Cut-off-by-chaos' }),
    isDone: (state) => named(state, 'Cut-off-by-chaos').length > 0,
    view: (state) => named(state, 'Cut-off-by-chaos').map(({ parentId, checkedOut }) => [parentId, checkedOut?.userId]),
  },
  {
    tool: 'edit_content',
    isShort: true,
    mark: 'x61001',
    prepare: (state) => copyOf(tuitionPage, 'x61001', state),
    input: async (agent) => ({
      item: 'x61001',
      version: await versionOf(agent, 'x61001'),
      changes: [{ op: 'replace_text', field: 'Body', find: 'is $60', value: 'is $65' }],
    }),
    isDone: (state) => JSON.stringify(page(state, 'x61001')?.checkedOut ?? '').includes('is $65'),
    view: (state) => {
      const { versions, checkedOut } = page(state, 'x61001') ?? {};
      return [versions?.length, checkedOut?.userId, checkedOut?.elements];
    },
  },
  {
    tool: 'move_content',
    isShort: true,
    mark: 'x61002',
    prepare: (state) => copyOf(tuitionPage, 'x61002', state),
    input: (agent) => confirmed(agent, 'move_content', { items: ['x61002'], to: home }),
    isDone: (state) => page(state, 'x61002')?.parentId === home,
    view: (state) => named(state, 'Page x61002').map(({ id, parentId, versions }) => [id, parentId, versions.length]),
  },
  {
    tool: 'copy_content',
    mark: 'x61003',
    prepare: (state) => copyOf(tuitionPage, 'x61003', state),
    input: async () => ({ items: ['x61003'], to: home }),
    isDone: (state) => named(state, 'Page x61003').length > 1,
    view: (state) => named(state, 'Page x61003').map(({ parentId }) => parentId),
  },
  {
    tool: 'check_in_content',
    mark: 'x61004',
    prepare: (state) => copyOf(tuitionPage, 'x61004', state, true),
    input: async () => ({ items: ['x61004'] }),
    isDone: (state) => page(state, 'x61004')?.checkedOut === null,
    view: (state) => [page(state, 'x61004')?.versions.length, page(state, 'x61004')?.checkedOut],
  },
  {
    tool: 'check_out_content',
    mark: 'x61005',
    prepare: (state) => copyOf(tuitionPage, 'x61005', state),
    input: async () => ({ items: ['x61005'] }),
    isDone: (state) => page(state, 'x61005')?.checkedOut?.userId === publisher,
    view: (state) => [page(state, 'x61005')?.versions.length, page(state, 'x61005')?.checkedOut?.userId],
  },
  {
    tool: 'categorize_content',
    mark: 'x61006',
    prepare: (state) => copyOf(tuitionPage, 'x61006', state),
    input: async () => ({ items: ['x61006'], add: ['Topics / Research / Water'], remove: ['Parents'] }),
    // The call says which categories there are to be: twice is as once.
    isDone: () => false,
    view: (state) => page(state, 'x61006')?.categoryIds.toSorted(),
  },
  {
    tool: 'advance_workflow',
    mark: 'x61007',
    prepare: (state) => copyOf(draftPage, 'x61007', state, true),
    input: async () => ({ items: ['x61007'], transition: 'Submit for review' }),
    isDone: (state) => page(state, 'x61007')?.workflow?.stateId === seedIds.states.inReview,
    view: (state) => [page(state, 'x61007')?.workflow?.stateId, page(state, 'x61007')?.versions.length],
  },
  {
    tool: 'delete_content',
    mark: 'x61008',
    prepare: (state) => copyOf(tuitionPage, 'x61008', state),
    input: (agent) => confirmed(agent, 'delete_content', { items: ['x61008'] }),
    isDone: (state) => page(state, 'x61008')?.parentId === recycleFolder,
    view: (state) => page(state, 'x61008')?.parentId,
  },
  {
    tool: 'publish_content',
    mark: 'x61009',
    prepare: (state) => copyOf(approvedPage, 'x61009', state, true),
    input: async () => ({ items: ['x61009'], target: 'Production' }),
    isDone: (state) => page(state, 'x61009')?.published[production]?.version === page(state, 'x61009')?.versions.length,
    view: (state) => {
      const { versions, checkedOut, workflow } = page(state, 'x61009') ?? {};
      const publishes = state.publishing.logs.filter(({ entries }) =>
        entries.some(({ itemId }) => itemId === 'x61009'),
      );
      return [versions?.length, checkedOut, workflow?.stateId, publishes.length];
    },
  },
];

async function versionOf(agent: Reader, item: string): Promise<unknown> {
  const { items } = await agent.call('get_content', { items: [item] });
  // The tool's own schema says so.
  return (items as readonly { readonly version_token?: string }[])[0]?.version_token;
}

function placeForNews(state: SandboxState) {
  const rule = state.pageCreationRules.find(({ name }) => name === 'News article');
  return { rule: rule?.name, parent: rule?.parents.find(({ pageId }) => pageId in state.pages)?.pageId };
}
