import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentDetails } from '../../../domain/model/content-item.ts';
import { type FieldEdit, planEdit } from '../../../domain/policy/plan-edit.ts';
import { versionToken } from '../../../domain/policy/version-token.ts';
import { defineTask } from '../../define-task.ts';
import { applyEdits } from '../../items/apply-edits.ts';
import { isAssetId } from '../../items/item-path.ts';
import { refusePlan } from '../../items/refuse-plan.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { contextOf, guardWrite, refuseForeignLock } from '../../items/write-guard.ts';
import { dryRunParameter, itemParameter } from '../parameters.ts';
import { receiptView, viewChanged } from '../views.ts';

const change = z
  .object({
    op: z.enum(['set', 'clear', 'replace_text', 'append', 'insert', 'remove']),
    field: z.string().trim().min(1).max(200).describe('Field name, e.g. Body'),
    find: z.string().max(20_000).optional().describe('For replace_text: text that occurs once, as stored'),
    value: z.unknown().optional().describe('The new text'),
    index: z.int().min(0).optional().describe('For insert and remove'),
  })
  .strict();

/** A snippet of a diff: enough to see the change, whatever the size of the field. */
const snippetCharactersMax = 600;

/** Changes text in fields by find and replace, the one way that REST v1 of the CMS offers, and reads it back. */
export const editContent = defineTask({
  name: 'edit_content',
  title: 'Edit fields',
  summary:
    'Edit, update, fix or change text in fields of a page or component with small patches; other fields stay untouched. All patches are done or none. Checks the item out when needed, refuses when someone changed it since it was read, and reads the result back. The change is saved in the checked-out copy until it is checked in.',
  toolset: 'authoring',
  effect: 'additive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing', 'editing', 'digest'],
  input: z
    .object({
      item: itemParameter,
      version: z.string().trim().min(1).max(100).describe('The version text from reading the item'),
      changes: z.array(change).min(1).max(50).describe('Applied in order, all or nothing'),
      dry_run: dryRunParameter,
    })
    .strict(),
  output: receiptView.extend({
    dry_run: z.boolean(),
    version: z.string().describe('Pass this to the next edit'),
    diff: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
    next: z.object({ tool: z.string(), input: z.record(z.string(), z.unknown()) }).optional(),
  }),
  publishesOutputSchema: false,
  async execute(input, ports, call) {
    const item = await resolveItem(input.item, ports);
    if (isAssetId(item.id)) {
      throw new DomainError(
        'CAPABILITY_MISSING',
        'The CMS cannot change the fields of assets over its API. A person can do it in the CMS.',
      );
    }
    const before = await detailsOf(item.id, ports.pages);
    const context = await guardWrite(item, ports);
    refuseForeignLock(before.item, context);
    refuseOldVersion(input.version, before, ports.digest.sha256);
    const plan = planEdit(before.fields, input.changes.map(definedOnly));
    if (!plan.ok) throw refusePlan(item.id, plan.refusals);

    const warnings: string[] = [];
    if (plan.edits.length === 0) warnings.push('Every field holds the wanted text already: nothing was written.');
    const isUnchanged = input.dry_run || plan.edits.length === 0;
    const after = isUnchanged ? before : await write(before, plan.edits, context.editable);
    return {
      dry_run: input.dry_run,
      changed: isUnchanged ? [] : [viewChanged(before.item, after.item)],
      version: versionToken(after, ports.digest.sha256),
      diff: plan.edits.map((edit) => ({
        field: edit.fieldName,
        before: snippet(edit.find),
        after: snippet(edit.replaceWith),
      })),
      undo: isUnchanged ? ('no' as const) : ('possible' as const),
      ...(isUnchanged
        ? {}
        : {
            undo_hint:
              'Replace the new text by the old one; the check-out itself cannot be undone for pages over the API.',
          }),
      warnings,
      ...(isUnchanged ? {} : { next: { tool: 'check_in_content', input: { items: [item.id] } } }),
    };

    async function write(
      seen: ContentDetails,
      edits: readonly FieldEdit[],
      alreadyMine: boolean,
    ): Promise<ContentDetails> {
      if (!alreadyMine) {
        await ports.pages.checkOut(seen.item.id);
        call.emit({
          type: 'content_changed',
          itemIds: [seen.item.id],
          change: 'lock',
          subject: call.principal.subject,
        });
      }
      // Between reading and checking out, somebody may have been faster.
      const mine = await detailsOf(seen.item.id, ports.pages);
      if (!alreadyMine) refuseForeignLock(mine.item, await contextOf(seen.item.id, ports));
      const stale = edits.find(
        (edit) => mine.fields.find((field) => field.name === edit.fieldName)?.value !== edit.before,
      );
      if (stale !== undefined) {
        throw new DomainError(
          'VERSION_CONFLICT',
          `"${stale.fieldName}" of ${seen.item.id} changed a moment ago. Nothing was written; read the item again.`,
          {
            next: { tool: 'get_content', input: { items: [seen.item.id] } },
          },
        );
      }
      return applyEdits(mine, edits, ports, call);
    }
  },
});

async function detailsOf(
  id: string,
  pages: { details(id: string, version: number): Promise<ContentDetails | undefined> },
): Promise<ContentDetails> {
  const details = await pages.details(id, 0);
  if (details === undefined) throw new DomainError('NOT_FOUND', `The item ${id} is not there any more.`);
  return details;
}

function refuseOldVersion(given: string, details: ContentDetails, sha256: (text: string) => string): void {
  const current = versionToken(details, sha256);
  if (given === current) return;
  throw new DomainError(
    'VERSION_CONFLICT',
    `"${details.item.name}" (${details.item.id}) is not as it was read: its version is ${current} now. Read it again, look whether the change still makes sense, then edit.`,
    {
      details: { current_version: current },
      next: { tool: 'get_content', input: { items: [details.item.id], include: ['fields'] } },
    },
  );
}

/** exactOptionalPropertyTypes tells absent from undefined; a parsed change may hold the latter. */
function definedOnly(change: {
  op: 'set' | 'clear' | 'replace_text' | 'append' | 'insert' | 'remove';
  field: string;
  find?: string | undefined;
  value?: unknown;
}) {
  return {
    op: change.op,
    field: change.field,
    value: change.value,
    ...(change.find === undefined ? {} : { find: change.find }),
  };
}

function snippet(text: string): string {
  return text.length > snippetCharactersMax ? `${text.slice(0, snippetCharactersMax)}…` : text;
}
