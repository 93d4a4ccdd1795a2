import { describe, expect, it } from 'vitest';
import { confirmationOutput } from '../../../../src/application/tasks/parameters.ts';
import { pipelineFixture, probeTask, request } from '../../../support/pipeline-fixture.ts';

const input = { name: 'page' };

function dangerous(fingerprint = () => 'v1') {
  return probeTask({
    effect: 'destructive',
    impact: async () => ({
      summary: 'One page goes.',
      facts: { pages: 1 },
      warnings: ['Links break.'],
      fingerprint: fingerprint(),
    }),
  });
}

async function tokenOf(fixture: ReturnType<typeof pipelineFixture>, task = dangerous()): Promise<string> {
  const answer = await fixture.runTask(task, input, request());
  return confirmationOutput.parse(answer.output).confirm;
}

describe('confirm-dangerous', () => {
  it('answers the impact and a token, and does nothing', async () => {
    const fixture = pipelineFixture();
    const task = dangerous();
    const answer = await fixture.runTask(task, input, request());
    expect(answer.kind).toBe('confirmation');
    expect(confirmationOutput.parse(answer.output)).toMatchObject({
      impact: { summary: 'One page goes.', pages: 1 },
      warnings: ['Links break.'],
      expires_in_seconds: 600,
    });
    expect(JSON.stringify(answer.output)).not.toContain('v1');
    expect(task.runs()).toBe(0);
  });

  it('acts when the token comes back with the same arguments', async () => {
    const fixture = pipelineFixture();
    const task = dangerous();
    const confirm = await tokenOf(fixture, task);
    await expect(fixture.runTask(task, { ...input, confirm }, request())).resolves.toMatchObject({ kind: 'done' });
    expect(task.runs()).toBe(1);
  });

  it('acts at once when there is nothing to confirm', async () => {
    const fixture = pipelineFixture();
    const task = probeTask({ effect: 'destructive', impact: async () => undefined });
    await expect(fixture.runTask(task, input, request())).resolves.toMatchObject({ kind: 'done' });
  });

  it.each([
    ['an invented token', async () => 'confirm_made-up', {}],
    ['other arguments', tokenOf, { name: 'another' }],
  ] as const)('refuses %s and says how to get a token', async (_title, token, change) => {
    const fixture = pipelineFixture();
    const task = dangerous();
    const confirm = await token(fixture);
    await expect(fixture.runTask(task, { ...input, ...change, confirm }, request())).rejects.toMatchObject({
      code: 'CONFIRMATION_INVALID',
      next: { tool: 'probe_task' },
    });
    expect(task.runs()).toBe(0);
  });

  it('takes a token once', async () => {
    const fixture = pipelineFixture();
    const task = dangerous();
    const confirm = await tokenOf(fixture, task);
    const calls = await Promise.allSettled(
      [1, 2, 3].map(() => fixture.runTask(task, { ...input, confirm }, request())),
    );
    expect(calls.filter((call) => call.status === 'fulfilled')).toHaveLength(1);
    expect(task.runs()).toBe(1);
  });

  it('takes no token of another user or client', async () => {
    const fixture = pipelineFixture();
    const { principal } = request();
    for (const other of [
      { ...principal, subject: 'bob' },
      { ...principal, clientId: 'another' },
    ]) {
      const confirm = await tokenOf(fixture);
      await expect(
        fixture.runTask(dangerous(), { ...input, confirm }, request({ principal: other })),
      ).rejects.toMatchObject({
        code: 'CONFIRMATION_INVALID',
      });
    }
  });

  it('takes no token after ten minutes', async () => {
    const fixture = pipelineFixture();
    const confirm = await tokenOf(fixture);
    fixture.clock.advance(600_001);
    await expect(fixture.runTask(dangerous(), { ...input, confirm }, request())).rejects.toMatchObject({
      code: 'CONFIRMATION_INVALID',
    });
  });

  it('refuses when the situation has changed since the impact was shown', async () => {
    const fixture = pipelineFixture();
    let version = 'v1';
    const task = dangerous(() => version);
    const confirm = await tokenOf(fixture, task);
    version = 'v2';
    await expect(fixture.runTask(task, { ...input, confirm }, request())).rejects.toMatchObject({
      code: 'CONFIRMATION_INVALID',
      message: expect.stringContaining('changed'),
    });
    expect(task.runs()).toBe(0);
  });
});
