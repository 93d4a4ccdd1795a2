import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { type OperationFacts, type ParameterFacts, readFacts } from '../../integration/wire/facts.ts';
import { ownSandbox } from './support/sandboxes.ts';

type Schema = {
  type?: string;
  format?: string;
  $ref?: string;
  items?: Schema;
  enum?: string[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
};
type Parameter = Schema & { name: string; in: string; required: boolean; schema?: Schema };
type Operation = { operationId: string; parameters: Parameter[]; responses: Record<string, { schema?: Schema }> };
type Document = {
  paths: Record<string, Record<string, Operation>>;
  definitions: Record<string, Schema>;
  securityDefinitions: { JWT: { tokenUrl: string } };
};

/** Names of all models of the vendor's description, with the number of their own properties or members. */
const modelFacts: Record<string, number> = JSON.parse(
  readFileSync(new URL('support/model-facts.json', import.meta.url), 'utf8'),
);
const facts = readFacts();

async function readDocument(): Promise<Document> {
  return readFrom(`${(await ownSandbox()).siteRoot}/swagger/v1/swagger.json`);
}

async function readFrom(address: string): Promise<Document> {
  // Its shape is what the validator proves.
  return (await (await fetch(address)).json()) as Document;
}

describe('the Swagger document', () => {
  it.each(['/cxp4', ''])('is valid Swagger 2.0 where the CMS is mounted at "%s"', async (mount) => {
    const { siteRoot } = await ownSandbox({ mount });
    const address = `${siteRoot}/swagger/v1/swagger.json`;
    const document = await readFrom(address);
    expect(document).toMatchObject({ swagger: '2.0', info: { version: '10.6.378' }, basePath: mount || '/' });
    // The vendor's document names the token endpoint relative to the folder of its viewer; the specification wants it whole.
    const { JWT } = document.securityDefinitions;
    JWT.tokenUrl = new URL(JWT.tokenUrl, `${siteRoot}/swagger/`).href;
    expect(JWT.tokenUrl).toBe(`${siteRoot}/oauth/token`);
    const verdict = await new Validator().validate(document);
    expect(verdict.valid ? [] : verdict.errors).toEqual([]);
  });

  it('has the 344 paths, 396 operations and 429 models of the facts', async () => {
    const document = await readDocument();
    const operations = operationsOf(document);
    expect(Object.keys(document.paths)).toHaveLength(344);
    expect(operations).toHaveLength(396);
    expect(operations.map(([address]) => address).toSorted()).toEqual(
      facts.operations.map(({ id, method, path }) => `${id} ${method} /api/v1${path}`).toSorted(),
    );
    expect(Object.keys(modelFacts)).toHaveLength(429);
    const sizes = Object.entries(document.definitions).map(([name, model]) => [name, sizeOf(model)]);
    expect(Object.fromEntries(sizes)).toEqual(modelFacts);
  });

  it('has each key, body and answer as the facts do', async () => {
    const described = new Map(
      operationsOf(await readDocument()).map(([, operation]) => [operation.operationId, operation]),
    );
    for (const fact of facts.operations) {
      const operation = described.get(fact.id);
      const { keys, body } = split(operation?.parameters ?? []);
      expect(keys, fact.id).toEqual(fact.parameters.map(keyOf).toSorted());
      expect(body, fact.id).toBe(fact.body);
      expect(answerOf(operation), fact.id).toBe(answerIn(fact));
    }
  });

  it('refers to nothing that it does not define', async () => {
    const document = await readDocument();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(references.length).toBeGreaterThan(500);
    expect(references.filter((name) => name === undefined || !(name in document.definitions))).toEqual([]);
  });
});

function operationsOf(document: Document): [string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${operation.operationId} ${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

function sizeOf(model: Schema): number {
  const own = model.allOf?.at(-1) ?? model;
  return own.enum?.length ?? Object.keys(own.properties ?? {}).length;
}

function split(parameters: Parameter[]) {
  const body = parameters.find((parameter) => parameter.in === 'body');
  const keys = parameters
    .filter((parameter) => parameter.in !== 'body')
    .map((parameter) => `${parameter.in} ${parameter.name} ${typeOf(parameter)}${parameter.required ? '!' : ''}`);
  return { keys: keys.toSorted(), body: body?.schema && typeOf(body.schema) };
}

function keyOf({ in: place, name, type, required }: ParameterFacts): string {
  return `${place} ${name} ${enumerations[type] ?? type}${required ? '!' : ''}`;
}

/** Keys spell an enumeration out. */
const enumerations: Record<string, string> = {
  PaginatedSortOrder: 'NONE|ASCENDING|DESCENDING',
  SchemaUsageType: 'ContentItems|Embedded|ContentUnits',
  EnumCopyActions: 'IGX_MAKE_CHILD|IGX_INSERT_BEFORE|IGX_INSERT_AFTER',
  PublishingTargetOrder: 'Id|Name|LastPublishedDate',
  'ContentItemTypes[]': 'Page|Asset|AssetFolder|ContentAlias|Other[]',
};

function typeOf(schema: Schema): string {
  if (schema.items) return `${typeOf(schema.items)}[]`;
  if (schema.enum) return schema.enum.join('|');
  if (schema.$ref) return schema.$ref.replace('#/definitions/', '');
  return schema.format === 'date-time' ? schema.format : (schema.type ?? 'any');
}

function answerOf(operation: Operation | undefined): string {
  if (operation && '204' in operation.responses) return '-';
  const schema = operation?.responses['200']?.schema;
  return schema ? typeOf(schema) : '';
}

function answerIn({ answer }: OperationFacts): string {
  return answer === 'nothing' ? '-' : answer;
}
