import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allOperations,
  entryType,
  isModel,
  membersOf,
  type Operation,
  propertiesOf,
} from '../../../sandbox/contract/contract.ts';
import { zeroOf } from '../../../sandbox/contract/shape.ts';
import { routesWithRules, routeTable } from '../../../sandbox/route-table.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/server.ts';
import { type ApiClient, type CallOptions, signIn } from './support/api-client.ts';

// One sandbox for the whole table: 396 starts would take longer than the calls.
let sandbox: Sandbox;
let admin: ApiClient;
let editor: ApiClient;

beforeAll(async () => {
  sandbox = await startSandbox();
  admin = await signIn(sandbox, 'admin');
  editor = await signIn(sandbox, 'editor');
});

afterAll(() => sandbox.close());

const operations = allOperations();
const routes = routeTable();
const withRules = new Set(routesWithRules().map((route) => route.operationId));
const byShape = operations.filter((operation) => !withRules.has(operation.operationId));

describe('the table of the contract', () => {
  it('has 396 operations, each with one route of the same method and path', () => {
    expect(operations).toHaveLength(396);
    const addresses = (list: { operationId: string; method: string; path: string }[]) =>
      list.map(({ operationId, method, path }) => `${operationId} ${method} ${path}`).toSorted();
    expect(addresses(routes)).toEqual(addresses(operations));
  });

  it('names the query keys of every route as the contract does', () => {
    for (const operation of operations) {
      const route = routes.find(({ operationId }) => operationId === operation.operationId);
      const wanted = operation.parameters.filter((parameter) => parameter.in === 'query');
      expect(Object.keys(route?.query ?? {}).toSorted(), operation.operationId).toEqual(
        wanted.map(({ name }) => name).toSorted(),
      );
    }
  });

  it('knows every type it names', () => {
    const types = operations.flatMap(({ answer, parameters }) => [answer, ...parameters.map(({ type }) => type)]);
    for (const type of types) expect(isKnown(type), type).toBe(true);
  });
});

describe.each(operations.map((operation) => [operation.operationId, operation] as const))('%s', (_, operation) => {
  it('answers a well-formed call of an administrator', async () => {
    const answer = await admin.call(operation.method, pathOf(operation), validCall(operation));
    expect([404, 405, 501], answer.text).not.toContain(answer.status);
    // A rule may refuse an invented id, but the sandbox itself must not stumble.
    expect(answer.text).not.toContain('The sandbox itself failed');
  });

  it('refuses a missing required key and a method nobody has', async () => {
    const required = operation.parameters.find((parameter) => parameter.in === 'query' && parameter.required);
    if (required) {
      const { query: { [required.name]: _left, ...query } = {}, ...rest } = validCall(operation);
      expect((await admin.call(operation.method, pathOf(operation), { ...rest, query })).status).toBe(404);
    }
    const methods = operations.filter(({ path }) => path === operation.path).map(({ method }) => method);
    const free = ['PATCH', 'DELETE', 'PUT', 'POST', 'GET'].find((method) => !methods.includes(method));
    if (free) expect((await admin.call(free, pathOf(operation), validCall(operation))).status).toBe(405);
  });
});

const withBody = operations.filter((operation) => bodyOf(operation));

describe('bodies', () => {
  it.each(withBody.map((operation) => [operation.operationId, operation] as const))(
    '%s refuses the wrong kind of body',
    async (_, operation) => {
      const body = entryType(bodyOf(operation)?.type ?? '') === null ? [] : {};
      const answer = await admin.call(operation.method, pathOf(operation), { ...validCall(operation), body });
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ Message: 'The request is invalid.', ModelState: expect.any(Object) });
    },
  );

  it('refuses a replication target without its required texts, and a number that is none', async () => {
    const path = '/publishing/replication/target';
    expect((await admin.call('POST', path, { body: { Name: 'Web' } })).json).toMatchObject({
      ModelState: { 'replicationTarget.PublishingTargetId': ['The PublishingTargetId field is required.'] },
    });
    const body = { Name: 'Web', PublishingTargetId: 'PublishingTargets/1', Port: 'many' };
    expect((await admin.call('POST', path, { body })).status).toBe(400);
  });
});

