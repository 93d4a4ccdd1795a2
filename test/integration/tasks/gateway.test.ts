import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callDestructiveOperation } from '../../../src/application/tasks/gateway/call-destructive-operation.ts';
import { callReadOperation } from '../../../src/application/tasks/gateway/call-read-operation.ts';
import { callWriteOperation } from '../../../src/application/tasks/gateway/call-write-operation.ts';
import { describeOperation } from '../../../src/application/tasks/gateway/describe-operation.ts';
import { searchOperations } from '../../../src/application/tasks/gateway/search-operations.ts';
import { confirmationOutput } from '../../../src/application/tasks/parameters.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('the gateway to all operations', () => {
  let harness: TaskHarness;
  let open: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
    open = await openTaskHarness({ operationsAllow: ['*'] });
  });
  afterAll(() => Promise.all([harness.close(), open.close()]));

  it('finds an operation by words, with the tool that does it better', async () => {
    const { operations } = await harness.run(searchOperations, { query: 'children of a page' });
    expect(operations?.slice(0, 3)).toContainEqual(
      expect.objectContaining({
        id: 'Pages_GetChildren',
        effect: 'read',
        through: 'call_read_operation',
        call: expect.stringContaining('id: string | null'),
        better_tool: 'browse_tree',
      }),
    );
    expect(await harness.run(searchOperations, { query: 'qqqq' })).toMatchObject({ total: 0, hint: /words/ });
  });

  it('describes operations with their types written out, whatever the case of their names', async () => {
    const { operations } = await harness.run(describeOperation, { operations: ['pages_rename', 'Settings_SetData'] });
    expect(operations).toMatchObject([
      { id: 'Pages_Rename', body: expect.stringContaining('Name: string'), through: 'call_write_operation' },
      { id: 'Settings_SetData', closed: expect.any(String), scopes: expect.arrayContaining(['cms:admin']) },
    ]);
    const error = await harness.refusal(describeOperation, { operations: ['Pages_GetPag'] });
    expect(error).toMatchObject({ code: 'NOT_FOUND', next: { tool: 'search_operations' } });
    expect(error.candidates?.[0]?.id).toBe('Pages_GetPage');
  });

  it('reads, selects fields, and goes on with the cursor', async () => {
    const read = (over: object) => ({
      operation: 'Pages_GetDescendants',
      parameters: { id: 'x1', pageSize: 100 },
      ...over,
    });
    const whole = await harness.run(callReadOperation, read({}));
    expect(whole.next_cursor).toBeDefined();
    expect(whole.left_out?.join()).toMatch(/rows 1 to \d+ of 100/);
    expect(JSON.stringify(whole).length).toBeLessThan(14_000);
    const rest = await harness.run(callReadOperation, read({ cursor: whole.next_cursor }));
    const idsOf = (answer: typeof whole) =>
      (answer.result as { Results: { Id: string }[] }).Results.map(({ Id }) => Id);
    expect(idsOf(rest)).not.toEqual(expect.arrayContaining(idsOf(whole)));
    const few = await harness.run(callReadOperation, read({ select: ['Results[].Id', 'TotalResults', 'Nope'] }));
    expect(idsOf(few).length).toBe(100);
    expect(few.unknown_fields?.[0]).toContain('"Nope" is no field');
    const stolen = await harness.refusal(callReadOperation, read({ cursor: whole.next_cursor, select: ['Results'] }));
    expect(stolen.code).toBe('BAD_INPUT');
  });

  it('takes arguments as a JSON text, and tells what is wrong with others before anything is sent', async () => {
    const found = await harness.run(callReadOperation, { operation: 'Pages_GetPage', parameters: '{"id":"x1"}' });
    expect(found.result).toMatchObject({ Id: 'x1' });
    const error = await harness.refusal(callReadOperation, {
      operation: 'Pages_GetPage',
      parameters: { pageId: 'x1' },
    });
    expect(error).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('"id" (string) is needed'),
      next: { tool: 'describe_operation', input: { operations: ['Pages_GetPage'] } },
    });
  });

  it('says what a null of the CMS means', async () => {
    const { hints } = await harness.run(callReadOperation, {
      operation: 'Pages_GetPage',
      parameters: { id: 'x99999999' },
    });
    expect(hints?.join()).toContain('knows no such thing');
  });

  it.each([
    ['call_read_operation', callReadOperation, 'Pages_Rename', 'call_write_operation'],
    ['call_write_operation', callWriteOperation, 'Pages_DeletePage', 'call_destructive_operation'],
    ['call_write_operation', callWriteOperation, 'Pages_GetPage', 'call_read_operation'],
    ['call_destructive_operation', callDestructiveOperation, 'Pages_Rename', 'call_write_operation'],
  ])('%s hands %s over to the right executor', async (_name, task, operation, right) => {
    const error = await harness.refusal(task, { operation, parameters: { id: 'x1' } });
    expect(error).toMatchObject({
      code: 'BAD_INPUT',
      next: { tool: right, input: { operation, parameters: { id: 'x1' } } },
    });
  });

  it.each(['Settings_GetOAuthIdentities', 'Settings_GetServerVariables', 'Test_GetClaims'])(
    '%s is closed until the operator opens it, and then needs the scope of administrators',
    async (operation) => {
      const closed = await harness.refusal(callReadOperation, { operation });
      expect(closed).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('OPERATIONS_ALLOW') });
      const lacking = await open.refusal(callReadOperation, { operation }, { scopes: ['cms:read', 'cms:write'] });
      expect(lacking).toMatchObject({ code: 'SCOPE_MISSING', details: { missing_scopes: ['cms:admin'] } });
    },
  );

  it('needs the scope to publish for what may take something live', async () => {
    const input = { operation: 'Pages_AdvanceWorkflow', body: { ContentId: 'x1' } };
    const error = await harness.refusal(callWriteOperation, input, { scopes: ['cms:read', 'cms:write'] });
    expect(error).toMatchObject({ code: 'SCOPE_MISSING', details: { missing_scopes: ['cms:publish'] } });
  });

  it('writes, tells what changed, and in a dry run only what it would send', async () => {
    const { noWorkflowPage } = harness.landmarks;
    const input = { operation: 'Pages_Rename', body: { Id: noWorkflowPage, Name: 'Renamed through the gateway' } };
    const nameNow = async () => {
      const read = { operation: 'Pages_GetPage', parameters: { id: noWorkflowPage }, select: ['Name'] };
      return (await harness.run(callReadOperation, read)).result;
    };
    const before = await nameNow();
    const planned = await harness.run(callWriteOperation, { ...input, dry_run: true });
    expect(planned).toMatchObject({
      dry_run: true,
      would_call: { http: 'POST /pages/rename', arguments: { body: input.body } },
    });
    expect(await nameNow()).toEqual(before);
    await harness.run(callWriteOperation, { operation: 'Pages_CheckOut', body: { Id: noWorkflowPage } });
    await harness.run(callWriteOperation, input);
    expect(await nameNow()).toEqual({ Name: 'Renamed through the gateway' });
    expect(harness.events.at(-1)).toMatchObject({
      type: 'content_changed',
      itemIds: [noWorkflowPage],
      change: 'structure',
    });
  });

  it('shows the impact of what is destructive, and does it once the token comes back', async () => {
    const { neverPublishedPage, recycleFolder } = harness.landmarks;
    const input = { operation: 'Pages_DeletePage', parameters: { id: neverPublishedPage } };
    const first = await harness.answer(callDestructiveOperation, input, { role: 'publisher' });
    const { confirm, impact } = confirmationOutput.parse(first.output);
    expect(impact).toMatchObject({
      http: 'DELETE /pages/page',
      arguments: { parameters: { id: neverPublishedPage } },
      items: [{ id: neverPublishedPage, name: expect.any(String), version: expect.any(Number) }],
    });
    expect(harness.state.pages[neverPublishedPage]?.parentId).not.toBe(recycleFolder);
    const done = await harness.run(callDestructiveOperation, { ...input, confirm }, { role: 'publisher' });
    expect(done.result).toBe(true);
    expect(harness.state.pages[neverPublishedPage]?.parentId).toBe(recycleFolder);
  });

  it('confirms nothing that has changed since, and nothing but what was shown', async () => {
    const { tuitionPage, home } = harness.landmarks;
    const input = { operation: 'Pages_DeletePage', parameters: { id: tuitionPage } };
    const token = async () => {
      const first = await harness.answer(callDestructiveOperation, input, { role: 'publisher' });
      return confirmationOutput.parse(first.output).confirm;
    };
    const other = { ...input, parameters: { id: home }, confirm: await token() };
    expect((await harness.refusal(callDestructiveOperation, other, { role: 'publisher' })).code).toBe(
      'CONFIRMATION_INVALID',
    );
    const confirm = await token();
    const page = harness.state.pages[tuitionPage];
    const last = page?.versions.at(-1);
    if (page === undefined || last === undefined) throw new Error('the seed has changed');
    page.versions.push({ ...structuredClone(last), number: last.number + 1 });
    const late = await harness.refusal(callDestructiveOperation, { ...input, confirm }, { role: 'publisher' });
    expect(late.code).toBe('CONFIRMATION_INVALID');
    expect(harness.state.pages[tuitionPage]?.parentId).not.toBe(harness.landmarks.recycleFolder);
  });

  it('hands out files, in pages', async () => {
    const [asset] = Object.values(harness.state.assets);
    if (asset === undefined) throw new Error('the seed has no asset');
    const input = { operation: 'Assets_GetFileBinary', parameters: { assetId: asset.id, download: true } };
    const { file } = await harness.run(callReadOperation, input);
    expect(file?.byte_size).toBeGreaterThan(0);
    expect((file?.text ?? file?.content_base64 ?? '').length).toBeGreaterThan(0);
  });
});
