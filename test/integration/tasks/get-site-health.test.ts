import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordLine } from '../../../sandbox/cms/system-log.ts';
import { getSiteHealth } from '../../../src/application/tasks/admin/get-site-health.ts';
import { poll } from '../../support/poll.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('get_site_health', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness({ knobs: { publishTickMs: 5 } });
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
    expect([answer.not_allowed, answer.unavailable]).toEqual([undefined, undefined]);
  });

  it('shows one part when asked for it', async () => {
    const answer = await harness.run(getSiteHealth, { part: 'targets' }, { role: 'admin' });
    expect(Object.keys(answer).toSorted()).toEqual(['queue', 'targets']);
    const production = answer.targets?.find(({ name }) => name === 'Production');
    expect(production?.last_result).toMatch(/pages/);
  });

  it('names the parts that a user may not see, shows the rest, and counts only what it has seen', async () => {
    const answer = await harness.run(getSiteHealth, {}, { role: 'viewer' });
    expect(answer.targets?.length).toBeGreaterThan(0);
    expect(answer.log?.length).toBeGreaterThan(0);
    expect(answer).toMatchObject({ not_allowed: ['replication'] });
    expect(answer.replication).toBeUndefined();
    expect(answer.summary).toMatch(/publishes waiting, 0 targets with a failed last publish, not known: replication$/);
    const part = await harness.run(getSiteHealth, { part: 'replication' }, { role: 'viewer' });
    expect(part).toEqual({ not_allowed: ['replication'] });
  });

  it('names a part that this CMS does not give, and refuses when it is asked for that part alone', async () => {
    const match = { operationId: 'Logs_GetCMSLog' };
    harness.sandbox.faults.add({ match, kind: 'exception', type: 'InvalidOperationException', times: 2 });
    const answer = await harness.run(getSiteHealth, {}, { role: 'admin' });
    expect(answer).toMatchObject({ unavailable: ['log'], replication: expect.any(Array) });
    expect(answer.not_allowed).toBeUndefined();
    expect((await harness.refusal(getSiteHealth, { part: 'log' }, { role: 'admin' })).code).toBe('CONFLICT');
    harness.sandbox.faults.clear();
  });

  it('shows where a target is copied to and how the last copy went, without a secret', async () => {
    const before = await harness.run(getSiteHealth, { part: 'replication' }, { role: 'admin' });
    expect(before.replication).toEqual([
      { target: 'Production', destination: 'Web farm', last_run: '2026-02-27T04:00:00Z', copied: 0, skipped: 0 },
    ]);
    const [farm] = harness.state.administration.replication.destinations;
    if (farm === undefined) throw new Error('The sandbox has no destination.');
    farm['TargetAddress'] = '';
    const former = new Set(harness.state.publishing.logs);
    harness.sandbox.publish({ targetId: 'PublishingTargets/1', incremental: false });
    await poll('the copy of the new publish to fail', () =>
      harness.state.publishing.logs.some((log) => !former.has(log) && log.replication?.completionTime),
    );
    const after = await harness.run(getSiteHealth, {}, { role: 'admin' });
    expect(after.replication).toMatchObject([{ copied: 0, problem: 'The destination Web farm has no location.' }]);
    expect(after.summary).toContain('1 destinations with a failed copy');
    expect(after.log).toContainEqual(
      expect.objectContaining({ level: 'Error', message: after.replication?.[0]?.problem }),
    );
    expect(JSON.stringify(after)).not.toContain(String(farm['Password']));
  });

  it('shows what the CMS did and refused, newest first, and leads on to older lines', async () => {
    for (let index = 0; index < 50; index++) {
      recordLine(harness.state, '2026-03-01T00:00:00Z', 'Warning', `Line ${index} with password=hunter2`);
    }
    const first = await harness.run(getSiteHealth, { part: 'log' }, { role: 'admin' });
    expect(first.log?.[0]).toMatchObject({ level: 'Warning', at: expect.stringMatching(/^2026-03-01T00:00:00/) });
    expect(first.log?.[0]?.message).toContain('Line 49');
    expect(JSON.stringify(first)).not.toContain('hunter2');
    const next = await harness.run(getSiteHealth, { part: 'log', cursor: first.next_cursor ?? '' }, { role: 'admin' });
    expect(next.log?.[0]?.message).toContain('Line 9 ');
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
