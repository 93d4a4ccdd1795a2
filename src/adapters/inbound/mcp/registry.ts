import type { ListToolsResult } from '@modelcontextprotocol/server';
import type { AnyTask } from '../../../application/define-task.ts';
import { createFollowJob } from '../../../application/following/follow-job.ts';
import { type Exposure, exposes } from '../../../application/tasks/exposure.ts';
import type { Principal } from '../../../domain/model/principal.ts';
import { missingScopes } from '../../../domain/policy/access.ts';
import type { Visitor } from './caller.ts';
import { publishInput, publishOutput } from './publish-schema.ts';

type Tool = ListToolsResult['tools'][number];

/** The catalogue as MCP shows it. Built once at the start: making JSON Schema per request costs milliseconds. */
export interface Registry {
  /** The tools that the principal's token can call and an exposure offers, in the order of the catalogue. */
  toolsFor(principal: Principal, exposure?: Exposure): Tool[];
  /** Any task by name, whoever asks. */
  find(name: string): AnyTask | undefined;
  /** A task by name when this principal may call it. */
  callable(name: string, principal: Principal): AnyTask | undefined;
  /** What stands behind following a job by protocol: it knows the tools that start jobs. */
  readonly followJob: AnyTask;
  /** Whether the tool is in the visitor's list. */
  offers(name: string, visitor: Visitor): boolean;
}

/**
 * Makes the registry.
 *
 * @throws Error when a schema cannot be told as JSON Schema: a defect that must stop the start.
 */
export function createRegistry(catalogue: readonly AnyTask[]): Registry {
  const entries = catalogue.map((task) => ({ task, tool: toTool(task) }));
  const byName = new Map(catalogue.map((task) => [task.name, task]));
  return {
    toolsFor: (principal, exposure = everything) =>
      entries.filter(({ task }) => isCallable(task, principal) && exposes(exposure, task)).map(({ tool }) => tool),
    find: (name) => byName.get(name),
    followJob: createFollowJob((name) => byName.get(name)),
    callable(name, principal) {
      const task = byName.get(name);
      return task !== undefined && isCallable(task, principal) ? task : undefined;
    },
    offers(name, { principal, exposure }) {
      const task = byName.get(name);
      return task !== undefined && isCallable(task, principal) && exposes(exposure, task);
    },
  };
}

const everything: Exposure = { words: ['all'], readOnly: false };

function isCallable(task: AnyTask, principal: Principal): boolean {
  return missingScopes(task.scopes, principal).length === 0;
}

function toTool(task: AnyTask): Tool {
  const isRead = task.effect === 'read';
  return {
    name: task.name,
    title: task.title,
    description: task.summary,
    inputSchema: objectSchema(publishInput(task.input)),
    ...(task.publishesOutputSchema ? { outputSchema: objectSchema(publishOutput(task.output)) } : {}),
    annotations: {
      readOnlyHint: isRead,
      // These two have no meaning for a tool that reads (MCP, ToolAnnotations).
      ...(isRead ? {} : { destructiveHint: task.effect === 'destructive', idempotentHint: task.idempotent }),
      // Everything a tool can reach is one CMS.
      openWorldHint: false,
    },
  };
}

function objectSchema(schema: unknown): Tool['inputSchema'] {
  // A ZodObject always becomes a schema whose type is object; zod's types do not say so.
  return schema as Tool['inputSchema'];
}
