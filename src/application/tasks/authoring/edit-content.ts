import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentDetails, Field } from '../../../domain/model/content-item.ts';
import { planDraft, planRestore } from '../../../domain/policy/plan-draft.ts';
import { type FieldChange, narrowReplacement, planEdit, type Refusal } from '../../../domain/policy/plan-edit.ts';
import { restoringChanges } from '../../../domain/policy/plan-restore.ts';
import { versionToken } from '../../../domain/policy/version-token.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { applyEdits } from '../../items/apply-edits.ts';
import { isAssetId } from '../../items/item-path.ts';
import { isEmptyField, listFields } from '../../items/list-fields.ts';
import { refusePlan } from '../../items/refuse-plan.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { saveDraft } from '../../items/save-draft.ts';
import { contextOf, guardWrite, refuseForeignLock } from '../../items/write-guard.ts';
import { dryRunParameter, itemParameter } from '../parameters.ts';
import { nextCall, receiptView, viewChanged } from '../views.ts';

const change = z
  .object({
    op: z.enum(['set', 'clear', 'replace_text', 'append', 'insert', 'remove']),
    field: z.string().trim().min(1).max(200).describe('Field path, e.g. Body or Links[2].Title'),
    find: z.string().max(20_000).optional().describe('As stored'),
    value: z.unknown().optional().describe('Text, id, date, true/false; for lists an entry, for set all'),
    index: z.int().min(1).optional().describe('From 1'),
  })
  .strict();

/** A snippet of a diff: enough to see the change, whatever the size of the field. */
const snippetCharactersMax = 600;

const needs = ['pages', 'assets', 'search', 'publishing', 'editing', 'drafts', 'site', 'digest'] as const;
type Needs = Pick<Ports, (typeof needs)[number]>;

/** Changes fields by the best way that the CMS offers, and reads them back. */
export const editContent = defineTask({
  name: 'edit_content',
  title: 'Edit fields',
  summary:
    'Change fields of a page or component by patches, all or none; other fields stay. Checks it out, refuses when somebody changed it since your read, reads the result back. Saved in the checked-out copy until check-in.',
  toolset: 'authoring',
  effect: 'additive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs,
  input: z
    .object({
      item: itemParameter,
      version: z.string().trim().min(1).max(100).describe('version_token of the last read or edit'),
      changes: z.array(change).max(50).default([]).describe('In order'),
      restore_version: z.int().min(1).optional().describe('Instead of changes'),
      dry_run: dryRunParameter,
    })
    .strict(),
  output: receiptView.extend({
    dry_run: z.boolean(),
    used: z.enum(['find-replace', 'services']).describe('How the CMS was changed'),
    version_token: z.string().describe('Pass this to the next edit'),
    diff: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
    next: nextCall.optional(),
  }),
  publishesOutputSchema: false,
  async execute(input, ports, call) {
    if ((input.changes.length === 0) === (input.restore_version === undefined)) {
      throw new DomainError('BAD_INPUT', 'Give either "changes" or "restore_version".');
    }
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
    const abilities = await ports.site.abilities();
    if (abilities.editFields === 'none') {
      throw new DomainError(
        'CAPABILITY_MISSING',
        'This CMS lets no fields be changed over its API. Prepare the change for a person to enter.',
      );
    }
    const canDiscard = abilities.discardPageCheckout === 'services';
    const older =
      input.restore_version === undefined ? undefined : await olderVersion(item.id, input.restore_version, ports);
    const changes = input.changes.map(definedOnly);
    const plan = plans[abilities.editFields](before, older === undefined ? { changes } : { older }, ports, call);
    if (Array.isArray(plan)) throw refusePlan({ itemId: item.id, version: input.version, changes }, plan);

    const isUnchanged = input.dry_run || plan.diff.length === 0;
    const empty = emptyRequiredFields(plan.wanted);
    if (!context.editable && plan.diff.length > 0 && empty.length > 0 && !canDiscard) throw refuseTrap(before, empty);
    const warnings = [
      ...(plan.diff.length === 0 ? ['Every field holds the wanted text already: nothing was written.'] : []),
      ...(empty.length === 0
        ? []
        : [
            `It cannot be checked in before ${empty.join(', ')} is filled${plan.used === 'services' ? '' : ' by a person in the CMS'}: required, and empty.`,
          ]),
    ];
    const after = isUnchanged ? before : await write(before, plan, context.editable, ports, call);
    return {
      dry_run: input.dry_run,
      used: plan.used,
      changed: isUnchanged ? [] : [viewChanged(before.item, after.item)],
      version_token: versionToken(after, ports.digest.sha256),
      diff: plan.diff.map((edit) => ({ field: edit.field, before: snippet(edit.before), after: snippet(edit.after) })),
      undo: 'possible' as const,
      ...(isUnchanged ? {} : { undo_hint: canDiscard && !context.editable ? discardHint : replaceHint }),
      warnings,
      ...(isUnchanged || empty.length > 0 ? {} : { next: { tool: 'check_in_content', input: { items: [item.id] } } }),
    };
  },
});

