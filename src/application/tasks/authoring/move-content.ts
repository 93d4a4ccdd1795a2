import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask, type Impact } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import { isAssetId, itemPath } from '../../items/item-path.ts';
import { resolveItem, resolveItems } from '../../items/resolve-item.ts';
import { contextOf, guardWrite, refuseForeignLock, reread } from '../../items/write-guard.ts';
import { confirmParameter, itemParameter, itemsParameter } from '../parameters.ts';
import { receiptView, viewChanged } from '../views.ts';
import { forbiddenNameCharacters } from './create-page.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing' | 'site'>;

const input = z
  .object({
    items: itemsParameter,
    to: itemParameter.optional().describe('New place; none to rename only'),
    position: z.enum(['child', 'before', 'after']).default('child').describe('Seen from to'),
    new_name: z.string().trim().min(1).max(200).optional().describe('For one item'),
    add_redirects: z.boolean().default(false).describe('From old page URLs, on each target'),
    confirm: confirmParameter,
  })
  .strict();
type Input = z.output<typeof input>;

const urlChange = z.object({
  id: z.string(),
  target: z.string(),
  old_path: z.string(),
  new_path: z.string().optional(),
  redirect: z.enum(['added', 'failed']).optional(),
  code: z.string().optional(),
  message: z.string().optional().describe('Why the redirect failed'),
});

/** Moves, renames and restores: one family of operations, one risk (addresses change), one answer. */
export const moveContent = defineTask({
  name: 'move_content',
  title: 'Move or rename',
  summary:
    'Move, rename or restore pages, folders or assets with all below them; restoring is moving out of the recycle folder. First answers the impact and a confirm token. Answers old and new addresses; can add redirects.',
  toolset: 'authoring',
  effect: 'destructive',
  idempotent: true,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing', 'site'],
  input,
  output: receiptView.extend({
    addresses: z.array(urlChange),
    paths: z.array(z.object({ id: z.string(), path: z.string() })),
  }),
  publishesOutputSchema: false,

  async impact(given, ports): Promise<Impact> {
    const { items, destination } = await plan(given, ports);
    const rows = await Promise.all(
      items.map(async (item) => ({
        id: item.id,
        name: item.name,
        path: await itemPath(item, ports),
        descendants: isAssetId(item.id)
          ? item.childrenCount
          : (await ports.pages.descendants(item.id, { startIndex: 0, pageSize: 1 })).total,
        references: (await ports.site.usageSummary(item.id)).total,
        addresses: (await addressesOf(item, ports)).map(({ targetName, path }) => ({ target: targetName, path })),
      })),
    );
    const below = rows.reduce((sum, row) => sum + row.descendants, 0);
    const what = [
      destination === undefined ? '' : `move ${placeWords[given.position]} "${destination.name}" (${destination.id})`,
      given.new_name === undefined ? '' : `be called "${given.new_name}"`,
    ]
      .filter(Boolean)
      .join(' and ');
    return {
      summary: `${items.length} ${items.length === 1 ? 'item' : 'items'}, with ${below} below, will ${what}.`,
      facts: { items: rows },
      warnings: [
        ...(rows.some((row) => row.addresses.length > 0)
          ? [
              `The addresses of pages change, also of those below; outside links to the old ones ${given.add_redirects ? 'are redirected for the named items only' : 'break unless redirects are added'}.`,
            ]
          : []),
        ...(await namesakes(items, destination, given, ports)),
      ],
      fingerprint: JSON.stringify([destination?.id, rows.map((row) => [row.id, row.name, row.path, row.descendants])]),
    };
  },

  async execute(given, ports, call) {
    const { items, destination } = await plan(given, ports);
    const before = new Map(
      await Promise.all(items.map(async (item) => [item.id, await addressesOf(item, ports)] as const)),
    );
    if (destination !== undefined) {
      await move(items, destination, given.position, ports);
      emitStructure(call, [...items, destination]);
    }
    const first = items[0];
    if (given.new_name !== undefined && first !== undefined) {
      if (isAssetId(first.id)) await ports.assets.rename(first.id, given.new_name);
      else await ports.pages.rename(first.id, given.new_name);
      emitStructure(call, items);
    }
    const after = await Promise.all(items.map((item) => reread(item.id, ports)));
    verify(after, destination, given);
    const addresses: z.infer<typeof urlChange>[] = [];
    for (const item of after)
      addresses.push(...(await compareAddresses(item, before.get(item.id) ?? [], given.add_redirects, ports)));
    return {
      changed: after.map((item) =>
        viewChanged(
          items.find((old) => old.id === item.id),
          item,
        ),
      ),
      paths: await Promise.all(after.map(async (item) => ({ id: item.id, path: await itemPath(item, ports) }))),
      addresses,
      undo: 'possible' as const,
      undo_hint: 'Move or rename back; the old place was in the impact of the first call.',
      warnings: failedRedirects(addresses),
    };
  },
});

