import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CmsStage, firstPage, type OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsUsers. */
export function cmsUsersSuite(open: OpenCmsStage): void {
  describe('CmsUsers', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const users = () => stage.as('editor').users;

    test('everybody is listed, by pages', async () => {
      const { items, total } = await users().list(firstPage);
      expect(items.map(({ id }) => id).sort()).toEqual(stage.sandbox.state.users.map(({ id }) => id).sort());
      expect(total).toBe(items.length);
      const some = await users().list({ startIndex: 1, pageSize: 2 });
      expect(some.items).toEqual(items.slice(1, 3));
      expect((await users().list({ startIndex: total, pageSize: 2 })).items).toEqual([]);
    });

    test('groups come with their members', async () => {
      const { items } = await users().groups(firstPage);
      const editors = items.find(({ name }) => name === 'Editors');
      const real = stage.sandbox.state.groups.find(({ name }) => name === 'Editors');
      expect(items).toHaveLength(stage.sandbox.state.groups.length);
      expect(editors?.id).toBe(real?.id);
      expect(editors?.members.length).toBeGreaterThan(0);
    });
  });
}
