import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tasks } from '../../../src/application/tasks/index.ts';
import { type BearerProxy, startBearerProxy } from '../../support/bearer-proxy.ts';
import { type ConformanceRun, runConformance } from '../../support/conformance.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

/**
 * What must pass, revision by revision: so that no baseline can hide it. Everything else in the suite calls fixtures of
 * its own; the baselines say so, group by group.
 */
const promised: Readonly<Record<string, readonly string[]>> = {
  '2026-07-28': [
    'tools-list',
    'resources-list',
    'prompts-list',
    'server-sse-multiple-streams',
    'sep-2164-resource-not-found',
    'dns-rebinding-protection',
    'caching',
    'input-required-result-unsupported-methods',
    'input-required-result-validate-input',
    'http-header-validation',
  ],
  '2025-11-25': [
    'server-initialize',
    'ping',
    'logging-set-level',
    'tools-list',
    'resources-list',
    'resources-subscribe',
    'resources-unsubscribe',
    'prompts-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
    'server-session-lifecycle',
  ],
};

/** Four of its checks call fixtures, as the baseline tells; the others must pass. */
const statelessOutcome = { passed: 24, failed: 4 };

describe('the MCP conformance suite, against the real catalogue and the sandbox CMS', () => {
  const runs = new Map<string, ConformanceRun>();
  let harness: TaskHarness;
  let bench: McpBench;
  let proxy: BearerProxy;

  beforeAll(async () => {
    harness = await openTaskHarness();
    bench = await openMcpBench({ tasks, runtime: harness.runtime() });
    proxy = await startBearerProxy(new URL(bench.listening.url), (await bench.issue()).token);
    for (const revision of Object.keys(promised)) {
      const baseline = fileURLToPath(new URL(`./baseline-${revision}.yml`, import.meta.url));
      runs.set(revision, await runConformance(`${proxy.url}/mcp`, revision, baseline));
    }
  });

  afterAll(async () => {
    await proxy.close();
    await bench.close();
    await harness.close();
    expect(bench.problems).toEqual([]);
  });

  describe.each(Object.entries(promised))('revision %s', (revision, scenarios) => {
    it('passes every scored scenario that needs no fixture of the suite, and the baseline holds nothing stale', () => {
      const run = runs.get(revision);
      expect(run?.exitCode, run?.output.slice(-4000)).toBe(0);
      expect(run?.scenarios.size).toBeGreaterThanOrEqual(30);
    });

    it.each([...scenarios])('passes %s', (scenario) => {
      const outcome = runs.get(revision)?.scenarios.get(scenario);
      expect(outcome).toMatchObject({ failed: 0 });
      expect(outcome?.passed).toBeGreaterThan(0);
    });
  });

  it('passes all checks of server-stateless (2026-07-28) but those of fixtures', () => {
    expect(runs.get('2026-07-28')?.scenarios.get('server-stateless')).toEqual(statelessOutcome);
  });
});
