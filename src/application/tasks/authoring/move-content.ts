import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask, type Impact } from '../../define-task.ts';
import { isAssetId, itemPath } from '../../items/item-path.ts';
import {
  emitStructure,
  findNamesakes,
  moveItems,
  parentAfterMove,
  refuseMoveOf,
  refuseMoveTo,
  refuseUnmoved,
} from '../../items/move-items.ts';
import { resolveItem, resolveItems } from '../../items/resolve-item.ts';
import { reread } from '../../items/write-guard.ts';
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
        ...(await findNamesakes(
          items,
          {
            parentId: destination === undefined ? items[0]?.parentId : parentAfterMove(destination, given.position),
            name: given.new_name,
          },
          ports,
        )),
      ],
      fingerprint: JSON.stringify([destination?.id, rows.map((row) => [row.id, row.name, row.path, row.descendants])]),
    };
  },

  async execute(given, ports, call) {
    const { items, destination } = await plan(given, ports);
    const before = new Map(
      await Promise.all(items.map(async (item) => [item.id, await addressesOf(item, ports)] as const)),
    );
    if (destination !== undefined) await moveItems(items, destination, given.position, ports, call);
    const first = items[0];
    if (given.new_name !== undefined && first !== undefined) {
      if (isAssetId(first.id)) await ports.assets.rename(first.id, given.new_name);
      else await ports.pages.rename(first.id, given.new_name);
      emitStructure(call, items);
    }
    const after = await Promise.all(items.map((item) => reread(item.id, ports)));
    const parentId = destination === undefined ? undefined : parentAfterMove(destination, given.position);
    refuseUnmoved(after, { parentId, name: given.new_name });
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
  for (const item of items) await refuseMoveOf(item, destination, ports);
  if (destination !== undefined) await refuseMoveTo(items, destination, given.position, ports);
  return { items, destination };
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
