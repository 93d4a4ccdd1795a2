import { readdirSync } from 'node:fs';
import type { JsonSchemaType } from '@modelcontextprotocol/server';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { Tiktoken } from 'js-tiktoken/lite';
import o200kBase from 'js-tiktoken/ranks/o200k_base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry } from '../../../src/adapters/inbound/mcp/registry.ts';
import { searchContent } from '../../../src/application/tasks/core/search-content.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import { scopes } from '../../../src/domain/model/principal.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { connectClient, type TestClient } from '../../support/mcp-clients.ts';
import { initializeBody, mcpHeaders, modernRequest, type RawAnswer, rawHttp, rpc } from '../../support/raw-http.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const encoding = new Tiktoken(o200kBase);
const tokensOf = (text: string) => encoding.encode(text, [], []).length;

const registry = createRegistry(tasks);
const principal = { subject: 'ada', clientId: 'tests', scopes };
const tools = registry.toolsFor(principal);

/** Reviewed: `vitest -u` writes them anew, and the difference says what every client will see differently. */
const snapshots = new URL('../../surface/tools/', import.meta.url);

describe('the budget of the list of tools as it is sent, in tokens', () => {
  let bench: McpBench;
  let token: string;

  beforeAll(async () => {
    bench = await openMcpBench({ tasks });
    ({ token } = await bench.issue());
  });
  afterAll(() => bench.close());

  const eras: readonly (readonly [string, (url: URL) => Promise<RawAnswer>])[] = [
    ['2026-07-28', (url) => rawHttp(url, modernRequest(token, 'tools/list'))],
    [
      '2025-11-25',
      async (url) => {
        const begun = await rawHttp(url, { method: 'POST', headers: mcpHeaders(token), body: initializeBody });
        const session = { 'Mcp-Session-Id': String(begun.headers['mcp-session-id']) };
        return rawHttp(url, { method: 'POST', headers: mcpHeaders(token, session), body: rpc('tools/list') });
      },
    ],
  ];
  const selections = [
    ['everything', '/x/all', 8_500, tools.length],
    ['the default selection', '', 5_000, 25],
    ['the read-only selection', '/readonly', 2_500, 25],
  ] as const;

  it.each(eras.flatMap(([era, ask]) => selections.map((selection) => [era, ...selection, ask] as const)))(
    'holds in %s for %s',
    async (_era, _which, path, tokensMax, toolsMax, ask) => {
      const { text } = await ask(new URL(`${bench.mcpUrl}${path}`));
      // A stream of the old revisions carries the answer in its one event.
      const { result } = JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text) as { result: { tools: unknown[] } };
      expect(result).not.toHaveProperty('nextCursor');
      expect(result.tools.length).toBeGreaterThan(5);
      expect(result.tools.length).toBeLessThanOrEqual(toolsMax);
      expect(tokensOf(JSON.stringify(result))).toBeLessThanOrEqual(tokensMax);
      for (const tool of result.tools) expect(tokensOf(JSON.stringify(tool))).toBeLessThanOrEqual(300);
    },
  );
});

