import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, startConsumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { jobs } from '../../../src/application/jobs/index.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import type { Scope } from '../../../src/domain/model/principal.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { connectClient, type TestClient } from '../../support/mcp-clients.ts';
import { type HarnessOptions, openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const allScopes: readonly Scope[] = ['cms:read', 'cms:write', 'cms:publish', 'cms:admin'];

describe('reports, the audit trail and operations as resources', () => {
  let harness: TaskHarness;
  let bench: McpBench;
  let consumer: Consumer;
  let client: TestClient;
  const problems: unknown[] = [];

  beforeAll(async () => {
    harness = await openTaskHarness({ knobs: { reportTickMs: 5 } });
    bench = await openMcpBench({ tasks, runtime: harness.runtime() });
    consumer = startConsumer({
      runtime: harness.runtime(),
      jobs,
      tasks,
      jobsMax: 4,
      leaseMs: 10_000,
      onProblem: (problem) => problems.push(problem),
    });
    const everything = new URL('/mcp/x/all', bench.mcpUrl);
    client = await connectClient('v2 auto', everything, (await bench.issue({ scopes: allScopes })).token);
  });

  afterAll(async () => {
    await client.close();
    await consumer.close(0);
    await bench.close();
    await harness.close();
    expect([...problems, ...bench.problems]).toEqual([]);
  });

  const readJson = async (uri: string) => JSON.parse(await client.readResource(uri));

  it('pages through the rows of a report, each once, and says what is no report', async () => {
    const { structured } = await client.callTool('run_report', { report: 'text', text: 'the' });
    const job = String(structured?.['job']);
    const seen: string[] = [];
    let page: number | undefined = 1;
    let total = 0;
    while (page !== undefined) {
      const read = await readJson(`ingeniux://report/${job}${page === 1 ? '' : `?page=${page}`}`);
      expect(read).toMatchObject({ job, page, report: 'text' });
      seen.push(...read.rows.map((row: unknown) => JSON.stringify(row)));
      total = read.total;
      page = read.next_page;
    }
    expect(seen.length).toBeGreaterThan(50);
    expect(seen).toHaveLength(Math.min(total, 500));
    const kept = await harness.runtime().ports.jobs.get(job);
    expect(kept?.result).toMatchObject({ rows: seen.map((row) => JSON.parse(row)) });
    await expect(client.readResource(`ingeniux://report/${job}?page=39`)).rejects.toThrow(/^There are \d+ pages/);
    for (const wrong of ['0', 'two', '999']) {
      await expect(client.readResource(`ingeniux://report/${job}?page=${wrong}`)).rejects.toMatchObject({
        data: { code: 'BAD_INPUT' },
      });
    }
    await expect(client.readResource('ingeniux://report/job_unknown')).rejects.toThrow(/no job/);
    expect(await client.complete({ type: 'ref/resource', uri: 'ingeniux://report/{job}{?page}' }, 'job', '')).toEqual([
      job,
    ]);
  });

  it('shows what was done to one item, or on behalf of one user', async () => {
    const { tuitionPage, deadlinesPage } = harness.landmarks;
    for (const item of [tuitionPage, deadlinesPage]) await client.callTool('check_out_content', { items: [item] });
    const one = await readJson(`ingeniux://audit?item=${tuitionPage}`);
    expect(one.events.length).toBeGreaterThan(0);
    for (const event of one.events) expect(event.items).toContain(tuitionPage);
    const all = await readJson('ingeniux://audit');
    expect(all.events.length).toBeGreaterThan(one.events.length);
    const [{ user }] = all.events;
    const own = await readJson(`ingeniux://audit?user=${encodeURIComponent(user)}`);
    expect(own.events.length).toBeGreaterThan(0);
    expect((await readJson('ingeniux://audit?user=nobody')).events).toEqual([]);
  });

  it('is closed to those who may not read the audit trail', async () => {
    const { token } = await bench.issue({ scopes: ['cms:read'] });
    const reader = await connectClient('v2 auto', bench.mcpUrl, token);
    expect(await reader.listTemplates()).not.toContain('ingeniux://audit{?item,user}');
    expect(await reader.listTemplates()).toContain('ingeniux://operation/{id}');
    await expect(reader.readResource('ingeniux://audit')).rejects.toThrow(/cms:admin/);
    await reader.close();
  });

  it('describes an operation, and lists all 396 by area', async () => {
    expect(await readJson('ingeniux://operation/Pages_Rename')).toMatchObject({
      id: 'Pages_Rename',
      http: expect.stringMatching(/^[A-Z]+ \/pages/),
      through: 'call_write_operation',
    });
    await expect(client.readResource('ingeniux://operation/Pages_Fly')).rejects.toThrow(/no operation/);
    const list = await client.readResource('ingeniux://operations');
    expect(list).toMatch(/^# 396 operations/);
    const ids = [...list.matchAll(/\b[A-Z]\w+_[A-Z]\w+\b/g)].map(([id]) => id);
    expect(new Set(ids).size).toBe(396);
  });
});

describe('the house style as a resource', () => {
  const withHouse = async (
    options: HarnessOptions,
    look: (text: () => Promise<string>, harness: TaskHarness) => Promise<void>,
  ) => {
    const harness = await openTaskHarness(options);
    const bench = await openMcpBench({ tasks, runtime: harness.runtime() });
    const client = await connectClient('v2 auto', bench.mcpUrl, (await bench.issue()).token);
    try {
      await look(() => client.readResource('ingeniux://house-style'), harness);
    } finally {
      await client.close();
      await bench.close();
      await harness.close();
    }
  };

  it('is the page that the operator named, marked as text from the CMS', async () => {
    await withHouse({ houseStyleItem: '/admissions/tuition' }, async (text, harness) => {
      const style = await text();
      expect(style).toContain(`"Tuition" (${harness.landmarks.tuitionPage})`);
      expect(style).toContain('The application fee');
      expect(style).toMatch(/^[^\n]*(data|CMS)/);
    });
  });

  it('is the help texts for AI when no page is named, and says so when there are none', async () => {
    await withHouse({}, async (text) => {
      expect(await text()).toContain('At most six words.');
    });
    const { createSeedState } = await import('../../../sandbox/seed.ts');
    const state = createSeedState();
    for (const schema of state.schemas) schema.aiHelpText = { elements: {}, attributes: {} };
    await withHouse({ state }, async (text) => {
      expect(await text()).toContain('HOUSE_STYLE_ITEM names no page or asset');
    });
  });

  it('tells of a setting that leads nowhere', async () => {
    await withHouse({ houseStyleItem: '/no/such/page' }, async (text) => {
      await expect(text()).rejects.toThrow(/no\/such\/page/);
    });
  });
});
