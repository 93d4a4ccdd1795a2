import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getContent } from '../../../src/application/tasks/core/get-content.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('get_content', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  it('shows the fields as stored, with a version token to edit with', async () => {
    const { tuitionPage } = harness.landmarks;
    const { items } = await harness.run(getContent, { items: [tuitionPage] });
    const stored = harness.state.pages[tuitionPage]?.versions.at(-1);
    expect(items[0]).toMatchObject({
      id: tuitionPage,
      path: 'Home / Admissions / Tuition',
      version: stored?.number,
      shows: `version ${stored?.number}, checked in`,
    });
    const body = items[0]?.fields?.find(({ field }) => field === 'Body');
    expect(body?.value).toBe(stored?.elements.find(({ name }) => name === 'Body')?.value);
    expect(items[0]?.version_token).toMatch(/^\d+\+?\.[0-9a-f]{12}$/);
    const again = await harness.run(getContent, { items: [tuitionPage], fields: ['Title'] });
    expect(again.items[0]?.version_token).toBe(items[0]?.version_token);
    expect(again.items[0]?.fields?.map(({ field }) => field)).toEqual(['Title']);
  });

  it('shows everything that it is asked for', async () => {
    const { deadlinesPage } = harness.landmarks;
    const { items } = await harness.run(getContent, {
      items: ['/admissions/deadlines'],
      include: ['markdown', 'workflow', 'references', 'categories', 'versions', 'publish_state', 'permissions', 'url'],
    });
    const [item] = items;
    expect(item?.id).toBe(deadlinesPage);
    expect(item?.fields).toBeUndefined();
    expect(item?.markdown).toMatch(/^# Deadlines\n\n## /);
    expect(item?.markdown).toContain('Applications close on January 15, 2026.');
    expect(item?.markdown).not.toContain('<p>');
    const publishing = item?.workflow?.transitions?.find(({ does }) => does.some((act) => act.includes('publish')));
    expect(publishing?.allowed).toBe(true);
    expect(item?.workflow?.state).toBe('Published');
    expect(item?.categories?.map(({ id }) => id).sort()).toEqual(
      [...(harness.state.pages[deadlinesPage]?.categoryIds ?? [])].sort(),
    );
    expect(item?.versions?.total).toBe(harness.state.pages[deadlinesPage]?.versions.length);
    const production = item?.publish_state?.find(({ target }) => target === 'Production');
    expect(production).toMatchObject({ published: true, marked: true, marked_version: item?.version });
    expect(item?.permissions).toMatchObject({ full_access: true, holds_check_out: false, recycled: false });
    expect(item?.url?.find(({ target }) => target === 'Production')?.url).toMatch(/\/admissions\/deadlines\/?$/);
    expect(item?.unavailable).toBeUndefined();
  });

  it('tells what points to an item and what it points to', async () => {
    const { sharedContactCard } = harness.landmarks;
    const card = await harness.run(getContent, { items: [sharedContactCard], include: ['references'] });
    const users = card.items[0]?.references;
    expect(users?.used_by_total).toBeGreaterThan(1);
    const user = users?.used_by[0]?.id ?? '';
    const page = await harness.run(getContent, { items: [user], include: ['references'] });
    expect(page.items[0]?.references?.points_to.map(({ id }) => id)).toContain(sharedContactCard);
  });

  it('shows an earlier version without a token to edit with', async () => {
    const { manyVersionsPage } = harness.landmarks;
    const { items } = await harness.run(getContent, { items: [manyVersionsPage], version: 1 });
    expect(items[0]).toMatchObject({ shows: 'version 1' });
    expect(items[0]?.version_token).toBeUndefined();
    const old = harness.state.pages[manyVersionsPage]?.versions[0];
    const body = items[0]?.fields?.find(({ field }) => field === 'Body')?.value;
    expect(body).toBe(old?.elements.find(({ name }) => name === 'Body')?.value);
    const refusal = await harness.refusal(getContent, { items: [manyVersionsPage], version: 77 });
    expect(refusal.code).toBe('NOT_FOUND');
    expect(refusal.next).toMatchObject({ tool: 'get_content', input: { include: ['versions'] } });
  });

  it('shows the own checked-out copy, or on request what is checked in', async () => {
    const { checkedOutByEditorPage } = harness.landmarks;
    const page = harness.state.pages[checkedOutByEditorPage];
    const bodyOf = (elements: readonly { name: string; value: string }[] | undefined) =>
      elements?.find(({ name }) => name === 'Body')?.value;
    const shown = async (checkedOutCopy: boolean) => {
      const { items } = await harness.run(getContent, {
        items: [checkedOutByEditorPage],
        checked_out_copy: checkedOutCopy,
      });
      return items[0];
    };
    const copy = await shown(true);
    expect(copy?.shows).toContain('your checked-out copy');
    expect(copy?.fields?.find(({ field }) => field === 'Body')?.value).toBe(bodyOf(page?.checkedOut?.elements));
    const saved = await shown(false);
    expect(saved?.fields?.find(({ field }) => field === 'Body')?.value).toBe(bodyOf(page?.versions.at(-1)?.elements));
    expect(saved?.version_token).toBeUndefined();
  });

  it('says that somebody else holds the working copy', async () => {
    const { checkedOutByOtherPage } = harness.landmarks;
    const { items } = await harness.run(getContent, { items: [checkedOutByOtherPage] });
    expect(items[0]).toMatchObject({ checked_out: true, assigned_to: 'Daniel Reyes' });
    expect(items[0]?.notes?.join(' ')).toContain('Checked out by Daniel Reyes');
  });

  it('answers the good ones among bad ones, and refuses when none is good', async () => {
    const answer = await harness.run(getContent, { items: [harness.landmarks.tuitionPage, 'x99999999', 'Contact'] });
    expect(answer.items.map(({ id }) => id)).toEqual([harness.landmarks.tuitionPage]);
    const codes = Object.fromEntries((answer.failed ?? []).map(({ item, error }) => [item, error['code']]));
    expect(codes).toEqual({ x99999999: 'NOT_FOUND', Contact: 'AMBIGUOUS' });
    expect((await harness.refusal(getContent, { items: ['x99999999'] })).code).toBe('NOT_FOUND');
  });

  it('keeps the order of the items as they were asked for', async () => {
    const { tuitionPage, deadlinesPage, manyVersionsPage } = harness.landmarks;
    const { items } = await harness.run(getContent, { items: [manyVersionsPage, tuitionPage, deadlinesPage] });
    expect(items.map(({ id }) => id)).toEqual([manyVersionsPage, tuitionPage, deadlinesPage]);
  });

  it('reads assets and says what they do not have', async () => {
    const [asset] = Object.values(harness.state.assets);
    const { items } = await harness.run(getContent, { items: [asset?.id ?? ''], include: ['fields', 'xml'] });
    expect(items[0]).toMatchObject({ kind: 'asset', unavailable: [{ part: 'xml', code: 'CAPABILITY_MISSING' }] });
    expect(items[0]?.fields?.length).toBeGreaterThan(0);
  });

  it('bounds long values and tells how to get the rest', async () => {
    const { tuitionPage, deadlinesPage } = harness.landmarks;
    const long = `<p>${'All work and no play. '.repeat(2_000)}</p>`;
    const body = harness.state.pages[deadlinesPage]?.versions.at(-1)?.elements.find(({ name }) => name === 'Body');
    const before = body?.value ?? '';
    if (body !== undefined) body.value = long;
    try {
      const answer = await harness.run(getContent, { items: [tuitionPage, deadlinesPage] });
      expect(JSON.stringify(answer).length).toBeLessThan(18_000);
      const cut = answer.items[1]?.fields?.find(({ field }) => field === 'Body');
      expect(cut).toMatchObject({ truncated: true, length: long.length });
      expect(answer.items[1]?.notes?.join(' ')).toContain('Body');
      const whole = await harness.run(getContent, { items: [deadlinesPage], fields: ['Body'], format: 'detailed' });
      expect(whole.items[0]?.fields?.[0]?.value).toBe(long);
    } finally {
      if (body !== undefined) body.value = before;
    }
  });

  it('answers the other parts when one fails', async () => {
    harness.sandbox.faults.add({
      kind: 'exception',
      type: 'InvalidOperationException',
      match: { operationId: 'Workflow_GetWorkflowByContentItem' },
    });
    try {
      const { items } = await harness.run(getContent, {
        items: [harness.landmarks.tuitionPage],
        include: ['fields', 'workflow'],
      });
      expect(items[0]?.fields?.length).toBeGreaterThan(0);
      expect(items[0]?.unavailable?.map(({ part }) => part)).toEqual(['workflow']);
    } finally {
      harness.sandbox.faults.clear();
    }
  });

  it('refuses more than ten items, and none', async () => {
    const eleven = Array.from({ length: 11 }, (_, index) => `x${index + 1}`);
    expect((await harness.refusal(getContent, { items: eleven })).code).toBe('BAD_INPUT');
    expect((await harness.refusal(getContent, { items: [] })).code).toBe('BAD_INPUT');
  });
});
