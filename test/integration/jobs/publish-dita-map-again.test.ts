import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ditaNumbers } from '../../../sandbox/seed/dita-rows.ts';
import type { SandboxRole } from '../../../sandbox/seed/people.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import type { Consumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import type { Work } from '../../../src/application/define-job.ts';
import { publishDitaMapJob } from '../../../src/application/jobs/publish-dita-map.ts';
import { publishDitaMap } from '../../../src/application/tasks/dita/publish-dita-map.ts';
import type { Job, Json } from '../../../src/domain/model/job.ts';
import type { CmsDita } from '../../../src/domain/ports/cms/dita.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { consumeJobs } from '../../support/job-consumer.ts';
import { poll } from '../../support/poll.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const mapId = `a/${ditaNumbers.handbookMap}`;
const production = seedIds.targets.production;
const order = {
  mapId,
  targets: [{ id: production, name: 'Production' }],
  formats: ['html5'],
  ditavals: [],
  replicate: false,
};

/** A worker that ends at the call that submits: before it, or when the CMS has taken it. */
class Killed extends Error {}

describe('a publish of a DITA map whose worker was lost while it submitted, run again', () => {
  let harness: TaskHarness;
  let consumer: Consumer;
  let clock: FakeClock;
  let steps: Map<string, Json>;
  let asked: string[];
  let decision: string | undefined;
  beforeEach(async () => {
    clock = createFakeClock(Date.now());
    harness = await openTaskHarness({ knobs: { publishTickMs: 5 } });
    consumer = consumeJobs(harness, () => undefined);
    [steps, asked, decision] = [new Map(), [], undefined];
  });
  afterEach(async () => {
    await consumer.close(0);
    await harness.close();
  });

  /** One run of the job; its steps are kept for the next one. */
  const run = async (kill?: 'before' | 'after') => {
    const signal = AbortSignal.timeout(30_000);
    const gateway = harness.runtime().connector.as(harness.principal(), { signal, allowStale: false });
    const publish: CmsDita['publish'] = async (given) => {
      if (kill === 'before') throw new Killed();
      const isTaken = await gateway.dita.publish(given);
      if (kill === 'after') throw new Killed();
      return isTaken;
    };
    const work: Work = {
      // Of a job what this one reads.
      job: { id: 'job_own' } as Job,
      signal,
      cancelRequested: () => false,
      progress: async () => undefined,
      safePoint: async () => undefined,
      perform: async () => ({}),
      step: async (name, act) => {
        if (!steps.has(name)) steps.set(name, await act());
        return steps.get(name) as Awaited<ReturnType<typeof act>>;
      },
      ask: async (questions) => {
        asked.push(...Object.values<{ message: string }>(questions).map(({ message }) => message));
        const answer =
          decision === undefined ? { accepted: false as const } : { accepted: true as const, values: { decision } };
        return Object.fromEntries(Object.keys(questions).map((name) => [name, answer])) as Awaited<
          ReturnType<Work['ask']>
        > as never;
      },
    };
    const ports = { ...harness.runtime().ports, ...gateway, dita: { ...gateway.dita, publish }, clock };
    const quiet = { started: () => undefined, emit: () => undefined, progress: () => undefined };
    const call = { principal: harness.principal(), requestId: 'test', signal, ...quiet };
    return publishDitaMapJob.execute(order, ports, work, call);
  };
  const lose = async (kill: 'before' | 'after') => {
    await expect(run(kill)).rejects.toThrow(Killed);
    await idle();
  };
  const idle = () => poll('the queue to be empty', () => harness.state.publishing.queue.length === 0);
  /** Newest first. */
  const logs = () => harness.state.publishing.logs.map(({ id }) => id);
  const publishedByPerson = async (role: SandboxRole) => {
    const options = { signal: AbortSignal.timeout(20_000), allowStale: false };
    const { dita } = harness.runtime(role).connector.as(harness.principal(role), options);
    await dita.publish({ ...order, targetIds: [production] });
    await idle();
  };
  const publishedByJob = async () => {
    const answer = await harness.run(publishDitaMap, { map: 'student-handbook', targets: ['Production'] });
    expect(answer).toMatchObject({ state: 'succeeded', targets: [{ log_id: logs()[0] }] });
  };

  it('publishes once, whether the CMS had taken it or not', async () => {
    const before = logs().length;
    await lose('before');
    await lose('before');
    expect(logs()).toHaveLength(before);
    await lose('after');
    expect(logs()).toHaveLength(before + 1);
    expect(await run()).toMatchObject({ targets: [{ outcome: 'published', log_id: logs()[0] }] });
    expect(logs()).toHaveLength(before + 1);
    expect(asked).toEqual([]);
  });

  it('is not taken for the publish of a job that had its turn meanwhile', async () => {
    const before = logs().length;
    await lose('before');
    await publishedByJob();
    const [others] = logs();
    const result = await run();
    expect(logs()).toHaveLength(before + 2);
    expect(result.targets[0]).toMatchObject({ outcome: 'published', log_id: logs()[0] });
    expect(logs()[0]).not.toBe(others);
    expect(asked).toEqual([]);
  });

  it('finds its own publish beside that of such a job', async () => {
    const before = logs().length;
    await lose('after');
    const [own] = logs();
    await publishedByJob();
    expect((await run()).targets[0]).toMatchObject({ outcome: 'published', log_id: own });
    expect(logs()).toHaveLength(before + 2);
  });

  it('is not taken for one that was submitted an hour later', async () => {
    const before = logs().length;
    clock.advance(-3_600_000);
    await lose('before');
    clock.advance(3_600_000);
    await publishedByPerson('editor');
    expect((await run()).targets[0]).toMatchObject({ outcome: 'published', log_id: logs()[0] });
    expect(logs()).toHaveLength(before + 2);
    expect(asked).toEqual([]);
  });

  it.each([
    ['publish_again', 2],
    ['it_is_done', 1],
  ])('asks where a person may have published it at that moment, and on %s leaves %i publishes', async (said, count) => {
    const before = logs().length;
    decision = said;
    await lose('before');
    await publishedByPerson('publisher');
    expect((await run()).targets[0]).toMatchObject({ outcome: 'published', log_id: logs()[0] });
    expect(logs()).toHaveLength(before + count);
    expect(asked).toEqual([expect.stringMatching(/lost while it submitted.*to Production by /)]);
  });

  it('asks where the CMS lists no publish from that time any more, and ends when it is given up', async () => {
    await lose('after');
    const { publishing } = harness.state;
    const [last] = publishing.logs;
    if (last === undefined) throw new Error('The publish has a log.');
    publishing.logs = Array.from({ length: 30 }, (_, at) => ({ ...last, id: `Later/${at}`, entries: [] }));
    for (const log of publishing.logs) log.targetId = seedIds.targets.staging;
    await expect(run()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('given up') });
    expect(asked).toEqual([expect.stringContaining('no publishes from that time')]);
  });

  it('looks into the queue at once when the answer of the CMS is lost', async () => {
    const before = logs().length;
    harness.sandbox.faults.add({
      kind: 'drop-connection',
      afterEffect: true,
      match: { operationId: 'DITA_PublishDITAMap' },
      times: 1,
    });
    expect((await run()).targets[0]).toMatchObject({ outcome: 'published', log_id: logs()[0] });
    expect(logs()).toHaveLength(before + 1);
  });
});
