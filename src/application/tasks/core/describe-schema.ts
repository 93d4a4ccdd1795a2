import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentDetails } from '../../../domain/model/content-item.ts';
import { pageSizeMax } from '../../../domain/model/paging.ts';
import type { CreationRule, Schema, SchemaHelp } from '../../../domain/model/schema.ts';
import { describeFieldType } from '../../../domain/policy/field-types.ts';
import { ruleAllows } from '../../../domain/policy/rule-allows.ts';
import type { CmsSchemas } from '../../../domain/ports/cms/schemas.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { cutText } from '../../items/cut-text.ts';
import { isAssetId, itemPath } from '../../items/item-path.ts';
import { createPartReader } from '../../items/part-reader.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { listSchemas, resolveSchema } from '../../items/resolve-schema.ts';
import { cursorParameter, itemParameter } from '../parameters.ts';

const needs = [
  'schemas',
  'pages',
  'assets',
  'search',
  'publishing',
  'digest',
] as const satisfies readonly (keyof Ports)[];
type Needs = Pick<Ports, (typeof needs)[number]>;

const schemaSummary = z.object({
  id: z.string(),
  name: z.string(),
  label: z.string(),
  kind: z.enum(['page', 'component', 'asset']),
  fields_count: z.int(),
  draft: z.boolean().optional().describe('Draft types create no pages'),
  workflow_required: z.boolean().optional(),
});

const ruleView = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  schema: z.string(),
  allowed_here: z.boolean().optional().describe('With allowed_under'),
  parents: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        path: z.string(),
        directly_below_only: z.boolean(),
        accessible: z.boolean().describe('To this user'),
      }),
    )
    .optional(),
  parents_total: z.int().optional(),
});

