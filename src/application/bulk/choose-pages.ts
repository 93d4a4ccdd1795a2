import { DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import { pageSizeMax } from '../../domain/model/paging.ts';
import { gently } from '../items/gently.ts';
import { isAssetId } from '../items/item-path.ts';
import { resolveItem } from '../items/resolve-item.ts';
import { resolveSchema } from '../items/resolve-schema.ts';
import type { PlanPorts } from './bulk-action.ts';
import { bulkPagesMax } from './bulk-order.ts';

/** Which pages: named one by one, or those below a page. */
export interface PageSelection {
  readonly items?: readonly string[] | undefined;
  readonly under?: string | undefined;
  readonly depth?: number | undefined;
  readonly schema?: string | undefined;
}

export interface ChosenPages {
  readonly pages: readonly ContentItem[];
  /** What was named and is not there. */
  readonly missing: readonly string[];
}

/**
 * The pages of a selection, each once, in its order; those below a page as the CMS lists them.
 *
 * @throws DomainError BAD_INPUT; NOT_FOUND, AMBIGUOUS of what cannot be guessed; TOO_LARGE over `bulkPagesMax`.
 */
export async function choosePages(selection: PageSelection, ports: PlanPorts): Promise<ChosenPages> {
  const { items, under } = selection;
  if ((items === undefined) === (under === undefined)) {
    throw new DomainError('BAD_INPUT', 'Say which pages: either "items", or those below one page with "under".');
  }
  if (items !== undefined) {
    if (selection.depth !== undefined || selection.schema !== undefined) {
      throw new DomainError('BAD_INPUT', '"depth" and "schema" narrow "under"; with "items" each page is named.');
    }
    return named(items, ports);
  }
  return { pages: await below(under ?? '', selection, ports), missing: [] };
}

async function named(texts: readonly string[], ports: PlanPorts): Promise<ChosenPages> {
  const missing: string[] = [];
  const found = await gently([...new Set(texts)], async (text) => {
    try {
      return [await resolveItem(text, ports)];
    } catch (thrown) {
      // Among hundreds, one that is gone is a fact of the plan; a name that fits several has to be decided.
      if (!(thrown instanceof DomainError) || thrown.code !== 'NOT_FOUND') throw thrown;
      missing.push(text.slice(0, shownCharactersMax));
      return [];
    }
  });
  const pages = [...new Map(found.flat().map((item) => [item.id, item])).values()];
  const asset = pages.find(({ id }) => isAssetId(id));
  if (asset !== undefined) {
    throw new DomainError(
      'BAD_INPUT',
      `"${asset.name}" (${asset.id}) is an asset: this is for pages. Nothing was changed.`,
    );
  }
  return { pages, missing };
}

async function below(under: string, selection: PageSelection, ports: PlanPorts): Promise<readonly ContentItem[]> {
  const root = await resolveItem(under, ports);
  if (isAssetId(root.id)) {
    throw new DomainError(
      'BAD_INPUT',
      `"${root.name}" (${root.id}) holds assets: this is for pages. Nothing was changed.`,
    );
  }
  const schema = selection.schema === undefined ? undefined : await resolveSchema(selection.schema, ports.schemas);
  const depthMax = selection.depth ?? Number.POSITIVE_INFINITY;
  const read = depthMax === 1 ? ports.pages.children : ports.pages.descendants;
  const all: ContentItem[] = [];
  for (let startIndex: number | undefined = 0; startIndex !== undefined; ) {
    const page = await read(root.id, { startIndex, pageSize: pageSizeMax });
    if (page.total > lookedAtMax) throw tooMany(page.total, lookedAtMax, root);
    all.push(...page.items);
    startIndex = page.items.length === 0 ? undefined : page.nextIndex;
  }
  const depthOf = depthsBelow(root, all);
  const chosen = all.filter(
    (item) => depthOf(item) <= depthMax && (schema === undefined || item.schema?.id === schema.id),
  );
  if (chosen.length > bulkPagesMax) throw tooMany(chosen.length, bulkPagesMax, root);
  return chosen;
}

/** Lists are looked through to this length: fifty calls. */
const lookedAtMax = 5_000;
const shownCharactersMax = 80;

function tooMany(count: number, max: number, root: ContentItem): DomainError {
  return new DomainError(
    'TOO_LARGE',
    `There are ${count} pages below "${root.name}" (${root.id}), and ${max} are the most. Nothing was changed; take a smaller part with "under", "depth" or "schema".`,
    { details: { pages: count, limit: max }, next: { tool: 'browse_tree', input: { at: root.id, depth: 1 } } },
  );
}

/** How many levels an item lies below the root. */
function depthsBelow(root: ContentItem, all: readonly ContentItem[]): (item: ContentItem) => number {
  const byId = new Map(all.map((item) => [item.id, item]));
  return (item) => {
    let depth = 1;
    for (let at = item; at.parentId !== root.id; depth += 1) {
      const above = at.parentId === undefined ? undefined : byId.get(at.parentId);
      // A parent that is not shown to this user lies at least one level up.
      if (above === undefined || depth > all.length) return depth + 1;
      at = above;
    }
    return depth;
  };
}
