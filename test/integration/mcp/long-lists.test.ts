import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Consumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import { consumeJobs } from '../../support/job-consumer.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { connectClient, type TestClient } from '../../support/mcp-clients.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

type Answer = Readonly<Record<string, unknown>>;

/** Tools whose lists may be long: what is asked for, and the rows of the answer. */
const lists: readonly (readonly [string, Answer, string])[] = [
  ['search_content', { query: 'admission', limit: 2 }, 'hits'],
  ['browse_tree', { limit: 2 }, 'nodes'],
  ['list_work', { who: 'all', limit: 2 }, 'items'],
  ['find_users', { limit: 2 }, 'users'],
  ['search_taxonomy', { limit: 2 }, 'categories'],
  ['list_audit_events', { limit: 2 }, 'events'],
  ['browse_snapshots', { limit: 2 }, 'snapshots'],
];

describe('a list that is longer than its answer', () => {
  let harness: TaskHarness;
  let bench: McpBench;
  let client: TestClient;
  let consumer: Consumer;
  const problems: unknown[] = [];

  beforeAll(async () => {
    harness = await openTaskHarness();
    consumer = consumeJobs(harness, (problem) => problems.push(problem), 'admin');
    bench = await openMcpBench({ tasks, runtime: harness.runtime('admin') });
    client = await connectClient('v2 auto', new URL(`${bench.mcpUrl}/x/all`), (await bench.issue()).token);
    // Something for the trail of what was done.
    for (const id of Object.keys(harness.state.pages).slice(0, 5)) {
      await client.callTool('check_out_content', { items: [id] });
    }
    for (const _ of [1, 2, 3]) await client.callTool('take_snapshot', { item: harness.landmarks.tuitionPage });
  });

  afterAll(async () => {
    await client.close();
    await bench.close();
    await consumer.close(0);
    await harness.close();
    expect([...bench.problems, ...problems]).toEqual([]);
  });

  const ask = async (tool: string, input: Answer): Promise<Answer> => {
    const answer = await client.callTool(tool, input);
    expect(answer.isError, answer.text).toBe(false);
    return answer.structured ?? {};
  };

  it('covers every tool that takes a limit and a cursor', async () => {
    const paged = (await client.listTools()).filter(({ inputSchema }) => {
      const { properties = {} } = inputSchema as { properties?: object };
      return 'limit' in properties && 'cursor' in properties;
    });
    expect(paged.map(({ name }) => name).sort()).toEqual(lists.map(([tool]) => tool).sort());
  });

  it.each(lists)('%s says that there is more, and goes on where it ended', async (tool, input, rows) => {
    const first = await ask(tool, input);
    expect(first[rows]).toHaveLength(2);
    expect(first['next_cursor'], JSON.stringify(first)).toEqual(expect.any(String));
    const second = await ask(tool, { ...input, cursor: first['next_cursor'] });
    expect(second[rows]).not.toEqual([]);
    const seen = (first[rows] as unknown[]).map((row) => JSON.stringify(row));
    expect((second[rows] as unknown[]).filter((row) => seen.includes(JSON.stringify(row)))).toEqual([]);
  });

  it('search_operations says how many there are', async () => {
    const answer = await ask('search_operations', { query: 'page', limit: 2 });
    expect(answer['operations']).toHaveLength(2);
    expect(answer['total']).toBeGreaterThan(2);
  });
});