/** Tells what can be written where. */
export const describeSchema = defineTask({
  name: 'describe_schema',
  title: 'Describe content types',
  summary:
    'List content types, or describe one: fields with type, help, example, whether required, and the creation rules that make such pages.',
  toolset: 'core',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs,
  input: z
    .object({
      schema: z.string().trim().max(200).optional().describe('Name or id; empty lists all'),
      kind: z.enum(['page', 'component', 'asset']).optional().describe('Default all'),
      allowed_under: itemParameter.optional().describe('Only what can be created below this page'),
      cursor: cursorParameter,
    })
    .strict(),
  output: z.object({
    schemas: z.array(schemaSummary).optional(),
    total: z.int().optional(),
    next_cursor: z.string().optional(),
    allowed_under: z.object({ id: z.string(), name: z.string(), path: z.string() }).optional(),
    schema: schemaSummary
      .extend({
        version: z.int(),
        workflow: z.string().optional(),
        example_from: z.object({ id: z.string(), name: z.string() }).optional().describe('Item whose values are shown'),
        help_for: z.enum(['ai', 'people']).optional().describe('Whom the help texts were written for'),
        fields: z.array(
          z.object({
            name: z.string(),
            type: z.string(),
            holds: z.string(),
            required: z.boolean().optional(),
            read_only: z.boolean().optional(),
            hidden: z.boolean().optional(),
            help: z.string().optional(),
            example: z.string().optional(),
          }),
        ),
      })
      .optional(),
    creation_rules: z.array(ruleView).optional(),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: false,
  async execute(input, ports) {
    const place = input.allowed_under === undefined ? undefined : await findPlace(input.allowed_under, ports);
    const above = place === undefined ? {} : { allowed_under: place.view };
    if (input.schema !== undefined && input.schema !== '') {
      const schema = await resolveSchema(input.schema, ports.schemas);
      return { ...above, ...(await describe(schema, place, ports)) };
    }
    const rules = place === undefined ? undefined : await rulesFor(await allRules(ports.schemas), place, ports.schemas);
    const creatable = rules && new Set(rules.filter((rule) => rule.allowed_here).map((rule) => rule.schemaId));
    const all = await schemasOf(input.kind, ports.schemas);
    const fitting = creatable === undefined ? all : all.filter((schema) => creatable.has(schema.id));
    const { cursor, ...query } = input;
    const queryDigest = ports.digest.sha256(JSON.stringify(query));
    const start = decodeCursor(cursor, queryDigest);
    const end = start + schemasPerPage;
    return {
      ...above,
      schemas: fitting.slice(start, end).map(viewSchema),
      total: fitting.length,
      ...(end < fitting.length ? { next_cursor: encodeCursor(end, queryDigest) } : {}),
      ...(rules === undefined
        ? {}
        : { creation_rules: rules.filter((rule) => rule.allowed_here).map((rule) => viewRule(rule, all, false)) }),
      ...(rules !== undefined && fitting.length === 0
        ? { hint: 'No creation rule allows this user to create anything there.' }
        : {}),
    };
  },
});

const schemasPerPage = 40;

/** Rules of a site, and parents of a rule, that are looked at. */
const rulesMax = 200;
const parentsShown = 20;

const helpCharactersMax = 300;
const exampleCharactersMax = 120;

interface Place {
  readonly id: string;
  readonly ancestorIds: readonly string[];
  readonly view: { id: string; name: string; path: string };
}

async function findPlace(text: string, ports: Needs): Promise<Place> {
  const item = await resolveItem(text, ports);
  if (isAssetId(item.id)) {
    throw new DomainError('BAD_INPUT', `${item.name} (${item.id}) is an asset; creation rules make pages below pages.`);
  }
  const ancestors = await ports.pages.ancestors(item.id);
  return {
    id: item.id,
    ancestorIds: ancestors.map(({ id }) => id),
    view: { id: item.id, name: item.name, path: await itemPath(item, ports) },
  };
}

async function schemasOf(kind: Schema['kind'] | undefined, schemas: CmsSchemas): Promise<readonly Schema[]> {
  const wanted = await Promise.all([
    kind === 'asset' ? [] : listSchemas('page', schemas),
    kind === undefined || kind === 'asset' ? listSchemas('asset', schemas) : [],
  ]);
  return wanted.flat().filter((schema) => kind === undefined || schema.kind === kind);
}

async function describe(schema: Schema, place: Place | undefined, ports: Needs) {
  const reader = createPartReader();
  const [help, rules, sample] = await Promise.all([
    ports.schemas.help(schema.id),
    allRules(ports.schemas),
    reader.read('example', () => readSample(schema, ports)),
  ]);
  const own = await rulesFor(
    rules.filter((rule) => rule.schemaId === schema.id),
    place,
    ports.schemas,
  );
  return {
    schema: {
      ...viewSchema(schema),
      version: schema.version,
      ...(schema.workflowDefinitionName === undefined ? {} : { workflow: schema.workflowDefinitionName }),
      ...(Object.keys(help.fields).length === 0
        ? {}
        : { help_for: help.forAi ? ('ai' as const) : ('people' as const) }),
      ...(sample === undefined ? {} : { example_from: { id: sample.item.id, name: sample.item.name } }),
      fields: schema.fields.map((field) => viewField(field, help, sample)),
    },
    creation_rules: own.map((rule) => viewRule(rule, [schema], true)),
    ...hintFor(schema, own),
  };
}

/** An item of the type: its values say more than made-up ones, such as which values an enumeration really takes. */
async function readSample(schema: Schema, ports: Needs): Promise<ContentDetails | undefined> {
  const used = await ports.search.bySchema(schema.id, { startIndex: 0, pageSize: 1 });
  const item = used.items[0];
  if (item === undefined) return undefined;
  return isAssetId(item.id) ? ports.assets.details(item.id, 0) : ports.pages.details(item.id, 0);
}

function hintFor(schema: Schema, rules: readonly RuleWithParents[]): { hint?: string } {
  if (schema.kind === 'asset') return { hint: 'Assets are made by uploading files, not by creation rules.' };
  if (schema.draft) return { hint: 'This type is a draft: the CMS creates no pages of it.' };
  if (rules.length > 0) return {};
  return {
    hint: 'No creation rule makes pages of this type, and without one the API of this CMS cannot create them. An administrator can add a rule.',
  };
}

interface RuleWithParents extends CreationRule {
  readonly allowed_here: boolean | undefined;
  readonly parents: readonly Awaited<ReturnType<CmsSchemas['creationRuleParents']>>['items'][number][];
  readonly parentsTotal: number;
}

async function allRules(schemas: CmsSchemas): Promise<readonly CreationRule[]> {
  const all: CreationRule[] = [];
  for (let at: number | undefined = 0; at !== undefined && all.length < rulesMax; ) {
    const page = await schemas.creationRules({ startIndex: at, pageSize: pageSizeMax });
    all.push(...page.items);
    at = page.nextIndex;
  }
  return all;
}

async function rulesFor(
  rules: readonly CreationRule[],
  place: Place | undefined,
  schemas: CmsSchemas,
): Promise<readonly RuleWithParents[]> {
  return Promise.all(
    rules.map(async (rule) => {
      const parents = await schemas.creationRuleParents(rule.id, { startIndex: 0, pageSize: pageSizeMax });
      return {
        ...rule,
        allowed_here: place === undefined ? undefined : ruleAllows(parents.items, place),
        parents: parents.items,
        parentsTotal: parents.total,
      };
    }),
  );
}

function viewSchema(schema: Schema): z.infer<typeof schemaSummary> {
  return {
    id: schema.id,
    name: schema.name,
    label: schema.label,
    kind: schema.kind,
    fields_count: schema.fields.length,
    ...(schema.draft ? { draft: true } : {}),
    ...(schema.workflowRequired ? { workflow_required: true } : {}),
  };
}

function viewField(field: Schema['fields'][number], help: SchemaHelp, sample: ContentDetails | undefined) {
  const facts = describeFieldType(field.type);
  const text = help.fields[field.name];
  const real = sample?.fields.find(({ name }) => name === field.name)?.value ?? '';
  const isSecret = field.type === 'IGX_PASSWORD';
  const example = real === '' || isSecret ? facts.example : cutText(real, exampleCharactersMax).text;
  return {
    name: field.name,
    type: field.type,
    holds: facts.holds,
    ...(field.required ? { required: true } : {}),
    ...(field.readOnly ? { read_only: true } : {}),
    ...(field.hidden ? { hidden: true } : {}),
    ...(text === undefined ? {} : { help: cutText(text, helpCharactersMax).text }),
    ...(example === undefined ? {} : { example }),
  };
}

/** Where else a rule creates does not matter to somebody who has asked about one place. */
function viewRule(rule: RuleWithParents, schemas: readonly Schema[], withParents: boolean): z.infer<typeof ruleView> {
  return {
    id: rule.id,
    name: rule.name,
    ...(rule.description === '' ? {} : { description: cutText(rule.description, helpCharactersMax).text }),
    // The CMS calls the label of the type its name here.
    schema: schemas.find(({ id }) => id === rule.schemaId)?.name ?? rule.schemaName,
    ...(rule.allowed_here === undefined ? {} : { allowed_here: rule.allowed_here }),
    ...(withParents
      ? {
          parents: rule.parents.slice(0, parentsShown).map((parent) => ({
            id: parent.id,
            name: parent.name,
            path: parent.path.split('/').join(' / '),
            directly_below_only: parent.parentOnly,
            accessible: parent.accessible,
          })),
          parents_total: rule.parentsTotal,
        }
      : {}),
  };
}
