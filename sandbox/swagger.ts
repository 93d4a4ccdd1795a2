import {
  allOperations,
  type ContractParameter,
  definitionOf,
  entryType,
  enumerationNames,
  isModel,
  membersOf,
  modelNames,
  type Operation,
} from './contract/contract.ts';
import { productVersion } from './routes/dashboard.ts';

/** What the CMS tells of its own API, and to whom. */
export type ApiDescription = {
  /** `none` = the document is not served; `token` = only to who has an access token. */
  access: 'open' | 'token' | 'none';
  version: string;
  /** Operations that it leaves out, as an older CMS would. */
  without: string[];
};

export const defaultApiDescription: ApiDescription = { access: 'open', version: productVersion, without: [] };

/** A schema object of Swagger 2.0. */
type Schema = Record<string, unknown>;

/** The contract's tables as a Swagger 2.0 document: every operation with its keys, body and answer, and every model. */
export function swaggerDocument(mount: string, { version, without }: ApiDescription) {
  const operations = allOperations().filter(({ operationId }) => !without.includes(operationId));
  const paths: Record<string, Record<string, Schema>> = {};
  for (const operation of operations) {
    const path = `/api/v1${operation.path}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(operation) };
  }
  const names = [...modelNames(), ...enumerationNames()].toSorted();
  return {
    swagger: '2.0',
    info: {
      title: 'Ingeniux CMS REST WebAPI (sandbox)',
      description: 'What the sandbox CMS serves, written from its own tables.',
      version,
    },
    basePath: mount === '' ? '/' : mount,
    consumes: ['application/json'],
    produces: ['application/json'],
    tags: [...new Set(operations.map(tagOf))].map((name) => ({ name })),
    securityDefinitions: {
      JWT: { type: 'oauth2', flow: 'password', tokenUrl: '../oauth/token', scopes: {} },
    },
    security: [{ JWT: [] }],
    paths,
    definitions: Object.fromEntries(names.map((name) => [name, describeModel(name)])),
  };
}

function tagOf({ operationId }: Operation): string {
  return operationId.split('_')[0] ?? '';
}

function describeOperation(operation: Operation): Schema {
  const { operationId, access, answer, parameters } = operation;
  const isForm = parameters.some((parameter) => parameter.in === 'formData');
  const done =
    answer === '-'
      ? { 204: { description: 'Done; nothing to tell.' } }
      : { 200: { description: 'The answer, also where the CMS has nothing to give.', schema: describeType(answer) } };
  return {
    tags: [tagOf(operation)],
    summary: inWords(operationId),
    ...(access.startsWith('admin') ? { description: 'For administrators.' } : {}),
    operationId,
    ...(isForm ? { consumes: ['multipart/form-data'] } : {}),
    ...(answer === 'file' ? { produces: ['application/octet-stream'] } : {}),
    parameters: parameters.map(describeParameter),
    responses: {
      ...done,
      500: { description: 'A refusal of the rules.', schema: describeType('Exception') },
    },
  };
}

/** `Pages_GetPageHistory` becomes `Get page history`. */
function inWords(operationId: string): string {
  const words = operationId.slice(operationId.indexOf('_') + 1).replace(/([a-z\d])([A-Z])/g, '$1 $2');
  return words.charAt(0) + words.slice(1).replace(/\b[A-Z](?![A-Z])/g, (letter) => letter.toLowerCase());
}

function describeParameter({ name, in: place, type, required, fallback }: ContractParameter): Schema {
  if (place === 'body') return { name, in: place, required, schema: describeType(type) };
  const described = describeKey(type);
  return {
    name,
    in: place,
    required,
    ...described,
    ...(fallback === null || fallback === '' ? {} : { default: defaultOf(described, fallback) }),
  };
}

/** A key knows no references, so that an enumeration is spelled out. */
function describeKey(type: string): Schema {
  const entry = entryType(type);
  if (entry !== null) return { type: 'array', items: describeKey(entry), collectionFormat: 'multi' };
  const members = membersOf(type);
  return members === null ? describeType(type) : { type: 'string', enum: members };
}

function defaultOf(described: Schema, fallback: string): unknown {
  if (described['type'] === 'integer') return Number(fallback);
  return described['type'] === 'boolean' ? fallback === 'true' : fallback;
}

const PLAIN_TYPES: Record<string, Schema> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int: { type: 'integer', format: 'int32' },
  long: { type: 'integer', format: 'int64' },
  number: { type: 'number', format: 'double' },
  date: { type: 'string', format: 'date-time' },
  guid: { type: 'string', format: 'guid' },
  file: { type: 'file' },
  any: {},
};

/** @throws Error for a type that the tables do not explain. */
function describeType(type: string): Schema {
  const entry = entryType(type);
  if (entry !== null) return { type: 'array', items: describeType(entry) };
  const mapped = /^map<(.+)>$/.exec(type)?.[1];
  if (mapped !== undefined) return { type: 'object', additionalProperties: describeType(mapped) };
  if (isModel(type) || membersOf(type) !== null) return { $ref: `#/definitions/${type}` };
  const plain = PLAIN_TYPES[type];
  if (plain === undefined) throw new Error(`Swagger has no word for the type ${type}.`);
  return plain;
}

/** A model's own properties; those of its base come by reference. */
function describeModel(name: string): Schema {
  const members = membersOf(name);
  if (members !== null) return { type: 'string', enum: members };
  const { base, properties } = definitionOf(name);
  const required = properties.filter(({ nonNull }) => nonNull).map((property) => property.name);
  const own: Schema = {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties.map((property) => [property.name, describeProperty(property.type)])),
  };
  return base === null ? own : { allOf: [{ $ref: `#/definitions/${base}` }, own] };
}

/** Inside of a model a file is its bytes. */
function describeProperty(type: string): Schema {
  return type === 'file' ? { type: 'string', format: 'byte' } : describeType(type);
}
