import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { models } from '../../../../src/adapters/outbound/ingeniux/catalogue/models/index.ts';
import { createOperationCatalogue } from '../../../../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import { tasks } from '../../../../src/application/tasks/index.ts';
import type { OperationDescription, OperationParameter } from '../../../../src/domain/model/operation.ts';

const catalogue = createOperationCatalogue();
const operations = catalogue.all();
/** What the vendor's description declares; the files of some uploads are known from its texts only. */
const declared = ({ parameters }: OperationDescription) => parameters.filter(({ undeclared }) => undeclared !== true);
const count = (fits: (operation: OperationDescription) => boolean) => operations.filter(fits).length;
const sha256 = (lines: readonly string[]) =>
  createHash('sha256')
    .update([...lines].sort(byCodePoint).join('\n'))
    .digest('hex');
const byCodePoint = (one: string, other: string) => (one < other ? -1 : 1);

describe('the catalogue of operations', () => {
  it('counts as the vendor counts', () => {
    expect(operations.length).toBe(396);
    expect(new Set(operations.map(({ id }) => id)).size).toBe(396);
    expect(new Set(operations.map(({ tag }) => tag)).size).toBe(29);
    const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'].map((method) => count((one) => one.method === method));
    expect(methods).toEqual([232, 89, 35, 26, 14]);
    const places = ['query', 'form', 'path'].map(
      (place) => operations.flatMap(declared).filter((parameter) => parameter.place === place).length,
    );
    expect(places).toEqual([573, 14, 3]);
    expect(count(({ body }) => body !== undefined)).toBe(100);
    expect(count((one) => one.parameters.length > declared(one).length)).toBe(8);
  });

  it('tells what each does as it was classified', () => {
    const effects = ['read', 'write', 'destructive', 'admin'].map((effect) => count((one) => one.effect === effect));
    expect(effects).toEqual([251, 50, 23, 72]);
    expect(count(({ sensitive }) => sensitive)).toBe(20);
    expect(count(({ adminOnly }) => adminOnly)).toBe(72 + 15);
    expect(count(({ idempotent }) => idempotent)).toBe(340);
    expect(count(({ slow }) => slow)).toBe(88);
    expect(count(({ answer }) => answer === 'file')).toBe(20);
  });

  /**
   * The digest was computed from the vendor's description and our classification of it, not from the catalogue: one line
   * per operation, `id|tag|METHOD path|parameters|body|answer|effect|flags`, sorted. A parameter is
   * `name:place:type:required or optional:values`, in the order of the description. Whoever changes an operation on
   * purpose computes it anew from the facts.
   */
  it('holds the facts of the vendor, to the letter', () => {
    expect(sha256(operations.map(lineOf))).toBe('2d78efd4cecb030dddfb0570a32b55467527d2bb93591151d3a37270156b6c0c');
  });

  it('holds the models of the vendor, to the letter', () => {
    const lines = [...models].map(([name, model]) =>
      'values' in model
        ? `${name}=${model.values.join(',')}`
        : `${name}<${model.extends ?? ''}>${Object.entries(model.properties)
            .map(([property, type]) => `${property}:${type}`)
            .join(',')}`,
    );
    expect(lines.length).toBe(429);
    expect(sha256(lines)).toBe('feffec2876d38bc4767e4299a437808196ed65c65fdcd10ba400307bd134766c');
  });

  it('names no type that it does not describe', () => {
    const named = [
      ...operations.flatMap(({ body, answer, parameters }) => [
        ...(body === undefined ? [] : [body]),
        answer,
        ...parameters.map(({ type }) => type),
      ]),
      ...[...models.keys()].flatMap((name) => {
        const model = catalogue.model(name);
        return [...Object.values(model?.properties ?? {}), ...(model?.extends === undefined ? [] : [model.extends])];
      }),
    ].map((type) => type.replace(/(?:\[\]|\{\})+$/, ''));
    const scalars = ['string', 'integer', 'number', 'boolean', 'date-time', 'file', 'nothing', 'any'];
    expect([...new Set(named)].filter((type) => !scalars.includes(type) && !models.has(type))).toEqual([]);
  });

  it('requires of a request what the contract says, and nothing that has a value by itself', () => {
    const required = [...models].flatMap(([name, model]) =>
      'values' in model ? [] : (model.required ?? []).map((property) => `${name}.${property}`),
    );
    expect(required.sort()).toEqual(requiredTexts);
  });

  it('finds by the exact id, and nothing else', () => {
    expect(catalogue.find('Pages_GetPage')?.path).toBe('/pages/page');
    expect(catalogue.find('pages_getpage')).toBeUndefined();
    expect(catalogue.find('constructor')).toBeUndefined();
    expect(catalogue.model('EnumCopyActions')?.values).toContain('IGX_MAKE_CHILD');
    expect(catalogue.model('NoSuchModel')).toBeUndefined();
  });

  it('speaks of each in one line of its own', () => {
    const summaries = operations.map(({ summary }) => summary);
    expect(new Set(summaries).size).toBe(396);
    expect(operations.filter(({ summary }) => summary.length > 110 || !/^[A-Z][a-z]+/.test(summary))).toEqual([]);
    expect(operations.filter(({ synonyms }) => synonyms.length < 3 || synonyms.length > 7)).toEqual([]);
    expect(operations.filter(({ quirks }) => quirks.length > 3)).toEqual([]);
  });

  it('points only to tools that there are', () => {
    const names: readonly string[] = tasks.map(({ name }) => name);
    const pointed = operations.flatMap(({ tool }) => (tool === undefined ? [] : [tool]));
    expect(pointed.length).toBeGreaterThan(100);
    expect([...new Set(pointed)].filter((tool) => !names.includes(tool))).toEqual([]);
  });
});

function lineOf(operation: OperationDescription): string {
  const { id, tag, method, path, body = '-', answer, effect } = operation;
  const flags = (['idempotent', 'slow', 'sensitive', 'adminOnly'] as const).filter((flag) => operation[flag]);
  const parameters = declared(operation).map(parameterOf);
  return [id, tag, `${method} ${path}`, parameters.join(';'), body, answer, effect, flags.join(',')].join('|');
}

function parameterOf({ name, place, type, required, values = [] }: OperationParameter): string {
  return [name, place, type, required ? 'required' : 'optional', values.join(',')].join(':');
}

/** Contract section 2: of required properties, only the texts matter in a request. */
const requiredTexts = [
  'AdvanceWorkflowRequest.ContentId',
  'AssignAssetUserGroupRequest.AssetId',
  'AssignAssetUserGroupRequest.UserGroupId',
  'AssignAssetUserRequest.AssetId',
  'AssignAssetUserRequest.UserId',
  'ContentItemCheckoutStateChageRequest.Id',
  'ContentItemRenameRequest.Id',
  'ContentItemRenameRequest.Name',
  'CreatePCRPageRequest.Name',
  'CreatePCRPageRequest.PCRId',
  'CreatePCRRequest.Name',
  'CreatePCRRequest.SchemaId',
  'GenerateSearchReportRequest.SearchText',
  'GenerateUnusedAssetsReportRequest.RootAssetFolderId',
  'ReplicationTargetModel.Name',
  'ReplicationTargetModel.PublishingTargetId',
  'UpdatePCRRequest.Id',
  'UpdatePCRRequest.Name',
];
