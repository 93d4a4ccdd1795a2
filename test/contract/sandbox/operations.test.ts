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
import { readFacts } from '../../integration/wire/facts.ts';
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

/** Operations that take a file; of most of them the vendor's description is silent. */
const takesFile = new Set(
  readFacts()
    .operations.filter((fact) => fact.takesFile || fact.parameters.some(({ type }) => type === 'file'))
    .map(({ id }) => id),
);

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
  it('answers a well-formed call of an administrator with its model', async () => {
    const answer = await admin.call(operation.method, pathOf(operation), validCall(operation));
    // A rule may refuse an invented id, but the sandbox itself must not stumble.
    expect(answer.text).not.toContain('The sandbox itself failed');
    const isRefused = withRules.has(operation.operationId) && [400, 401, 415, 500].includes(answer.status);
    if (isRefused) return;
    if (operation.answer === '-') return expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.status, answer.text).toBe(200);
    if (operation.answer === 'file') {
      return expect(answer.headers['content-type']).toMatch(/^(text\/|image\/|application\/(zip|json))/);
    }
    // What is not there is null; only an answer by shape always has something to show.
    if (answer.json === null && withRules.has(operation.operationId)) return;
    expect(misfits(operation.answer, answer.json, 'answer')).toEqual([]);
  });

  it.each(wrongCalls(operation))('refuses $name with $status', async ({ method, options, status }) => {
    const answer = await admin.call(method, pathOf(operation), options);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.json).toMatchObject({ Message: expect.any(String) });
  });
});

describe('bodies', () => {
  it('are refused with the place and the reason', async () => {
    const path = '/publishing/replication/target';
    expect((await admin.call('POST', path, { body: { Name: 'Web' } })).json).toMatchObject({
      ModelState: { 'replicationTarget.PublishingTargetId': ['The PublishingTargetId field is required.'] },
    });
    const body = { Name: 'Web', PublishingTargetId: 'PublishingTargets/1', Port: 'many' };
    expect((await admin.call('POST', path, { body })).json).toMatchObject({
      Message: 'The request is invalid.',
      ModelState: { 'replicationTarget.Port': [expect.stringContaining('System.Int32')] },
    });
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

/** Calls that each break one thing of a well-formed one, and how the framework answers them (contract §2, §5). */
function wrongCalls(operation: Operation) {
  const { method, path } = operation;
  const right = validCall(operation);
  const known = operations.filter((other) => other.path === path).map((other) => other.method);
  const free = ['PATCH', 'DELETE', 'PUT', 'POST', 'GET'].find((candidate) => !known.includes(candidate));
  const keys = operation.parameters.filter((parameter) => parameter.in === 'query');
  const body = bodyOf(operation);
  const { body: _body, ...withoutBody } = right;
  const otherKind = entryType(body?.type ?? '') === null ? [] : {};
  const without = (name: string) => Object.entries(right.query ?? {}).filter(([key]) => key !== name);
  return [
    ...(free === undefined ? [] : [{ name: `the method ${free}`, method: free, options: right, status: 405 }]),
    { name: 'no token', method, options: { ...right, token: null }, status: isAnonymous(operation) ? 0 : 401 },
    ...keys
      .filter(({ required }) => required)
      .map(({ name }) => ({
        name: `a call without the key ${name}`,
        method,
        options: { ...right, query: Object.fromEntries(without(name)) },
        status: 404,
      })),
    ...keys
      .filter(({ type }) => ['int', 'bool'].includes(type) || membersOf(entryType(type) ?? type) !== null)
      .map(({ name }) => ({
        name: `a word for ${name}`,
        method,
        options: { ...right, query: { ...right.query, [name]: 'neither' } },
        status: 400,
      })),
    ...(body === undefined
      ? []
      : [
          { name: 'the other kind of body', method, options: { ...right, body: otherKind }, status: 400 },
          { name: 'a body that is no JSON', method, options: { ...withoutBody, rawBody: '{' }, status: 400 },
          { name: 'no body', method, options: withoutBody, status: 500 },
        ]),
    ...(takesFile.has(operation.operationId) && withRules.has(operation.operationId)
      ? [{ name: 'a file that is no part of a form', method, options: { ...right, rawBody: 'file' }, status: 415 }]
      : []),
  ].filter(({ status }) => status > 0);
}

function isAnonymous({ operationId }: Operation): boolean {
  return routes.some((route) => route.operationId === operationId && route.anonymous === true);
}

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
