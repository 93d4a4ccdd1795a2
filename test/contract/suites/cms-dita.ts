import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ditaNumbers } from '../../../sandbox/seed/dita-rows.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { poll } from '../../support/poll.ts';
import { type CmsStage, firstPage, type OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsDita. */
export function cmsDitaSuite(open: OpenCmsStage): void {
  describe('CmsDita', () => {
    let stage: CmsStage;
    beforeEach(async () => {
      stage = await open();
    });
    afterEach(() => stage.close());
    const dita = () => stage.as('editor').dita;
    const handbook = `a/${ditaNumbers.handbookMap}`;
    const labSafety = `a/${ditaNumbers.labSafetyMap}`;
    const unknown = 'a/999999';
    const production = { id: seedIds.targets.production, name: 'Production' };

    test('maps come by name, page by page, filtered, without removed ones', async () => {
      const all = await dita().maps('', firstPage);
      expect(all.items.map(({ name }) => name)).toEqual([
        'lab-safety.ditamap',
        'residence-life.ditamap',
        'student-handbook.ditamap',
      ]);
      const second = await dita().maps('', { startIndex: 1, pageSize: 1 });
      expect(second).toMatchObject({ items: [{ name: 'residence-life.ditamap' }], total: 3 });
      expect((await dita().maps('HANDBOOK', firstPage)).items.map(({ id }) => id)).toEqual([handbook]);
      const asset = stage.sandbox.state.assets[labSafety];
      if (asset !== undefined) asset.parentId = stage.sandbox.state.assetRecycleFolderId;
      expect((await dita().maps('', firstPage)).items.map(({ id }) => id)).not.toContain(labSafety);
    });

    test('a map tells its marks, whether something of it is out, and whether it can be marked', async () => {
      const { items } = await dita().maps('', firstPage);
      expect(items.find(({ id }) => id === handbook)).toMatchObject({
        path: ['Assets', 'DITA', 'Student Handbook'],
        checkedOut: false,
        notReadyToMark: false,
        markedTargets: [production, { id: seedIds.targets.staging, name: 'Staging' }],
        lastPublishedAt: expect.any(String),
      });
      expect(items.find(({ id }) => id === labSafety)).toMatchObject({ checkedOut: true, notReadyToMark: true });
    });

    test('a tree holds the topics in order with inner maps, and names what is missing without an id', async () => {
      const tree = await dita().tree(handbook);
      expect(tree?.children.map(({ name }) => name)).toEqual([
        'Welcome to Northfield',
        'Code of Conduct',
        'Residence Life',
        'Contact the Registrar',
      ]);
      expect(tree?.children[2]?.children.map(({ name }) => name)).toEqual(['Move In', 'Quiet Hours']);
      const safety = await dita().tree(labSafety);
      expect(safety?.children.find(({ name }) => name === 'Fume Hoods')).toMatchObject({
        checkedIn: false,
        user: 'Daniel Reyes',
      });
      expect(safety?.children.find(({ id }) => id === undefined)?.name).toBe('old-chemicals.dita');
    });

    test('details count what others hold, and carry the fields that have a value', async () => {
      expect(await dita().details(labSafety)).toMatchObject({
        id: labSafety,
        checkedOutToOthers: 2,
        fields: [
          { label: 'Audience', value: 'Faculty and staff' },
          { label: 'Owner', value: 'Office of the Registrar' },
        ],
      });
      expect((await stage.as('publisher').dita.details(labSafety))?.checkedOutToOthers).toBe(0);
    });

    test('an unknown map is undefined to reads and NOT_FOUND to changes', async () => {
      expect(await dita().tree(unknown)).toBeUndefined();
      expect(await dita().details(unknown)).toBeUndefined();
      const order = { mapId: unknown, targetIds: [production.id], formats: [], ditavals: [], replicate: false };
      for (const change of [dita().checkIn(unknown), dita().mark(unknown, [production]), dita().publish(order)]) {
        await expect(change).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
    });

    test('formats say which are used when none is named; filters have ids and names', async () => {
      const formats = await dita().formats();
      expect(formats.filter(({ selected }) => selected)).toEqual([{ id: 'html5', name: 'HTML5', selected: true }]);
      expect((await dita().ditavals()).map(({ name }) => name)).toEqual(['staff.ditaval', 'students.ditaval']);
    });

    test('dependents are what is in the map at any distance, and what leads nowhere', async () => {
      const found = await dita().dependents(handbook);
      expect(found.find(({ name }) => name === 'quiet-hours.dita')).toMatchObject({ id: 'a/109', distance: 2 });
      const broken = (await dita().dependents(labSafety)).filter((entry) => entry.broken);
      expect(broken).toEqual([{ name: 'old-chemicals.dita', relation: 'topicref', broken: true, distance: 1 }]);
    });

    test('a check-in takes what the user holds and marks nothing', async () => {
      const publisher = stage.as('publisher').dita;
      const marks = () => structuredClone(stage.sandbox.state.assets[labSafety]?.marks);
      const before = marks();
      expect(await publisher.checkIn(labSafety)).toBe(true);
      expect(stage.sandbox.state.assets[`a/${ditaNumbers.spillsTopic}`]).toMatchObject({
        checkedOut: null,
        versions: [{ number: 1 }],
      });
      expect(marks()).toEqual(before);
    });

    test('a mark takes the newest version of the map and of its parts', async () => {
      const { assets } = stage.sandbox.state;
      const topicId = `a/${ditaNumbers.registrationTopic}`;
      for (const id of [handbook, topicId]) {
        const [first] = assets[id]?.versions ?? [];
        if (first !== undefined) assets[id]?.versions.push({ ...structuredClone(first), number: 2 });
      }
      expect(await dita().mark(handbook, [production])).toBe(true);
      expect(assets[handbook]?.marks[production.id]?.version).toBe(2);
      expect(assets[topicId]?.marks[production.id]?.version).toBe(2);
      await expect(dita().mark(labSafety, [production])).rejects.toMatchObject({
        code: expect.stringMatching(/CMS_REFUSED|CONFLICT/),
      });
      await expect(stage.as('author').dita.mark(handbook, [production])).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    test('a publish becomes one task per target, and is refused while anything is checked out', async () => {
      const order = { formats: ['pdf'], ditavals: [String(ditaNumbers.studentsDitaval)], replicate: false };
      const targetIds = [production.id, seedIds.targets.staging];
      const before = stage.sandbox.state.publishing.logs.length;
      expect(await dita().publish({ ...order, mapId: handbook, targetIds })).toBe(true);
      await poll('both logs', () => stage.sandbox.state.publishing.logs.length === before + 2);
      const logs = stage.sandbox.state.publishing.logs.slice(0, 2);
      expect(logs.map(({ targetId }) => targetId)).toEqual(targetIds.toReversed());
      for (const { entries } of logs) expect(entries.find(({ itemId }) => itemId === handbook)?.success).toBe(true);
      await expect(dita().publish({ ...order, mapId: labSafety, targetIds })).rejects.toMatchObject({
        code: expect.stringMatching(/CMS_REFUSED|CONFLICT/),
      });
    });

    test('nothing is kept: each read asks the CMS', async () => {
      const reader = stage.as('editor', { allowStale: true }).dita;
      await reader.maps('', firstPage);
      await reader.maps('', firstPage);
      expect(stage.callsOf('DITA_GetDITAMaps')).toHaveLength(2);
    });

    test('a CMS without Java refuses', async () => {
      stage.sandbox.state.dita.javaInstalled = false;
      await expect(dita().maps('', firstPage)).rejects.toMatchObject({ code: expect.stringMatching(/^CMS_/) });
    });

    test.each(['asset-id', 'number'] as const)(
      'maps are found whichever form of id the CMS takes: %s',
      async (form) => {
        stage.sandbox.knobs.ditaMapId = form;
        expect(await dita().tree(handbook)).toMatchObject({ id: handbook });
        expect(await dita().details(handbook)).toMatchObject({ id: handbook });
        expect(await dita().mark(handbook, [production])).toBe(true);
      },
    );
  });
}
