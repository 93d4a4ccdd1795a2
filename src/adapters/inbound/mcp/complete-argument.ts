import type { CompleteRequestParams, ServerContext } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { callTask } from './call-task.ts';
import type { Caller } from './caller.ts';
import type { McpDeps } from './mcp-deps.ts';
import { prompts } from './prompts/index.ts';
import { resources } from './resources/index.ts';
import { jobTemplate, pageTemplate } from './resources/uris.ts';

/** The protocol allows a hundred; a person reads ten. */
const proposalsMax = 10;
/** Fewer characters than this would search for nearly everything. */
const charactersMin = 2;

/**
 * Proposes values for what a person is typing: pages by a search in the CMS, jobs from the caller's own. A search that
 * fails proposes nothing: a completion is a help, not an answer.
 */
export async function completeArgument(
  deps: McpDeps,
  params: CompleteRequestParams,
  caller: Caller,
  context: ServerContext,
): Promise<string[]> {
  const { value } = params.argument;
  switch (subjectOf(params)) {
    case 'page':
      if (value.trim().length < charactersMin) return [];
      return propose(
        deps,
        'search_content',
        { query: value, kinds: ['page'], limit: proposalsMax },
        pageIds,
        caller,
        context,
      );
    case 'job':
      return (await propose(deps, 'get_job', {}, jobIds, caller, context)).filter((id) => id.startsWith(value));
    case undefined:
      return [];
  }
}

/** What the argument names. Unknown prompts and templates are the caller's mistake. */
function subjectOf(params: CompleteRequestParams): 'page' | 'job' | undefined {
  const { ref, argument } = params;
  if (ref.type === 'ref/prompt') {
    const prompt = prompts.find(({ name }) => name === ref.name);
    if (prompt === undefined) throw unknown('prompt', ref.name);
    return prompt.arguments.find(({ name }) => name === argument.name)?.completes;
  }
  if (!resources.some(({ address }) => address === ref.uri)) throw unknown('resource template', ref.uri);
  const subjects: Readonly<Record<string, 'page' | 'job'>> = { [pageTemplate]: 'page', [jobTemplate]: 'job' };
  return argument.name === 'id' ? subjects[ref.uri] : undefined;
}

function unknown(what: string, name: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no ${what} "${name.slice(0, 200)}".`);
}

async function propose(
  deps: McpDeps,
  taskName: string,
  input: Readonly<Record<string, unknown>>,
  read: (output: unknown) => string[],
  caller: Caller,
  context: ServerContext,
): Promise<string[]> {
  const task = deps.registry.callable(taskName, caller.principal);
  if (task === undefined) return [];
  try {
    const answer = await callTask(deps, task, input, caller, context);
    return read(answer.output).slice(0, proposalsMax);
  } catch {
    // The pipeline has logged why; the person goes on typing.
    return [];
  }
}

const searchAnswer = z.looseObject({ hits: z.array(z.looseObject({ id: z.string() })) });

function pageIds(output: unknown): string[] {
  const parsed = searchAnswer.safeParse(output);
  return parsed.success ? parsed.data.hits.map(({ id }) => id) : [];
}

const jobsAnswer = z.looseObject({ jobs: z.array(z.looseObject({ job: z.string() })) });

function jobIds(output: unknown): string[] {
  const parsed = jobsAnswer.safeParse(output);
  return parsed.success ? parsed.data.jobs.map(({ job }) => job) : [];
}
