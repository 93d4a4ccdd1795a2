import { describe, expect, it } from 'vitest';
import { createOperationCatalogue } from '../../../../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import { checkArguments } from '../../../../src/domain/policy/operation-arguments.ts';

const catalogue = createOperationCatalogue();

function check(id: string, parameters: unknown, body?: unknown) {
  const operation = catalogue.find(id);
  if (operation === undefined) throw new Error(`the catalogue lacks ${id}`);
  return checkArguments(operation, { parameters, body }, catalogue.model);
}

function taken(id: string, parameters: unknown, body?: unknown) {
  const checked = check(id, parameters, body);
  if (!checked.ok) throw new Error(checked.problems.join('; '));
  return checked.arguments;
}

function problems(id: string, parameters: unknown, body?: unknown): readonly string[] {
  const checked = check(id, parameters, body);
  return checked.ok ? [] : checked.problems;
}

describe('arguments that can only mean one thing', () => {
  it.each([
    ['a JSON text for all', 'Pages_GetChildren', '{"id":"x1","pageSize":5}', { id: 'x1', pageSize: 5 }],
    ['a number in a text', 'Pages_GetChildren', { id: 'x1', pageSize: '5' }, { id: 'x1', pageSize: 5 }],
    ['a number for a text', 'Assets_GetAsset', { id: 5 }, { id: '5' }],
    ['a flag in a text', 'Assets_DeleteAssetItems', { ids: ['a/1'], force: 'TRUE' }, { ids: ['a/1'], force: true }],
    ['one value for a list', 'Assets_DeleteAssetItems', { ids: 'a/1' }, { ids: ['a/1'] }],
    ['a list in a text', 'Assets_DeleteAssetItems', { ids: '["a/1","a/2"]' }, { ids: ['a/1', 'a/2'] }],
    ['a name in other case', 'Pages_GetChildren', { ID: 'x1' }, { id: 'x1' }],
    ['nothing for what may be nothing', 'Pages_GetPage', { id: null }, { id: null }],
    ['an empty text for an optional number', 'Pages_GetChildren', { id: 'x1', pageSize: '' }, { id: 'x1' }],
  ])('takes %s', (_what, id, given, expected) => {
    expect(taken(id, given).parameters).toEqual(expected);
  });

  it('takes a choice in other case, and travels with its own spelling', () => {
    const { parameters, body } = taken('Pages_Move', { tgtId: 'x1', position: 'igx_make_child' }, ['x5']);
    expect(parameters).toEqual({ tgtId: 'x1', position: 'IGX_MAKE_CHILD' });
    expect(body).toEqual(['x5']);
  });

  it('takes bodies as JSON texts, lists of one, and with names in other case', () => {
    expect(taken('Pages_Move', { tgtId: 'x1', position: 'IGX_MAKE_CHILD' }, '["x5","x6"]').body).toEqual(['x5', 'x6']);
    expect(taken('Pages_Move', { tgtId: 'x1', position: 'IGX_MAKE_CHILD' }, 'x5').body).toEqual(['x5']);
    expect(taken('Pages_Rename', {}, '{"id":"x5","NAME":"News"}').body).toEqual({ Id: 'x5', Name: 'News' });
  });

  it('takes files apart from the other fields of a form', () => {
    const file = { file_name: 'a.txt', content_base64: 'aGVs\nbG8=' };
    const { parameters, files } = taken('Assets_Upload', { file, parentfolder: 'af/1', unpackzip: 'false' });
    expect(parameters).toEqual({ parentfolder: 'af/1', unpackzip: false });
    expect(files).toEqual({ file: { fileName: 'a.txt', base64: 'aGVsbG8=' } });
  });
});

describe('arguments that do not fit', () => {
  it.each([
    ['a missing one', 'Pages_GetPage', {}, undefined, /^"id" \(string\) is needed; null or "" sends it empty$/],
    [
      'a missing one that may not be empty',
      'Site_GetReportStatus',
      {},
      undefined,
      /^"sessionId" \(string\) is needed$/,
    ],
    [
      'an unknown one',
      'Pages_GetChildren',
      { id: 'x1', pagesSize: 5 },
      undefined,
      /"pagesSize".*did you mean "pageSize"/,
    ],
    [
      'a half number',
      'Pages_GetChildren',
      { id: 'x1', pageSize: 1.5 },
      undefined,
      /^"pageSize" must be a whole number/,
    ],
    ['a number beyond 32 bits', 'Pages_GetChildren', { id: 'x1', pageSize: 2 ** 31 }, undefined, /32 bits/],
    ['an object for a text', 'Pages_GetPage', { id: { a: 1 } }, undefined, /^"id" must be a text$/],
    ['a choice that is none', 'Pages_Move', { tgtId: 'x1', position: 'child' }, [], /must be one of IGX_MAKE_CHILD/],
    ['a body where there is none', 'Pages_GetPage', { id: 'x1' }, { Id: 'x1' }, /"body": this operation takes none/],
    ['no body where there is one', 'Pages_Rename', {}, undefined, /^"body" \(ContentItemRenameRequest\) is needed$/],
    ['the body as parameters', 'Pages_Rename', { Id: 'x1' }, { Id: 'x1', Name: 'n' }, /"Id" belongs in "body"/],
    ['an unknown property', 'Pages_Rename', {}, { Id: 'x1', Name: 'n', Titel: 't' }, /^"Titel" is unknown/],
    ['a missing property', 'Pages_Rename', {}, { Id: 'x1' }, /^"Name" \(string\) is needed$/],
    [
      'an object for a list',
      'Pages_Move',
      { tgtId: 'x1', position: 'IGX_MAKE_CHILD' },
      { ids: [] },
      /^"body\[0\]" must be a text$/,
    ],
    [
      'a file that is a text',
      'Assets_Upload',
      { file: 'hello', parentfolder: 'af/1' },
      undefined,
      /"file" must be \{"file_name"/,
    ],
    [
      'a file that is not base64',
      'Assets_Upload',
      { file: { file_name: 'a', content_base64: 'ä' }, parentfolder: 'af/1' },
      undefined,
      /"file" must be/,
    ],
    ['no object at all', 'Pages_GetPage', ['x1'], undefined, /"parameters" must be an object/],
  ])('refuses %s', (_what, id, parameters, body, expected) => {
    expect(problems(id, parameters, body).join('; ')).toMatch(expected);
  });

  it('never repeats a value', () => {
    const secret = 'hunter2-hunter2';
    const told = [
      ...problems('Pages_GetChildren', { id: 'x1', pageSize: secret }),
      ...problems('Accounts_Login', {}, { Username: 1, Password: { a: secret }, Persist: secret }),
    ];
    expect(told.length).toBeGreaterThan(2);
    expect(told.join(' ')).not.toContain(secret);
  });

  it('survives names that JavaScript knows', () => {
    expect(problems('Pages_GetPage', JSON.parse('{"id":"x1","__proto__":1,"constructor":2}')).length).toBe(2);
    expect(problems('Pages_Rename', {}, JSON.parse('{"Id":"x1","Name":"n","__proto__":{"a":1}}')).length).toBe(1);
  });
});
