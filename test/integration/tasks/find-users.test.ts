import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findUsers } from '../../../src/application/tasks/admin/find-users.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('find_users', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  it('finds a user by part of the name or login, with groups', async () => {
    const answer = await harness.run(findUsers, { query: 'raman' });
    const user = harness.state.users.find(({ name }) => name === 'Priya Raman');
    const groups = harness.state.groups
      .filter(({ userIds }) => userIds.includes(user?.id ?? ''))
      .map(({ name }) => name);
    expect(answer.users).toEqual([
      expect.objectContaining({ id: user?.id, name: 'Priya Raman', login: 'praman', groups }),
    ]);
    expect(JSON.stringify(answer)).not.toContain('sandbox-editor-pass');
    expect((await harness.run(findUsers, { query: 'PRAMAN' })).total).toBe(1);
  });

  it('lists the members of a group, and groups by name', async () => {
    const group = harness.state.groups.find(({ userIds }) => userIds.length > 0);
    const answer = await harness.run(findUsers, { group: group?.name ?? '' });
    expect(answer.users.map(({ id }) => id).toSorted()).toEqual(group?.userIds.toSorted());
    expect(answer.groups).toEqual([{ id: group?.id, name: group?.name, members: group?.userIds.length }]);
  });

  it('pages through all users once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await harness.run(findUsers, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      expect(answer.total).toBe(harness.state.users.length);
      seen.push(...answer.users.map(({ id }) => id));
      cursor = answer.next_cursor;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(harness.state.users.map(({ id }) => id).toSorted());
  });

  it('refuses an unknown group, and those without the scope', async () => {
    expect((await harness.refusal(findUsers, { group: 'Astronauts' })).code).toBe('NOT_FOUND');
    expect((await harness.refusal(findUsers, {}, { scopes: ['cms:read'] })).code).toBe('SCOPE_MISSING');
  });
});
