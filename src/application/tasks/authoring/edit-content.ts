import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentDetails } from '../../../domain/model/content-item.ts';
import { type FieldEdit, planEdit } from '../../../domain/policy/plan-edit.ts';
import { versionToken } from '../../../domain/policy/version-token.ts';
import { defineTask } from '../../define-task.ts';
import { applyEdits } from '../../items/apply-edits.ts';
import { isAssetId } from '../../items/item-path.ts';
import { isEmptyField, listFields } from '../../items/list-fields.ts';
import { refusePlan } from '../../items/refuse-plan.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { contextOf, guardWrite, refuseForeignLock } from '../../items/write-guard.ts';
import { dryRunParameter, itemParameter } from '../parameters.ts';
import { nextCall, receiptView, viewChanged } from '../views.ts';

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
      version: z.string().trim().min(1).max(100).describe('version_token of the last read or edit'),
      changes: z.array(change).min(1).max(50).describe('Applied in order, all or nothing'),
      dry_run: dryRunParameter,
    })
    .strict(),
  output: receiptView.extend({
    dry_run: z.boolean(),
    version_token: z.string().describe('Pass this to the next edit'),
    diff: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
    next: nextCall.optional(),
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
    const changes = input.changes.map(definedOnly);
    const plan = planEdit(before.fields, changes);
    if (!plan.ok) throw refusePlan({ itemId: item.id, version: input.version, changes }, plan.refusals);

    const empty = emptyRequiredFields(before);
    if (!context.editable && plan.edits.length > 0 && empty.length > 0) throw refuseTrap(before, empty);
    const warnings = [
      ...(plan.edits.length === 0 ? ['Every field holds the wanted text already: nothing was written.'] : []),
      ...(empty.length === 0
        ? []
        : [`It cannot be checked in before a person fills ${empty.join(', ')} in the CMS: required, and empty.`]),
    ];
    const isUnchanged = input.dry_run || plan.edits.length === 0;
    const after = isUnchanged ? before : await write(before, plan.edits, context.editable);
    return {
      dry_run: input.dry_run,
      changed: isUnchanged ? [] : [viewChanged(before.item, after.item)],
      version_token: versionToken(after, ports.digest.sha256),
      diff: plan.edits.map((edit) => ({
        field: edit.fieldName,
        before: snippet(edit.find),
        after: snippet(edit.replaceWith),
      })),
      undo: 'possible' as const,
      ...(isUnchanged
        ? {}
        : {
            undo_hint:
              'Replace the new text by the old one; the check-out itself cannot be undone for pages over the API.',
          }),
      warnings,
      ...(isUnchanged || empty.length > 0 ? {} : { next: { tool: 'check_in_content', input: { items: [item.id] } } }),
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

/** Paths of required fields that hold nothing. No edit fills them: only text that is there can be replaced. */
function emptyRequiredFields(details: ContentDetails): readonly string[] {
  return listFields(details.fields)
    .filter(({ field }) => field.required && isEmptyField(field))
    .map(({ path }) => path);
}

/** Checking out would lock the item for good: the API can neither check it in like this nor undo a check-out. */
function refuseTrap({ item }: ContentDetails, empty: readonly string[]): DomainError {
  return new DomainError(
    'REQUIRED_FIELD',
    `"${item.name}" (${item.id}) has required fields that are empty: ${empty.join(', ')}. Once checked out for an edit, it could neither be checked in nor released over this API, and the API cannot fill empty fields. Nothing was changed. Tell the user: a person has to fill them in the CMS first.`,
    { details: { item: item.id, empty_required_fields: empty } },
  );
}

function refuseOldVersion(given: string, details: ContentDetails, sha256: (text: string) => string): void {
  const current = versionToken(details, sha256);
  if (given === current) return;
  const next = { tool: 'get_content', input: { items: [details.item.id], include: ['fields'] } };
  if (!/^\d+\+?\./.test(given)) {
    throw new DomainError(
      'BAD_INPUT',
      '"version" takes the version_token that reading the item answers, not a version number.',
      { next },
    );
  }
  throw new DomainError(
    'VERSION_CONFLICT',
    `"${details.item.name}" (${details.item.id}) is not as it was read: its version_token is ${current} now. Read it again, look whether the change still makes sense, then edit.`,
    { details: { current_version_token: current }, next },
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
