import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentDetails, ContentItem, Field, ItemContext } from '../../../domain/model/content-item.ts';
import { type FieldEdit, narrowReplacement } from '../../../domain/policy/plan-edit.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask, type Impact } from '../../define-task.ts';
import { applyEdits } from '../../items/apply-edits.ts';
import { eachItem } from '../../items/each-item.ts';
import { itemContexts } from '../../items/item-calls.ts';
import { isAssetId } from '../../items/item-path.ts';
import { isMarkupField, isTextField } from '../../items/list-fields.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { contextOf, guardWrite, refuseForeignLock } from '../../items/write-guard.ts';
import { confirmParameter, itemParameter, itemsMax } from '../parameters.ts';
import { receiptView, viewChanged } from '../views.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing' | 'editing' | 'digest'>;

const input = z
  .object({
    find: z.string().min(1).max(500).regex(/\S/).describe('Text as stored: XHTML in rich text'),
    replace_with: z.string().max(5000).optional().describe('As stored; leave out to only list'),
    under: itemParameter.describe('Page to search with everything below it'),
    match_case: z.boolean().default(true).describe('Default true'),
    occurrences: z.array(z.string().min(1).max(300)).min(1).max(100).optional().describe('Ids from the first call'),
    confirm: confirmParameter,
  })
  .strict();
type Input = z.output<typeof input>;

const occurrenceView = z.object({
  id: z.string(),
  item: z.string(),
  field: z.string(),
  text: z.string().describe('With some text around it; the found text stands in 【 】'),
  in_markup: z.boolean().optional().describe('Inside a tag, such as an address'),
});

