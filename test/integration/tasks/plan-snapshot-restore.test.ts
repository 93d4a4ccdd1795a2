import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import type { Consumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import type { RestorePlan } from '../../../src/application/snapshots/plan-restore.ts';
import { compareVersions } from '../../../src/application/tasks/core/compare-versions.ts';
import { getContent } from '../../../src/application/tasks/core/get-content.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import { planSnapshotRestore } from '../../../src/application/tasks/snapshots/plan-snapshot-restore.ts';
import { takeSnapshot } from '../../../src/application/tasks/snapshots/take-snapshot.ts';
import type { NextCall } from '../../../src/domain/errors.ts';
import { bytesOf, inOnePiece } from '../../support/backup-bytes.ts';
import { consumeJobs } from '../../support/job-consumer.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe.each([
  ['find-replace', undefined],
  ['services', {}],
] as const)('plan_snapshot_restore where fields are changed by %s', (way, services) => {
  let harness: TaskHarness;
  let consumer: Consumer;
  beforeEach(async () => {
    harness = await openTaskHarness(services === undefined ? {} : { services });
    consumer = consumeJobs(harness, (problem) => {
      throw problem;
    });
  });
  afterEach(async () => {
    await consumer.close(0);
    await harness.close();
  });

  const take = async (item: string) => (await harness.run(takeSnapshot, { item })).snapshot ?? '';
  const plan = async (snapshot: string) => {
    const plans: RestorePlan[] = [];
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await harness.run(planSnapshotRestore, {
        snapshot,
        ...(cursor === undefined ? {} : { cursor }),
      });
      plans.push(...page.differences);
      cursor = page.next_cursor;
      more = cursor !== undefined;
    }
    return plans;
  };
  /** Makes a call as an agent does: a dangerous one is confirmed. */
  const call = async ({ tool, input }: NextCall) => {
    const task = tasks.find(({ name }) => name === tool);
    if (task === undefined) throw new Error(`There is no tool ${tool}.`);
    const answer = await harness.answer(task, input);
    if (answer.kind !== 'confirmation') return;
    const confirmed = { ...input, confirm: (answer.output as { confirm: string }).confirm };
    expect((await harness.answer(task, confirmed)).kind).toBe('done');
  };
  const follow = async (plans: readonly RestorePlan[]) => {
    for (const { steps } of plans) {
      for (const step of steps) {
        await call(step);
        if (step.next !== undefined) await call(step.next);
      }
    }
  };
  const page = (id: string) => {
    const found = harness.state.pages[id];
    if (found === undefined) throw new Error(`The sandbox has no page ${id}.`);
    return found;
  };
  const children = (id: string) =>
    Object.values(harness.state.pages)
      .filter(({ parentId }) => parentId === id)
      .sort((a, b) => a.siblingPosition - b.siblingPosition)
      .map((each) => each.id);
  const admissions = () => page(harness.landmarks.tuitionPage).parentId ?? '';
  const use = (tool: string, input: Record<string, unknown>) => call({ tool, input });
  const edit = async (item: string, changes: readonly object[]) => {
    const { items } = await harness.run(getContent, { items: [item] });
    const version = items?.[0]?.version_token;
    await use('edit_content', { item, version, changes });
    await use('check_in_content', { items: [item] });
  };

  it('finds nothing where nothing changed', async () => {
    expect(await plan(await take(admissions()))).toEqual([]);
  });

  it('names calls that bring everything back that this CMS can put back', async () => {
    const root = admissions();
    const { tuitionPage, deadlinesPage, admissionsContactPage } = harness.landmarks;
    const before = children(root);
    const snapshot = await take(root);
    const body = page(tuitionPage)
      .versions.at(-1)
      ?.elements.find(({ name }) => name === 'Body')?.value;

    await edit(tuitionPage, [{ op: 'replace_text', field: 'Body', find: 'is $60', value: 'is $75' }]);
    await use('move_content', { items: [deadlinesPage], new_name: 'Dates' });
    await use('delete_content', { items: [admissionsContactPage] });
    const [moved = '', shifted = ''] = before.filter(
      (id) => ![tuitionPage, deadlinesPage, admissionsContactPage].includes(id),
    );
    await use('move_content', { items: [moved], to: tuitionPage });
    await use('move_content', { items: [shifted], to: before.at(-1) ?? '', position: 'after' });
    await use('categorize_content', { items: [tuitionPage], replace_with: [] });

    const plans = await plan(snapshot);
    const told = new Map(plans.map(({ id, differs }) => [id, differs]));
    expect(told.get(tuitionPage)).toEqual(expect.arrayContaining(['field Body', 'categories']));
    expect(told.get(deadlinesPage)).toEqual(['name']);
    // The CMS takes what it deletes off its categories as well.
    expect(told.get(admissionsContactPage)).toEqual(expect.arrayContaining(['deleted']));
    expect(told.get(moved)).toEqual(['place']);
    expect([...told.values()].flat()).toContain('order');
    expect(plans.flatMap(({ by_person }) => by_person ?? [])).toEqual([]);

    await follow(plans);
    expect(await plan(snapshot)).toEqual([]);
    expect(children(root)).toEqual(before);
    expect(
      page(tuitionPage)
        .versions.at(-1)
        ?.elements.find(({ name }) => name === 'Body')?.value,
    ).toBe(body);
    expect(page(deadlinesPage).versions.at(-1)?.name).not.toBe('Dates');
    const compared = await harness.run(compareVersions, { item: tuitionPage, from: `snapshot:${snapshot}` });
    expect(compared.identical).toBe(true);
  });

  it('says what is new since then, and deletes it only where that is wanted', async () => {
    const root = admissions();
    const snapshot = await take(root);
    await use('copy_content', { items: [harness.landmarks.tuitionPage], to: root });
    const plans = await plan(snapshot);
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({
      differs: ['new since then'],
      steps: [{ tool: 'delete_content', optional: true }],
    });
    expect(plans[0]?.id).not.toBe(harness.landmarks.tuitionPage);
  });

  it('comes in parts where much differs, each item once', async () => {
    const root = admissions();
    const snapshot = await take(root);
    const renamed = Object.values(harness.state.pages).filter(({ parentId }) => parentId === root);
    for (const each of renamed) for (const version of each.versions) version.name = `Now ${version.name}`;
    expect(renamed.length).toBeGreaterThan(3);
    const below = Object.values(harness.state.pages).filter(({ parentId }) =>
      renamed.some(({ id }) => id === parentId),
    );
    for (const each of below) for (const version of each.versions) version.name = `Now ${version.name}`;
    const wanted = [...renamed, ...below].map(({ id }) => id).sort();
    expect(wanted.length).toBeGreaterThan(10);
    const plans = await plan(snapshot);
    expect(plans.map(({ id }) => id).sort()).toEqual(wanted);
    const one = await harness.run(planSnapshotRestore, { snapshot, items: [wanted[0] ?? ''] });
    expect(one).toMatchObject({ examined: 1, differences: [{ id: wanted[0], differs: ['name'] }] });
    const stranger = await harness.refusal(planSnapshotRestore, { snapshot, items: ['x1'] });
    expect(stranger.code).toBe('NOT_FOUND');
  });

  it('is about what the caller may read now, and tells what they may not change', async () => {
    const { noAccessForAuthorPage } = harness.landmarks;
    const root = page(noAccessForAuthorPage).parentId ?? '';
    const snapshot = await take(root);
    for (const id of [noAccessForAuthorPage, root]) {
      for (const version of page(id).versions) version.name = `Now ${version.name}`;
    }
    page(root).security = [{ userId: seedIds.users.author, groupId: null, level: 'READ_ONLY' }];
    const { differences, notes } = await harness.run(planSnapshotRestore, { snapshot }, { role: 'author' });
    expect(differences).toMatchObject([{ id: root, differs: ['name'], blocked: 'You may read it, not change it.' }]);
    expect(notes).toEqual(['1 item(s) are not yours to read now, and are left out.']);
    expect((await harness.run(planSnapshotRestore, { snapshot })).differences).toHaveLength(2);
  });

  it('leaves to a person what this CMS cannot write, and says why', async () => {
    const root = admissions();
    const { tuitionPage } = harness.landmarks;
    const snapshot = await take(root);
    const last = page(tuitionPage).versions.at(-1);
    if (last === undefined) throw new Error('The page was never checked in.');
    // By hand in the CMS: a new version in which a text and a switch differ, and the older ones are trimmed away.
    const version = structuredClone(last);
    version.number += 1;
    const emptied = version.elements.find(({ name }) => name === 'Summary');
    const changed = version.elements.find(({ name }) => name === 'Body');
    if (emptied === undefined || changed === undefined) throw new Error('The page has other fields.');
    const [summary, body] = [emptied.value, changed.value];
    emptied.value = '';
    changed.value = changed.value.replace('60', '99');
    page(tuitionPage).versions.splice(0, page(tuitionPage).versions.length, version);
    // Versions never change, so that this process may remember one.
    await harness
      .runtime()
      .events.publish([{ type: 'content_changed', itemIds: [tuitionPage], change: 'version', subject: 'a person' }]);

    const [first] = await plan(snapshot);
    expect(first).toMatchObject({ id: tuitionPage, differs: expect.arrayContaining(['field Body', 'field Summary']) });
    const step = first?.steps[0];
    expect(step).toMatchObject({ tool: 'edit_content' });
    expect(step?.input).not.toHaveProperty('restore_version');
    if (way === 'find-replace') {
      expect(first?.by_person).toEqual([
        { what: 'field Summary', why: expect.stringContaining('is empty'), was: expect.any(String) },
      ]);
      expect(summary.startsWith(first?.by_person?.[0]?.was?.replace('…', '') ?? '?')).toBe(true);
      // The rest can be made; check-in waits for the person, because the summary is required.
      await call(step ?? { tool: '', input: {} }).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'REQUIRED_FIELD' });
      });
    } else {
      expect(first?.by_person).toBeUndefined();
      await follow([first as RestorePlan]);
      expect(
        page(tuitionPage)
          .versions.at(-1)
          ?.elements.find(({ name }) => name === 'Summary')?.value,
      ).toBe(summary);
      expect(
        page(tuitionPage)
          .versions.at(-1)
          ?.elements.find(({ name }) => name === 'Body')?.value,
      ).toBe(body);
      expect(await plan(snapshot)).toEqual([]);
    }
  });

  it('brings back the file of an asset, also of one that was purged', async () => {
    const id =
      Object.values(harness.state.assets).find(({ versions }) => typeof versions.at(-1)?.file?.text === 'string')?.id ??
      '';
    const folder = harness.state.assets[id]?.parentId ?? '';
    const snapshot = await take(folder);
    const fileName = harness.state.assets[id]?.versions.at(-1)?.name ?? '';
    const original = harness.state.assets[id]?.versions.at(-1)?.file?.text ?? '';
    await use('upload_asset', { replace: id, file_name: fileName, text: 'something else' });
    await use('check_in_content', { items: [id] });
    const plans = await plan(snapshot);
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({
      id,
      differs: ['file'],
      steps: [{ tool: 'upload_asset', input: { replace: id, source_snapshot: `${snapshot}:${id}` } }],
    });
    await follow(plans);
    const stored = harness.state.assets[id]?.versions.at(-1)?.file;
    const bytes = stored?.text ?? Buffer.from(stored?.base64 ?? '', 'base64').toString('utf8');
    expect(bytes).toBe(original);
    expect(await plan(snapshot)).toEqual([]);

    delete harness.state.assets[id];
    const [gone] = await plan(snapshot);
    expect(gone).toMatchObject({
      id,
      differs: ['deleted for good'],
      steps: [{ tool: 'upload_asset', input: { file_name: fileName }, note: expect.stringContaining('new id') }],
    });
    await follow(gone === undefined ? [] : [gone]);
    const again = Object.values(harness.state.assets).find(
      (each) => each.parentId === folder && (each.versions.at(-1) ?? each.checkedOut)?.name === fileName,
    );
    expect(again?.id).not.toBe(id);
    expect(again).toBeDefined();
  });

  it('puts nothing back of a snapshot that was tampered with', async () => {
    const { tuitionPage } = harness.landmarks;
    const root = admissions();
    const older = await take(root);
    await edit(tuitionPage, [{ op: 'replace_text', field: 'Body', find: 'is $60', value: 'is $75' }]);
    const newer = await take(root);
    await edit(tuitionPage, [{ op: 'replace_text', field: 'Body', find: 'is $75', value: 'is $90' }]);
    const { snapshots, backups } = harness.runtime().ports;
    const { items = [] } = (await snapshots.store.open(newer)) ?? {};
    const objectOf = (id: string) => `content-object-${items.find((each) => each.id === id)?.contentHash}.igxb`;
    const lists = [older, newer].map((id) => `content-snapshot-${id}.igxb`);
    const read = (name: string) => bytesOf(backups.store, name);
    const put = (name: string, bytes: Buffer) => backups.store.put(name, inOnePiece(bytes));
    const changed = (whole: Buffer) => Buffer.from(whole.with(whole.length - 10, (whole.at(-10) ?? 0) ^ 1));
    const [list = '', object] = [lists[1], objectOf(tuitionPage)];
    const harms = [
      [object, changed(await read(object))],
      [object, await read(objectOf(root))],
      [list, changed(await read(list))],
      // A good list, of another time.
      [list, await read(lists[0] ?? '')],
    ] as const;
    for (const [name, bytes] of harms) {
      const whole = await read(name);
      await put(name, bytes);
      const { code, message } = await harness.refusal(planSnapshotRestore, { snapshot: newer, items: [tuitionPage] });
      expect([code, message]).toEqual(['STORAGE_UNAVAILABLE', expect.stringContaining('damaged')]);
      await put(name, whole);
    }
    const [planned] = await plan(newer);
    expect(planned).toMatchObject({ id: tuitionPage, differs: ['field Body'] });
  });

  it('makes a purged page anew, as far as this CMS lets it', async () => {
    const root = admissions();
    const { tuitionPage } = harness.landmarks;
    const [leaf = ''] = children(root).filter((id) => children(id).length === 0 && id !== tuitionPage);
    const snapshot = await take(root);
    const name = page(leaf).versions.at(-1)?.name;
    delete harness.state.pages[leaf];
    const plans = await plan(snapshot);
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({
      id: leaf,
      differs: ['deleted for good'],
      steps: [{ tool: 'create_page', input: { parent: root, name }, note: expect.stringContaining('new id') }],
    });
    const isPersonNeeded = (plans[0]?.by_person ?? []).length > 0;
    expect(isPersonNeeded).toBe(way === 'find-replace');
    await follow(plans);
    const made = children(root).find((id) => (page(id).versions.at(-1) ?? page(id).checkedOut)?.name === name);
    expect(made).toBeDefined();
    expect(made).not.toBe(leaf);
  });

  it('says what stands in the way: a check-out of somebody else, and rights', async () => {
    const { checkedOutByOtherPage } = harness.landmarks;
    const snapshot = await take(checkedOutByOtherPage);
    const held = page(checkedOutByOtherPage);
    const next = structuredClone(held.versions.at(-1));
    if (next === undefined) throw new Error('The page was never checked in.');
    next.number += 1;
    const body = next.elements.find(({ name }) => name === 'Body');
    if (body !== undefined) body.value = `${body.value}<p>One more.</p>`;
    held.versions.push(next);
    const [locked] = await plan(snapshot);
    expect(locked).toMatchObject({ id: checkedOutByOtherPage, blocked: expect.stringMatching(/^Checked out by /) });
  });
});
