import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngeniux } from '../../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../../src/adapters/outbound/memory/cache.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import type { CmsConnector } from '../../../src/domain/ports/cms/gateway.ts';
import { createBareRuntime, type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { connectClient, type TestClient, type ToolResult } from '../../support/mcp-clients.ts';
import { type OperationFacts, type ParameterFacts, readFacts } from './facts.ts';
import { type RecordedRequest, type RecordingCms, startRecordingCms } from './recording-cms.ts';

/**
 * The proof that every operation of the API can be sent as the vendor describes it: a real MCP client calls each of them
 * through the gateway, over the real HTTP server, the real pipeline and the real driver, and a recording server holds
 * the bytes against the facts. What is expected is made here from the facts alone; the catalogue has no part in it.
 */
const facts = readFacts();
const executors = {
  read: 'call_read_operation',
  write: 'call_write_operation',
  admin: 'call_write_operation',
  destructive: 'call_destructive_operation',
} as const;

/** Characters that an encoder can get wrong: a slash, a space, separators of a query, letters beyond ASCII. */
const awkward = 'a/5 &=+#?%ü€';
const fileBytes = Buffer.from([0, 13, 10, 255, 45, 45, 128]);
const fileName = 'Tür "1".bin';

describe('every operation of the API, called over MCP', () => {
  let cms: RecordingCms;
  let connector: CmsConnector;
  let bench: McpBench;
  let client: TestClient;
  const proven = new Set<string>();

  beforeAll(async () => {
    cms = await startRecordingCms(
      new Set(facts.operations.filter(({ answer }) => answer === 'file').map(({ path }) => path)),
    );
    const clock = createClock();
    const cache = createMemoryCache({ maxSize: 100, clock });
    connector = createIngeniux({
      baseUrl: cms.siteRoot,
      clientId: 'recorder',
      clientSecret: 'a-long-secret',
      timeoutMs: 10_000,
      retriesMax: 0,
      cache,
      cacheTtlSeconds: 0,
      clock,
    });
    const bare = createBareRuntime(clock, 1_000_000);
    bench = await openMcpBench({
      tasks,
      runtime: {
        ...bare,
        connector,
        ports: { ...bare.ports, server: { ...bare.ports.server, cmsBaseUrl: cms.siteRoot, operationsAllow: ['*'] } },
      },
    });
    const gateway = new URL(`${bench.mcpUrl.href}/x/gateway`);
    client = await connectClient('v2 auto', gateway, (await bench.issue()).token);
  });

  afterAll(async () => {
    await client.close();
    await bench.close();
    await connector.close();
    await cms.close();
    expect(bench.problems).toEqual([]);
  });

  /** Calls through the executor of the effect; what is destructive is confirmed with the token that came first. */
  const call = async (operation: OperationFacts, input: Given): Promise<ToolResult> => {
    const executor = executors[operation.effect];
    const first = await client.callTool(executor, { operation: operation.id, ...input });
    if (operation.effect !== 'destructive') return first;
    expect(first.structured, `${operation.id} ${first.text}`).toMatchObject({ confirmation_required: true });
    expect(sentFor(operation, cms.taken()), 'nothing is sent before it is confirmed').toEqual([]);
    return client.callTool(executor, { operation: operation.id, ...input, confirm: first.structured?.['confirm'] });
  };

  it.each(facts.operations.map((operation) => [operation.id, operation] as const))('%s', async (id, operation) => {
    for (const input of [inFull(operation), atTheLeast(operation)]) {
      cms.taken();
      const result = await call(operation, input);
      expect(result.isError, `${id} ${result.text}`).toBe(false);
      const sent = sentFor(operation, cms.taken());
      expect(sent.length, `${id} is sent once`).toBe(1);
      const [request] = sent;
      if (request === undefined) throw new Error('nothing was sent');
      expect(`${request.method} ${request.target}`).toBe(`${operation.method} ${targetOf(operation, input)}`);
      expect(request.headers.authorization).toBe('Bearer the-token');
      expectBody(operation, input, request);
      if (operation.answer === 'file') {
        expect(result.structured).toMatchObject({
          file: { content_base64: Buffer.from([0, 255, 1, 254]).toString('base64') },
        });
      }
    }
    proven.add(id);
  });

  it('are 396 of 396', () => {
    expect(facts.operations.length).toBe(396);
    expect(proven.size).toBe(396);
  });
});

interface Given {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** Every parameter and every property of the body has a value. */
function inFull(operation: OperationFacts): Given {
  const files = operation.takesFile === true ? [['file', aFile] as const] : [];
  return {
    parameters: Object.fromEntries([
      ...operation.parameters.map((one) => [one.name, argumentOf(one)] as const),
      ...files,
    ]),
    ...(operation.body === undefined ? {} : { body: bodyOf(operation.body, 0) }),
  };
}

/** Only what is required, and of that nothing where it may be nothing: the key has to travel all the same. */
function atTheLeast(operation: OperationFacts): Given {
  const full = inFull(operation);
  const parameters = operation.parameters
    .filter(({ required }) => required)
    .map((one) => [one.name, one.nullable === true ? null : argumentOf(one)] as const);
  const files = operation.takesFile === true ? [['file', aFile] as const] : [];
  return {
    parameters: Object.fromEntries([...parameters, ...files]),
    ...(operation.body === undefined ? {} : { body: operation.body.endsWith('[]') ? [] : full.body }),
  };
}

const aFile = { file_name: fileName, content_base64: fileBytes.toString('base64') };

function argumentOf({ type }: ParameterFacts): unknown {
  if (type === 'file') return aFile;
  if (type.endsWith('[]')) {
    const values = facts.models[type.slice(0, -2)]?.values;
    return values === undefined ? [awkward, 'a/6'] : values.slice(0, 2);
  }
  return scalarOf(type);
}

function scalarOf(type: string): unknown {
  switch (type) {
    case 'integer':
      return 7;
    case 'number':
      return 7.5;
    case 'boolean':
      return true;
    case 'date-time':
      return '2026-03-01T09:00:00';
    case 'string':
      return awkward;
    default:
      return facts.models[type]?.values?.[0];
  }
}

/** As deep as the models of the API nest without repeating themselves, more or less. */
const depthMax = 4;

function bodyOf(type: string, depth: number): unknown {
  if (type.endsWith('[]')) return depth > depthMax ? [] : [bodyOf(type.slice(0, -2), depth + 1)];
  if (type.endsWith('{}')) return { [awkward]: bodyOf(type.slice(0, -2), depth + 1) };
  if (type === 'any') return { any: awkward };
  const model = facts.models[type];
  if (model === undefined || model.values !== undefined) return scalarOf(type);
  if (depth > depthMax) return null;
  return Object.fromEntries(
    Object.entries(propertiesOf(type)).map(([name, inner]) => [name, bodyOf(inner, depth + 1)]),
  );
}

function propertiesOf(type: string): Readonly<Record<string, string>> {
  const { base, properties = {} } = facts.models[type] ?? {};
  return base === undefined ? properties : { ...propertiesOf(base), ...properties };
}

/** The requests of this operation; beside them only reads may be made, to tell what a change would touch. */
function sentFor(operation: OperationFacts, requests: readonly RecordedRequest[]): readonly RecordedRequest[] {
  const path = new RegExp(`^/cxp4/api/v1${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`);
  const isIts = ({ method, target }: RecordedRequest) =>
    method === operation.method && path.test(target.split('?')[0] ?? '');
  const isFreeze = ({ target }: RecordedRequest) => target === '/cxp4/api/v1/notifications/contentfreeze';
  const others = requests.filter((request) => !isIts(request) && !isFreeze(request));
  expect(others.map(({ method }) => method).filter((method) => method !== 'GET')).toEqual([]);
  return requests.filter(isIts);
}

function targetOf(operation: OperationFacts, { parameters }: Given): string {
  let path = operation.path;
  const query: string[] = [];
  for (const { name, in: place, required } of operation.parameters) {
    const value = parameters[name];
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(String(value)));
    if (place !== 'query' || (!required && (value === undefined || value === null))) continue;
    const values = Array.isArray(value) ? value : [value ?? ''];
    query.push(...values.map((one) => `${name}=${encodeURIComponent(String(one))}`));
  }
  return `/cxp4/api/v1${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

function expectBody(operation: OperationFacts, input: Given, { headers, body }: RecordedRequest): void {
  const form = operation.parameters.filter(({ in: place }) => place === 'formData').map(({ name }) => name);
  if (operation.takesFile === true) form.push('file');
  if (form.length > 0) {
    expectForm(form, input, headers['content-type'] ?? '', body);
  } else if (operation.body === undefined) {
    expect(body.length).toBe(0);
    expect(headers['content-type']).toBeUndefined();
  } else {
    expect(body.toString('utf8')).toBe(JSON.stringify(input.body));
    expect(headers['content-type']).toMatch(/^application\/json\b/);
  }
}

function expectForm(names: readonly string[], { parameters }: Given, contentType: string, body: Buffer): void {
  const boundary = /^multipart\/form-data; boundary=([\w-]+)$/.exec(contentType)?.[1];
  expect(boundary, contentType).toBeDefined();
  const parts = names
    .filter((name) => parameters[name] !== undefined)
    .map((name) => {
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`;
      const value = parameters[name];
      return value === aFile
        ? [
            Buffer.from(`${head}; filename="Tür %221%22.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`),
            fileBytes,
            Buffer.from('\r\n'),
          ]
        : [Buffer.from(`${head}\r\n\r\n${String(value)}\r\n`)];
    });
  expect(body).toEqual(Buffer.concat([...parts.flat(), Buffer.from(`--${boundary}--\r\n`)]));
}
