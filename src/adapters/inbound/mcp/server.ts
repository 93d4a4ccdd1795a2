import {
  type CallToolResult,
  type CompleteResult,
  type GetPromptResult,
  type Implementation,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  Server,
  type ServerCapabilities,
  type ServerContext,
  type ServerOptions,
} from '@modelcontextprotocol/server';
import { DomainError, toDomainError } from '../../../domain/errors.ts';
import type { Principal } from '../../../domain/model/principal.ts';
import type { ServerFacts } from '../../../domain/ports/index.ts';
import { callTask } from './call-task.ts';
import type { Caller, CallerSource } from './caller.ts';
import { completeArgument } from './complete-argument.ts';
import { instructions } from './instructions.ts';
import type { Era, McpDeps } from './mcp-deps.ts';
import { presentError, presentProtocolError } from './present-error.ts';
import { presentMeta, presentResult, staleNote } from './present-result.ts';
import { prompts } from './prompts/index.ts';
import type { Prompt } from './prompts/prompt.ts';
import { resources } from './resources/index.ts';
import { isTemplate, type Resource } from './resources/resource.ts';

/**
 * An MCP server for one exchange (modern) or one session (legacy, stdio). It knows no tool: it projects the catalogue.
 *
 * The SDK's low-level server is used on purpose: its high-level one builds every tool's JSON Schema anew for each
 * request, and turns protocol errors into tool results.
 */
export function createMcpServer(deps: McpDeps, era: Era, callerOf: CallerSource): Server {
  const server = new Server(identity(deps.server), {
    capabilities: era === 'modern' ? capabilities : { ...capabilities, logging: {} },
    instructions,
    cacheHints,
  });
  const principalOf = (context: ServerContext) => callerOf(context).principal;

  server.setRequestHandler('tools/list', (_request, context) => ({
    tools: deps.registry.toolsFor(principalOf(context)),
  }));
  server.setRequestHandler('tools/call', ({ params }, context) =>
    callTool(deps, params.name, params.arguments, callerOf(context), context),
  );
  server.setRequestHandler('resources/list', (_request, context) => ({
    resources: offeredResources(deps, principalOf(context))
      .filter((resource) => !isTemplate(resource))
      .map(({ address, name, title, description, mimeType }) => ({ uri: address, name, title, description, mimeType })),
  }));
  server.setRequestHandler('resources/templates/list', (_request, context) => ({
    resourceTemplates: offeredResources(deps, principalOf(context))
      .filter(isTemplate)
      .map(({ address, name, title, description, mimeType }) => ({
        uriTemplate: address,
        name,
        title,
        description,
        mimeType,
      })),
  }));
  server.setRequestHandler('resources/read', ({ params }, context) =>
    readResource(deps, params.uri, callerOf(context), context),
  );
  server.setRequestHandler('prompts/list', (_request, context) => ({
    prompts: offeredPrompts(deps, principalOf(context)).map(({ name, title, description, arguments: list }) => ({
      name,
      title,
      description,
      arguments: list.map((argument) => ({
        name: argument.name,
        description: argument.description,
        required: argument.required,
      })),
    })),
  }));
  server.setRequestHandler('prompts/get', ({ params }, context) =>
    getPrompt(deps, params.name, params.arguments ?? {}, principalOf(context)),
  );
  server.setRequestHandler('completion/complete', async ({ params }, context): Promise<CompleteResult> => {
    const values = await completeArgument(deps, params, callerOf(context), context);
    return { completion: { values, hasMore: false } };
  });
  return server;
}

function identity(server: ServerFacts): Implementation {
  return { name: 'ingeniux-cms-mcp-server', title: 'Ingeniux CMS', version: server.version };
}

/**
 * What is offered. Lists never change while a process runs, so no `listChanged`. `logging` is declared to old clients
 * only: the newest revision deprecates it, and this server logs to its operator.
 */
const capabilities: ServerCapabilities = {
  tools: {},
  resources: { subscribe: true },
  prompts: {},
  completions: {},
};

