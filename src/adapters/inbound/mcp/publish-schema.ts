import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The input's schema as clients see it: names, types, choices and descriptions. Every token of it is paid by every
 * conversation, so bounds that a caller meets without being told are left out; the pipeline holds them all the same
 * and says which argument broke which. What some hosts do not understand is left out too.
 */
export function publishInput(schema: z.ZodObject): JsonSchema {
  const published = toPublic(schema, 'input', tidyInput);
  for (const [name, property] of Object.entries(published.properties ?? {})) {
    if (explainedOnce.has(name) && typeof property === 'object') delete property.description;
  }
  return published;
}

/**
 * The output's schema as programs need it that chain calls: ids, counts, states and cursors. Everything else that an
 * answer holds is allowed and not spelled out.
 */
export function publishOutput(schema: z.ZodObject): JsonSchema {
  return onlyChained(toPublic(schema, 'output', tidyOutput));
}

/** Properties of answers that a next call takes, or that tell whether there is a next call. */
const chained: ReadonlySet<string> = new Set([
  'hits',
  'items',
  'id',
  'version_token',
  'next_cursor',
  'job',
  'jobs',
  'state',
  'preview',
]);

/** Arguments that mean the same wherever they are, and that the server's instructions explain once. */
const explainedOnce: ReadonlySet<string> = new Set(['cursor', 'dry_run', 'confirm', 'preview']);

function toPublic(
  schema: z.ZodObject,
  io: 'input' | 'output',
  tidy: (schema: Record<string, unknown>) => void,
): JsonSchema {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    // zod hands out its own mutable schema here; its type knows the keywords, ours walks over them by name.
    override: ({ jsonSchema }) => tidy(jsonSchema as Record<string, unknown>),
  });
  return json;
}

/** Keywords that only bound a value, or that Gemini's subset lacks. */
const unsaid = ['minLength', 'maxLength', 'pattern', 'format', 'minItems', 'maxItems', 'propertyNames'] as const;

function tidyInput(schema: Record<string, unknown>): void {
  for (const keyword of unsaid) delete schema[keyword];
  if (typeof schema['minimum'] === 'number' && schema['minimum'] <= 1) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  sayDefaultOnce(schema);
  // What is off, empty or zero unless said otherwise goes without saying.
  const fallback = schema['default'];
  if (fallback === false || fallback === 0 || fallback === '' || isEmpty(fallback)) delete schema['default'];
  const entries = schema['items'];
  // The list's own description speaks for its entries.
  if (isObject(entries) && schema['description'] !== undefined) delete entries['description'];
}

/** Descriptions name the default for readers of the source; in the schema a keyword says it. */
function sayDefaultOnce(schema: Record<string, unknown>): void {
  const { description } = schema;
  if (schema['default'] === undefined || typeof description !== 'string') return;
  const rest = description.replace(/(?:^|[;,] )default (?:[^;,]*)(?:, max \d+)?$/i, '');
  if (rest === '') delete schema['description'];
  else schema['description'] = rest;
}

function tidyOutput(schema: Record<string, unknown>): void {
  for (const keyword of ['description', 'minimum', 'maximum', 'enum', 'additionalProperties']) delete schema[keyword];
}

function onlyChained(schema: JsonSchema): JsonSchema {
  const { properties, required: _required, items, ...rest } = schema;
  const kept = Object.entries(properties ?? {}).flatMap(([name, property]): [string, JsonSchema][] =>
    chained.has(name) && typeof property === 'object' ? [[name, onlyChained(property)]] : [],
  );
  return {
    ...rest,
    ...(kept.length === 0 ? {} : { properties: Object.fromEntries(kept) }),
    ...(isObject(items) ? { items: onlyChained(items) } : {}),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
}
