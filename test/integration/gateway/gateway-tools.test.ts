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
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  it('finds an operation, tells how it is called, and calls it', async () => {
    const found = await harness.run(searchOperations, { query: 'children of a page' });
    expect(found.operations.map(({ id }) => id)).toContain('Pages_GetChildren');
    const described = await harness.run(describeOperation, { operations: ['Pages_GetChildren'] });
    expect(described.operations[0]).toMatchObject({ http: 'GET /pages/page/children', through: 'call_read_operation' });
    const answer = await harness.run(callReadOperation, {
      operation: 'Pages_GetChildren',
      parameters: { id: 'x1', pageSize: 3 },
      select: ['Results[].Id', 'TotalResults'],
    });
    const { Results } = answer.result as { Results: { Id: string }[] };
    expect(Results).toHaveLength(3);
    expect(Object.keys(Results[0] ?? {})).toEqual(['Id']);
  });

  it('takes stringified numbers, and refuses what means nothing with what was expected', async () => {
    const read = { operation: 'Pages_GetChildren', parameters: { id: 'x1', pageSize: '2' } };
    const answer = await harness.run(callReadOperation, read);
    expect((answer.result as { Results: unknown[] }).Results).toHaveLength(2);
    const error = await harness.refusal(callReadOperation, {
      operation: 'Pages_GetChildren',
      parameters: { ident: 'x1' },
    });
    expect(error).toMatchObject({ code: 'BAD_INPUT', next: { tool: 'describe_operation' } });
  });

  it('pages a long answer, and the pages follow one another', async () => {
    const call = { operation: 'Pages_GetDescendants', parameters: { id: 'x1', startIndex: 0, pageSize: 60 } };
    const first = await harness.run(callReadOperation, call);
    expect(first.left_out?.length).toBeGreaterThan(0);
    const second = await harness.run(callReadOperation, { ...call, cursor: first.next_cursor });
    const idsOf = (answer: typeof first) =>
      (answer.result as { Results: { Id: string }[] }).Results.map(({ Id }) => Id);
    expect(idsOf(second).some((id) => idsOf(first).includes(id))).toBe(false);
  });

  it('refuses the wrong executor with the right call', async () => {
    const error = await harness.refusal(callReadOperation, {
      operation: 'Pages_DeletePage',
      parameters: { id: 'x84' },
    });
    expect(error).toMatchObject({
      code: 'BAD_INPUT',
      next: { tool: 'call_destructive_operation', input: { operation: 'Pages_DeletePage', parameters: { id: 'x84' } } },
    });
  });

  it('names the nearest operation for one that does not exist', async () => {
    const error = await harness.refusal(callReadOperation, { operation: 'Pages_GetChildern', parameters: {} });
    expect(error).toMatchObject({ code: 'NOT_FOUND', candidates: [{ id: 'Pages_GetChildren' }] });
  });

  it('keeps administration closed unless the operator opens it', async () => {
    const error = await harness.refusal(callWriteOperation, {
      operation: 'Publishing_CreatePublishingTarget',
      body: {},
    });
    expect(error).toMatchObject({ code: 'FORBIDDEN', recoverable: false });
  });

  it('calls a writing operation, and only checks it in a dry run', async () => {
    const { neverPublishedPage } = harness.landmarks;
    const call = { operation: 'Pages_CheckOut', body: { Id: neverPublishedPage, Recursive: false } };
    expect(await harness.run(callWriteOperation, { ...call, dry_run: true })).toEqual({
      operation: 'Pages_CheckOut',
      dry_run: true,
    });
    expect(harness.state.pages[neverPublishedPage]?.checkedOut).toBeNull();
    await harness.run(callWriteOperation, call);
    expect(harness.state.pages[neverPublishedPage]?.checkedOut).not.toBeNull();
    expect(harness.events.at(-1)).toMatchObject({ type: 'content_changed', itemIds: [neverPublishedPage] });
  });

  it('holds a destructive call back until its token comes back with the same arguments', async () => {
    const { noWorkflowPage, tuitionPage } = harness.landmarks;
    const call = { operation: 'Pages_DeletePage', parameters: { id: noWorkflowPage } };
    const held = await harness.answer(callDestructiveOperation, call, { role: 'publisher' });
    const { confirm, impact } = confirmationOutput.parse(held.output);
    expect(impact).toMatchObject({ operation: 'Pages_DeletePage', parameters: { id: noWorkflowPage } });
    const other = { ...call, parameters: { id: tuitionPage }, confirm };
    expect((await harness.refusal(callDestructiveOperation, other, { role: 'publisher' })).code).toBe(
      'CONFIRMATION_INVALID',
    );
    const again = confirmationOutput.parse(
      (await harness.answer(callDestructiveOperation, call, { role: 'publisher' })).output,
    );
    const done = await harness.run(
      callDestructiveOperation,
      { ...call, confirm: again.confirm },
      { role: 'publisher' },
    );
    expect(done.result).toBe(true);
    expect(harness.state.pages[noWorkflowPage]?.parentId).toBe(harness.landmarks.recycleFolder);
  });
});
