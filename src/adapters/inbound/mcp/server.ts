import {
  type CallToolResult,
  type CompleteResult,
  type GetPromptResult,
  type Implementation,
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  type Server,
  type ServerCapabilities,
  type ServerContext,
  type ServerOptions,
} from '@modelcontextprotocol/server';
import type { TaskAnswer } from '../../../application/pipeline/flow.ts';
import { exposes } from '../../../application/tasks/exposure.ts';
import { DomainError, toDomainError } from '../../../domain/errors.ts';
import type { Principal } from '../../../domain/model/principal.ts';
import type { ServerFacts } from '../../../domain/ports/index.ts';
import { callTask } from './call-task.ts';
import type { Caller, CallerSource, Visitor } from './caller.ts';
import type { Completer } from './complete-argument.ts';
import { instructions } from './instructions.ts';
import type { Era, McpDeps } from './mcp-deps.ts';
import { presentError, presentProtocolError } from './present-error.ts';
import { presentMeta, presentResult, staleNote } from './present-result.ts';
import { prompts } from './prompts/index.ts';
import type { Prompt } from './prompts/prompt.ts';
import { resources } from './resources/index.ts';
import { matchResource, type Resource, type TaskResource } from './resources/resource.ts';
import { declaresTasks, showsTaskQuestions, tasksExtension } from './tasks/extension.ts';
import { readTask, registerTaskMethods } from './tasks/methods.ts';
import { presentCreatedTask } from './tasks/present-task.ts';
import { WatchedServer } from './watched-server.ts';

/**
 * An MCP server for one exchange (modern) or one session (legacy, stdio). It knows no tool: it projects the catalogue.
 *
 * The SDK's low-level server is used on purpose: its high-level one builds every tool's JSON Schema anew for each
 * request, and turns protocol errors into tool results.
 */
export function createMcpServer(deps: McpDeps, completer: Completer, era: Era, callerOf: CallerSource): Server {
  const server = new WatchedServer(deps, identity(deps.server), {
    capabilities: capabilitiesOf[era],
    instructions,
    cacheHints,
  });
  const principalOf = (context: ServerContext) => callerOf(context).principal;

  server.setRequestHandler('tools/list', async (_request, context) => ({
    tools: listTools(deps, await nowOffered(deps, callerOf(context))),
  }));
  server.setRequestHandler('tools/call', ({ params }, context) =>
    callTool(deps, params.name, params.arguments, callerOf(context), context, era),
  );
  server.setRequestHandler('resources/list', (_request, context) => ({
    resources: offeredResources(deps, principalOf(context)).flatMap(({ address, ...resource }) =>
      typeof address === 'string' ? [{ uri: address, ...faceOf(resource) }] : [],
    ),
  }));
  server.setRequestHandler('resources/templates/list', (_request, context) => ({
    resourceTemplates: offeredResources(deps, principalOf(context)).flatMap(({ address, ...resource }) =>
      typeof address === 'string' ? [] : [{ uriTemplate: address.text, ...faceOf(resource) }],
    ),
  }));
  server.setRequestHandler('resources/read', ({ params }, context) =>
    readResource(deps, params.uri, callerOf(context), context),
  );
  server.setRequestHandler('prompts/list', async (_request, context) => ({
    prompts: offeredPrompts(deps, await nowOffered(deps, callerOf(context))).map(
      ({ name, title, description, arguments: list }) => ({
        name,
        title,
        description,
        arguments: list.map((argument) => ({
          name: argument.name,
          description: argument.description,
          required: argument.required,
        })),
      }),
    ),
  }));
  server.setRequestHandler('prompts/get', ({ params }, context) =>
    getPrompt(deps, params.name, params.arguments ?? {}, callerOf(context)),
  );
  server.setRequestHandler(
    'completion/complete',
    async ({ params }, context): Promise<CompleteResult> => ({
      completion: await completer.complete(params, callerOf(context), context),
    }),
  );
  if (era === 'modern') registerTaskMethods(server, deps, callerOf);
  return server;
}

function identity(server: ServerFacts): Implementation {
  return { name: 'ingeniux-cms-mcp-server', title: 'Ingeniux CMS', version: server.version };
}

/**
 * What is offered to every client. Lists change only with a lockdown, which refuses the calls as well, so no
 * `listChanged`.
 */
const capabilities: ServerCapabilities = {
  tools: {},
  resources: { subscribe: true },
  prompts: {},
  completions: {},
};

/**
 * What the eras have apart: tasks need a client that tells with each request what it can do; `logging` is declared to
 * old clients only: the newest revision deprecates it, and this server logs to its operator.
 */