const discardHint = 'discard_checkout drops the edits and releases the item, as long as it is not checked in.';
const replaceHint = 'Replace the new text by the old one; restore_version writes the values of an older version.';

/** What is asked for: changes, or the content of an older version. */
type Asked = { readonly changes: readonly FieldChange[] } | { readonly older: readonly Field[] };

/** An edit that can be made, and how. */
interface Plan {
  readonly used: 'find-replace' | 'services';
  /** As far as they can be told beforehand: what the fields will hold. */
  readonly wanted: readonly Field[];
  readonly diff: readonly { readonly field: string; readonly before: string; readonly after: string }[];
  /** A field that is not as it was when the plan was made. */
  findStale(mine: ContentDetails): string | undefined;
  write(mine: ContentDetails, isFresh: boolean): Promise<ContentDetails>;
}

/** By what the CMS can do: the plan, or why there is none. */
const plans: Readonly<
  Record<
    'find-replace' | 'services',
    (before: ContentDetails, asked: Asked, ports: Needs, call: Call) => Plan | Refusal[]
  >
> = {
  'find-replace': (before, asked, ports, call) => {
    const plan = planEdit(
      before.fields,
      'older' in asked ? restoringChanges(before.fields, asked.older) : asked.changes,
    );
    if (!plan.ok) return [...plan.refusals];
    return {
      used: 'find-replace',
      wanted: before.fields,
      diff: plan.edits.map((edit) => ({ field: edit.fieldName, before: edit.find, after: edit.replaceWith })),
      findStale: (mine) =>
        plan.edits.find((edit) => mine.fields.find(({ name }) => name === edit.fieldName)?.value !== edit.before)
          ?.fieldName,
      write: (mine) => applyEdits(mine, plan.edits, ports, call),
    };
  },
  services: (before, asked, ports, call) => {
    const plan = 'older' in asked ? planRestore(before.fields, asked.older) : planDraft(before.fields, asked.changes);
    if (!plan.ok) return [...plan.refusals];
    return {
      used: 'services',
      wanted: plan.fields,
      diff: plan.differences.map(({ path, ...texts }) => ({ field: path, ...narrowed(texts) })),
      // The whole content is written, so that any other change would be lost.
      findStale: (mine) =>
        before.fields.find((field, index) => JSON.stringify(field) !== JSON.stringify(mine.fields[index]))?.name,
      write: (mine, isFresh) => saveDraft(mine, plan.fields, isFresh, ports, call),
    };
  },
};

/** Long texts are shown around the place that changes. */
function narrowed(texts: { readonly before: string; readonly after: string }) {
  if (texts.before.length <= snippetCharactersMax && texts.after.length <= snippetCharactersMax) return texts;
  const { find, replaceWith } = narrowReplacement(texts.before, texts.after);
  return { before: find, after: replaceWith };
}

async function olderVersion(id: string, version: number, { pages }: Needs): Promise<readonly Field[]> {
  const details = await pages.details(id, version);
  if (details === undefined) {
    throw new DomainError('NOT_FOUND', `${id} has no version ${version}.`, {
      next: { tool: 'get_content', input: { items: [id], include: ['versions'] } },
    });
  }
  return details.fields;
}

async function write(
  seen: ContentDetails,
  plan: Plan,
  alreadyMine: boolean,
  ports: Needs,
  call: Call,
): Promise<ContentDetails> {
  const { id } = seen.item;
  if (!alreadyMine) {
    await ports.pages.checkOut(id);
    call.emit({ type: 'content_changed', itemIds: [id], change: 'lock', subject: call.principal.subject });
  }
  // Between reading and checking out, somebody may have been faster.
  const mine = await detailsOf(id, ports.pages);
  if (!alreadyMine) refuseForeignLock(mine.item, await contextOf(id, ports));
  const stale = plan.findStale(mine);
  if (stale !== undefined) {
    throw new DomainError(
      'VERSION_CONFLICT',
      `"${stale}" of ${id} changed a moment ago. Nothing was written; read the item again.`,
      { next: { tool: 'get_content', input: { items: [id] } } },
    );
  }
  return plan.write(mine, !alreadyMine);
}

async function detailsOf(
  id: string,
  pages: { details(id: string, version: number): Promise<ContentDetails | undefined> },
): Promise<ContentDetails> {
  const details = await pages.details(id, 0);
  if (details === undefined) throw new DomainError('NOT_FOUND', `The item ${id} is not there any more.`);
  return details;
}

/** Paths of required fields that hold nothing. */
function emptyRequiredFields(fields: readonly Field[]): readonly string[] {
  return listFields(fields)
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
  index?: number | undefined;
}) {
  return {
    op: change.op,
    field: change.field,
    value: change.value,
    ...(change.find === undefined ? {} : { find: change.find }),
    ...(change.index === undefined ? {} : { index: change.index }),
  };
}

function snippet(text: string): string {
  return text.length > snippetCharactersMax ? `${text.slice(0, snippetCharactersMax)}…` : text;
}