const replacedView = z.object({
  id: z.string(),
  name: z.string(),
  outcome: z.enum(['replaced', 'failed']),
  replaced: z.int(),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** Items read for one list, and occurrences shown of it: about 4,000 tokens. */
const listedItemsMax = 40;
const shownMax = 60;
const readAtOnce = 8;

/** Lists where a text stands in the fields of a subtree, and replaces the chosen places. */
export const findAndReplace = defineTask({
  name: 'find_and_replace',
  title: 'Find and replace',
  summary:
    'Find a text in the fields of a page and all below it and list each occurrence with an id; then replace the chosen ones across pages, after a confirm token. Checks out what it needs and reads back.',
  toolset: 'authoring',
  effect: 'destructive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing', 'editing', 'digest'],
  input,
  output: receiptView.extend({
    occurrences: z.array(occurrenceView),
    total: z.int().describe('Occurrences found'),
    not_replaceable: z
      .array(z.object({ item: z.string(), name: z.string(), field: z.string().optional(), reason: z.string() }))
      .describe('Places that hold the text and cannot be changed here'),
    items: z.array(replacedView),
    left_out: z.string().optional(),
    next: z.object({ tool: z.string(), input: z.record(z.string(), z.unknown()) }).optional(),
  }),
  publishesOutputSchema: false,

  async impact(given, ports): Promise<Impact | undefined> {
    if (given.occurrences === undefined) return undefined;
    const { plans, replaceWith } = await planReplacement(given, ports);
    const fresh = plans.filter(({ context }) => !context.editable);
    return {
      summary: `${given.occurrences.length} occurrence(s) in ${plans.length} item(s) are replaced; ${fresh.length} of these are checked out for it.`,
      facts: {
        items: plans.map(({ details: { item }, chosen }) => ({
          id: item.id,
          name: item.name,
          changes: chosen.map((place) => ({
            field: place.field,
            before: around(place, place.found),
            after: around(place, replaceWith),
          })),
        })),
      },
      warnings: [
        'The changes stay in the checked-out copies until they are checked in.',
        ...(plans.some(({ chosen }) => chosen.some(({ inMarkup }) => inMarkup))
          ? ['Some occurrences stand inside tags: links or formatting change with them.']
          : []),
      ],
      fingerprint: JSON.stringify(plans.map(({ details: { item }, chosen }) => [item.id, chosen.map(({ id }) => id)])),
    };
  },

  async execute(given, ports, call) {
    return given.occurrences === undefined ? list(given, ports) : replace(given, ports, call);
  },
});

/** One place in one field; `id` changes whenever anything in the field does. */
interface Occurrence {
  readonly id: string;
  readonly itemId: string;
  readonly field: string;
  readonly value: string;
  readonly at: number;
  readonly found: string;
  readonly inMarkup: boolean;
}

async function list(given: Input, ports: Needs) {
  const root = await resolveRoot(given, ports);
  const hits = await ports.editing.findText({
    rootId: root.id,
    text: given.find,
    matchCase: given.match_case,
    withDescendants: true,
  });
  const ids = [...new Set(hits.map(({ itemId }) => itemId))];
  const readIds = ids.slice(0, listedItemsMax);
  const contexts = await itemContexts(readIds, ports);
  const occurrences: Occurrence[] = [];
  const blocked: { item: string; name: string; field?: string; reason: string }[] = [];
  for (let start = 0; start < readIds.length; start += readAtOnce) {
    const some = readIds.slice(start, start + readAtOnce);
    const read = await Promise.all(some.map((id) => (isAssetId(id) ? undefined : ports.pages.details(id, 0))));
    for (const [index, id] of some.entries()) {
      const itemHits = hits.filter(({ itemId }) => itemId === id);
      const details = read[index];
      const item = { item: id, name: details?.item.name ?? itemHits[0]?.itemName ?? '' };
      const refusal = refusalOf(details, contexts.get(id));
      if (details === undefined || refusal !== undefined) {
        blocked.push({ ...item, reason: refusal ?? 'This user does not see its fields.' });
        continue;
      }
      const found = occurrencesIn(details, given, ports);
      occurrences.push(...found);
      const elsewhere = new Set(itemHits.map(({ fieldName }) => fieldName));
      for (const { field } of found) elsewhere.delete(field);
      for (const field of elsewhere) {
        blocked.push({ ...item, field, reason: 'It is no text field at the top level, or read-only.' });
      }
    }
  }
  const leftOut = [
    ...(ids.length > readIds.length ? [`${ids.length - readIds.length} more items hold the text`] : []),
    ...(occurrences.length > shownMax ? [`${occurrences.length - shownMax} more occurrences`] : []),
    ...(blocked.length > shownMax ? [`${blocked.length - shownMax} more places that cannot be changed`] : []),
  ];
  const first = occurrences[0];
  return {
    occurrences: occurrences.slice(0, shownMax).map(viewOccurrence),
    total: occurrences.length,
    not_replaceable: blocked.slice(0, shownMax),
    items: [],
    ...(leftOut.length === 0
      ? {}
      : { left_out: `${leftOut.join('; ')}. Search a smaller part of the site to see them.` }),
    changed: [],
    undo: 'no' as const,
    warnings: [],
    ...(first === undefined
      ? {}
      : {
          next: {
            tool: 'find_and_replace',
            input: {
              find: given.find,
              replace_with: given.replace_with ?? '…',
              under: given.under,
              match_case: given.match_case,
              occurrences: [first.id],
            },
          },
        }),
  };
}

async function replace(given: Input, ports: Needs, call: Call) {
  const { plans, replaceWith } = await planReplacement(given, ports);
  const planOf = new Map(plans.map((plan) => [plan.details.item.id, plan]));
  const outcomes = await eachItem(
    plans.map(({ details }) => details.item),
    async (item, index) => {
      call.progress((100 * index) / plans.length, `Replacing in ${item.name}`);
      const wanted = planOf.get(item.id)?.chosen.map(({ id }) => id) ?? [];
      const mine = await checkedOutDetails(item, ports, call);
      // Between reading and checking out, somebody may have been faster: the ids tell.
      const chosen = choose(wanted, occurrencesIn(mine, given, ports));
      return { after: await applyEdits(mine, editsOf(mine, chosen, replaceWith), ports, call), count: chosen.length };
    },
  );
  const done = outcomes.flatMap((outcome) => (outcome.done ? [outcome] : []));
  const doneIds = done.map(({ item }) => item.id);
  return {
    occurrences: [],
    total: plans.reduce((sum, { chosen }) => sum + chosen.length, 0),
    not_replaceable: [],
    items: outcomes.map((outcome) => ({
      id: outcome.item.id,
      name: outcome.item.name,
      ...(outcome.done
        ? { outcome: 'replaced' as const, replaced: outcome.value.count }
        : { outcome: 'failed' as const, replaced: 0, code: outcome.error.code, message: outcome.error.message }),
    })),
    changed: done.map(({ item, value }) => viewChanged(item, value.after.item)),
    undo: 'possible' as const,
    undo_hint: 'Replace the new text by the old one in these items.',
    warnings: [],
    next: { tool: 'check_in_content', input: { items: doneIds } },
  };
}

interface ItemPlan {
  readonly details: ContentDetails;
  readonly context: ItemContext;
  readonly chosen: readonly Occurrence[];
}

/** Everything that can be refused is refused here, for the impact and for the act alike. */
async function planReplacement(
  given: Input,
  ports: Needs,
): Promise<{ readonly plans: readonly ItemPlan[]; readonly replaceWith: string }> {
  const { replace_with: replaceWith } = given;
  if (replaceWith === undefined) {
    throw new DomainError('BAD_INPUT', 'Chosen occurrences need "replace_with". Nothing was changed.');
  }
  const root = await resolveRoot(given, ports);
  const wanted = [...new Set(given.occurrences ?? [])];
  const itemIds = [...new Set(wanted.map((id) => id.slice(0, id.indexOf('.'))))];
  if (itemIds.length > itemsMax) {
    throw new DomainError(
      'TOO_LARGE',
      `The occurrences lie in ${itemIds.length} items; one call changes at most ${itemsMax}. Nothing was changed.`,
    );
  }
  const plans = await Promise.all(
    itemIds.map(async (itemId): Promise<ItemPlan> => {
      const details = /^x\d+$/.test(itemId) ? await ports.pages.details(itemId, 0) : undefined;
      if (details === undefined || !(await isBelow(itemId, root.id, ports))) throw gone(itemId);
      const context = await guardWrite(details.item, ports);
      refuseForeignLock(details.item, context);
      const chosen = choose(
        wanted.filter((id) => id.startsWith(`${itemId}.`)),
        occurrencesIn(details, given, ports),
      );
      editsOf(details, chosen, replaceWith);
      return { details, context, chosen };
    }),
  );
  return { plans, replaceWith };
}

async function resolveRoot(given: Input, ports: Needs): Promise<ContentItem> {
  const root = await resolveItem(given.under, ports);
  if (!isAssetId(root.id)) return root;
  throw new DomainError(
    'CAPABILITY_MISSING',
    'The CMS cannot change the fields of assets over its API. Search under a page instead.',
  );
}

async function isBelow(itemId: string, rootId: string, ports: Needs): Promise<boolean> {
  return itemId === rootId || (await ports.pages.ancestors(itemId)).some(({ id }) => id === rootId);
}

/** The chosen places as they are now. @throws DomainError VERSION_CONFLICT when one of them is gone. */
function choose(ids: readonly string[], occurrences: readonly Occurrence[]): readonly Occurrence[] {
  return ids.map((id) => occurrences.find((occurrence) => occurrence.id === id) ?? raise(gone(id)));
}

const raise = (error: DomainError): never => {
  throw error;
};

const gone = (id: string): DomainError =>
  new DomainError(
    'VERSION_CONFLICT',
    `The occurrence ${id} is not there as it was listed: the field changed since, or it was another search. Nothing was changed in this item; list the occurrences again.`,
  );

/** All places in text fields that can be written, from the top of the form down. */
function occurrencesIn(details: ContentDetails, given: Input, ports: Needs): readonly Occurrence[] {
  const itemId = details.item.id;
  return details.fields.filter(isWritable).flatMap((field) =>
    placesOf(field.value, given.find, given.match_case).map((at, index) => ({
      id: `${itemId}.${field.name}.${index + 1}.${ports.digest.sha256(JSON.stringify([field.value, at, given.find])).slice(0, 8)}`,
      itemId,
      field: field.name,
      value: field.value,
      at,
      found: field.value.slice(at, at + given.find.length),
      inMarkup: isMarkupField(field) && field.value.lastIndexOf('<', at) > field.value.lastIndexOf('>', at - 1),
    })),
  );
}

const isWritable = (field: Field): boolean => isTextField(field) && !field.readOnly && field.children.length === 0;

/** Where the text begins, from left to right, without overlaps. */
function placesOf(value: string, find: string, matchCase: boolean): readonly number[] {
  const pattern = new RegExp(find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), matchCase ? 'g' : 'gi');
  return [...value.matchAll(pattern)].map(({ index }) => index);
}