describe('the schemas that clients see', () => {
  it.each(tools.map((tool) => [tool.name, tool] as const))('%s is the one that was reviewed', async (name, tool) => {
    await expect(`${JSON.stringify(tool, null, 2)}\n`).toMatchFileSnapshot(`../../surface/tools/${name}.json`);
  });

  it('were reviewed for tools that are there, and for no other', () => {
    const files = readdirSync(snapshots).map((file) => file.replace(/\.json$/, ''));
    expect(files.sort()).toEqual(tools.map(({ name }) => name).sort());
  });

  it.each(tools.map((tool) => [tool.name, tool] as const))('%s has valid JSON Schema 2020-12', (_name, tool) => {
    const validator = new AjvJsonSchemaValidator();
    for (const schema of [tool.inputSchema, tool.outputSchema ?? {}]) {
      // The validator's type names the keywords of JSON Schema; the protocol's says only that it is an object.
      expect(() => validator.getValidator(schema as JsonSchemaType)).not.toThrow();
    }
    expect(tool.name).toMatch(/^[a-z]+(?:_[a-z]+)+$/);
    expect(tool.name.length).toBeLessThanOrEqual(64);
  });

  it.each(tools.map((tool) => [tool.name, tool] as const))('%s stays in the subset of all hosts', (_name, tool) => {
    expect(tool.inputSchema.type).toBe('object');
    expect([...findForeign(tool.inputSchema, '')]).toEqual([]);
    expect([...findForeign(tool.outputSchema ?? {}, '')]).toEqual([]);
  });

  it('are told apart from what some hosts refuse', () => {
    expect(() => new AjvJsonSchemaValidator().getValidator({ type: 'object', required: 'a' } as never)).toThrow();
    const bad = {
      type: 'object',
      properties: {
        a: { anyOf: [{ type: 'string' }] },
        b: { type: ['string', 'null'] },
        c: { type: 'array' },
        d: { $ref: '#' },
        e: { type: 'string', enum: ['x', 1] },
      },
    };
    expect([...findForeign(bad, '')]).toEqual([
      '/properties/a: anyOf',
      '/properties/b: type',
      '/properties/c: array without items',
      '/properties/d: $ref',
      '/properties/e: enum',
    ]);
  });
});

/** Keywords that OpenAI's and Gemini's function calling understand alike. */
const commonKeywords = [
  'type',
  'properties',
  'required',
  'items',
  'enum',
  'description',
  'default',
  'minimum',
  'maximum',
  'additionalProperties',
];
const commonTypes = ['object', 'array', 'string', 'integer', 'number', 'boolean'];

function* findForeign(schema: unknown, at: string): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  const { type, properties = {}, items, enum: choices, ...rest } = schema as Record<string, unknown>;
  for (const keyword of Object.keys(rest)) {
    if (!commonKeywords.includes(keyword)) yield `${at}: ${keyword}`;
  }
  // A schema without a type takes any value; with one, it is one type.
  if (type !== undefined && !(typeof type === 'string' && commonTypes.includes(type))) yield `${at}: type`;
  if (type === 'array' && typeof items !== 'object') yield `${at}: array without items`;
  const isText = (choice: unknown) => typeof choice === 'string' && choice !== '';
  if (choices !== undefined && !(type === 'string' && Array.isArray(choices) && choices.every(isText))) {
    yield `${at}: enum`;
  }
  for (const [name, property] of Object.entries(properties as Record<string, unknown>)) {
    yield* findForeign(property, `${at}/properties/${name}`);
  }
  yield* findForeign(items, `${at}/items`);
}

describe('the budget of an answer that is asked for without more ado', () => {
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
  });

  const typical: readonly (readonly [string, (lots: readonly string[]) => Readonly<Record<string, unknown>>])[] = [
    ['get_context', () => ({})],
    ['get_context', () => ({ detail: 'capabilities' })],
    ['search_content', () => ({ query: 'admission' })],
    ['search_content', () => ({ kinds: ['page'] })],
    ['browse_tree', () => ({})],
    ['browse_tree', () => ({ direction: 'descendants', depth: 5 })],
    ['get_content', ([first]) => ({ items: [first] })],
    ['get_content', (lots) => ({ items: lots })],
    ['get_content', ([first]) => ({ items: [first], include: ['markdown', 'workflow', 'versions', 'references'] })],
    ['describe_schema', () => ({})],
    ['describe_schema', () => ({ schema: 'NewsArticle' })],
    ['compare_versions', ([first, second]) => ({ item: first, other_item: second })],
    ['list_work', () => ({ who: 'all' })],
    ['get_publish_status', () => ({})],
    ['get_publish_status', (lots) => ({ items: lots })],
    ['get_job', () => ({})],
  ];

  it.each(typical)('holds for %s %#', async (tool, inputFor) => {
    const found = await harness.run(searchContent, { schema: 'NewsArticle', limit: 10 });
    const ids = found.hits.map(({ id }) => id);
    expect(ids.length).toBe(10);
    const answer = await client.callTool(tool, inputFor(ids));
    expect(answer.isError, answer.text).toBe(false);
    expect(tokensOf(answer.text)).toBeLessThanOrEqual(4_000);
  });
});
