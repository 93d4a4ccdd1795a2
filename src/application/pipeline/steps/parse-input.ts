import type { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { Step } from '../flow.ts';

/** Checks the arguments against the task's schema and writes the helpful refusal. Never echoes values. */
export const parseInput: Step = (flow, next) => {
  const parsed = flow.task.input.safeParse(flow.rawInput ?? {});
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

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `unknown argument ${issue.keys.map((key) => `"${key.slice(0, 60)}"`).join(', ')}; remove it`;
  }
  const where = issue.path.length === 0 ? 'the arguments' : `"${issue.path.join('.')}"`;
  return `${where}: ${issue.message}`;
}
