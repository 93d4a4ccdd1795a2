import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SandboxRole } from '../../../sandbox/seed/people.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import type { Consumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { pruneSnapshots } from '../../../src/application/snapshots/prune-snapshots.ts';
import { takeSnapshot as takeContent } from '../../../src/application/snapshots/take-snapshot.ts';
import { uploadAsset } from '../../../src/application/tasks/assets/upload-asset.ts';
import { checkInContent } from '../../../src/application/tasks/authoring/check-in-content.ts';
import { editContent } from '../../../src/application/tasks/authoring/edit-content.ts';
import { compareVersions } from '../../../src/application/tasks/core/compare-versions.ts';
import { getContent } from '../../../src/application/tasks/core/get-content.ts';
import { cancelJob } from '../../../src/application/tasks/jobs/cancel-job.ts';
import { getJob } from '../../../src/application/tasks/jobs/get-job.ts';
import { browseSnapshots } from '../../../src/application/tasks/snapshots/browse-snapshots.ts';
import { planSnapshotRestore } from '../../../src/application/tasks/snapshots/plan-snapshot-restore.ts';
import { takeSnapshot } from '../../../src/application/tasks/snapshots/take-snapshot.ts';
import type { BackupKeep } from '../../../src/domain/model/backup.ts';
import type { ContentItem } from '../../../src/domain/model/content-item.ts';
import type { CmsPages } from '../../../src/domain/ports/cms/pages.ts';
import { bytesOf, inOnePiece } from '../../support/backup-bytes.ts';
import { consumeJobs } from '../../support/job-consumer.ts';
import { poll } from '../../support/poll.ts';
import { openTaskHarness, type RunOptions, type TaskHarness } from '../../support/task-harness.ts';

/** What reads content: the fields of a page or asset, and the file of an asset. */
const contentReads = ['Pages_GetPageDetails', 'Assets_GetAssetDetails', 'Preview_GetAssetFile'];

/** Some files of the sandbox are larger, most are not. */
const snapshotFileBytesMax = 1_000_000;

