import { z } from 'zod';
import { defineJob } from '../../src/application/define-job.ts';
import { type AnyTask, defineTask } from '../../src/application/define-task.ts';
import { jobOutcome, viewJobOutcome } from '../../src/application/items/job-outcome.ts';
import { pause } from '../../src/application/items/pause.ts';
import { awaitStarted } from '../../src/application/items/wait-for-job.ts';
import { startJob } from '../../src/application/jobs/start-job.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { Question } from '../../src/domain/model/question.ts';

/** The tools that the conformance suite calls, as real tasks with real jobs behind them. They are in no build. */

const shape = { queue: 'reports', attemptsMax: 1, backoffMs: 10, needs: [] } as const;
const done = z.object({ text: z.string() });

const slowComputeJob = defineJob({
  ...shape,
  kind: 'slow_compute',
  input: z.object({ seconds: z.number(), label: z.string() }),
  output: done,
  async execute({ seconds, label }, _ports, run) {
    await pause(seconds * 1000, run.signal);
    return { text: `${label} computed` };
  },
});

const failingJob = defineJob({
  ...shape,
  kind: 'failing_job',
  input: z.object({}),
  output: done,
  async execute(_input, _ports, run) {
    await pause(200, run.signal);
    throw new DomainError('CMS_REFUSED', 'It always fails.');
  },
});

const protocolErrorJob = defineJob({
  ...shape,
  kind: 'protocol_error_job',
  input: z.object({}),
  output: done,
  execute: () => Promise.reject(new Error('a defect')),
});

/** How often each asking job has run the step before its question: once is right. */
export const stepsRun = new Map<string, number>();

const confirmed = (title: string): Question => ({ message: title, fields: { confirm: { kind: 'yes_no', title } } });

const askingJob = defineJob({
  ...shape,
  kind: 'asking_job',
  input: z.object({ questions: z.record(z.string(), z.custom<Question>()) }),
  output: done,
  async execute({ questions }, _ports, run) {
    await run.step('before', async () => {
      stepsRun.set(run.job.id, (stepsRun.get(run.job.id) ?? 0) + 1);
      return null;
    });
    const answers = await run.ask(questions);
    return { text: JSON.stringify(answers) };
  },
});

export const fixtureJobs = [slowComputeJob, failingJob, protocolErrorJob, askingJob];

const face = {
  title: 'Fixture',
  summary: 'A fixture of the conformance suite.',
  toolset: 'core',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['jobs', 'ids'],
  output: done.partial().extend(jobOutcome),
  publishesOutputSchema: false,
  outcomeOf: (job: Parameters<typeof viewJobOutcome>[0]) => viewJobOutcome(job, done),
} as const;

const { outcomeOf: _startsNoJob, ...syncFace } = face;

const greet = defineTask({
  ...syncFace,
  name: 'greet',
  needs: [],
  input: z.object({ name: z.string() }),
  output: z.object({ text: z.string() }),
  execute: async ({ name }) => ({ text: `Hello, ${name}!` }),
});

const slowCompute = defineTask({
  ...face,
  name: 'slow_compute',
  input: z.object({ seconds: z.number().default(0), label: z.string().default('it') }),
  async execute(input, ports, call) {
    return viewJobOutcome(
      await awaitStarted(await startJob(slowComputeJob, input, ports, call), ports.jobs, call),
      done,
    );
  },
});

const fail = defineTask({
  ...face,
  name: 'failing_job',
  input: z.object({}),
  async execute(_input, ports, call) {
    return viewJobOutcome(await awaitStarted(await startJob(failingJob, {}, ports, call), ports.jobs, call), done);
  },
});

const breakDown = defineTask({
  ...face,
  name: 'protocol_error_job',
  input: z.object({}),
  async execute(_input, ports, call) {
    return viewJobOutcome(
      await awaitStarted(await startJob(protocolErrorJob, {}, ports, call), ports.jobs, call),
      done,
    );
  },
});

function asking(name: string, questions: Readonly<Record<string, Question>>) {
  return defineTask({
    ...face,
    name,
    input: z.object({ filename: z.string().optional() }),
    async execute(_input, ports, call) {
      const job = await startJob(askingJob, { questions }, ports, call);
      return viewJobOutcome(await awaitStarted(job, ports.jobs, call), done);
    },
  });
}

export const fixtureTasks: readonly AnyTask[] = [
  greet,
  slowCompute,
  fail,
  breakDown,
  asking('confirm_delete', { confirm: confirmed('Delete it?') }),
  asking('multi_input', { first: confirmed('First?'), second: confirmed('Second?') }),
];
