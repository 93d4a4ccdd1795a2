import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getSiteHealth } from '../../../src/application/tasks/admin/get-site-health.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('get_site_health', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
    harness.state.alerts.push({
      id: 'Alerts/900',
      title: 'Disk',
      createdAt: '2026-02-01T00:00:00Z',
      observedBy: [],
      message: 'The disk is nearly full.',
      severity: 'Warning',
    });
  });
  afterAll(() => harness.close());

  it('shows an administrator all parts in short', async () => {
    const answer = await harness.run(getSiteHealth, {}, { role: 'admin' });
    expect(answer.summary).toContain(`${answer.alerts?.length} alerts`);
    expect(answer.alerts).toContainEqual(expect.objectContaining({ title: 'Disk', severity: 'Warning' }));
    expect(answer.targets?.map(({ name }) => name)).toContain('Production');
    expect(answer.statistics?.now['pagesCount']).toBe(Object.keys(harness.state.pages).length);
    expect(answer.queue).toEqual({ waiting: 0 });
    expect(answer.online).toContain('Margaret Okafor');
    expect(answer.log?.length ?? 0).toBeLessThanOrEqual(5);
    expect(answer.unavailable ?? []).toEqual([]);
  });

  it('shows one part when asked for it', async () => {
    const answer = await harness.run(getSiteHealth, { part: 'targets' }, { role: 'admin' });
    expect(Object.keys(answer).toSorted()).toEqual(['queue', 'targets']);
    const production = answer.targets?.find(({ name }) => name === 'Production');
    expect(production?.last_result).toMatch(/pages/);
  });

  it('names the parts that a user may not see, and shows the rest', async () => {
    const answer = await harness.run(getSiteHealth, {}, { role: 'viewer' });
    expect(answer.targets?.length).toBeGreaterThan(0);
    for (const part of answer.unavailable ?? []) expect(['log', 'replication', 'statistics']).toContain(part);
  });

  it('asks for the log by pages', async () => {
    const answer = await harness.run(getSiteHealth, { part: 'log' }, { role: 'admin' });
    expect(Object.keys(answer)).toContain('log');
    const call = harness.sandbox.calls.list().findLast(({ operationId }) => operationId === 'Logs_GetCMSLog');
    expect(call?.query).toMatchObject({ StartIndex: '0', PageSize: '40' });
  });

  it('refuses those without the scope, and cursors where there are no pages', async () => {
    expect((await harness.refusal(getSiteHealth, {}, { scopes: ['cms:read'] })).code).toBe('SCOPE_MISSING');
    expect((await harness.refusal(getSiteHealth, { part: 'alerts', cursor: 'x' })).code).toBe('BAD_INPUT');
  });
});
