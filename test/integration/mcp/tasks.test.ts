import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Consumer, startConsumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { cancelJob } from '../../../src/application/tasks/jobs/cancel-job.ts';
import { getJob } from '../../../src/application/tasks/jobs/get-job.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { poll } from '../../support/poll.ts';
import { mcpHeaders, modernRequest, rawHttp } from '../../support/raw-http.ts';
import { fixtureJobs, fixtureTasks, stepsRun } from '../../support/task-fixtures.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const extension = 'io.modelcontextprotocol/tasks';
const tasksClient = { elicitation: {}, extensions: { [extension]: {} } };

interface Answer {
  readonly status?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

describe('long calls as tasks', () => {
  let harness: TaskHarness;
  let consumer: Consumer;
  let bench: McpBench;
  let token: string;

  const open = async (): Promise<void> => {
    const runtime = harness.runtime();
    consumer = startConsumer({ runtime, jobs: fixtureJobs, jobsMax: 4, leaseMs: 10_000, onProblem: () => undefined });
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

  /** One request of revision 2026-07-28, by default of a client that follows tasks. */
  async function send(
    method: string,
    params: Readonly<Record<string, unknown>>,
    { as = token, capabilities = tasksClient as object, meta = {} } = {},
  ): Promise<Answer> {
    const envelope = { ...meta, 'io.modelcontextprotocol/clientCapabilities': capabilities };
    const answer = await rawHttp(bench.mcpUrl, modernRequest(as, method, params, envelope));
    return { status: answer.status, ...readAnswer(answer.text) };
  }
  const call = (name: string, input: Readonly<Record<string, unknown>> = {}, meta: object = {}) =>
    send('tools/call', { name, arguments: input }, { meta });
  const startTask = async (name: string, input: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    String((await call(name, input)).result?.['taskId']);
  const waitFor = (taskId: string, status: string) =>
    poll(`the task to be ${status}`, async () => {
      const { result } = await send('tasks/get', { taskId });
      return result?.['status'] === status && result;
    });

  it('serves the client library of the extension from the call to its result', async () => {
    const info = { name: 'tasks-walk', version: '1.0.0' };
    const client = new Client(info, { versionNegotiation: { mode: 'auto' } });
    const requestInit = { headers: { Authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(bench.mcpUrl, { requestInit }));
    const session = createTaskSessionFromClient(client, {
      endpointId: 'walk',
      v2RequestFraming: { protocolVersion: '2026-07-28', clientInfo: info, clientCapabilities: tasksClient },
      async rawDispatch(request) {
        const { method, params } = request as { method: string; params: Record<string, unknown> };
        const name = params['name'] ?? params['taskId'];
        const headers = mcpHeaders(token, {
          'MCP-Protocol-Version': '2026-07-28',
          'Mcp-Method': method,
          'Mcp-Name': String(name),
        });
        const answer = await rawHttp(bench.mcpUrl, {
          method: 'POST',
          headers,
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
        });
        return { kind: 'result', result: readAnswer(answer.text).result as never };
      },
    });
    const execution = await session.callTool('slow_compute', { seconds: 0.3, label: 'walk' });
    const { outcome } = await execution.settle();
    expect(JSON.stringify(resultFromTaskOutcome(outcome))).toContain('walk computed');
    await session.close();
    await client.close();
  });

  it('answers what get_job shows, and the same task again under the same idempotency key', async () => {
    const meta = { 'ingeniux/idempotency-key': 'once' };
    const started = await call('slow_compute', { seconds: 0, label: 'fast' }, meta);
    const taskId = String(started.result?.['taskId']);
    const task = await waitFor(taskId, 'completed');
    expect(task).toMatchObject({
      ttlMs: 86_400_000,
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
        data: { requiredCapabilities: { extensions: { [extension]: {} } } },
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

/** A JSON-RPC answer, from a JSON body or from the last event of a stream. */
function readAnswer(text: string): Answer {
  const events = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));
  return JSON.parse(events.at(-1) ?? text) as Answer;
}
