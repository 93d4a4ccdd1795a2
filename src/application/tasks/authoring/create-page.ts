import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentDetails, ContentItem } from '../../../domain/model/content-item.ts';
import type { CreationRule, Schema } from '../../../domain/model/schema.ts';
import type { Abilities } from '../../../domain/model/site.ts';
import { planDraft } from '../../../domain/policy/plan-draft.ts';
import { planEdit } from '../../../domain/policy/plan-edit.ts';
import { ruleAllows } from '../../../domain/policy/rule-allows.ts';
import { versionToken } from '../../../domain/policy/version-token.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import { applyEdits } from '../../items/apply-edits.ts';
import { itemPath } from '../../items/item-path.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { resolveUser } from '../../items/resolve-user.ts';
import { saveDraft } from '../../items/save-draft.ts';
import { guardWrite } from '../../items/write-guard.ts';
import { assigneeParameter, dryRunParameter, itemParameter } from '../parameters.ts';
import { itemView, receiptView, viewChanged, viewItem } from '../views.ts';

/** Characters that the CMS does not allow in names (domain of the CMS, section 1). */
export const forbiddenNameCharacters = /[,/\\?!@#$%^&*;'"]/;

const unfilled = z.object({ field: z.string(), value: z.unknown(), reason: z.string() });

/** Creates a page by a creation rule, or of a content type where the CMS offers that, and fills what it can. */
export const createPage = defineTask({
  name: 'create_page',
  title: 'Create a page',
  summary:
    'Create a page or component under a parent by a creation rule, and fill its fields as far as the CMS allows. It is checked out to you and marked for no target. Says which fields could not be filled, and why.',
  toolset: 'authoring',
  effect: 'additive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing', 'schemas', 'editing', 'drafts', 'site', 'digest'],
  input: z
    .object({
      rule: z.string().trim().min(1).max(200).describe('Creation rule or content type'),
      parent: itemParameter.describe('Parent item'),
      name: z.string().trim().min(1).max(200).describe('Name in the tree; part of the URL'),
      fields: z.record(z.string().max(200), z.unknown()).default({}).describe('Field name to value'),
      start_workflow: z.boolean().default(true).describe('Default true'),
      assign_to: assigneeParameter.optional().describe('User or me'),
      dry_run: dryRunParameter,
    })
    .strict(),
  output: receiptView.extend({
    dry_run: z.boolean(),
    page: itemView.optional(),
    version_token: z.string().optional().describe('Pass this when editing'),
    rule: z.object({ id: z.string(), name: z.string(), schema: z.string() }),
    used: z.object({ create: z.enum(['rest', 'services']), fields: z.enum(['find-replace', 'services', 'none']) }),
    parent: z.object({ id: z.string(), name: z.string(), path: z.string() }),
    unfilled_fields: z.array(unfilled),
    empty_required_fields: z.array(z.string()),
  }),
  publishesOutputSchema: false,
  async execute(input, ports, call) {
    if (forbiddenNameCharacters.test(input.name)) {
      throw new DomainError(
        'BAD_INPUT',
        `The name must not contain any of , / \\ ? ! @ # $ % ^ & * ; ' ". Nothing was created.`,
      );
    }
    const parent = await resolveItem(input.parent, ports);
    await guardWrite(parent, ports);
    const abilities = await ports.site.abilities();
    const rule = await findRule(input.rule, abilities, ports);
    if (rule.id !== noRuleId) await refuseForeignParent(rule, parent, ports);
    await refuseDuplicate(input.name, parent, ports);
    const schema = await ports.schemas.get(rule.schemaId);
    const unknownFields = Object.keys(input.fields).filter((name) =>
      schema?.fields.every((field) => field.name !== name),
    );
    if (schema !== undefined && unknownFields.length > 0) {
      throw new DomainError(
        'BAD_INPUT',
        `${schema.name} has no field ${unknownFields.slice(0, namesShownMax).join(', ')}. It has ${namesOf(schema)}. Nothing was created.`,
        { next: { tool: 'describe_schema', input: { schema: schema.name } } },
      );
    }
    const assignee = input.assign_to === undefined ? undefined : await resolveUser(input.assign_to, ports.site);
    const facts = {
      dry_run: input.dry_run,
      rule: { id: rule.id, name: rule.name, schema: schema?.name ?? rule.schemaName },
      parent: { id: parent.id, name: parent.name, path: await itemPath(parent, ports) },
      used: { create: rule.id === noRuleId ? ('services' as const) : ('rest' as const), fields: abilities.editFields },
    };
    const required = (schema?.fields ?? []).filter((field) => field.required).map((field) => field.name);
    if (input.dry_run) {
      return {
        ...facts,
        changed: [],
        undo: 'possible' as const,
        warnings: [],
        unfilled_fields:
          abilities.editFields === 'services'
            ? []
            : Object.entries(input.fields).map(([field, value]) => ({ field, value, reason: startsEmpty })),
        empty_required_fields:
          abilities.editFields === 'services' ? required.filter((name) => !(name in input.fields)) : required,
      };
    }

    const page = await create(rule, parent, { ...input, assigneeId: assignee?.id }, ports, call);
    const details = await detailsOf(page.id, ports);
    const { after, unfilledFields } = await fills[abilities.editFields](details, input.fields, ports, call);
    const empty = after.fields.filter(
      (field) =>
        field.required &&
        field.value === '' &&
        field.children.length === 0 &&
        Object.keys(field.attributes).length === 0,
    );
    return {
      ...facts,
      changed: [viewChanged(undefined, after.item)],
      page: viewItem(after.item, `${facts.parent.path} / ${after.item.name}`),
      version_token: versionToken(after, ports.digest.sha256),
      unfilled_fields: unfilledFields,
      empty_required_fields: empty.map((field) => field.name),
      undo: 'possible' as const,
      undo_hint: 'Delete the page; it goes to the recycle folder.',
      warnings: [
        ...(unfilledFields.length > 0
          ? ['Some fields could not be filled over the API of this CMS; a person can enter them.']
          : []),
        ...(empty.length > 0 ? ['The page cannot be checked in before its required fields are filled.'] : []),
      ],
    };
  },
});

