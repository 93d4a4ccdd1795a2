import { describe, expect, it } from 'vitest';
import { signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

describe('requests that bind to nothing (contract §2, §5)', () => {
  it('answers 404 in the framework’s words when a required query key is missing', async () => {
    const api = await signIn(await ownSandbox());
    const answer = await api.call('GET', '/pages/page');
    expect(answer.status).toBe(404);
    expect(answer.json).toEqual({
      Message: expect.stringMatching(
        /^No HTTP resource was found that matches the request URI 'http.*\/cxp4\/api\/v1\/pages\/page'\.$/,
      ),
      MessageDetail: "No action was found on the controller 'Pages' that matches the request.",
    });
  });

  it('takes a required key that is present but empty', async () => {
    const api = await signIn(await ownSandbox());
    expect((await api.call('GET', '/taxonomy/quick-search', { query: { search: '' } })).json).toEqual([]);
  });

  it('answers 405 for a known path with another method', async () => {
    const api = await signIn(await ownSandbox());
    const answer = await api.call('PUT', '/pages/page', { query: { id: 'x1' } });
    expect(answer.status).toBe(405);
    expect(answer.json).toEqual({ Message: "The requested resource does not support http method 'PUT'." });
  });

  it('answers 404 for an unknown path', async () => {
    const api = await signIn(await ownSandbox());
    const answer = await api.call('GET', '/pages/nonsense');
    expect(answer.status).toBe(404);
    expect(answer.json).toHaveProperty('MessageDetail');
  });

  it('answers 400 for a value that is no number', async () => {
    const api = await signIn(await ownSandbox());
    const answer = await api.call('GET', '/pages', { query: { startIndex: 'many' } });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ Message: 'The request is invalid.' });
  });

  it('answers 400 with a model state for malformed JSON and for a missing required property', async () => {
    const api = await signIn(await ownSandbox());
    const malformed = await api.call('POST', '/pages/checkout', { rawBody: '{"Id":' });
    expect(malformed.status).toBe(400);
    expect(malformed.json).toMatchObject({
      Message: 'The request is invalid.',
      ModelState: { request: [expect.any(String)] },
    });
    const incomplete = await api.call('POST', '/pages/checkout', { body: { Recursive: false } });
    expect(incomplete.status).toBe(400);
    expect(incomplete.json).toMatchObject({ ModelState: { 'request.Id': ['The Id field is required.'] } });
  });

  it('answers 500 with an ArgumentNullException for a missing body', async () => {
    const api = await signIn(await ownSandbox());
    const answer = await api.call('POST', '/pages/checkout');
    expect(answer.status).toBe(500);
    expect(answer.json).toMatchObject({ ExceptionType: 'System.ArgumentNullException', ParamName: 'request' });
  });

  it('checks the operations it answers by shape like all others', async () => {
    const api = await signIn(await ownSandbox());
    const path = '/schemas/schema-sync-log';
    expect((await api.call('GET', path)).json).toMatchObject({ Results: [], TotalResults: 0 });
    expect((await api.call('POST', '/schemas/generate-thumb-from-preview')).status).toBe(404);
    expect((await api.call('DELETE', path)).status).toBe(405);
  });
});

