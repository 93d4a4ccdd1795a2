import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CmsStage, firstPage, type OpenCmsStage } from './cms-stage.ts';

/** The laws of CmsAssets. */
export function cmsAssetsSuite(open: OpenCmsStage): void {
  describe('CmsAssets', () => {
    let stage: CmsStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());
    const assets = () => stage.as('editor').assets;
    const find = async (text: string) => {
      const { items } = await assets().search({ text, includeFolders: false }, firstPage);
      const [item] = items;
      if (item === undefined) throw new Error(`The sandbox has no asset with ${text} in its name.`);
      return item;
    };

    test('an asset has its file; a folder has none', async () => {
      const map = await assets().get((await find('campus-map')).id);
      expect(map).toMatchObject({ kind: 'asset', file: { fileName: 'campus-map.pdf', mimeType: 'application/pdf' } });
      expect(map?.file?.byteSize).toBeGreaterThan(0);
      const folder = await assets().get(map?.parentId ?? '');
      expect(folder?.kind).toBe('asset_folder');
      expect(folder?.file).toBeUndefined();
    });

    test('what an unknown id asks for is undefined or empty', async () => {
      expect(await assets().get('a/999999')).toBeUndefined();
      expect(await assets().get('af/999999')).toBeUndefined();
      expect(await assets().details('a/999999', 0)).toBeUndefined();
      expect(await assets().findByPath('no/such/file.pdf')).toBeUndefined();
      expect((await assets().children('af/999999', firstPage)).items).toEqual([]);
      expect(await assets().contexts(['a/999999'])).toEqual([]);
    });

    test('folders hold what names them as their parent, and stand among its ancestors', async () => {
      const roots = await assets().rootFolders(firstPage);
      expect(roots.items.length).toBeGreaterThan(0);
      const folder = roots.items.find(({ childrenCount }) => childrenCount > 0);
      const { items, total } = await assets().children(folder?.id ?? '', firstPage);
      expect(items).toHaveLength(total);
      for (const item of items) expect(item.parentId).toBe(folder?.id);
      const ancestors = await assets().ancestors(items[0]?.id ?? '');
      expect(ancestors.at(-1)?.id).toBe(folder?.id);
    });

    test('a search keeps to its folder and leaves folders out unless asked', async () => {
      const everywhere = await assets().search({ text: '', includeFolders: false }, firstPage);
      expect(new Set(everywhere.items.map(({ kind }) => kind))).toEqual(new Set(['asset']));
      const [folder] = (await assets().rootFolders(firstPage)).items;
      const inside = await assets().search({ text: '', folderId: folder?.id ?? '', includeFolders: true }, firstPage);
      expect(inside.total).toBeLessThan(everywhere.total);
      expect(inside.items.length).toBeGreaterThan(0);
    });

    test('the file of a version comes as it is, within a bound', async () => {
      const { id, version, file } = await find('campus-map');
      const bytesMax = file?.byteSize ?? 0;
      expect(bytesMax).toBeGreaterThan(0);
      const bytes = await assets().file(id, { version, bytesMax });
      expect(bytes).toHaveLength(bytesMax);
      await expect(assets().file(id, { version, bytesMax: bytesMax - 1 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
      expect(await assets().file(id, { version: 999, bytesMax })).toBeUndefined();
      expect(await assets().file('a/999999', { version: 1, bytesMax })).toBeUndefined();
    });

    test('metadata, history and contexts are read', async () => {
      const { id } = await find('campus-map');
      const details = await assets().details(id, 0);
      expect(details?.item.id).toBe(id);
      expect(details?.fields.length).toBeGreaterThan(0);
      expect((await assets().history(id, firstPage)).items[0]).toMatchObject({ isCurrent: true });
      expect((await assets().contexts([id, 'a/999999'])).map((context) => context.id)).toEqual([id]);
    });

    test('a check-out, a check-in and a rename are seen by the next read', async () => {
      const { id, version } = await find('campus-map');
      expect((await assets().checkOut(id)).checkedOut).toBe(true);
      const checkedIn = await assets().checkIn(id, {
        recursive: false,
        markTargetIds: ['PublishingTargets/1'],
        comment: 'New',
      });
      expect(checkedIn).toMatchObject({ checkedOut: false, version: version + 1 });
      expect((await assets().rename(id, 'campus-plan.pdf')).name).toBe('campus-plan.pdf');
      expect((await assets().get(id))?.name).toBe('campus-plan.pdf');
    });

    test('assets are moved; what something refers to is not deleted but named', async () => {
      const { sandbox } = stage;
      const publisher = stage.as('publisher').assets;
      const all = (await publisher.search({ text: '', includeFolders: false }, firstPage)).items;
      const usage = await Promise.all(
        all.map(async ({ id }) => ({ id, ...(await stage.as('publisher').site.usageSummary(id)) })),
      );
      const used = usage.find(({ total }) => total > 0)?.id ?? '';
      const unused =
        usage.find(({ total, id }) => total === 0 && sandbox.state.assets[id]?.checkedOut === null)?.id ?? '';
      expect(used).not.toBe('');
      expect(unused).not.toBe('');
      const folders = (await publisher.rootFolders(firstPage)).items.map(({ id }) => id);
      const target = folders.find((id) => id !== sandbox.state.assets[unused]?.parentId) ?? '';
      const [moved] = await publisher.move([unused], target);
      expect(moved).toMatchObject({ id: unused, parentId: target });
      expect(await publisher.delete([used, unused])).toEqual({ deletedIds: [unused], referencedIds: [used] });
      expect((await publisher.get(used))?.id).toBe(used);
    });

    test('a user who only reads is refused', async () => {
      const [any] = (await assets().search({ text: '', includeFolders: false }, firstPage)).items;
      await expect(stage.as('viewer').assets.rename(any?.id ?? '', 'x.pdf')).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    });

    test('a copy has an id of its own, and nothing of the same name is overwritten', async () => {
      const { assets: tree } = stage.as('publisher');
      const file = (await tree.search({ text: '', includeFolders: false }, firstPage)).items[0];
      const target = (await tree.rootFolders(firstPage)).items.find(({ id }) => id !== file?.parentId)?.id ?? '';
      const [copy] = await tree.copy([file?.id ?? ''], target, {});
      expect(copy).toMatchObject({ name: file?.name, parentId: target, markedTargetIds: [] });
      expect(copy?.id).not.toBe(file?.id);
      await expect(tree.copy([file?.id ?? ''], target, {})).rejects.toMatchObject({
        code: expect.stringMatching(/CONFLICT|BAD_INPUT|CMS_REFUSED/),
      });
    });

    test('an upload stores a file, or says what has to be decided first', async () => {
      const { upload } = stage.as('editor').assets;
      const folder = Object.values(stage.sandbox.state.assetFolders).find(({ name }) => name === 'Documents');
      const file = { folderId: folder?.id ?? '', fileName: 'contract.pdf', bytes: new TextEncoder().encode('%PDF') };
      const stored = await upload(file);
      expect(stored).toMatchObject({ kind: 'stored', assetIds: [expect.stringMatching(/^a\//)] });
      const [assetId = ''] = stored.kind === 'stored' ? stored.assetIds : [];
      expect(await stage.as('editor').assets.get(assetId)).toMatchObject({
        name: 'contract.pdf',
        file: { byteSize: 4 },
      });
      expect(await upload(file)).toEqual({ kind: 'name_taken', assetId });
      const refused = await upload({ ...file, fileName: 'contract.zzz' });
      expect(refused).toMatchObject({ kind: 'refused', reasons: [expect.stringContaining('zzz')] });
    });

    test('a folder is created below another one', async () => {
      const parent = Object.values(stage.sandbox.state.assetFolders).find(({ name }) => name === 'Documents');
      const made = await stage.as('editor').assets.createFolder('Contract suite', parent?.id ?? '');
      expect(made).toMatchObject({ kind: 'asset_folder', name: 'Contract suite', parentId: parent?.id });
    });
  });
}