const placeWords: Readonly<Record<Input['position'], string>> = {
  child: 'below',
  before: 'in front of',
  after: 'behind',
};

/** Pages of one name under one parent share an address: the CMS allows it, and visitors then see one of them. */
async function namesakes(
  items: readonly ContentItem[],
  destination: ContentItem | undefined,
  given: Input,
  ports: Needs,
): Promise<string[]> {
  const parentId =
    destination === undefined ? items[0]?.parentId : given.position === 'child' ? destination.id : destination.parentId;
  if (parentId === undefined || isAssetId(parentId)) return [];
  const there = await allPages((page) => ports.pages.children(parentId, page));
  return items.flatMap((item) => {
    const name = (given.new_name ?? item.name).toLowerCase();
    const twin = there.find((child) => child.id !== item.id && child.name.toLowerCase() === name);
    return twin === undefined
      ? []
      : [`"${twin.name}" (${twin.id}) is there already: two pages of one name under one parent share an address.`];
  });
}

function failedRedirects(addresses: readonly z.infer<typeof urlChange>[]): string[] {
  const failed = addresses.filter((row) => row.redirect === 'failed');
  if (failed.length === 0) return [];
  const reasons = [...new Set(failed.map(({ message }) => message ?? ''))].join(' ');
  return [
    `${failed.length} redirects could not be added: ${reasons} A person with that right can add them in the CMS.`,
  ];
}

/** Everything that can be refused is refused here, for the impact and for the act alike. */
async function plan(
  given: Input,
  ports: Needs,
): Promise<{ readonly items: readonly ContentItem[]; readonly destination: ContentItem | undefined }> {
  if (given.to === undefined && given.new_name === undefined) {
    throw new DomainError('BAD_INPUT', 'Say where to move ("to"), or how to rename ("new_name"), or both.');
  }
  const items = await resolveItems(given.items, ports);
  if (given.new_name !== undefined && items.length !== 1) {
    throw new DomainError('BAD_INPUT', 'new_name renames exactly one item.');
  }
  if (given.new_name !== undefined && forbiddenNameCharacters.test(given.new_name)) {
    throw new DomainError('BAD_INPUT', `The name must not contain any of , / \\ ? ! @ # $ % ^ & * ; ' ".`);
  }
  const destination = given.to === undefined ? undefined : await resolveItem(given.to, ports);
  const only = items[0];
  if (destination === undefined && only !== undefined && only.name === given.new_name) {
    throw new DomainError('BAD_INPUT', `"${only.name}" (${only.id}) is called so already.`);
  }
  for (const item of items) await refuseSource(item, destination, ports);
  if (destination !== undefined) await refuseDestination(items, destination, given.position, ports);
  return { items, destination };
}

async function refuseSource(item: ContentItem, destination: ContentItem | undefined, ports: Needs): Promise<void> {
  if (!isAssetId(item.id)) {
    const [root, recycle] = await Promise.all([ports.pages.root(), ports.pages.recycleFolder()]);
    if (item.id === root.id || item.id === recycle.id) {
      throw new DomainError(
        'BAD_INPUT',
        `"${item.name}" (${item.id}) is the ${item.id === root.id ? 'root of the site' : 'recycle folder'} and can neither move nor be renamed.`,
      );
    }
  }
  const context = await contextOf(item.id, ports);
  refuseForeignLock(item, context);
  // Restoring is a move out of the recycle folder, so being recycled refuses only a rename in place.
  if (context.recycled && destination !== undefined && context.fullAccess) return;
  await guardWrite(item, ports);
}

