import type { CompleteRequestParams, CompleteResult, ServerContext } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { callTask } from './call-task.ts';
import type { Visitor } from './caller.ts';
import { createAnswerCache } from './completions/answer-cache.ts';
import { proposalSources, type Question } from './completions/sources.ts';
import type { Subject } from './completions/subject.ts';
import type { McpDeps } from './mcp-deps.ts';
import { prompts } from './prompts/index.ts';
import { resources } from './resources/index.ts';
import {
  assetTemplate,
  auditTemplate,
  diffTemplate,
  jobTemplate,
  operationTemplate,
  pageTemplate,
  reportTemplate,
  schemaTemplate,
  targetTemplate,
  treeTemplate,
} from './resources/uris.ts';

/** The protocol allows a hundred; a person reads ten. */
const proposalsMax = 10;

/** Proposes values for what a person is typing. */
export interface Completer {
  /**
   * Values that fit, out of what the caller may see. A read that fails proposes nothing: a completion is a help, not
   * an answer.
   *
   * @throws ProtocolError for a prompt or template that does not exist.
   */
  complete(
    params: CompleteRequestParams,
    caller: Visitor,
    context: ServerContext,
  ): Promise<CompleteResult['completion']>;
}

/** One for the whole process: it remembers for a minute what it has read for each caller. */
export function createCompleter(deps: McpDeps): Completer {
  const answers = createAnswerCache(deps.clock);
  return {
    async complete(params, caller, context) {
      const subject = subjectOf(params);
      if (subject === undefined) return { values: [], hasMore: false };
      const { before, typed } = lastOf(params.argument.value);
      const question: Question = { typed, given: params.context?.arguments ?? {} };
      for (const source of proposalSources[subject]) {
        const input = source.inputFor(question);
        const task = deps.registry.callable(source.task, caller.principal);
        if (input === undefined || task === undefined) continue;
        try {
          const output = await answers.get(caller.principal, task.name, input, async () => {
            const answer = await callTask(deps, task, input, caller, context);
            return answer.output;
          });
          const fitting = source.propose(output, question);
          return {
            values: fitting.slice(0, proposalsMax).map((value) => `${before}${value}`),
            hasMore: fitting.length > proposalsMax,
          };
        } catch {
          // The pipeline has logged why; the person goes on typing.
        }
      }
      return { values: [], hasMore: false };
    },
  };
}

/** In a list separated by commas, only its last entry is being typed. */
function lastOf(value: string): { readonly before: string; readonly typed: string } {
  const comma = value.lastIndexOf(',');
  if (comma === -1) return { before: '', typed: value.trim() };
  return { before: `${value.slice(0, comma + 1)} `, typed: value.slice(comma + 1).trim() };
}

/** What the argument names. Unknown prompts and templates are the caller's mistake. */
function subjectOf({ ref, argument }: CompleteRequestParams): Subject | undefined {
  if (ref.type === 'ref/prompt') {
    const prompt = prompts.find(({ name }) => name === ref.name);
    if (prompt === undefined) throw unknown('prompt', ref.name);
    return prompt.arguments.find(({ name }) => name === argument.name)?.completes;
  }
  const isKnown = resources.some(({ address }) => (typeof address === 'string' ? address : address.text) === ref.uri);
  if (!isKnown) throw unknown('resource template', ref.uri);
  const variables = Object.hasOwn(variableSubjects, ref.uri) ? variableSubjects[ref.uri] : undefined;
  return variables !== undefined && Object.hasOwn(variables, argument.name) ? variables[argument.name] : undefined;
}

/** What the variables of the resource templates name. */
const variableSubjects: Readonly<Record<string, Readonly<Record<string, Subject>>>> = {
  [pageTemplate.text]: { id: 'page' },
  [assetTemplate.text]: { id: 'asset' },
  [schemaTemplate.text]: { name: 'schema' },
  [treeTemplate.text]: { id: 'page' },
  [targetTemplate.text]: { id: 'target' },
  [jobTemplate.text]: { id: 'job' },
  [diffTemplate.text]: { a: 'page', b: 'page' },
  [reportTemplate.text]: { job: 'report' },
  [auditTemplate.text]: { item: 'page', user: 'user' },
  [operationTemplate.text]: { id: 'operation' },
};

function unknown(what: string, name: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no ${what} "${name.slice(0, 200)}".`);
}