describe('names and bodies (contract §2, §3)', () => {
  it('matches query names and JSON properties in any case', async () => {
    const api = await signIn(await ownSandbox());
    expect(await api.get('/pages/page', { ID: 'x1' })).toMatchObject({ Id: 'x1' });
    const children = await api.get('/pages/page/children', { Id: 'x1', PAGESIZE: 2 });
    expect(children).toMatchObject({ PageSize: 2 });
    const report = await api.send('POST', '/site/generate-search-text-report', {
      searchtext: 'Tuition',
      ROOTPAGEID: 'x1',
    });
    expect(report).toEqual({ ReportId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('reads a body on GET', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const linked = await api.call('GET', '/preview/page-forward-references', { body: ['x1'] });
    expect(linked.status).toBe(200);
    const targets = linked.json as string[];
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.every((id) => id in sandbox.state.pages)).toBe(true);
    const [first = ''] = targets;
    const back = await api.call('GET', '/preview/page-cross-references', { body: [first] });
    expect(back.json).toContain('x1');
  });

  it('shows every property of a page, nullable ones as null', async () => {
    const api = await signIn(await ownSandbox());
    const page = await api.get('/pages/page', { id: 'x1' });
    expect(Object.keys(page).sort()).toEqual(
      [
        ...['Id', 'Name', 'CreationUser', 'Created', 'LastModifiedUser', 'LastModified', 'EntityType', 'Archived'],
        ...['ParentId', 'ChildrenCount', 'SiblingPosition', 'LingualMaps', 'AssignedUserId', 'AssignedGroupId'],
        ...['AssignedUserName', 'AssignedGroupName', 'Type', 'SecurityLevel', 'SchemaId', 'SchemaName'],
        ...['SchemaDisplayName', 'Version', 'CheckedOut', 'Icon', 'SubType', 'SubTypeLabel', 'MarkedTargetIds'],
        ...['IsRegionRoot', 'Locale', 'CanParentRegionRoots', 'Favorite', 'Categorization', 'ViewName', 'Stylesheet'],
        ...['IsComponent', 'AliasInfo'],
      ].sort(),
    );
    expect(page).toMatchObject({ ParentId: null, AliasInfo: null, Type: 'Page' });
  });
});

describe('what is not there (contract §5)', () => {
  it('answers null for an unknown id and false for deleting one', async () => {
    const api = await signIn(await ownSandbox());
    for (const path of ['/pages/page', '/pages/page/details', '/assets/asset', '/taxonomy/category', '/users/user']) {
      expect(await api.get(path, { id: 'x999999' }), path).toBeNull();
    }
    expect(await api.send('DELETE', '/pages/page', undefined, { id: 'x999999' })).toBe(false);
  });
});

describe('paging (contract §4)', () => {
  type Page = { Results: { Id: string }[]; TotalResults: number; PageSize: number; NextIndex: number };

  it.each([
    ['total', (total: number) => total],
    ['minus-one', () => -1],
  ] as const)('ends a list with NextIndex as set by the knob: %s', async (nextIndexEnd, end) => {
    const api = await signIn(await ownSandbox({ knobs: { nextIndexEnd } }));
    const first = await api.get<Page>('/pages', { startIndex: 0, pageSize: 100 });
    expect(first.NextIndex).toBe(100);
    const ids = first.Results.map(({ Id }) => Id);
    let page = first;
    while (ids.length < first.TotalResults) {
      page = await api.get<Page>('/pages', { startIndex: ids.length, pageSize: 100 });
      expect(page.Results.length).toBeGreaterThan(0);
      ids.push(...page.Results.map(({ Id }) => Id));
    }
    expect(page.NextIndex).toBe(end(first.TotalResults));
    expect(new Set(ids).size).toBe(first.TotalResults);
  });

  it('has a default size for camelCase lists and none for PascalCase ones', async () => {
    const api = await signIn(await ownSandbox());
    expect((await api.get<Page>('/pages')).Results).toHaveLength(50);
    const targets = await api.get<Page>('/publishing/targets');
    expect(targets.Results).toHaveLength(targets.TotalResults);
  });
});

describe('addresses (contract §1)', () => {
  it('works at the root of the host as under a virtual directory', async () => {
    const sandbox = await ownSandbox({ mount: '' });
    expect(sandbox.siteRoot).toBe(sandbox.origin);
    const api = await signIn(sandbox);
    expect(await api.get('/pages/root')).toMatchObject({ Id: 'x1' });
  });

  it('answers nothing outside of its virtual directory', async () => {
    const sandbox = await ownSandbox();
    expect((await fetch(`${sandbox.origin}/api/v1/pages/root`)).status).toBe(404);
  });

  it('tells a person at its root who may sign in', async () => {
    const sandbox = await ownSandbox();
    const html = await (await fetch(`${sandbox.siteRoot}/`)).text();
    expect(html).toContain('Northfield University');
    expect(html).toContain('sandbox-secret-editor');
    expect(html).toContain('/live/production/');
  });
});

describe('exceptions (contract §5)', () => {
  it.each([
    ['both', { Message: expect.stringContaining('x9'), ExceptionType: 'System.ArgumentException', ParamName: 'tgtId' }],
    ['declared', { Message: expect.stringContaining('x9'), ParamName: 'tgtId', Source: expect.any(String) }],
    ['web-api', { Message: 'An error has occurred.', ExceptionMessage: expect.stringContaining('x9') }],
  ] as const)('come in the shape set by the knob: %s', async (exceptionShape, expected) => {
    const api = await signIn(await ownSandbox({ knobs: { exceptionShape } }));
    const answer = await api.call('PATCH', '/pages/move', {
      query: { tgtId: 'x99999', position: 'IGX_MAKE_CHILD' },
      body: ['x2'],
    });
    expect(answer.status).toBe(500);
    expect(answer.json).toMatchObject(expected);
  });

  it('puts the message of the test operation into the reason phrase', async () => {
    const api = await signIn(await ownSandbox());
    const answer = await api.call('GET', '/test/error', { query: { statusCode: 418, message: 'Short and stout' } });
    expect([answer.status, answer.reason]).toEqual([418, 'Short and stout']);
  });
});
