import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startConsumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { storeJobInput } from '../../../src/application/jobs/start-job.ts';
import type { DomainEvent } from '../../../src/domain/events.ts';
import type { Job } from '../../../src/domain/model/job.ts';
import { stalledRunsMax } from '../../../src/domain/ports/job-queue.ts';
import { startJobQueueProcess } from '../../support/job-queue-processes.ts';
import { createRedisStorage, createSqliteStorage, openJobQueue } from '../../support/job-queue-storage.ts';
import { createBareRuntime } from '../../support/mcp-bench.ts';
import { poll } from '../../support/poll.ts';

const leaseMs = 1_000;

/** A job that kills its workers has no run that could tell its end: whoever sets it aside does. */
describe.each(Object.entries({ sqlite: createSqliteStorage, redis: createRedisStorage }))(
  'a job that lost its worker too often, on %s',
  (driver, openStorage) => {
    const closers: (() => Promise<unknown> | unknown)[] = [];
    afterEach(async () => {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
    });

    it('is told of once, counted and kept in the audit log', async () => {
      const storage = await openStorage();
      closers.push(() => storage.close());
      const opened = await openJobQueue(storage);
      closers.push(() => opened.close());
      const folder = mkdtempSync(join(tmpdir(), 'igx-lost-jobs-'));
      closers.push(() => rmSync(folder, { recursive: true, force: true }));
      const { id } = await opened.queue.add({
        id: 'job_deadly',
        queue: 'publishing',
        ...{ kind: 'publish_content', owner: 'ada' },
        input: storeJobInput({}, { principal: { subject: 'ada', clientId: 'agent', scopes: [] }, requestId: 'req_1' }),
        ...{ attemptsMax: 1, backoffMs: 0 },
      });
      for (let deaths = 0; deaths < stalledRunsMax; deaths += 1) {
        const victim = startJobQueueProcess({
          act: 'work',
          ...{ driver: storage.driver, location: storage.location, leaseMs, diesBetweenSteps: true },
          effectsFile: join(folder, 'effects'),
        });
        closers.push(() => victim.kill());
        await victim.ended();
      }

      const bare = createBareRuntime(createClock(), 100_000);
      const ended: Job[] = [];
      const told: DomainEvent[] = [];
      closers.push(bare.events.subscribe((event) => void told.push(event)));
      const lost: string[] = [];
      const consumer = startConsumer({
        runtime: {
          ...bare,
          observer: { ...bare.observer, jobEnded: (job) => void ended.push(job) },
          ports: { ...bare.ports, jobs: opened.queue },
        },
        ...{ jobs: [], tasks: [], jobsMax: 4, leaseMs },
        onProblem: () => undefined,
        onLost: ({ jobId }) => void lost.push(jobId),
      });
      closers.push(() => consumer.close(0));
      const [record, ...more] = await poll('its end to be recorded', async () => {
        const { records } = await bare.audit.list({ filter: {}, limit: 10 });
        return records.length > 0 && records;
      });

      expect(record).toMatchObject({
        ...{ action: 'job_end', task: 'publish_content', subject: 'ada', jobId: id, requestId: 'req_1' },
        ...{ outcome: 'failed', code: 'INTERNAL' },
      });
      expect(more).toEqual([]);
      expect(lost, driver).toEqual([id]);
      expect(ended).toMatchObject([{ id, state: 'failed', error: { code: 'INTERNAL' } }]);
      expect(told).toContainEqual({ type: 'job_changed', jobId: id, owner: 'ada', state: 'failed' });
    });
  },
);