/** One edit for each field that holds chosen places. @throws DomainError BAD_INPUT, CAPABILITY_MISSING. */
function editsOf(details: ContentDetails, chosen: readonly Occurrence[], replaceWith: string): readonly FieldEdit[] {
  const names = [...new Set(chosen.map(({ field }) => field))];
  return names.flatMap((fieldName) => {
    const field = details.fields.find(({ name }) => name === fieldName);
    if (field === undefined) return [];
    if (isMarkupField(field) && /&(?!#?\w+;)/.test(replaceWith)) {
      throw new DomainError(
        'BAD_INPUT',
        `"${fieldName}" of ${details.item.id} is rich text: write & as &amp; in replace_with. Nothing was changed.`,
      );
    }
    const places = chosen.filter((place) => place.field === fieldName).toSorted((a, b) => b.at - a.at);
    // From the back to the front, so that the places in front keep theirs.
    const after = places.reduce(
      (value, { at, found }) => value.slice(0, at) + replaceWith + value.slice(at + found.length),
      field.value,
    );
    if (after.trim() === '') {
      throw new DomainError(
        'CAPABILITY_MISSING',
        `"${fieldName}" of ${details.item.id} would become empty, and this CMS cannot empty fields over its API.`,
      );
    }
    if (after === field.value) return [];
    return [{ fieldName, before: field.value, after, ...narrowReplacement(field.value, after) }];
  });
}

async function checkedOutDetails(item: ContentItem, ports: Needs, call: Call): Promise<ContentDetails> {
  const context = await contextOf(item.id, ports);
  refuseForeignLock(item, context);
  if (!context.editable) {
    await ports.pages.checkOut(item.id);
    call.emit({ type: 'content_changed', itemIds: [item.id], change: 'lock', subject: call.principal.subject });
  }
  const details = await ports.pages.details(item.id, 0);
  if (details === undefined) throw new DomainError('NOT_FOUND', `The item ${item.id} is not there any more.`);
  if (!context.editable) refuseForeignLock(details.item, await contextOf(item.id, ports));
  return details;
}

/** Why the places of an item cannot be replaced now, if so. */
function refusalOf(details: ContentDetails | undefined, context: ItemContext | undefined): string | undefined {
  if (details === undefined || context === undefined) return 'This user does not see its fields.';
  if (context.recycled) return 'It is in the recycle folder.';
  if (!context.fullAccess) return 'This user may not change it.';
  if (!details.item.checkedOut || context.editable) return undefined;
  return `It is checked out by ${details.item.assignedTo?.name ?? 'somebody else'}.`;
}

const contextCharacters = 40;

function around({ value, at, found }: Occurrence, instead: string): string {
  const start = Math.max(0, at - contextCharacters);
  const end = Math.min(value.length, at + found.length + contextCharacters);
  const text = `${value.slice(start, at)}【${instead}】${value.slice(at + found.length, end)}`;
  return `${start > 0 ? '…' : ''}${text}${end < value.length ? '…' : ''}`;
}

function viewOccurrence(occurrence: Occurrence): z.infer<typeof occurrenceView> {
  return {
    id: occurrence.id,
    item: occurrence.itemId,
    field: occurrence.field,
    text: around(occurrence, occurrence.found),
    ...(occurrence.inMarkup ? { in_markup: true } : {}),
  };
}