describe('snapshots of content', () => {
  let harness: TaskHarness;
  let consumer: Consumer;
  const problems: unknown[] = [];
  beforeEach(async () => {
    harness = await openTaskHarness({ snapshotFileBytesMax });
    consumer = consumeJobs(harness, (problem) => problems.push(problem));
  });
  afterEach(async () => {
    await consumer.close(0);
    await harness.close();
    expect(problems.splice(0)).toEqual([]);
  });
  /** Jobs run with the rights of one account here: from now on with this one's. */
  const as = async (role: SandboxRole) => {
    await consumer.close(0);
    consumer = consumeJobs(harness, (problem) => problems.push(problem), role);
  };
  const admissions = () => harness.state.pages[harness.landmarks.tuitionPage]?.parentId ?? '';
  const take = async (item: string, more: object = {}, role?: SandboxRole) => {
    const answer = await harness.run(takeSnapshot, { item, ...more }, role === undefined ? {} : { role });
    expect(answer).toMatchObject({ state: 'succeeded', percent: 100 });
    return { ...answer, id: answer.snapshot ?? '' };
  };
  const reads = () => {
    const calls = harness.sandbox.calls.list().filter(({ operationId }) => contentReads.includes(operationId ?? ''));
    return calls.map(({ query }) => String(query['id'] ?? query['assetId']));
  };

  it('keep every page below one with all its fields, and the assets with their bytes', async () => {
    const root = admissions();
    const taken = await take(root, { comment: 'before the redesign' });
    const below = Object.values(harness.state.pages).filter(({ parentId }) => parentId === root);
    expect(taken.pages).toBeGreaterThan(below.length);
    expect(taken).toMatchObject({ comment: 'before the redesign', reused: 0, yours: true, removed: [] });
    expect(taken.read_anew).toBe((taken.pages ?? 0) + (taken.assets ?? 0));
    const listed = await harness.run(browseSnapshots, { snapshot: taken.id, limit: 100 });
    const ids = listed.items?.map(({ id }) => id) ?? [];
    expect(ids[0]).toBe(root);
    for (const page of below) expect(ids).toContain(page.id);
    const shown = await harness.run(browseSnapshots, { snapshot: taken.id, item: harness.landmarks.tuitionPage });
    const now = await harness.run(getContent, { items: [harness.landmarks.tuitionPage] });
    expect(shown.fields?.map(({ field, value }) => [field, value])).toEqual(
      now.items?.[0]?.fields?.map(({ field, value }) => [field, value]),
    );
    const assets = listed.items?.filter(({ kind }) => kind === 'asset') ?? [];
    expect(assets.length).toBe(taken.assets);
    const kept = assets.filter(({ file }) => file?.hash !== undefined);
    expect(kept.length).toBeGreaterThan(0);
    for (const { id, file } of kept) {
      const bytes = await harness.runtime().ports.snapshots.store.object(file?.hash ?? '');
      expect(bytes).toHaveLength(harness.state.assets[id]?.versions.at(-1)?.file?.byteSize ?? -1);
    }
  });

  it('read only what changed since the last one of the same root', async () => {
    const root = admissions();
    const first = await take(root);
    const { tuitionPage } = harness.landmarks;
    const { items } = await harness.run(getContent, { items: [tuitionPage] });
    const change = { op: 'replace_text' as const, field: 'Body', find: 'is $60', value: 'is $75' };
    await harness.run(editContent, { item: tuitionPage, version: items?.[0]?.version_token ?? '', changes: [change] });
    await harness.run(checkInContent, { items: [tuitionPage] });
    harness.sandbox.calls.clear();
    const second = await take(root);
    expect(reads()).toEqual([tuitionPage]);
    expect(second).toMatchObject({ read_anew: 1, pages: first.pages, assets: first.assets });
    expect(second.reused).toBe((first.read_anew ?? 0) - 1);
    const full = await take(root, { full: true });
    expect(full).toMatchObject({ reused: 0, read_anew: first.read_anew });
  });

  it('refuse what is damaged in the place of backups, until everything is read again', async () => {
    const root = admissions();
    const { tuitionPage } = harness.landmarks;
    const { id } = await take(root);
    const { backups, snapshots } = harness.runtime().ports;
    const item = (await snapshots.store.open(id))?.items.find((each) => each.id === tuitionPage);
    const name = `content-object-${item?.contentHash}.igxb`;
    const damage = async () => {
      const whole = await bytesOf(backups.store, name);
      whole[whole.length - 10] = (whole[whole.length - 10] ?? 0) ^ 1;
      await backups.store.put(name, inOnePiece(whole));
    };
    const look = { snapshot: id, item: tuitionPage };
    for (const harm of [damage, () => backups.store.remove(name)]) {
      await harm();
      const refused = [
        await harness.refusal(browseSnapshots, look),
        await harness.refusal(compareVersions, { item: tuitionPage, from: `snapshot:${id}` }),
      ];
      for (const { code, message } of refused) {
        expect([code, message]).toEqual([
          'STORAGE_UNAVAILABLE',
          expect.stringMatching(/(damaged|missing).*full: true/),
        ]);
      }
      await take(root, { full: true });
      expect((await harness.run(browseSnapshots, look)).fields?.length).toBeGreaterThan(0);
    }
  });

  it('are compared with now, and with each other, by compare_versions', async () => {
    const root = admissions();
    const { tuitionPage } = harness.landmarks;
    const before = await take(root);
    const same = await harness.run(compareVersions, { item: tuitionPage, from: `snapshot:${before.id}` });
    expect(same).toMatchObject({ identical: true, from: { version: expect.any(Number) } });
    const { items } = await harness.run(getContent, { items: [tuitionPage] });
    const change = { op: 'replace_text' as const, field: 'Body', find: 'is $60', value: 'is $75' };
    await harness.run(editContent, { item: tuitionPage, version: items?.[0]?.version_token ?? '', changes: [change] });
    await harness.run(checkInContent, { items: [tuitionPage] });
    const after = await take(root);
    for (const to of [undefined, 'current', `snapshot:${after.id}`]) {
      const answer = await harness.run(compareVersions, {
        item: tuitionPage,
        from: `snapshot:${before.id}`,
        ...(to === undefined ? {} : { to }),
      });
      expect(answer.changes).toHaveLength(1);
      expect(answer.changes[0]).toMatchObject({ field: 'Body', diff: expect.stringMatching(/60.*75/) });
      expect(answer.from.is).toMatch(/snapshot of 20/);
    }
    const missing = await harness.refusal(compareVersions, { item: 'x1', from: `snapshot:${before.id}` });
    expect(missing.code).toBe('NOT_FOUND');
    const unknown = await harness.refusal(compareVersions, { item: tuitionPage, from: 'snapshot:nope' });
    expect(unknown).toMatchObject({ code: 'NOT_FOUND', next: { tool: 'browse_snapshots' } });
  });

  it('tell of drafts, of what was never checked in, and of what is too large', async () => {
    const { checkedOutByOtherPage, neverCheckedInPage } = harness.landmarks;
    const other = await take(checkedOutByOtherPage);
    expect(other.notes?.join(' ')).toMatch(/1 item\(s\) were checked out: their newest checked-in version is kept/);
    const shown = await harness.run(browseSnapshots, { snapshot: other.id, item: checkedOutByOtherPage });
    const page = harness.state.pages[checkedOutByOtherPage];
    const summary = page?.versions.at(-1)?.elements.find(({ name }) => name === 'Summary')?.value;
    expect(shown.item).toMatchObject({ checked_out_by: expect.any(String) });
    expect(shown.fields?.find(({ field }) => field === 'Summary')?.value).toBe(summary);
    await as('author');
    const never = await take(neverCheckedInPage, {}, 'author');
    const draft = await harness.run(
      browseSnapshots,
      { snapshot: never.id, item: neverCheckedInPage },
      { role: 'author' },
    );
    expect(draft.item?.version).toBe(0);
    expect(draft.notes?.join(' ')).toMatch(/never checked in/);
    await as('editor');
    const large = Object.values(harness.state.assets).find(
      ({ versions }) => (versions.at(-1)?.file?.byteSize ?? 0) > snapshotFileBytesMax,
    );
    const asset = await take(large?.id ?? '');
    expect(asset).toMatchObject({
      assets: 1,
      file_bytes: 0,
      notes: [expect.stringMatching(/1 file\(s\) are left out/)],
    });
    const kept = await harness.run(browseSnapshots, { snapshot: asset.id, item: large?.id ?? '' });
    expect(kept.item?.file).toMatchObject({ leftOut: 'too_large', byteSize: large?.versions.at(-1)?.file?.byteSize });
  });

  it('hold what the asking user may read, and count the rest', async () => {
    const { noAccessForAuthorPage } = harness.landmarks;
    const root = harness.state.pages[noAccessForAuthorPage]?.parentId ?? '';
    const whole = await take(root);
    await as('author');
    const part = await take(root, {}, 'author');
    expect(part.pages).toBeLessThan(whole.pages ?? 0);
    expect(part.notes?.join(' ')).toMatch(/1 page\(s\) were not shown to this user/);
    const seen = await harness.run(browseSnapshots, { snapshot: part.id, limit: 100 }, { role: 'author' });
    expect(seen.items?.map(({ id }) => id)).not.toContain(noAccessForAuthorPage);
    expect((await harness.refusal(takeSnapshot, { item: noAccessForAuthorPage }, { role: 'author' })).code).toBe(
      'FORBIDDEN',
    );
  });

  it("show nobody what they may not read now, whoever's rights a snapshot was taken with", async () => {
    const { noAccessForAuthorPage } = harness.landmarks;
    const page = harness.state.pages[noAccessForAuthorPage];
    const root = page?.parentId ?? '';
    const [whole, secret] = [await take(root), await take(noAccessForAuthorPage)];
    const author = { role: 'author' } as const;
    const seen = await harness.run(browseSnapshots, { snapshot: whole.id, limit: 100 }, author);
    expect(seen.items?.map(({ id }) => id)).toContain(root);
    expect(seen.items?.map(({ id }) => id)).not.toContain(noAccessForAuthorPage);
    expect(JSON.stringify(seen)).not.toContain(page?.versions.at(-1)?.name);
    expect(seen.notes).toEqual(['1 item(s) of this page are not yours to read now.']);
    const listed = await harness.run(browseSnapshots, {}, author);
    expect(listed.snapshots?.map(({ snapshot }) => snapshot)).toEqual([whole.id]);
    const refused = [
      await harness.refusal(browseSnapshots, { snapshot: secret.id }, author),
      await harness.refusal(browseSnapshots, { snapshot: secret.id, item: noAccessForAuthorPage }, author),
      await harness.refusal(browseSnapshots, { snapshot: whole.id, item: noAccessForAuthorPage }, author),
    ];
    for (const { code, message } of refused) {
      expect(code).toBe('NOT_FOUND');
      expect(message).not.toContain(page?.versions.at(-1)?.name);
    }
    const asset = Object.values(harness.state.assets).find(({ versions }) => versions.at(-1)?.file !== undefined);
    const files = await take(asset?.parentId ?? '');
    const upload = {
      folder: asset?.parentId ?? '',
      file_name: 'copy.pdf',
      source_snapshot: `${files.id}:${asset?.id}`,
    };
    if (asset !== undefined) {
      asset.security = [{ userId: seedIds.users.author, groupId: null, level: 'NO_ACCESS' }];
    }
    const uploaded = await harness.refusal(uploadAsset, upload, author);
    expect([uploaded.code, uploaded.message]).toEqual(['NOT_FOUND', expect.stringContaining('that you can read')]);
    const compared = await harness.refusal(
      compareVersions,
      { item: noAccessForAuthorPage, from: `snapshot:${whole.id}` },
      author,
    );
    expect(compared.code).toBe('FORBIDDEN');
    // What is gone for good nobody can be asked about: only who took the snapshot has surely read it.
    delete harness.state.pages[noAccessForAuthorPage];
    expect(
      (await harness.run(browseSnapshots, { snapshot: whole.id, item: noAccessForAuthorPage })).item,
    ).toMatchObject({
      now: 'gone',
    });
    const gone = await harness.refusal(browseSnapshots, { snapshot: whole.id, item: noAccessForAuthorPage }, author);
    expect(gone.code).toBe('NOT_FOUND');
    const rootGone = await harness.refusal(browseSnapshots, { snapshot: secret.id });
    expect(rootGone.code).toBe('NOT_FOUND');
  });

  it('hold nothing that others have kept of what this user may not read, though a list of the CMS names it', async () => {
    const { noAccessForAuthorPage } = harness.landmarks;
    const root = harness.state.pages[noAccessForAuthorPage]?.parentId ?? '';
    await take(root);
    const seenBy = (role: SandboxRole) =>
      harness.runtime(role).connector.as(harness.principal(role), {
        signal: new AbortController().signal,
        allowStale: false,
      });
    const [all, theirs] = [seenBy('editor'), seenBy('author')];
    const { snapshots } = harness.runtime().ports;
    const nameWithoutAccess = (item: ContentItem): ContentItem =>
      item.id === noAccessForAuthorPage ? { ...item, access: 'none' } : item;
    const pages: CmsPages = {
      ...theirs.pages,
      children: async (id, request) => {
        const page = await all.pages.children(id, request);
        return { ...page, items: page.items.map(nameWithoutAccess) };
      },
    };
    const takenBy = harness.principal('author').subject;
    const order = { id: '20260101t000000000z-000000000000', takenAtMs: 0, takenBy, rootId: root, full: false };
    const work = { safePoint: async () => undefined, isCancelled: () => false, progress: async () => undefined };
    const { counts } = await takeContent(order, { ...theirs, pages, snapshots }, work);
    expect(counts).toMatchObject({ hidden: 1 });
    expect(counts.reused).toBeGreaterThan(0);
    const kept = (await snapshots.store.open(order.id))?.items.map(({ id }) => id);
    expect(kept).toContain(root);
    expect(kept).not.toContain(noAccessForAuthorPage);
  });

  it('tell nobody but their taker the names above an item that the CMS does not show', async () => {
    const leave = Object.values(harness.state.pages).find(({ versions }) => versions.at(-1)?.name === 'Leave');
    const office = harness.state.pages[leave?.parentId ?? ''];
    if (leave === undefined || office === undefined) throw new Error('The sandbox has no such pages.');
    const [nameThen, secretName] = ['Pay and Leave', 'The office that nobody knows'];
    for (const version of office.versions) version.name = nameThen;
    const services = office.parentId ?? '';
    const [whole, page] = [await take(services), await take(leave.id)];
    const author = { role: 'author' } as const;
    const look = async (options: RunOptions) =>
      JSON.stringify([
        await harness.run(browseSnapshots, { limit: 100 }, options),
        await harness.run(browseSnapshots, { snapshot: whole.id, limit: 100 }, options),
        await harness.run(browseSnapshots, { snapshot: page.id, item: leave.id }, options),
        await harness.run(planSnapshotRestore, { snapshot: whole.id, items: [leave.id] }, options),
      ]);
    for (const version of leave.versions) version.name = 'Leaving';
    expect(await look(author)).toContain(`/ ${nameThen} / Leave`);
    for (const version of office.versions) version.name = secretName;
    office.security = [{ userId: seedIds.users.author, groupId: null, level: 'NO_ACCESS' }];
    leave.security = [{ userId: seedIds.users.author, groupId: null, level: 'READ_ONLY' }];
    const seen = await look(author);
    expect(seen).toContain('/ Leave"');
    for (const name of [nameThen, secretName]) expect(seen).not.toContain(`/ ${name}`);
    expect(await look({})).toContain(`/ ${nameThen} / Leave`);
  });

  it('stay as long as the operator keeps them, root by root, and take what only they held with them', async () => {
    const [root, { tuitionPage }] = [admissions(), harness.landmarks];
    const oldest = await take(root);
    const elsewhere = await take(tuitionPage);
    const { items } = await harness.run(getContent, { items: [tuitionPage] });
    const change = { op: 'replace_text' as const, field: 'Body', find: 'is $60', value: 'is $75' };
    await harness.run(editContent, { item: tuitionPage, version: items?.[0]?.version_token ?? '', changes: [change] });
    await harness.run(checkInContent, { items: [tuitionPage] });
    const [middle, newest] = [await take(root), await take(root)];
    const { snapshots, clock } = harness.runtime().ports;
    const { store } = snapshots;
    const prune = (keep: BackupKeep, days = 0) =>
      pruneSnapshots({ ...snapshots, keep }, { clock: { ...clock, nowMs: () => clock.nowMs() + days * 86_400_000 } });
    const contentIn = async (id: string) =>
      (await store.open(id))?.items.find((each) => each.id === tuitionPage)?.contentHash ?? '';
    const before = await contentIn(oldest.id);
    expect(await prune({ unit: 'days', count: 90 }, 89)).toEqual([]);
    expect(await prune({ unit: 'backups', count: 2 })).toEqual([oldest.id]);
    expect(await contentIn(elsewhere.id)).toBe(before);
    await store.object(before);
    await store.remove([elsewhere.id]);
    await expect(store.object(before)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(await prune({ unit: 'days', count: 90 }, 91)).toEqual([middle.id]);
    expect((await store.list()).map(({ id }) => id)).toEqual([newest.id]);
  });

  it('are taken again and again by a schedule, which is told and taken back like any other', async () => {
    const root = admissions();
    const answer = await harness.run(takeSnapshot, { item: root, repeat: '0 3 * * * Europe/Berlin' });
    expect(answer).toMatchObject({ state: 'scheduled', next: { tool: 'get_job' } });
    const { jobs } = await harness.run(getJob, {});
    expect(jobs?.map(({ kind, state }) => [kind, state])).toEqual([['take_snapshot', 'scheduled']]);
    await harness.run(cancelJob, { job: answer.job ?? '' });
    expect((await harness.run(getJob, {})).jobs ?? []).toEqual([]);
    const bad = await harness.refusal(takeSnapshot, { item: root, repeat: 'every day' });
    expect(bad.code).toBe('BAD_INPUT');
    expect((await harness.refusal(takeSnapshot, { item: root, repeat: '99 3 * * * Mars/Base' })).code).toBe(
      'BAD_INPUT',
    );
  });

  /** Starts one that takes a while, and answers its job when it has begun to read pages. */
  const startSlowly = async (item: string) => {
    harness.sandbox.faults.add({ match: { operationId: 'Pages_GetPageDetails' }, kind: 'latency', ms: 15 });
    const started = harness.answer(takeSnapshot, { item }).catch(() => undefined);
    const job = await poll('the job to run', async () => {
      const { jobs } = await harness.run(getJob, {});
      return jobs?.find(({ state, percent }) => state === 'running' && percent > 5);
    });
    return { id: job.job, started };
  };
  const reached = (id: string, wanted: string) =>
    poll(
      `the job to be ${wanted}`,
      async () => {
        const job = await harness.run(getJob, { job: id });
        return job.state === wanted ? job : undefined;
      },
      { timeoutMs: 60_000 },
    );

  it('go on from where they held, without reading everything again', async () => {
    const { id, started } = await startSlowly(harness.landmarks.home);
    await harness.run(cancelJob, { job: id, action: 'pause' });
    await reached(id, 'held');
    const readBefore = new Set(reads());
    expect(readBefore.size).toBeGreaterThan(5);
    harness.sandbox.calls.clear();
    harness.sandbox.faults.clear();
    await harness.run(cancelJob, { job: id, action: 'resume' });
    const done = await reached(id, 'succeeded');
    await started;
    // Of a batch that was not written yet when it held.
    expect(reads().filter((read) => readBefore.has(read)).length).toBeLessThan(20);
    expect(done.result).toMatchObject({ reused: 0, snapshot: expect.any(String) });
    expect((await harness.run(browseSnapshots, {})).snapshots).toHaveLength(1);
  });

  it('leave nothing when they are cancelled', async () => {
    const { id, started } = await startSlowly(harness.landmarks.home);
    await harness.run(cancelJob, { job: id });
    await reached(id, 'cancelled');
    await started;
    expect((await harness.run(browseSnapshots, {})).snapshots).toEqual([]);
    const { store } = harness.runtime().ports.backups;
    expect(await poll('the draft to be gone', async () => (await store.list('content-draft-')).length === 0)).toBe(
      true,
    );
    await harness.runtime().ports.snapshots.store.remove([]);
    expect(await store.list('content-')).toEqual([]);
  });
});

describe('a large subtree', () => {
  let harness: TaskHarness;
  let consumer: Consumer;
  beforeAll(async () => {
    harness = await openTaskHarness();
    consumer = consumeJobs(harness, (problem) => {
      throw problem;
    });
  });
  afterAll(async () => {
    await consumer.close(0);
    await harness.close();
  });

  it('is kept whole, with progress, and again without reading a page', async () => {
    const parent = harness.landmarks.tuitionPage;
    const original = structuredClone(harness.state.pages[parent]);
    if (original === undefined) throw new Error('The sandbox has no tuition page.');
    const pages = 351 + Object.values(harness.state.pages).filter(({ parentId }) => parentId === parent).length;
    for (let at = 0; at < 350; at += 1) {
      const id = `x${70_000 + at}`;
      const copy = { ...structuredClone(original), id, parentId: at < 50 ? parent : `x${70_000 + (at % 50)}` };
      for (const version of copy.versions) version.name = `Fees of ${at}`;
      harness.state.pages[id] = copy;
    }
    const told: number[] = [];
    const job = await harness.run(takeSnapshot, { item: parent }, { onProgress: (percent) => told.push(percent) });
    const done = await poll(
      'the snapshot',
      async () => {
        const now = await harness.run(getJob, { job: job.job });
        return now.state === 'succeeded' ? now : undefined;
      },
      { timeoutMs: 60_000 },
    );
    expect(done.result).toMatchObject({ pages });
    expect(told.toSorted((a, b) => a - b)).toEqual(told);
    harness.sandbox.calls.clear();
    const again = await harness.run(takeSnapshot, { item: parent });
    expect(again).toMatchObject({ pages, read_anew: 0 });
    const details = harness.sandbox.calls.list().filter(({ operationId }) => contentReads.includes(operationId ?? ''));
    expect(details).toEqual([]);
    // Page by page of the list, nothing twice and nothing missing.
    const ids: string[] = [];
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await harness.run(browseSnapshots, {
        snapshot: again.snapshot ?? '',
        limit: 100,
        ...(cursor === undefined ? {} : { cursor }),
      });
      ids.push(...(page.items ?? []).flatMap(({ id, kind }) => (kind === 'page' ? [id] : [])));
      cursor = page.next_cursor;
      more = cursor !== undefined;
    }
    expect(new Set(ids).size).toBe(pages);
    expect(ids).toHaveLength(pages);
  });
});