async function refuseDestination(
  items: readonly ContentItem[],
  destination: ContentItem,
  position: Input['position'],
  ports: Needs,
): Promise<void> {
  const kinds = new Set([...items, destination].map((item) => isAssetId(item.id)));
  if (kinds.size > 1)
    throw new DomainError(
      'BAD_INPUT',
      'Pages and assets live in trees of their own: a page cannot move under an asset folder, nor the other way round.',
    );
  if (isAssetId(destination.id)) {
    if (position !== 'child')
      throw new DomainError(
        'BAD_INPUT',
        'Assets are ordered by name: they can only move into a folder (position child).',
      );
    if (destination.kind !== 'asset_folder')
      throw new DomainError('BAD_INPUT', `"${destination.name}" (${destination.id}) is no folder.`);
  } else {
    const [root, recycle] = await Promise.all([ports.pages.root(), ports.pages.recycleFolder()]);
    if (destination.id === recycle.id) {
      throw new DomainError('BAD_INPUT', 'Moving into the recycle folder is deleting.', {
        next: { tool: 'delete_content', input: { items: items.map((item) => item.id) } },
      });
    }
    if (destination.id === root.id && position !== 'child')
      throw new DomainError('BAD_INPUT', 'The root has no siblings; use position child.');
  }
  const above = isAssetId(destination.id)
    ? await ports.assets.ancestors(destination.id)
    : await ports.pages.ancestors(destination.id);
  const line = new Set([...above, destination].map((item) => item.id));
  const inside = items.find((item) => line.has(item.id));
  if (inside !== undefined)
    throw new DomainError('BAD_INPUT', `"${inside.name}" (${inside.id}) cannot move into itself or below itself.`);
  await guardWrite(destination, ports);
}

async function move(
  items: readonly ContentItem[],
  destination: ContentItem,
  position: Input['position'],
  ports: Needs,
): Promise<void> {
  const ids = items.map((item) => item.id);
  if (isAssetId(destination.id)) await ports.assets.move(ids, destination.id);
  else await ports.pages.move(ids, { id: destination.id, position });
}

function emitStructure(call: Call, items: readonly ContentItem[]): void {
  const ids = items.flatMap((item) => (item.parentId === undefined ? [item.id] : [item.id, item.parentId]));
  call.emit({
    type: 'content_changed',
    itemIds: [...new Set(ids)],
    change: 'structure',
    subject: call.principal.subject,
  });
}

function verify(after: readonly ContentItem[], destination: ContentItem | undefined, given: Input): void {
  const parentId =
    destination === undefined ? undefined : given.position === 'child' ? destination.id : destination.parentId;
  const wrong = after.filter(
    (item) =>
      (parentId !== undefined && item.parentId !== parentId) ||
      (given.new_name !== undefined && item.name !== given.new_name),
  );
  if (wrong.length === 0) return;
  throw new DomainError(
    'WRITE_UNVERIFIED',
    `The CMS took the call, but ${wrong.map((item) => item.id).join(', ')} is not where or called as wanted.`,
    {
      next: { tool: 'get_content', input: { items: wrong.map((item) => item.id) } },
    },
  );
}

interface Address {
  readonly targetId: string;
  readonly targetName: string;
  readonly path: string;
}

async function addressesOf(item: ContentItem, ports: Needs): Promise<readonly Address[]> {
  if (item.kind !== 'page') return [];
  const targets = await ports.publishing.targets();
  const found = await Promise.all(
    targets.map(async (target) => {
      const path = await ports.pages.pathOf(item.id, target.id);
      return path === undefined ? [] : [{ targetId: target.id, targetName: target.name, path: path.path }];
    }),
  );
  return found.flat();
}

async function compareAddresses(
  item: ContentItem,
  old: readonly Address[],
  addRedirects: boolean,
  ports: Needs,
): Promise<z.infer<typeof urlChange>[]> {
  const now = await addressesOf(item, ports);
  const rows: z.infer<typeof urlChange>[] = [];
  for (const address of old) {
    const path = now.find((candidate) => candidate.targetId === address.targetId)?.path;
    if (path === address.path) continue;
    const row = {
      id: item.id,
      target: address.targetName,
      old_path: address.path,
      ...(path === undefined ? {} : { new_path: path }),
    };
    rows.push(addRedirects && path !== undefined ? { ...row, ...(await redirect(address, path, ports)) } : row);
  }
  return rows;
}

/** The move stands whether or not a redirect can be saved, so a refusal becomes part of the answer. */
async function redirect(
  from: Address,
  to: string,
  ports: Needs,
): Promise<Pick<z.infer<typeof urlChange>, 'redirect' | 'code' | 'message'>> {
  try {
    await ports.publishing.saveRedirect({
      from: from.path,
      to,
      targetIds: [from.targetId],
      notes: 'Added when the page was moved',
    });
    return { redirect: 'added' };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { redirect: 'failed', code: error.code, message: error.message };
  }
}
