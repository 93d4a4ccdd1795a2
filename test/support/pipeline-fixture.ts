import { z } from 'zod';
import { createOperationCatalogue } from '../../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import { createMemoryEventBus } from '../../src/adapters/outbound/memory/event-bus.ts';
import { createMemoryRateLimiter } from '../../src/adapters/outbound/memory/rate-limiter.ts';
import { createDigest } from '../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../src/adapters/outbound/node/id-source.ts';
import { createPublicSite } from '../../src/adapters/outbound/node/public-site.ts';
import { createUploadDoor } from '../../src/adapters/outbound/node/upload-door.ts';
import { createUrlFetcher } from '../../src/adapters/outbound/node/url-fetcher.ts';
import { createSqliteAuditLog } from '../../src/adapters/outbound/sqlite/audit-log.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import type { CallRequest } from '../../src/application/call.ts';
import type { AnyTask } from '../../src/application/define-task.ts';
import type { Runtime } from '../../src/application/pipeline/flow.ts';
import type { TaskOutcome } from '../../src/application/pipeline/observer.ts';
import { createRunTask, type RunTask } from '../../src/application/pipeline/run-task.ts';
import type { DomainError } from '../../src/domain/errors.ts';
import type { DomainEvent } from '../../src/domain/events.ts';
import type { ContentFreeze } from '../../src/domain/model/site.ts';
import type { AuditLog } from '../../src/domain/ports/audit-log.ts';
import type { CmsCallOptions, CmsGateway } from '../../src/domain/ports/cms/gateway.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { openLockdown } from './lockdown.ts';
import { createMemoryExpiringRecords } from './memory-expiring-records.ts';

/** The pipeline with memory drivers and a CMS of which only the content freeze is asked. */
export interface PipelineFixture {
  readonly runTask: RunTask;
  readonly events: readonly DomainEvent[];
  readonly outcomes: readonly TaskOutcome[];
  /** What the gateway was opened with, call by call. */
  readonly gatewayOptions: readonly CmsCallOptions[];
  readonly clock: FakeClock;
  readonly audit: AuditLog;
  /** What was told to the operator. */
  readonly problems: readonly DomainError[];
  freeze: ContentFreeze | undefined;
}

export function pipelineFixture(
  options: {
    readonly rateLimitRpm?: number;
    readonly audit?: AuditLog;
    readonly jobs?: Partial<Runtime['ports']['jobs']>;
  } = {},
): PipelineFixture {
  const clock = createFakeClock(Date.parse('2026-03-01T12:00:00Z'));
  const events: DomainEvent[] = [];
  const outcomes: TaskOutcome[] = [];
  const gatewayOptions: CmsCallOptions[] = [];
  const problems: DomainError[] = [];
  const audit = options.audit ?? createSqliteAuditLog({ database: openDatabase(':memory:'), digest: createDigest() });
  const bus = createMemoryEventBus({ onProblem: () => undefined });
  bus.subscribe((event) => {
    events.push(event);
  });
  const absent: object = {};
  const fixture = { freeze: undefined as ContentFreeze | undefined };
  const runtime: Runtime = {
    connector: {
      as: (_principal, callOptions) => {
        gatewayOptions.push(callOptions);
        // The pipeline itself asks the CMS for one thing only.
        return { site: { contentFreeze: async () => fixture.freeze } } as CmsGateway;
      },
      prepare: async () => undefined,
      close: async () => undefined,
    },
    ports: {
      // No task of the pipeline's tests uses these.
      jobs: (options.jobs ?? absent) as Runtime['ports']['jobs'],
      schedules: absent as Runtime['ports']['schedules'],
      calendar: absent as Runtime['ports']['calendar'],
      backups: absent as Runtime['ports']['backups'],
      snapshots: absent as Runtime['ports']['snapshots'],
      grantRevoker: absent as Runtime['ports']['grantRevoker'],
      markup: absent as Runtime['ports']['markup'],
      records: createMemoryExpiringRecords({ clock }),
      clock,
      ids: createIdSource(),
      digest: createDigest(),
      catalogue: createOperationCatalogue(),
      auditTrail: audit,
      fetcher: createUrlFetcher({ allowedOrigins: [] }),
      publicSite: createPublicSite({ sites: {} }),
      uploadDoor: createUploadDoor(),
      server: {
        version: '0',
        cmsBaseUrl: 'http://cms.test',
        isSandbox: true,
        rateLimitRpm: options.rateLimitRpm ?? 1000,
        operationsAllow: [],
      },
    },
    rateLimiter: createMemoryRateLimiter(),
    lockdown: openLockdown(),
    events: bus,
    audit,
    observer: {
      task: (_task, _request, work) => work(),
      taskEnded: (_task, _request, outcome) => outcomes.push(outcome),
      problem: (error) => problems.push(error),
      jobEnded: () => undefined,
    },
  };
  const runTask = createRunTask(runtime);
  return Object.assign(fixture, { runTask, events, outcomes, gatewayOptions, clock, audit, problems });
}

/** A request of somebody who may do everything. */
export function request(over: Partial<CallRequest> = {}): CallRequest {
  return {
    principal: { subject: 'ada', clientId: 'tests', scopes: ['cms:read', 'cms:write', 'cms:publish', 'cms:admin'] },
    requestId: 'req_1',
    signal: new AbortController().signal,
    ...over,
  };
}

/** A writing task that counts its runs; everything about it can be changed. */
export function probeTask(over: Partial<AnyTask> = {}): AnyTask & { readonly runs: () => number } {
  let runs = 0;
  const task: AnyTask = {
    name: 'probe_task',
    title: 'Probe',
    summary: 'Counts how often it runs.',
    toolset: 'core',
    effect: 'additive',
    idempotent: false,
    heedsFreeze: false,
    scopes: ['cms:read', 'cms:write'],
    needs: [],
    input: z
      .object({ name: z.string().min(2), dry_run: z.boolean().default(false), confirm: z.string().optional() })
      .strict(),
    output: z.object({ run: z.int(), name: z.string() }),
    publishesOutputSchema: false,
    async execute(input) {
      return { run: runs, name: String(input['name']) };
    },
    ...over,
  };
  return {
    ...task,
    runs: () => runs,
    async execute(input, ports, call) {
      runs += 1;
      return task.execute(input, ports, call);
    },
  };
}