/** A new page's fields start empty unless its content type has defaults, which only the page itself shows. */
const startsEmpty =
  'it starts empty unless the content type has a default text, and this CMS can only replace text that is there';

const namesShownMax = 40;

function namesOf(schema: Schema): string {
  const names = schema.fields.filter(({ hidden }) => !hidden).map(({ name }) => name);
  return names.slice(0, namesShownMax).join(', ');
}

type RulePorts = Pick<Ports, 'schemas'>;

/** The id of what stands for a rule where a content type has none and needs none. */
const noRuleId = '';

/** By id or name; a content type stands for its only rule, or for itself where the CMS needs no rule. */
async function findRule(text: string, abilities: Abilities, { schemas }: RulePorts): Promise<CreationRule> {
  const rules = await allPages((page) => schemas.creationRules(page));
  const wanted = text.toLowerCase();
  const schema = await schemas.get(text);
  const named = rules.filter((rule) => rule.id.toLowerCase() === wanted || rule.name.toLowerCase() === wanted);
  const found =
    named.length > 0
      ? named
      : rules.filter((rule) => rule.schemaId === schema?.id || rule.schemaName.toLowerCase() === wanted);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  if (found.length === 0 && schema !== undefined && abilities.createBySchema === 'services') {
    const { id: schemaId, name: schemaName, label } = schema;
    return {
      id: noRuleId,
      name: `${label}, without a rule`,
      description: '',
      schemaId,
      schemaName,
      parentPageCount: 0,
    };
  }
  throw new DomainError(
    found.length === 0 ? 'NOT_FOUND' : 'AMBIGUOUS',
    found.length === 0
      ? `No creation rule or content type "${text}".`
      : `Several creation rules fit "${text}". Use the id of one.`,
    {
      candidates: (found.length === 0 ? rules : found)
        .slice(0, 12)
        .map((rule) => ({ id: rule.id, name: `${rule.name} (${rule.schemaName})` })),
      next: { tool: 'describe_schema', input: {} },
    },
  );
}

/** The CMS refuses a parent that the rule does not name; this says which it does. */
async function refuseForeignParent(
  rule: CreationRule,
  parent: ContentItem,
  ports: Pick<Ports, 'pages' | 'schemas'>,
): Promise<void> {
  const allowed = await allPages((page) => ports.schemas.creationRuleParents(rule.id, page));
  const ancestorIds = (await ports.pages.ancestors(parent.id)).map((page) => page.id);
  if (ruleAllows(allowed, { id: parent.id, ancestorIds })) return;
  throw new DomainError(
    'BAD_INPUT',
    `The rule "${rule.name}" does not create pages under "${parent.name}" (${parent.id}). Nothing was created.`,
    {
      candidates: allowed
        .filter((place) => place.accessible)
        .slice(0, 10)
        .map((place) => ({ id: place.id, name: place.name, path: place.path.split('/').join(' / ') })),
      next: { tool: 'describe_schema', input: { allowed_under: parent.id } },
    },
  );
}

async function refuseDuplicate(name: string, parent: ContentItem, ports: Pick<Ports, 'pages'>): Promise<void> {
  const twin = await childNamed(name, parent.id, ports);
  if (twin === undefined) return;
  throw new DomainError(
    'CONFLICT',
    `"${parent.name}" has a child called "${twin.name}" already (${twin.id}). Use that one, or another name.`,
    {
      candidates: [{ id: twin.id, name: twin.name }],
      next: { tool: 'get_content', input: { items: [twin.id] } },
    },
  );
}

async function childNamed(
  name: string,
  parentId: string,
  ports: Pick<Ports, 'pages'>,
): Promise<ContentItem | undefined> {
  const children = await allPages((page) => ports.pages.children(parentId, page));
  return children.find((child) => child.name.toLowerCase() === name.toLowerCase());
}

