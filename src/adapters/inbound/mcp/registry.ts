import type { ListToolsResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { AnyTask } from '../../../application/define-task.ts';
import type { Principal, Scope } from '../../../domain/model/principal.ts';
import { missingScopes } from '../../../domain/policy/access.ts';

type Tool = ListToolsResult['tools'][number];

/** The catalogue as MCP shows it. Built once at the start: making JSON Schema per request costs milliseconds. */
export interface Registry {
  /** The tools that the principal's token can call, in the order of the catalogue. */
  toolsFor(principal: Principal): Tool[];
  /** Any task by name, whatever its scopes: the pipeline answers SCOPE_MISSING better than silence. */
  find(name: string): AnyTask | undefined;
  /** A task by name when this principal may call it. */
  callable(name: string, principal: Principal): AnyTask | undefined;
}

/**
 * Makes the registry.
 *
 * @throws Error when a schema cannot be told as JSON Schema: a defect that must stop the start.
 */
export function createRegistry(catalogue: readonly AnyTask[]): Registry {
  const entries = catalogue.map((task) => ({ task, tool: toTool(task) }));
  const byName = new Map(catalogue.map((task) => [task.name, task]));
  // One list per set of scopes; there are no more sets than subsets of the four scopes.
  const lists = new Map<string, Tool[]>();
  return {
    toolsFor(principal) {
      const key = scopeKey(principal.scopes);
      const known = lists.get(key);
      if (known !== undefined) return known;
      const list = entries
        .filter(({ task }) => missingScopes(task.scopes, principal).length === 0)
        .map(({ tool }) => tool);
      lists.set(key, list);
      return list;
    },
    find: (name) => byName.get(name),
    callable(name, principal) {
      const task = byName.get(name);
      return task !== undefined && missingScopes(task.scopes, principal).length === 0 ? task : undefined;
    },
  };
}

function scopeKey(scopes: readonly Scope[]): string {
  return [...new Set(scopes)].sort().join(' ');
}

function toTool(task: AnyTask): Tool {
  return {
    name: task.name,
    title: task.title,
    description: task.summary,
    inputSchema: toObjectSchema(task.input, 'input'),
    ...(task.publishesOutputSchema ? { outputSchema: toObjectSchema(task.output, 'output') } : {}),
    annotations: {
      readOnlyHint: task.effect === 'read',
      destructiveHint: task.effect === 'destructive',
      idempotentHint: task.idempotent,
      // Everything a tool can reach is one CMS.
      openWorldHint: false,
    },
  };
}

function toObjectSchema(schema: z.ZodObject, io: 'input' | 'output'): Tool['inputSchema'] {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => tidy(jsonSchema) });
  // A ZodObject always becomes a schema whose type is object; zod's types do not say so.
  return json as Tool['inputSchema'];
}

/** The bounds that zod writes for every integer tell nothing, and cost the reader of the list tokens. */
function tidy(schema: { minimum?: number; maximum?: number }): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}