describe('the admin right', () => {
  const closed = operations.filter(({ access }) => access === 'admin' || access === 'admin-read');

  it.each(closed.map((operation) => [operation.operationId, operation] as const))(
    '%s refuses an editor',
    async (_, operation) => {
      const answer = await editor.call(operation.method, pathOf(operation), validCall(operation));
      expect(answer.status, answer.text).toBe(500);
      expect(answer.json).toMatchObject({ ExceptionType: 'System.Security.SecurityException' });
    },
  );
});

describe('answers by shape', () => {
  it('are told apart from the others in the README, by number', async () => {
    const readme = await readFile(new URL('../../../sandbox/README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`${withRules.size} of them work on a state`);
    expect(readme).toContain(`The other ${byShape.length} operations`);
  });

  it.each(byShape.map((operation) => [operation.operationId, operation] as const))(
    '%s has exactly the properties of its model',
    async (_, operation) => {
      const answer = await admin.call(operation.method, pathOf(operation), validCall(operation));
      if (operation.answer === '-') return expect([answer.status, answer.text]).toEqual([204, '']);
      expect(answer.status, answer.text).toBe(200);
      if (operation.answer === 'file') {
        return expect(answer.headers['content-type']).toMatch(/^(text\/|image\/|application\/zip)/);
      }
      expect(misfits(operation.answer, answer.json, 'answer')).toEqual([]);
    },
  );
});

function bodyOf(operation: Operation) {
  return operation.parameters.find((parameter) => parameter.in === 'body');
}

function pathOf(operation: Operation): string {
  return operation.path.replace('{sessionId}', '00000000-0000-0000-0000-000000000000');
}

/** Every required key with a value of its type, and a body of the declared kind. */
function validCall(operation: Operation): CallOptions {
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map(({ name, type }) => [name, String(membersOf(type)?.[0] ?? zeroOf(type))]);
  const body = bodyOf(operation);
  return {
    query: Object.fromEntries(query),
    ...(body ? { body: entryType(body.type) === null ? requiredTexts(body.type) : [] } : {}),
  };
}

function requiredTexts(model: string): Record<string, string> {
  const required = propertiesOf(model).filter(({ type, nonNull }) => nonNull && type === 'string');
  return Object.fromEntries(required.map(({ name }) => [name, 'sample']));
}

const PLAIN = ['string', 'bool', 'int', 'long', 'number', 'date', 'guid', 'file', 'any', '-'];

function isKnown(type: string): boolean {
  const bare = entryType(type) ?? type;
  return PLAIN.includes(bare) || bare.startsWith('map<') || isModel(bare) || membersOf(bare) !== null;
}

/** Where a value does not fit its declared type; empty when all of it does. */
function misfits(type: string, value: unknown, path: string): string[] {
  const entry = entryType(type);
  if (entry !== null) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, index) => misfits(entry, item, `${path}[${index}]`));
  }
  if (isModel(type)) {
    if (typeof value !== 'object' || value === null) return [`${path} is no ${type}`];
    const properties = propertiesOf(type);
    const given = new Map<string, unknown>(Object.entries(value));
    const names = new Set([...given.keys(), ...properties.map(({ name }) => name)]);
    return [...names].flatMap((name) => {
      const property = properties.find((candidate) => candidate.name === name);
      if (!property || !given.has(name)) return [`${path}.${name} is ${property ? 'missing' : 'unknown'}`];
      const item = given.get(name);
      if (item === null) return property.nonNull ? [`${path}.${name} is null`] : [];
      return misfits(property.type, item, `${path}.${name}`);
    });
  }
  const members = membersOf(type);
  if (members) return members.includes(String(value)) ? [] : [`${path} is no ${type}`];
  return typeof value === typeof zeroOf(type) || type === 'any' ? [] : [`${path} is no ${type}`];
}