/** Everything depends on who asks, so nothing may be shared between users. */
const cacheHints: NonNullable<ServerOptions['cacheHints']> = {
  'server/discover': { ttlMs: 3_600_000, cacheScope: 'private' },
  'tools/list': { ttlMs: 300_000, cacheScope: 'private' },
  'prompts/list': { ttlMs: 300_000, cacheScope: 'private' },
  'resources/list': { ttlMs: 300_000, cacheScope: 'private' },
  'resources/templates/list': { ttlMs: 300_000, cacheScope: 'private' },
  'resources/read': { ttlMs: 0, cacheScope: 'private' },
};

/** Enough to recognise what was sent, too little to flood a log or an answer. */
const shownCharactersMax = 200;

async function callTool(
  deps: McpDeps,
  name: string,
  input: unknown,
  caller: Caller,
  context: ServerContext,
): Promise<CallToolResult> {
  const task = deps.registry.find(name);
  if (task === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name.slice(0, shownCharactersMax)}`);
  }
  try {
    const answer = await callTask(deps, task, input, caller, context);
    return presentResult(task, answer, caller, deps.server);
  } catch (thrown) {
    // A failed task is a result that the model reads and acts on, not a fault of the protocol.
    return presentError(known(deps, thrown, caller), caller);
  }
}

function offeredResources(deps: McpDeps, principal: Principal): Resource[] {
  return resources.filter((resource) => deps.registry.callable(resource.task, principal) !== undefined);
}

async function readResource(
  deps: McpDeps,
  uri: string,
  caller: Caller,
  context: ServerContext,
): Promise<ReadResourceResult> {
  for (const resource of resources) {
    const input = resource.inputFor(uri);
    const task = deps.registry.find(resource.task);
    if (input === undefined || task === undefined) continue;
    try {
      const answer = await callTask(deps, task, input, caller, context);
      const text = resource.render(answer);
      const note = answer.staleSeconds === undefined ? {} : { 'ingeniux/note': staleNote(answer.staleSeconds) };
      return {
        contents: [{ uri, mimeType: resource.mimeType, text }],
        _meta: { ...presentMeta(answer, caller), ...note },
      };
    } catch (thrown) {
      // Resources have no results for errors: the report travels in the JSON-RPC error.
      throw presentProtocolError(known(deps, thrown, caller), caller, uri);
    }
  }
  throw new ResourceNotFoundError(uri);
}

function offeredPrompts(deps: McpDeps, principal: Principal): Prompt[] {
  return prompts.filter((prompt) =>
    prompt.tools.every((tool) => deps.registry.callable(tool, principal) !== undefined),
  );
}

/** What people type into a form; longer texts belong into the conversation. */
const argumentCharactersMax = 4_000;

function getPrompt(
  deps: McpDeps,
  name: string,
  values: Readonly<Record<string, string>>,
  principal: Principal,
): GetPromptResult {
  const prompt = offeredPrompts(deps, principal).find((offered) => offered.name === name);
  if (prompt === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown prompt: ${name.slice(0, shownCharactersMax)}`);
  }
  const problems = prompt.arguments.flatMap((argument) => {
    const value = values[argument.name]?.trim() ?? '';
    if (argument.required && value === '') return [`"${argument.name}" is needed: ${argument.description}`];
    return value.length > argumentCharactersMax
      ? [`"${argument.name}" passes ${argumentCharactersMax} characters`]
      : [];
  });
  if (problems.length > 0) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${problems.join('; ')}.`);
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
  return {
    description: prompt.description,
    messages: [{ role: 'user', content: { type: 'text', text: prompt.write(given) } }],
  };
}

/** What was thrown, as an error of the table. The pipeline logs its own; anything else is a defect of this door. */
function known(deps: McpDeps, thrown: unknown, caller: Caller): DomainError {
  if (!(thrown instanceof DomainError)) deps.onProblem(thrown, caller.requestId);
  return toDomainError(thrown);
}
