import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnswerCache } from '../../../src/adapters/inbound/mcp/completions/answer-cache.ts';
import { proposalSources } from '../../../src/adapters/inbound/mcp/completions/sources.ts';
import { prompts } from '../../../src/adapters/inbound/mcp/prompts/index.ts';
import { guides } from '../../../src/adapters/inbound/mcp/resources/guides/index.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { connectClient, type TestClient } from '../../support/mcp-clients.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('resources and completions of the real catalogue, against the sandbox CMS', () => {
  let harness: TaskHarness;
  let bench: McpBench;
  let client: TestClient;

  beforeAll(async () => {
    harness = await openTaskHarness();
    bench = await openMcpBench({ tasks, runtime: harness.runtime() });
    client = await connectClient('v2 auto', bench.mcpUrl, (await bench.issue()).token);
  });

  afterAll(async () => {
    await client.close();
    await bench.close();
    await harness.close();
    expect(bench.problems).toEqual([]);
  });

  it('lists all templates', async () => {
    expect(await client.listTemplates()).toEqual([
      'ingeniux://page/{id}{?version,format}',
      'ingeniux://asset/{id}',
      'ingeniux://schema/{name}',
      'ingeniux://tree/{id}{?depth}',
      'ingeniux://target/{id}',
      'ingeniux://job/{id}',
      'ingeniux://diff/{a}/{b}',
      'ingeniux://report/{job}{?page}',
      'ingeniux://audit{?item,user}',
      'ingeniux://operation/{id}',
    ]);
  });

  it('reads a page as Markdown, as fields, as XML and in an older version', async () => {
    const { tuitionPage } = harness.landmarks;
    expect(await client.readResource(`ingeniux://page/${tuitionPage}`)).toContain(`# Tuition (${tuitionPage})`);
    const fields = JSON.parse(await client.readResource(`ingeniux://page/${tuitionPage}?format=fields`));
    expect(fields).toMatchObject({ id: tuitionPage, fields: expect.any(Array) });
    expect(await client.readResource(`ingeniux://page/${tuitionPage}?format=xml`)).toMatch(/^\s*</);
    expect(await client.readResource(`ingeniux://page/${tuitionPage}?version=1`)).toContain('Tuition');
  });

  it('reads a content type, an outline, a target, a difference and an asset', async () => {
    expect(JSON.parse(await client.readResource('ingeniux://schema/NewsArticle'))).toMatchObject({
      schema: { name: 'NewsArticle', fields: expect.any(Array) },
    });
    const outline = await client.readResource('ingeniux://tree/site?depth=2');
    expect(outline).toMatch(/^- .+ \(x\d+/m);
    expect(outline).toMatch(/^ {2}- .+ \(x\d+/m);
    const { tuitionPage, deadlinesPage } = harness.landmarks;
    expect(JSON.parse(await client.readResource('ingeniux://target/Production'))).toHaveProperty('targets');
    expect(JSON.parse(await client.readResource(`ingeniux://diff/${tuitionPage}/${deadlinesPage}`))).toMatchObject({
      identical: false,
    });
    expect(JSON.parse(await client.readResource(`ingeniux://diff/${tuitionPage}@1/${tuitionPage}`))).toMatchObject({
      from: { version: 1 },
    });
    const found = await client.callTool('search_content', { kinds: ['asset'], limit: 1 });
    const [asset] = (found.structured?.['hits'] ?? []) as { id: string; name: string }[];
    const shown = JSON.parse(await client.readResource(`ingeniux://asset/${encodeURIComponent(asset?.id ?? '')}`));
    expect(shown.items[0]).toMatchObject({ id: asset?.id, name: asset?.name });
  });

  it.each([
    'ingeniux://page/x1?format=pdf',
    'ingeniux://page/x1?version=two',
    'ingeniux://tree/site?depth=9',
    'ingeniux://asset/x1',
    'ingeniux://diff/x1/x1',
  ])('says what is wrong with %s', async (uri) => {
    await expect(client.readResource(uri)).rejects.toMatchObject({ code: -32602, data: { code: 'BAD_INPUT', uri } });
  });

  it.each(['ingeniux://guide/nope', 'ingeniux://page/x1?draft=1', 'ingeniux://schema/', 'ingeniux://diff/x1'])(
    'knows no %s',
    async (uri) => {
      await expect(client.readResource(uri)).rejects.toMatchObject({ code: -32602, data: { uri } });
    },
  );

  it('gives guides that are short, with steps numbered without gaps', async () => {
    for (const guide of guides) {
      const text = await client.readResource(guide.address);
      expect(text.length).toBeLessThan(6_000);
      const steps = [...text.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
      expect(steps).toEqual(steps.map((_step, index) => index + 1));
    }
  });

  const argument = (name: string) => ({ type: 'ref/prompt', name }) as const;
  const template = (uri: string) => ({ type: 'ref/resource', uri }) as const;

  it('proposes pages by words and by path, also at the end of a list', async () => {
    const { tuitionPage } = harness.landmarks;
    expect(await client.complete(argument('edit_page'), 'page', 'application fee')).toContain(tuitionPage);
    expect(await client.complete(argument('edit_page'), 'page', '/admissions/tui')).toEqual([tuitionPage]);
    expect(await client.complete(argument('publish_checklist'), 'pages', 'x1, /admissions/tui')).toEqual([
      `x1, ${tuitionPage}`,
    ]);
  });

  it('proposes content types, targets, locales, categories, people and assets', async () => {
    expect(await client.complete(template('ingeniux://schema/{name}'), 'name', 'news')).toContain('NewsArticle');
    expect(await client.complete(argument('publish_checklist'), 'target', 'prod')).toEqual(['Production']);
    expect(await client.complete(argument('translate_section'), 'locale', 'en')).toContain('en-us');
    const categories = await client.complete(argument('content_audit'), 'category', '');
    expect(categories.length).toBeGreaterThan(0);
    const [category = ''] = categories;
    expect(await client.complete(argument('content_audit'), 'category', category.slice(1, 5))).toContain(category);
    expect(await client.complete(argument('weekly_report'), 'user', 'm')).toContain('me');
    expect((await client.complete(template('ingeniux://asset/{id}'), 'id', 'logo')).length).toBeGreaterThan(0);
    expect(await client.complete(argument('content_audit'), 'focus', 'x')).toEqual([]);
  });

  it('proposes operations by part of their id, and reports among the jobs', async () => {
    const operations = await client.complete(template('ingeniux://operation/{id}'), 'id', 'checkin');
    expect(operations).toContain('Pages_CheckIn');
    expect(await client.complete(template('ingeniux://report/{job}{?page}'), 'job', '')).toEqual([]);
    expect((await client.complete(template('ingeniux://audit{?item,user}'), 'user', 'm')).length).toBeGreaterThan(0);
  });

  it('knows a way to propose for every subject, through tasks that are there', () => {
    const names: readonly string[] = tasks.map(({ name }) => name);
    for (const sources of Object.values(proposalSources)) {
      expect(sources.length).toBeGreaterThan(0);
      expect(sources.map(({ task }) => task).filter((task) => !names.includes(task))).toEqual([]);
    }
    const used = prompts.flatMap((prompt) => prompt.arguments.flatMap(({ completes }) => completes ?? []));
    expect(new Set(used)).toEqual(
      new Set(['page', 'schema', 'rule', 'target', 'locale', 'category', 'transition', 'user']),
    );
  });

  it('proposes what fits the other arguments: rules of a parent, transitions of a page', async () => {
    const { rawComplete, close } = await connectRaw();
    const { tuitionPage } = harness.landmarks;
    const rules = await rawComplete('write_page', 'rule', { parent: '/admissions' });
    expect(rules.length).toBeGreaterThan(0);
    expect(await rawComplete('write_page', 'rule', {})).toEqual([]);
    const transitions = await rawComplete('edit_page', 'transition', { page: tuitionPage });
    expect(transitions.length).toBeGreaterThan(0);
    await close();
  });

  async function connectRaw() {
    const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
    const raw = new Client({ name: 'raw', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    const { token } = await bench.issue();
    await raw.connect(
      new StreamableHTTPClientTransport(bench.mcpUrl, {
        requestInit: { headers: { Authorization: `Bearer ${token}` } },
      }),
    );
    return {
      close: () => raw.close(),
      rawComplete: async (prompt: string, name: string, given: Record<string, string>) =>
        (
          await raw.complete({
            ref: { type: 'ref/prompt', name: prompt },
            argument: { name, value: '' },
            context: { arguments: given },
          })
        ).completion.values,
    };
  }
});

describe('the memory of completions', () => {
  const ada = { subject: 'ada', clientId: 'a', scopes: ['cms:read'] as const };

  it('reads once a minute for each user, and never serves one from another', async () => {
    const clock = createFakeClock();
    const cache = createAnswerCache(clock);
    let reads = 0;
    const read = async () => ++reads;
    expect(await cache.get(ada, 'get_context', {}, read)).toBe(1);
    expect(await cache.get(ada, 'get_context', {}, read)).toBe(1);
    expect(await cache.get({ ...ada, subject: 'eve' }, 'get_context', {}, read)).toBe(2);
    expect(await cache.get({ ...ada, scopes: ['cms:read', 'cms:admin'] }, 'get_context', {}, read)).toBe(3);
    expect(await cache.get(ada, 'get_context', { detail: 'targets' }, read)).toBe(4);
    clock.advance(60_000);
    expect(await cache.get(ada, 'get_context', {}, read)).toBe(5);
  });

  it('forgets failures, and the oldest answers when there are too many', async () => {
    const cache = createAnswerCache(createFakeClock());
    await expect(cache.get(ada, 't', {}, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await cache.get(ada, 't', {}, async () => 'up')).toBe('up');
    for (let index = 0; index < 500; index += 1) await cache.get(ada, 't', { index }, async () => index);
    expect(await cache.get(ada, 't', {}, async () => 'again')).toBe('again');
    expect(await cache.get(ada, 't', { index: 499 }, async () => 'again')).toBe(499);
  });
});
