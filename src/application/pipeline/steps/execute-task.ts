import { DomainError } from '../../../domain/errors.ts';
import type { Flow, TaskAnswer } from '../flow.ts';
import { callOf, portsOf } from '../ports-of.ts';

/** About 25,000 tokens: more than any agent should be handed at once. */
export const outputCharactersMax = 100_000;

/** Innermost: runs the task and holds its answer to its own promise. */
export async function executeTask(flow: Flow): Promise<TaskAnswer> {
  flow.signal.throwIfAborted();
  const raw = await flow.task.execute(flow.input, portsOf(flow), callOf(flow));
  const checked = flow.task.output.safeParse(raw);
  if (!checked.success) {
    throw new DomainError('INTERNAL', `${flow.task.name} made an answer that does not fit its own schema.`, {
      cause: checked.error,
    });
  }
  if (JSON.stringify(checked.data).length > outputCharactersMax) {
    throw new DomainError(
      'TOO_LARGE',
      `The answer of ${flow.task.name} passes ${outputCharactersMax} characters. Ask for less: fewer items, only some fields, a smaller limit or depth.`,
    );
  }
  const startedJob = flow.startedJobs.at(-1);
  return {
    kind: 'done',
    output: checked.data,
    replayed: false,
    ...(startedJob === undefined ? {} : { startedJob }),
    ...(flow.staleAgesSeconds.length === 0 ? {} : { staleSeconds: Math.max(...flow.staleAgesSeconds) }),
  };
}
