import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Consumer, startConsumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { cancelJob } from '../../../src/application/tasks/jobs/cancel-job.ts';
import { getJob } from '../../../src/application/tasks/jobs/get-job.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { connectTaskClient, sendModern, taskIs, tasksExtension } from '../../support/task-client.ts';
import { fixtureJobs, fixtureTasks, stepsRun } from '../../support/task-fixtures.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('long calls as tasks', () => {
  let harness: TaskHarness;
  let consumer: Consumer;
  let bench: McpBench;
  let token: string;

  const open = async (): Promise<void> => {
    const runtime = harness.runtime();
    consumer = startConsumer({
      runtime,
      jobs: fixtureJobs,
      tasks: fixtureTasks,
      jobsMax: 4,
      leaseMs: 10_000,
      onProblem: () => undefined,
    });
    bench = await openMcpBench({ tasks: [...fixtureTasks, getJob, cancelJob], runtime });
    token = await tokenOf(harness.principal().subject);
  };
  const close = async (): Promise<void> => {
    await bench.close();
    await consumer.close(0);
    expect(bench.problems).toEqual([]);
  };
  const tokenOf = async (subject: string) => (await bench.issue({ subject })).token;

  beforeEach(async () => {
    harness = await openTaskHarness();
    await open();
  });
  afterEach(async () => {
    await close();
    await harness.close();
  });

  const send = (
    method: string,
    params: Readonly<Record<string, unknown>>,
    { as = token, ...more }: { as?: string; capabilities?: object; meta?: Readonly<Record<string, unknown>> } = {},
  ) => sendModern(bench.mcpUrl, as, method, params, more);
  const call = (
    name: string,
    input: Readonly<Record<string, unknown>> = {},
    meta: Readonly<Record<string, unknown>> = {},
  ) => send('tools/call', { name, arguments: input }, { meta });
  const startTask = async (name: string, input: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    String((await call(name, input)).result?.['taskId']);
  const waitFor = (taskId: string, status: string) => taskIs(bench.mcpUrl, token, taskId, status);

  it('serves the client library of the extension from the call to its result', async () => {
    const client = await connectTaskClient(bench.mcpUrl, token);
    expect(await client.call('slow_compute', { label: 'walk' })).toContain('walk computed');
    await client.close();
  });

  it('answers what get_job shows, and the same task again under the same idempotency key', async () => {
    const meta = { 'ingeniux/idempotency-key': 'once' };
    const started = await call('slow_compute', { seconds: 0, label: 'fast' }, meta);
    const taskId = String(started.result?.['taskId']);
    const task = await waitFor(taskId, 'completed');
    expect(task).toMatchObject({
      ttlMs: 7 * 86_400_000,
      result: { structuredContent: { state: 'succeeded', text: 'fast computed' } },
    });
    expect(await harness.run(getJob, { job: taskId })).toMatchObject({ state: 'succeeded' });
    const again = await call('slow_compute', { seconds: 0, label: 'fast' }, meta);
    expect(again.result).toMatchObject({ resultType: 'task', taskId });
  });

  it('tells nobody of somebody else’s task', async () => {
    const taskId = await startTask('slow_compute', { seconds: 30 });
    const stranger = await tokenOf('somebody-else');
    for (const method of ['tasks/get', 'tasks/cancel', 'tasks/update']) {
      const foreign = await send(method, { taskId, inputResponses: {} }, { as: stranger });
      const unknown = await send(method, { taskId: 'job_unknown', inputResponses: {} }, { as: stranger });
      expect(foreign.error?.code).toBe(-32602);
      expect(foreign.error?.message.replace(taskId, '')).toBe(unknown.error?.message.replace('job_unknown', ''));
    }
    expect((await send('tasks/get', { taskId })).result?.['status']).toBe('working');
    await send('tasks/cancel', { taskId });
    await waitFor(taskId, 'cancelled');
  });

  it('refuses clients that do not declare the extension, and says what to declare', async () => {
    const taskId = await startTask('slow_compute');
    const plain = { capabilities: { elicitation: {} } };
    const asked: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
      ['tasks/get', { taskId }],
      ['subscriptions/listen', { notifications: { taskIds: [taskId] } }],
    ];
    for (const [method, params] of asked) {
      const { error, status } = await send(method, params, plain);
      expect(error).toMatchObject({
        code: -32021,
        data: { requiredCapabilities: { extensions: { [tasksExtension]: {} } } },
      });
      expect(status).toBe(400);
    }
  });

  it('asks in the middle of a job, over a restart, and goes on from the steps that had ended', async () => {
    const taskId = await startTask('multi_input');
    const asking = await waitFor(taskId, 'input_required');
    expect(asking['inputRequests']).toMatchObject({
      first: {
        method: 'elicitation/create',
        params: { mode: 'form', requestedSchema: { type: 'object', required: ['confirm'] } },
      },
    });
    await send('tasks/update', { taskId, inputResponses: { first: { action: 'accept', content: { confirm: true } } } });
    await close();
    await open();
    expect(Object.keys((await waitFor(taskId, 'input_required'))['inputRequests'] as object)).toEqual(['second']);
    const wrong = await send('tasks/update', {
      taskId,
      inputResponses: { second: { action: 'accept', content: { confirm: 'perhaps' } } },
    });
    expect(wrong.error).toMatchObject({ code: -32602 });
    // The first answer to a question counts.
    await send('tasks/update', {
      taskId,
      inputResponses: { first: { action: 'decline' }, second: { action: 'decline' } },
    });
    const ended = await waitFor(taskId, 'completed');
    expect(JSON.stringify(ended['result'])).toContain('\\"second\\":{\\"accepted\\":false}');
    expect(JSON.stringify(ended['result'])).toContain('\\"first\\":{\\"accepted\\":true');
    expect(stepsRun.get(taskId)).toBe(1);
  });

  it('shows the question to everybody else in get_job, and cancel_job lets the job go on or ends it', async () => {
    const taskId = await startTask('confirm_delete');
    await waitFor(taskId, 'input_required');
    const held = await harness.run(getJob, { job: taskId });
    expect(held).toMatchObject({
      state: 'held',
      error: { code: 'HELD', details: { questions: { confirm: { message: 'Delete it?' } } } },
      next: { tool: 'cancel_job', input: { job: taskId, action: 'resume' } },
    });
    const resumed = await harness.run(cancelJob, { job: taskId, action: 'resume' });
    expect(['queued', 'running', 'succeeded']).toContain(resumed.state);
    await waitFor(taskId, 'completed');

    const other = await startTask('confirm_delete');
    await waitFor(other, 'input_required');
    await send('tasks/cancel', { taskId: other });
    await waitFor(other, 'cancelled');
  });
});