/** Creates once. When no answer came, the parent's children tell whether the page is there. */
async function create(
  rule: CreationRule,
  parent: ContentItem,
  input: { readonly name: string; readonly start_workflow: boolean; readonly assigneeId: string | undefined },
  ports: Pick<Ports, 'pages' | 'drafts'>,
  call: Call,
): Promise<ContentItem> {
  const changed = () =>
    call.emit({ type: 'content_changed', itemIds: [parent.id], change: 'structure', subject: call.principal.subject });
  try {
    if (rule.id === noRuleId) {
      const { id } = await ports.drafts.create({ schemaId: rule.schemaId, parentId: parent.id, name: input.name });
      changed();
      const { item } = await detailsOf(id, ports);
      // Creating by schema is the service layer's: what it says it made is looked at before anything goes into it.
      if (item.parentId === parent.id && item.schema?.id === rule.schemaId && item.name === input.name) return item;
      throw new DomainError(
        'WRITE_UNVERIFIED',
        `The CMS made ${id}, but not as asked: it is called "${item.name}", of the content type ${item.schema?.name ?? 'unknown'}, below ${item.parentId ?? 'nothing'}. Look at it before going on.`,
        { next: { tool: 'get_content', input: { items: [id] } } },
      );
    }
    const page = await ports.pages.create({
      ruleId: rule.id,
      parentId: parent.id,
      name: input.name,
      skipWorkflow: !input.start_workflow,
      ...(input.assigneeId === undefined ? {} : { assignToUserId: input.assigneeId }),
    });
    changed();
    return page;
  } catch (error) {
    // Only the unknown outcome is looked into: the page may have been made although nobody said so.
    if (!(error instanceof DomainError) || error.code !== 'OUTCOME_UNKNOWN') throw error;
    changed();
    const page = await childNamed(input.name, parent.id, ports);
    if (page !== undefined) return page;
    throw error;
  }
}

async function detailsOf(id: string, ports: Pick<Ports, 'pages'>): Promise<ContentDetails> {
  const details = await ports.pages.details(id, 0);
  if (details === undefined)
    throw new DomainError('WRITE_UNVERIFIED', `The CMS said that ${id} was created, but does not show it.`);
  return details;
}

/** Fills every field that editors enter; a value that does not fit its field is answered as unfilled. */
async function fillAll(
  details: ContentDetails,
  values: Readonly<Record<string, unknown>>,
  ports: Pick<Ports, 'pages' | 'drafts'>,
  call: Call,
): Promise<Filled> {
  const unfilledFields: z.infer<typeof unfilled>[] = [];
  let wanted = details.fields;
  for (const [field, value] of Object.entries(values)) {
    const plan = planDraft(wanted, [{ op: 'set', field, value }]);
    if (plan.ok) wanted = plan.fields;
    else unfilledFields.push({ field, value, reason: plan.refusals[0]?.message ?? 'cannot be written' });
  }
  // The page itself is new, so a check-out that is undone would leave nothing: it stays whatever becomes of the fields.
  const after = wanted === details.fields ? details : await saveDraft(details, wanted, false, ports, call);
  return { after, unfilledFields };
}

/** Fills nothing, and says so. */
async function fillNone(details: ContentDetails, values: Readonly<Record<string, unknown>>): Promise<Filled> {
  const reason = 'this CMS lets no fields be changed over its API';
  return {
    after: details,
    unfilledFields: Object.entries(values).map(([field, value]) => ({ field, value, reason })),
  };
}

interface Filled {
  readonly after: ContentDetails;
  readonly unfilledFields: z.infer<typeof unfilled>[];
}

/** Fills what text can be filled, field by field: most fields of a new page are empty, and those cannot be replaced. */
async function fillText(
  details: ContentDetails,
  values: Readonly<Record<string, unknown>>,
  ports: Pick<Ports, 'pages' | 'editing'>,
  call: Call,
): Promise<Filled> {
  const plans = Object.entries(values).map(([field, value]) => ({
    field,
    value,
    plan: planEdit(details.fields, [{ op: 'set', field, value }]),
  }));
  const edits = plans.flatMap(({ plan }) => (plan.ok ? plan.edits : []));
  const unfilledFields = plans.flatMap(({ field, value, plan }) =>
    plan.ok ? [] : [{ field, value, reason: plan.refusals[0]?.message ?? 'cannot be written' }],
  );
  return { after: edits.length === 0 ? details : await applyEdits(details, edits, ports, call), unfilledFields };
}

/** By what the CMS can do. */
const fills: Readonly<
  Record<
    Abilities['editFields'],
    (
      details: ContentDetails,
      values: Readonly<Record<string, unknown>>,
      ports: Pick<Ports, 'pages' | 'drafts' | 'editing'>,
      call: Call,
    ) => Promise<Filled>
  >
> = { services: fillAll, 'find-replace': fillText, none: fillNone };
