import { neededScopes } from '../../../application/authorization/needed-scopes.ts';
import type { AnyTask } from '../../../application/define-task.ts';
import { exposes } from '../../../application/tasks/exposure.ts';
import type { Scope } from '../../../domain/model/principal.ts';
import { missingScopes, withBasis } from '../../../domain/policy/access.ts';
import type { OperationCatalogue } from '../../../domain/ports/operation-catalogue.ts';
import type { Visitor } from './caller.ts';
import type { McpDeps } from './mcp-deps.ts';
import { messagesOf } from './messages.ts';
import { prompts } from './prompts/index.ts';
import { resources } from './resources/index.ts';
import { matchResource } from './resources/resource.ts';

/** What a request needs and its token does not carry. */
export interface ScopeChallenge {
  /** All that the request needs. */
  readonly needed: readonly Scope[];
  readonly missing: readonly Scope[];
  /** The name of the first task that needs more. */
  readonly task: string;
}

/**
 * Whether the messages of a request (one, or a batch of an old client) ask for something that the token's scopes do not
 * cover: then HTTP says so by a challenge, from which clients learn what to ask the user for. What is unknown or not
 * offered to this visitor has no scopes; the server answers for it.
 */
export function findScopeChallenge(
  deps: Pick<McpDeps, 'registry' | 'server'> & { readonly catalogue: OperationCatalogue },
  body: unknown,
  visitor: Visitor,
): ScopeChallenge | undefined {
  const calls = messagesOf(body).flatMap(({ method, params }) => readers.get(method)?.(params, deps, visitor) ?? []);
  const tooFar = calls
    .map(({ task, input }) => ({ task: task.name, needed: neededScopes(task, input, deps) }))
    .filter(({ needed }) => missingScopes(needed, visitor.principal).length > 0);
  const [first] = tooFar;
  if (first === undefined) return undefined;
  const needed = withBasis(tooFar.flatMap((call) => call.needed));
  return { needed, missing: missingScopes(needed, visitor.principal), task: first.task };
}

interface WantedCall {
  readonly task: AnyTask;
  readonly input?: unknown;
}

type Params = Readonly<Record<string, unknown>>;
type Reader = (params: Params, deps: Pick<McpDeps, 'registry'>, visitor: Visitor) => WantedCall[];

/** The tasks that stand behind a message, by its method: a map, because a method may be called `constructor`. */
const readers: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    'tools/call': ({ name, arguments: input }, deps, visitor) =>
      offered([name], deps, visitor).map((task) => ({ task, input })),
    'resources/read': ({ uri }, { registry }) => {
      const wanted = typeof uri === 'string' ? resources.find((resource) => matchResource(resource, uri)) : undefined;
      const task = wanted !== undefined && 'task' in wanted ? registry.find(wanted.task) : undefined;
      return task === undefined ? [] : [{ task }];
    },
    'prompts/get': ({ name }, deps, visitor) => {
      const tools = prompts.find((prompt) => prompt.name === name)?.tools ?? [];
      const tasks = offered(tools, deps, visitor);
      // A prompt that uses a tool which is not offered here is not offered either, whatever the scopes.
      return tasks.length === tools.length ? tasks.map((task) => ({ task })) : [];
    },
  }),
);

function offered(names: readonly unknown[], { registry }: Pick<McpDeps, 'registry'>, visitor: Visitor): AnyTask[] {
  return names.flatMap((name) => {
    const task = typeof name === 'string' ? registry.find(name) : undefined;
    return task !== undefined && exposes(visitor.exposure, task) ? [task] : [];
  });
}
