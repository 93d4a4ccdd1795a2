import { describe, expect, it } from 'vitest';
import type { Ask } from '../../../../src/application/following/ask.ts';
import { heldBack } from '../../../../src/application/following/questions.ts';
import { DomainError } from '../../../../src/domain/errors.ts';
import type { Job, NewJob } from '../../../../src/domain/model/job.ts';
import type { Answer, Question } from '../../../../src/domain/model/question.ts';
import { pipelineFixture, probeTask, request } from '../../../support/pipeline-fixture.ts';

const input = { name: 'page' };
const dangerous = (over: Parameters<typeof probeTask>[0] = {}) =>
  probeTask({
    impact: async () => ({
      summary: 'It goes.',
      facts: { items: [{ id: 'x1', name: 'Home' }] },
      warnings: ['For good.'],
      fingerprint: 'f',
    }),
    ...over,
  });

/** A pipeline whose queue takes jobs, or refuses them. */
function withQueue(refusal?: DomainError) {
  const added: NewJob[] = [];
  const add = async (job: NewJob): Promise<Job> => {
    if (refusal !== undefined) throw refusal;
    added.push(job);
    return {
      ...job,
      state: 'queued',
      progress: { percent: 0, message: '' },
      attempts: 0,
      cancelRequested: false,
      createdAtMs: 0,
    };
  };
  return { ...pipelineFixture({ jobs: { add } }), added };
}

const asked = (over = {}) => request({ showsQuestions: true, ...over });

describe('a dangerous call of a caller who shows questions', () => {
  it('goes on as a job, and does nothing before', async () => {
    const { runTask, added } = withQueue();
    const task = dangerous();
    const answer = await runTask(task, input, asked());
    expect(answer).toMatchObject({ kind: 'asking', startedJob: added[0]?.id, output: { job: added[0]?.id } });
    expect(added).toMatchObject([{ kind: 'asking_call', queue: 'cms-writes', owner: 'ada' }]);
    expect(added[0]?.input).toMatchObject({ task: 'probe_task', input: { task: 'probe_task', input } });
    expect(task.runs()).toBe(0);
  });

  it('is the same job under the same idempotency key', async () => {
    const { runTask, added } = withQueue();
    const first = await runTask(dangerous(), input, asked({ idempotencyKey: 'k' }));
    const again = await runTask(dangerous(), input, asked({ idempotencyKey: 'k' }));
    expect(again).toMatchObject({ replayed: true, startedJob: first.startedJob });
    expect(added).toHaveLength(1);
  });

  it.each([
    ['the caller shows no questions', request(), {}, undefined],
    ['the arguments may hold secrets', asked(), { takesSecrets: true as const }, undefined],
    ['the arguments are too large for a job', asked(), {}, new DomainError('TOO_LARGE', 'too large')],
  ])('is answered with its impact where %s', async (_why, call, over, refusal) => {
    const { runTask, added } = withQueue(refusal);
    const task = dangerous(over);
    expect(await runTask(task, input, call)).toMatchObject({ kind: 'confirmation' });
    expect([added.length, task.runs()]).toEqual([0, 0]);
  });

  it('is kept in the audit log as held back, with its job', async () => {
    const { runTask, added, audit } = withQueue();
    await runTask(dangerous(), input, asked());
    expect((await audit.list({ filter: {}, limit: 5 })).records).toMatchObject([
      { outcome: 'confirmation', jobId: added[0]?.id },
    ]);
  });
});

describe('the call that such a job makes', () => {
  const answering =
    (answer: Answer, seen: Question[] = []): Ask =>
    async (questions) => {
      const entries = Object.entries<Question>(questions);
      seen.push(...entries.map(([, question]) => question));
      return Object.fromEntries(entries.map(([name]) => [name, answer])) as never;
    };

  it('shows what would happen, to what, and acts on a yes', async () => {
    const { runTask } = pipelineFixture();
    const seen: Question[] = [];
    const task = dangerous();
    const ask = answering({ accepted: true, values: { approve: true } }, seen);
    expect(await runTask(task, input, request({ ask }))).toMatchObject({ kind: 'done' });
    expect(seen).toMatchObject([{ message: 'It goes.\nitems: Home (x1)\nFor good.', explicit: true }]);
    expect(task.runs()).toBe(1);
  });

  it.each<Answer>([{ accepted: false }, { accepted: true, values: { approve: false } }])(
    'does nothing on %o',
    async (answer) => {
      const { runTask } = pipelineFixture();
      const task = dangerous();
      await expect(runTask(task, input, request({ ask: answering(answer) }))).rejects.toMatchObject({
        code: 'CONFIRMATION_INVALID',
      });
      expect(task.runs()).toBe(0);
    },
  );

  it('asks under another name when the situation is another', async () => {
    const names: string[] = [];
    const ask: Ask = (questions) => {
      names.push(...Object.keys(questions));
      return Promise.reject(heldBack(questions));
    };
    for (const fingerprint of ['before', 'before', 'after']) {
      const { runTask } = pipelineFixture();
      const impact = async () => ({ summary: '', facts: {}, warnings: [], fingerprint });
      await expect(runTask(dangerous({ impact }), input, request({ ask }))).rejects.toMatchObject({ code: 'HELD' });
    }
    expect(names[0]).toBe(names[1]);
    expect(names[2]).not.toBe(names[0]);
  });
});
