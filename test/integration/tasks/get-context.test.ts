import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getContext } from '../../../src/application/tasks/core/get-context.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('get_context', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  it('tells who, where, what is published where, and what the CMS cannot do', async () => {
    const context = await harness.run(getContext, {});
    expect(context.user).toMatchObject({ name: 'Priya Raman' });
    expect(context.user?.groups.map(({ name }) => name)).toContain('Editors');
    expect(context.site).toMatchObject({
      base_url: harness.sandbox.siteRoot,
      sandbox: true,
      root: { id: harness.state.rootPageId },
      recycle_folder: { id: harness.state.recycleFolderId },
    });
    expect(context.targets?.map(({ name }) => name).sort()).toEqual(
      harness.state.publishingTargets.map(({ name }) => name).sort(),
    );
    expect(context.freeze).toEqual({ active: false });
    expect(context.abilities).toMatchObject({
      edit_fields: 'find-replace',
      submit_publish: 'workflow',
      discard_page_checkout: 'none',
    });
    expect(context.unavailable).toBeUndefined();
    expect(JSON.stringify(context).length).toBeLessThan(6_000);
  });

  it('answers as the user whose identity the call has', async () => {
    const context = await harness.run(getContext, {}, { role: 'viewer', scopes: ['cms:read'] });
    expect(context.user?.name).toBe('Grace Whitfield');
    expect(context.access.scopes).toEqual(['cms:read']);
  });

  it('says of every ability what it means, and which scopes are missing', async () => {
    const context = await harness.run(getContext, { detail: 'capabilities' }, { scopes: ['cms:read', 'cms:write'] });
    const impossible = context.explained?.filter(({ possible }) => !possible) ?? [];
    expect(impossible.map(({ ability }) => ability)).toEqual(
      expect.arrayContaining(['discard_page_checkout', 'create_by_schema', 'schedule_publish']),
    );
    for (const { meaning } of context.explained ?? []) expect(meaning.length).toBeGreaterThan(20);
    expect(context.access.lacks?.map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
      'cms:publish',
      'cms:admin',
    ]);
  });

  it('tells rules and limits, and targets in full', async () => {
    const policies = await harness.run(getContext, { detail: 'policies' });
    expect(policies.rules?.length).toBeGreaterThan(5);
    expect(policies.limits).toMatchObject({ items_per_call: 10 });
    const { targets } = await harness.run(getContext, { detail: 'targets' });
    for (const target of targets ?? []) {
      const real = harness.state.publishingTargets.find(({ id }) => id === target.id);
      expect(target.root?.id).toBe(real?.rootPageId);
      expect(target.marked_pages).toBeGreaterThan(0);
    }
  });

  it('shows a content freeze, and still answers', async () => {
    const frozen = await openTaskHarness();
    try {
      const day = 86_400_000;
      frozen.sandbox.setFreeze({
        startTime: new Date(Date.now() - day).toISOString(),
        endTime: new Date(Date.now() + day).toISOString(),
        message: 'Elections',
        allowedUserIds: [],
      });
      const { freeze } = await frozen.run(getContext, {});
      expect(freeze).toMatchObject({ active: true, lets_you_write: false, message: 'Elections' });
    } finally {
      await frozen.close();
    }
  });

  it('answers the other parts when one fails, and names the one that did', async () => {
    harness.sandbox.faults.add({
      kind: 'exception',
      type: 'InvalidOperationException',
      match: { operationId: 'Notifications_GetAlerts' },
    });
    try {
      const context = await harness.run(getContext, {});
      expect(context.unavailable?.map(({ part }) => part)).toEqual(['alerts']);
      expect(context.user?.name).toBe('Priya Raman');
    } finally {
      harness.sandbox.faults.clear();
    }
  });

  it('refuses unknown arguments by name, and a token without the scope', async () => {
    const unknown = await harness.refusal(getContext, { details: 'summary' });
    expect(unknown.code).toBe('BAD_INPUT');
    expect(unknown.message).toContain('"details"');
    expect((await harness.refusal(getContext, {}, { scopes: [] })).code).toBe('SCOPE_MISSING');
  });
});
