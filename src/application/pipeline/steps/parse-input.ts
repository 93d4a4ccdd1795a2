import type { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { Step } from '../flow.ts';

/** Checks the arguments against the task's schema and writes the helpful refusal. Never echoes values. */
export const parseInput: Step = (flow, next) => {
  const raw = flow.rawInput ?? {};
  let parsed = flow.task.input.safeParse(raw);
  if (!parsed.success) {
    const unquoted = unquote(raw, parsed.error.issues);
    if (unquoted !== undefined) parsed = flow.task.input.safeParse(unquoted);
  }
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, problemsMax).map(describeIssue);
    throw new DomainError('BAD_INPUT', `${flow.task.name}: ${problems.join('; ')}.`, {
      details: { problems, arguments: Object.keys(flow.task.input.shape) },
    });
  }
  return next({ ...flow, input: parsed.data });
};

/** Enough to mend a call in one go without flooding the answer. */
const problemsMax = 10;

/** What a text may stand for when an argument is of another type. */
const unquotable: readonly string[] = ['array', 'object', 'record', 'boolean', 'number', 'int'];

/**
 * Some hosts send lists, objects, numbers and flags as JSON in a text. Where an argument should be one of these, came
 * as a text, and the text is just that, it is taken so. `undefined` when nothing is to be unquoted.
 */
function unquote(raw: unknown, issues: readonly z.core.$ZodIssue[]): Record<string, unknown> | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const given: Record<string, unknown> = { ...raw };
  let isChanged = false;
  for (const issue of issues) {
    const [name] = issue.path;
    const text = typeof name === 'string' ? given[name] : undefined;
    if (issue.code !== 'invalid_type' || issue.path.length !== 1 || typeof text !== 'string') continue;
    const value = unquotable.includes(issue.expected) ? parseJson(text) : undefined;
    if (value === undefined || typeof value === 'string') continue;
    given[String(name)] = value;
    isChanged = true;
  }
  return isChanged ? given : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that is no JSON is simply of the wrong type, which the caller is told.
    return undefined;
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.length === 0 ? 'the arguments' : `"${issue.path.join('.')}"`;
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown argument ${issue.keys.map((key) => `"${key.slice(0, 60)}"`).join(', ')}; remove it`;
    case 'invalid_type':
      return `${where}: expected ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `${where}: expected one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `${where}: needs at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `${where}: takes at most ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return `${where}: ${issue.message}`;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function unitOf(origin: string): string {
  if (origin === 'array' || origin === 'set') return ' entries';
  return origin === 'string' ? ' characters' : '';
}
