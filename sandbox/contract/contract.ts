import { modelTable } from './model-table.ts';
import { operationTable } from './operation-table.ts';

/** Who may call an operation, and whether it changes anything. `admin` and `admin-read` ask for the admin right. */
export type Access = 'read' | 'write' | 'admin' | 'admin-read';

export type ContractParameter = {
  name: string;
  in: 'query' | 'body' | 'formData' | 'path';
  type: string;
  required: boolean;
  fallback: string | null;
};

/** One operation of the contract, as the tables state it. */
export type Operation = {
  operationId: string;
  method: string;
  /** Relative to `{siteRoot}/api/v1`. */
  path: string;
  access: Access;
  /** A type of the tables: `bool`, `string`, `file`, `PageModel`, `PageModel[]`; `-` = nothing. */
  answer: string;
  parameters: ContractParameter[];
};

/** A model as it goes over the wire. */
export type WireModel = Record<string, unknown>;

export type ModelProperty = { name: string; type: string; nonNull: boolean };

/** A model as its own line has it. */
export type ModelDefinition = { base: string | null; properties: ModelProperty[] };

const PLACES: Record<string, ContractParameter['in']> = { '@': 'body', '#': 'formData', '%': 'path' };
const operations = new Map(parseOperations().map((operation) => [operation.operationId, operation]));
const { models, enumerations } = parseModels();

/** Every operation in the order of the contract. */
export function allOperations(): Operation[] {
  return [...operations.values()];
}

/** @throws Error for an id the contract does not have. */
export function operationOf(operationId: string): Operation {
  const operation = operations.get(operationId);
  if (!operation) throw new Error(`The contract has no operation ${operationId}.`);
  return operation;
}

/** Names of all models that are no enumerations. */
export function modelNames(): string[] {
  return [...models.keys()];
}

export function isModel(type: string): boolean {
  return models.has(type);
}

/** The members of an enumeration in the order of their numbers, or null for every other type. */
export function membersOf(type: string): string[] | null {
  return enumerations.get(type) ?? null;
}

/** Names of all enumerations. */
export function enumerationNames(): string[] {
  return [...enumerations.keys()];
}

/** A model's base and its own properties. @throws Error for an unknown model. */
export function definitionOf(model: string): ModelDefinition {
  const definition = models.get(model);
  if (!definition) throw new Error(`The contract has no model ${model}.`);
  return definition;
}

/** A model's properties with those of its bases, base first. @throws Error for an unknown model. */
export function propertiesOf(model: string): ModelProperty[] {
  const definition = definitionOf(model);
  const inherited = definition.base === null ? [] : propertiesOf(definition.base);
  const byName = new Map([...inherited, ...definition.properties].map((property) => [property.name, property]));
  return [...byName.values()];
}

/** The type of one entry of `X[]`, or null for everything that is no list. */
export function entryType(type: string): string | null {
  return type.endsWith('[]') ? type.slice(0, -2) : null;
}

function parseOperations(): Operation[] {
  return rows(operationTable).map((row) => {
    const [operationId = '', method = '', path = '', access = '', answer = '', ...parameters] = row.split(' ');
    return {
      operationId,
      method,
      path,
      // The table holds nothing but the four words of `Access`; a test of the whole table would fail first.
      access: access as Access,
      answer,
      parameters: parameters.map(parseParameter),
    };
  });
}

function parseParameter(text: string): ContractParameter {
  const match = /^([@#%]?)(\w+):([^!=]+)(!?)(?:=(.*))?$/.exec(text);
  if (!match) throw new Error(`Not a parameter: ${text}`);
  const [, sign = '', name = '', type = '', required, fallback] = match;
  return { name, in: PLACES[sign] ?? 'query', type, required: required === '!', fallback: fallback ?? null };
}

function parseModels() {
  const models = new Map<string, ModelDefinition>();
  const enumerations = new Map<string, string[]>();
  for (const row of rows(modelTable)) {
    const enumeration = /^(\w+)=(.*)$/.exec(row);
    if (enumeration) {
      enumerations.set(enumeration[1] ?? '', (enumeration[2] ?? '').split('|'));
      continue;
    }
    const [head = '', ...properties] = row.split(' ');
    const [name = '', base = null] = head.split('<');
    models.set(name, {
      base,
      properties: properties.map((property) => {
        const at = property.indexOf(':');
        const type = property.slice(at + 1);
        return { name: property.slice(0, at), type: type.replace(/!$/, ''), nonNull: type.endsWith('!') };
      }),
    });
  }
  return { models, enumerations };
}

function rows(table: string): string[] {
  return table.trim().split('\n');
}
