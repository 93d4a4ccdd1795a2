import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import { versionToken } from '../../../domain/policy/version-token.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask, type Impact } from '../../define-task.ts';
import { eachItem } from '../../items/each-item.ts';
import { itemDetails } from '../../items/item-calls.ts';
import { isAssetId } from '../../items/item-path.ts';
import { resolveItems } from '../../items/resolve-item.ts';
import { guardWrite, refuseForeignLock, reread } from '../../items/write-guard.ts';
import { confirmParameter, itemsParameter } from '../parameters.ts';
import { receiptView, viewChanged } from '../views.ts';

const needs = ['pages', 'assets', 'search', 'publishing', 'drafts', 'site', 'digest'] as const;
type Needs = Pick<Ports, (typeof needs)[number]>;

const discarded = z.object({
  id: z.string(),
  name: z.string(),
  outcome: z.enum(['discarded', 'not_checked_out', 'failed']),
  used: z.enum(['rest', 'services']).optional().describe('How the CMS was told'),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** Drops checked-out copies, so that the newest versions stand. */
export const discardCheckout = defineTask({
  name: 'discard_checkout',
  title: 'Discard check-out',
  summary:
    'Give up, cancel or undo the edits of checked-out pages or assets and unlock them; the newest version stands. The first call answers what would be lost and a confirm token. Pages need a CMS that offers it.',
  toolset: 'authoring',
  effect: 'destructive',
  idempotent: true,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs,
  input: z.object({ items: itemsParameter, confirm: confirmParameter }).strict(),
  output: receiptView.extend({ items: z.array(discarded) }),
  publishesOutputSchema: false,

  async impact(input, ports): Promise<Impact | undefined> {
    const items = await resolveItems(input.items, ports);
    const held = items.filter(({ checkedOut }) => checkedOut);
    await refuseMissing(held, ports);
    const rows = await Promise.all(held.map((item) => impactOf(item, ports)));
    if (rows.length === 0) return undefined;
    const lost = rows.filter(({ facts }) => facts.lost_edits_in.length > 0).length;
    return {
      summary: `${rows.length} check-out(s) are given up; the unsaved edits of ${lost} of these items are lost for good.`,
      facts: { items: rows.map(({ facts }) => facts) },
      warnings: lost === 0 ? [] : ['Edits that were never checked in cannot be brought back.'],
      fingerprint: JSON.stringify(rows.map(({ token }) => token)),
    };
  },

  async execute(input, ports, call) {
    const items = await resolveItems(input.items, ports);
    await refuseMissing(
      items.filter(({ checkedOut }) => checkedOut),
      ports,
    );
    const outcomes = await eachItem(items, (item) => discard(item, ports, call));
    return {
      items: outcomes.map((outcome) => {
        const base = { id: outcome.item.id, name: outcome.item.name };
        if (!outcome.done) {
          return { ...base, outcome: 'failed' as const, code: outcome.error.code, message: outcome.error.message };
        }
        return outcome.value === undefined
          ? { ...base, outcome: 'not_checked_out' as const }
          : {
              ...base,
              outcome: 'discarded' as const,
              used: isAssetId(base.id) ? ('rest' as const) : ('services' as const),
            };
      }),
      changed: outcomes.flatMap((outcome) =>
        outcome.done && outcome.value !== undefined ? [viewChanged(outcome.item, outcome.value)] : [],
      ),
      undo: 'no' as const,
      warnings: [],
    };
  },
});

/** Nothing is done when the CMS cannot do it for one of the items. @throws DomainError CAPABILITY_MISSING. */
async function refuseMissing(held: readonly ContentItem[], ports: Needs): Promise<void> {
  const pages = held.filter(({ id }) => !isAssetId(id));
  if (pages.length === 0 || (await ports.site.abilities()).discardPageCheckout !== 'none') return;
  const names = pages.map(({ name, id }) => `"${name}" (${id})`).join(', ');
  throw new DomainError(
    'CAPABILITY_MISSING',
    `This CMS cannot undo the check-out of a page over its API: ${names}. Nothing was changed. Nearest: put the old text back and check in, or ask a person to undo the check-out in the CMS.`,
    { next: { tool: 'compare_versions', input: { item: pages[0]?.id ?? '', from: 'current', to: 'checked_out' } } },
  );
}

async function impactOf(item: ContentItem, ports: Needs) {
  await refuseUndiscardable(item, ports);
  const [copy, saved] = await Promise.all([itemDetails(item.id, 0, ports), itemDetails(item.id, item.version, ports)]);
  const edited = (copy?.fields ?? []).filter(
    (field) => JSON.stringify(field) !== JSON.stringify(saved?.fields.find(({ name }) => name === field.name)),
  );
  return {
    facts: { id: item.id, name: item.name, version: item.version, lost_edits_in: edited.map(({ name }) => name) },
    token: [item.id, copy === undefined ? '' : versionToken(copy, ports.digest.sha256)],
  };
}

/** @throws DomainError LOCKED, FORBIDDEN, CONFLICT for an item that has no version to go back to. */
async function refuseUndiscardable(item: ContentItem, ports: Needs): Promise<void> {
  refuseForeignLock(item, await guardWrite(item, ports));
  if (item.version > 0) return;
  throw new DomainError(
    'CONFLICT',
    `"${item.name}" (${item.id}) was never checked in: without its check-out nothing would be left. Delete it instead, or check it in.`,
    { next: { tool: 'delete_content', input: { items: [item.id] } } },
  );
}

/** The item as it is now; `undefined` when there was nothing to give up. */
async function discard(item: ContentItem, ports: Needs, call: Call): Promise<ContentItem | undefined> {
  if (!item.checkedOut) return undefined;
  await refuseUndiscardable(item, ports);
  await ports.drafts.discard(item.id);
  for (const change of ['lock', 'fields'] as const) {
    call.emit({ type: 'content_changed', itemIds: [item.id], change, subject: call.principal.subject });
  }
  const after = await reread(item.id, ports);
  if (!after.checkedOut && after.version === item.version) return after;
  throw new DomainError(
    'WRITE_UNVERIFIED',
    `The CMS said that the check-out of ${item.id} was undone, but shows it ${after.checkedOut ? 'checked out' : `in version ${after.version}`}. Look at it in the CMS.`,
    { next: { tool: 'get_content', input: { items: [item.id] } } },
  );
}
