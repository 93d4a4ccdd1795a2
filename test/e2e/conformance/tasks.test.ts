import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, startConsumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { type BearerProxy, startBearerProxy } from '../../support/bearer-proxy.ts';
import { runScenario } from '../../support/conformance.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { fixtureJobs, fixtureTasks } from '../../support/task-fixtures.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

/**
 * Scenarios of the extension, how many checks pass, and the one that cannot. Not run: those that need a tool which
 * serves nobody but clients with tasks, of which this server has none (tasks-required-task-error,
 * tasks-mrtr-composition), and tasks-status-notifications, which the suite always skips.
 */
const scenarios: readonly (readonly [scenario: string, passed: number, failing: string | null])[] = [
  ['tasks-lifecycle', 9, null],
  ['tasks-capability-negotiation', 5, null],
  ['tasks-wire-fields', 4, null],
  ['tasks-request-state-removal', 3, null],
  ['tasks-mrtr-input', 4, null],
  // Its fifth check wants the bare text of its fixture; tools of this server answer JSON, and a line about the site.
  ['tasks-request-headers', 4, 'TasksHeadersTolerateMcpMethodOnToolsCall'],
  ['tasks-dispatch-and-envelope', 9, null],
];

describe('the tasks extension in the MCP conformance suite, with its fixtures as real tasks and jobs', () => {
  let harness: TaskHarness;
  let consumer: Consumer;
  let bench: McpBench;
  let proxy: BearerProxy;

  beforeAll(async () => {
    harness = await openTaskHarness();
    const runtime = harness.runtime();
    consumer = startConsumer({
      runtime,
      jobs: fixtureJobs,
      tasks: fixtureTasks,
      jobsMax: 8,
      leaseMs: 10_000,
      onProblem: () => undefined,
    });
    bench = await openMcpBench({ tasks: fixtureTasks, runtime });
    proxy = await startBearerProxy(new URL(bench.listening.url), (await bench.issue()).token);
  });

  afterAll(async () => {
    await proxy.close();
    await bench.close();
    await consumer.close(0);
    await harness.close();
    expect(bench.problems).toEqual([]);
  });

  it.each(scenarios)('%s: %i checks pass', async (scenario, passed, failing) => {
    const run = await runScenario(`${proxy.url}/mcp`, scenario);
    const failed = failing === null ? 0 : 1;
    expect(run.output).toContain(`Passed: ${passed}/${passed + failed}, ${failed} failed, 0 warnings`);
    if (failing !== null) expect(run.output).toContain(`- ${failing}:`);
  });
});
