import { z } from 'zod';
import { defineJob } from '../define-job.ts';

/** The kind of a call that asks its user; following such a job shows what the call answers. */
export const askingCallKind = 'asking_call';

/**
 * Makes a call of a task that has to ask its user in the middle. What it asks sets the job aside; with the answer the
 * task runs again from its beginning, and finds the answers given so far.
 */
export const askingCallJob = defineJob({
  kind: askingCallKind,
  queue: 'cms-writes',
  attemptsMax: 5,
  backoffMs: 2_000,
  needs: [],
  input: z.object({ task: z.string(), input: z.unknown() }),
  output: z.object({ answer: z.record(z.string(), z.unknown()) }),
  async execute({ task, input }, _ports, run) {
    await run.progress({ percent: 1, message: `Doing ${task}` });
    return { answer: await run.perform(task, input) };
  },
});
