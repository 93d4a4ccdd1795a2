import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CmsStage, firstPage, type OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsUsers. */
export function cmsUsersSuite(open: OpenCmsStage): void {
  describe('CmsUsers', () => {
    let stage: CmsStage;
    beforeEach(async () => {
      stage = await open();
    });
    afterEach(() => stage.close());
    const users = () => stage.as('editor', { allowStale: true }).users;

    test('users have an id, a name, a login and when they were last seen, and no secret', async () => {
      const { items, total } = await users().list(firstPage);
      expect(total).toBe(stage.sandbox.state.users.length);
      expect(items.find(({ loginName }) => loginName === 'praman')).toEqual({
        id: 'User/praman',
        name: 'Priya Raman',
        loginName: 'praman',
        title: 'Web Editor',
        disabled: false,
        lastActiveAt: expect.any(String),
      });
      expect(JSON.stringify(items)).not.toContain('sandbox-editor-pass');
    });

    test('a disabled user is told apart', async () => {
      const [first] = stage.sandbox.state.users;
      if (first !== undefined) first.disabled = true;
      const disabled = (await users().list(firstPage)).items.filter((user) => user.disabled);
      expect(disabled.map(({ id }) => id)).toEqual([first?.id]);
    });

    test('groups name their members by ids or logins that the users have', async () => {
      const listed = await users().list(firstPage);
      const known = new Set(listed.items.flatMap(({ id, loginName }) => [id, loginName]));
      const groups = await users().groups(firstPage);
      expect(groups.total).toBe(stage.sandbox.state.groups.length);
      expect(groups.items.flatMap(({ members }) => members).length).toBeGreaterThan(0);
      for (const group of groups.items) for (const member of group.members) expect(known).toContain(member);
    });

    test('both lists come page by page, each entry once', async () => {
      const first = await users().list({ startIndex: 0, pageSize: 2 });
      const second = await users().list({ startIndex: first.nextIndex ?? 0, pageSize: 2 });
      expect(first.nextIndex).toBe(2);
      const ids = [...first.items, ...second.items].map(({ id }) => id);
      expect(new Set(ids).size).toBe(4);
      expect((await users().list({ startIndex: first.total, pageSize: 2 })).items).toEqual([]);
      const size = stage.sandbox.state.groups.length;
      expect((await users().groups({ startIndex: size - 1, pageSize: 5 })).nextIndex).toBeUndefined();
    });

    test('both lists may be as old as the time that answers are kept', async () => {
      await users().list(firstPage);
      await users().list(firstPage);
      await users().groups(firstPage);
      await users().groups(firstPage);
      expect(stage.callsOf('User_GetUsers')).toHaveLength(1);
      expect(stage.callsOf('UserGroups_GetUserGroups')).toHaveLength(1);
    });
  });
}