const capabilitiesOf: Readonly<Record<Era, ServerCapabilities>> = {
  modern: { ...capabilities, extensions: { [tasksExtension]: {} } },
  legacy: { ...capabilities, logging: {} },
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

/** The visitor as lists see them: in a lockdown nobody is offered a write. */
async function nowOffered(deps: McpDeps, visitor: Visitor): Promise<Visitor> {
  try {
    if ((await deps.lockdown.get()) === undefined) return visitor;
  } catch (error) {
    // A list may offer too much: each call asks again, and is refused where the answer does not come.
    deps.onProblem(error, visitor.requestId);
    return visitor;
  }
  return { ...visitor, exposure: { ...visitor.exposure, readOnly: true } };
}

function listTools({ registry }: McpDeps, { principal, exposure }: Visitor): ListToolsResult['tools'] {
  return registry.toolsFor(principal, exposure);
}

/** Enough to recognise what was sent, too little to flood a log or an answer. */
const shownCharactersMax = 200;

async function callTool(
  deps: McpDeps,
  name: string,
  input: unknown,
  caller: Visitor,
  context: ServerContext,
  era: Era,
): Promise<CallToolResult> {
  const task = deps.registry.find(name);
  if (task === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name.slice(0, shownCharactersMax)}`);
  }
  if (!exposes(caller.exposure, task)) {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `The tool ${task.name} is not offered here. It belongs to the toolset ${task.toolset}: connect to /mcp/x/${task.toolset}, or to /mcp/x/default,${task.toolset} to have it beside the default tools.`,
    );
  }
  try {
    const follows = era === 'modern' && declaresTasks(context);
    const ways = { followsJobs: follows, showsQuestions: follows && showsTaskQuestions(context) };
    const answer = await callTask(deps, task, input, caller, context, ways);
    if (follows && answer.startedJob !== undefined) {
      // Read back before it is told: the task is there for whoever asks next, in any process.
      return presentCreatedTask(await readTask(answer.startedJob, deps, caller, context));
    }
    return presentResult(task, answer, caller, deps.server);
  } catch (thrown) {
    // A failed task is a result that the model reads and acts on, not a fault of the protocol.
    if (thrown instanceof ProtocolError) throw thrown;
    return presentError(known(deps, thrown, caller), caller);
  }
}

function offeredResources(deps: McpDeps, principal: Principal): Resource[] {
  return resources.filter(
    (resource) => !('task' in resource) || deps.registry.callable(resource.task, principal) !== undefined,
  );
}

function faceOf({ name, title, description, mimeType }: Pick<Resource, 'name' | 'title' | 'description' | 'mimeType'>) {
  return { name, title, description, mimeType };
}

/** Guides change with the server's version only. */
const guideCacheHint = { ttlMs: 3_600_000, cacheScope: 'private' } as const;

async function readResource(
  deps: McpDeps,
  uri: string,
  caller: Visitor,
  context: ServerContext,
): Promise<ReadResourceResult> {
  for (const resource of resources) {
    const values = matchResource(resource, uri);
    if (values === undefined) continue;
    if (!('task' in resource)) {
      const text = resource.text((tool) => deps.registry.offers(tool, caller));
      return { contents: [{ uri, mimeType: resource.mimeType, text }], ...guideCacheHint };
    }
    const task = deps.registry.find(resource.task);
    if (task === undefined) continue;
    try {
      const answer = await readPage(resource, values, (input) => callTask(deps, task, input, caller, context));
      const note = answer.staleSeconds === undefined ? {} : { 'ingeniux/note': staleNote(answer.staleSeconds) };
      return {
        contents: [{ uri, mimeType: resource.mimeType, ...resource.render(answer, values) }],
        _meta: { ...presentMeta(answer, caller), ...note },
      };
    } catch (thrown) {
      // Resources have no results for errors: the report travels in the JSON-RPC error.
      throw presentProtocolError(known(deps, thrown, caller), caller, uri);
    }
  }
  throw new ResourceNotFoundError(uri);
}

/** The task's answer, or a later page of it. @throws DomainError NOT_FOUND behind the last page. */
async function readPage(
  resource: TaskResource,
  values: Readonly<Record<string, string>>,
  read: (input: Readonly<Record<string, unknown>>) => Promise<TaskAnswer>,
): Promise<TaskAnswer> {
  const input = resource.inputFor(values);
  const wanted = resource.pageOf?.(values) ?? 1;
  let answer = await read(input);
  for (let page = 2; page <= wanted; page += 1) {
    const { next_cursor: cursor } = answer.output as { readonly next_cursor?: unknown };
    if (typeof cursor !== 'string') throw new DomainError('NOT_FOUND', `There are ${page - 1} pages.`);
    answer = await read({ ...input, cursor });
  }
  return answer;
}

function offeredPrompts(deps: McpDeps, caller: Visitor): Prompt[] {
  return prompts.filter((prompt) => prompt.tools.every((tool) => deps.registry.offers(tool, caller)));
}

/** What people type into a form; longer texts belong into the conversation. */
const argumentCharactersMax = 4_000;

function getPrompt(
  deps: McpDeps,
  name: string,
  values: Readonly<Record<string, string>>,
  caller: Visitor,
): GetPromptResult {
  const prompt = offeredPrompts(deps, caller).find((offered) => offered.name === name);
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
    messages: [
      {
        role: 'user',
        content: { type: 'text', text: prompt.write(given, (tool) => deps.registry.offers(tool, caller)) },
      },
    ],
  };
}

/** What was thrown, as an error of the table. The pipeline logs its own; anything else is a defect of this door. */
function known(deps: McpDeps, thrown: unknown, caller: Caller): DomainError {
  if (!(thrown instanceof DomainError)) deps.onProblem(thrown, caller.requestId);
  return toDomainError(thrown);
}
