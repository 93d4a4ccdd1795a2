import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAuditEvents } from '../../../src/application/tasks/admin/list-audit-events.ts';
import { checkOutContent } from '../../../src/application/tasks/authoring/check-out-content.ts';
import { deleteContent } from '../../../src/application/tasks/authoring/delete-content.ts';
import { getContent } from '../../../src/application/tasks/core/get-content.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const page = '/admissions/deadlines';
const other = '/admissions/tuition';

describe('list_audit_events', () => {
  let harness: TaskHarness;
  let pageId: string;
  let otherId: string;
  beforeAll(async () => {
    harness = await openTaskHarness();
    const read = await harness.run(getContent, { items: [page, other] });
    [pageId, otherId] = [read.items[0]?.id ?? '', read.items[1]?.id ?? ''];
    await harness.run(checkOutContent, { items: [other] });
    // Held back, then refused for a made-up token, then for want of a scope.
    await harness.answer(deleteContent, { items: [pageId] }, { role: 'admin' });
    await harness.refusal(deleteContent, { items: [pageId], confirm: 'confirm_made-up' }, { role: 'admin' });
    await harness.refusal(deleteContent, { items: [pageId] }, { scopes: ['cms:read'] });
  });
  afterAll(() => harness.close());

  it('tells what was done and refused, newest first, and nothing of reads', async () => {
    const { events } = await harness.run(listAuditEvents, {});
    expect(events.map(({ tool, user, outcome, code }) => [tool, user, outcome, code])).toEqual([
      ['delete_content', 'agent-of-editor', 'refused', 'SCOPE_MISSING'],
      ['delete_content', 'agent-of-admin', 'refused', 'CONFIRMATION_INVALID'],
      ['delete_content', 'agent-of-admin', 'confirmation', undefined],
      ['check_out_content', 'agent-of-editor', 'ok', undefined],
    ]);
    expect(events.map(({ number }) => number)).toEqual([4, 3, 2, 1]);
    expect(events[3]).toMatchObject({
      agent: 'task-harness',
      items: [otherId],
      versions: [{ id: otherId, before: expect.any(Number), after: expect.any(Number) }],
      request: expect.stringMatching(/^req_/),
    });
  });

  it('narrows by item, user, agent, outcome and time', async () => {
    const numbers = async (input: Parameters<typeof harness.run>[1]) =>
      (await harness.run(listAuditEvents, input)).events.map(({ number }) => number);
    expect(await numbers({ item: page })).toEqual([4, 3, 2]);
    expect(await numbers({ item: otherId })).toEqual([1]);
    // The item does not have to be there any more.
    expect(await numbers({ item: 'x99999999' })).toEqual([]);
    expect(await numbers({ user: 'agent-of-admin' })).toEqual([3, 2]);
    expect(await numbers({ agent: 'task-harness', outcome: 'refused' })).toEqual([4, 3]);
    const { events } = await harness.run(listAuditEvents, {});
    const middle = events[1]?.time ?? '';
    expect(await numbers({ after: middle })).toEqual(expect.arrayContaining([4, 3]));
    expect(await numbers({ before: events[3]?.time ?? '' })).toEqual([]);
    expect(await numbers({ before: '2001-01-01' })).toEqual([]);
  });

  it('pages', async () => {
    const first = await harness.run(listAuditEvents, { limit: 3 });
    const cursor = first.next_cursor ?? '';
    const second = await harness.run(listAuditEvents, { limit: 3, cursor });
    expect([...first.events, ...second.events].map(({ number }) => number)).toEqual([4, 3, 2, 1]);
    expect(second.next_cursor).toBeUndefined();
    expect((await harness.refusal(listAuditEvents, { user: 'somebody else', cursor })).code).toBe('BAD_INPUT');
  });

  it('is for administrators, and refuses what is no time', async () => {
    for (const after of ['yesterday', '2026-13-45', '2026-11-22 14:00', '5']) {
      expect((await harness.refusal(listAuditEvents, { after })).code).toBe('BAD_INPUT');
    }
    expect((await harness.refusal(listAuditEvents, {}, { scopes: ['cms:read'] })).code).toBe('SCOPE_MISSING');
    const { events } = await harness.run(listAuditEvents, { limit: 1 });
    expect(events).toEqual([expect.objectContaining({ tool: 'list_audit_events', code: 'SCOPE_MISSING' })]);
  });
});
