import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, startConsumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { cancelJob } from '../../../src/application/tasks/jobs/cancel-job.ts';
import { getJob } from '../../../src/application/tasks/jobs/get-job.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { poll } from '../../support/poll.ts';
import { modernRequest } from '../../support/raw-http.ts';
import {
  connectTaskClient,
  sendModern,
  type TaskClient,
  type TaskStream,
  taskIs,
  tasksCapabilities,
} from '../../support/task-client.ts';
import { fixtureJobs, fixtureTasks } from '../../support/task-fixtures.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('news of tasks on subscriptions/listen', () => {
  let harness: TaskHarness;
  let consumer: Consumer;
  let bench: McpBench;
  let token: string;
  let client: TaskClient;

  beforeAll(async () => {
    harness = await openTaskHarness();
    const runtime = harness.runtime();
    const tasks = [...fixtureTasks, getJob, cancelJob];
    consumer = startConsumer({
      runtime,
      jobs: fixtureJobs,
      tasks,
      jobsMax: 4,
      leaseMs: 10_000,
      onProblem: () => undefined,
    });
    bench = await openMcpBench({ tasks, runtime });
    token = (await bench.issue({ subject: harness.principal().subject })).token;
    client = await connectTaskClient(bench.mcpUrl, token);
  });
  afterAll(async () => {
    await client.close();
    await bench.close();
    await consumer.close(0);
    await harness.close();
    expect(bench.problems).toEqual([]);
  });

  const start = async (name: string, input: Readonly<Record<string, unknown>> = {}) => {
    const { result } = await sendModern(bench.mcpUrl, token, 'tools/call', { name, arguments: input });
    return String(result?.['taskId']);
  };
  const heard = (stream: TaskStream, taskId: string, status: string) =>
    poll(`news of ${status}`, async () =>
      stream.news.find((task) => task['taskId'] === taskId && task['status'] === status),
    );

  /** What the server agrees to: the SDK's client keeps of it what the base protocol knows. */
  async function acknowledged(as: string, notifications: object): Promise<unknown> {
    const request = modernRequest(
      as,
      'subscriptions/listen',
      { notifications },
      { 'io.modelcontextprotocol/clientCapabilities': tasksCapabilities },
    );
    const answer = await fetch(bench.mcpUrl, request);
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (reader !== undefined && !text.includes('\n\n')) text += (await reader.read()).value ?? '';
    await reader?.cancel();
    const [, data = ''] = /^data: (.*)$/m.exec(text) ?? [];
    return (JSON.parse(data) as { params: { notifications: unknown } }).params.notifications;
  }

  it('tells each change with the whole task, as tasks/get tells it', async () => {
    const taskId = await start('confirm_delete');
    await taskIs(bench.mcpUrl, token, taskId, 'input_required');
    const stream = await client.listen({ taskIds: [taskId] });
    // What had happened before it listened comes first.
    const asking = await heard(stream, taskId, 'input_required');
    expect(asking).toMatchObject({ inputRequests: { confirm: { method: 'elicitation/create' } } });
    const inputResponses = { confirm: { action: 'accept', content: { confirm: true } } };
    await sendModern(bench.mcpUrl, token, 'tasks/update', { taskId, inputResponses });
    const ended = await heard(stream, taskId, 'completed');
    const { result } = await sendModern(bench.mcpUrl, token, 'tasks/get', { taskId });
    const { resultType: _resultType, _meta, ...task } = result ?? {};
    expect(withoutRequestId(ended)).toEqual(withoutRequestId(task));
    expect(stream.news.map(({ status }) => status).filter((status) => status !== 'working')).toEqual([
      'input_required',
      'completed',
    ]);
    expect(stream.updated).toEqual([]);
    await stream.close();
  });

  it('agrees to tasks of the listener alone, and tells nothing of others', async () => {
    const mine = await start('slow_compute', { seconds: 30 });
    const { token: strange } = await bench.issue({ subject: 'somebody-else' });
    const stranger = await connectTaskClient(bench.mcpUrl, strange);
    const wanted = { taskIds: [mine, 'job_unknown'], resourceSubscriptions: ['ingeniux://x'] };
    expect(await acknowledged(strange, wanted)).toEqual({ resourceSubscriptions: ['ingeniux://x'] });
    expect(await acknowledged(token, wanted)).toEqual({ ...wanted, taskIds: [mine] });
    const listening = await stranger.listen(wanted);
    const stream = await client.listen({ taskIds: [mine, 'job_unknown'] });
    await sendModern(bench.mcpUrl, token, 'tasks/cancel', { taskId: mine });
    await heard(stream, mine, 'cancelled');
    expect(listening.news).toEqual([]);
    await stranger.close();
    await stream.close();
  });

  it('tells of the job’s resource as well, where the client watches it, and of nothing else', async () => {
    const taskId = await start('confirm_delete');
    await taskIs(bench.mcpUrl, token, taskId, 'input_required');
    const uri = `ingeniux://job/${taskId}`;
    const stream = await client.listen({ taskIds: [taskId], resourceSubscriptions: [uri] });
    await sendModern(bench.mcpUrl, token, 'tasks/cancel', { taskId });
    await heard(stream, taskId, 'cancelled');
    expect(new Set(stream.updated)).toEqual(new Set([uri]));
    await stream.close();
  });
});

/** Each answer is of a request of its own. */
function withoutRequestId(task: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(task).replaceAll(/req_[\w-]+/g, 'req'));
}
