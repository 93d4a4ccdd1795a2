import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import type { SandboxState } from '../../sandbox/model.ts';
import type { SandboxRole } from '../../sandbox/seed/people.ts';
import { createSeedState, sandboxLandmarks } from '../../sandbox/seed.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.ts';
import { createOperationCatalogue } from '../../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import { createIngeniux } from '../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../src/adapters/outbound/memory/cache.ts';
import { createMemoryEventBus } from '../../src/adapters/outbound/memory/event-bus.ts';
import { createMemoryRateLimiter } from '../../src/adapters/outbound/memory/rate-limiter.ts';
import { createBackupArchive } from '../../src/adapters/outbound/node/backup-archive.ts';
import { createBackupFolder } from '../../src/adapters/outbound/node/backup-folder.ts';
import { createCalendar } from '../../src/adapters/outbound/node/calendar.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../src/adapters/outbound/node/id-source.ts';
import { createMarkup } from '../../src/adapters/outbound/node/markup.ts';
import { createPublicSite } from '../../src/adapters/outbound/node/public-site.ts';
import { createSnapshotStore } from '../../src/adapters/outbound/node/snapshot-store.ts';
import { createUploadDoor, type OpenableUploadDoor } from '../../src/adapters/outbound/node/upload-door.ts';
import { createUrlFetcher } from '../../src/adapters/outbound/node/url-fetcher.ts';
import { createSqliteAuditLog } from '../../src/adapters/outbound/sqlite/audit-log.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteJobQueue } from '../../src/adapters/outbound/sqlite/job-queue.ts';
import { createSqliteJobScheduler } from '../../src/adapters/outbound/sqlite/job-scheduler.ts';
import { createSqliteLock } from '../../src/adapters/outbound/sqlite/lock.ts';
import { createSqliteLockdownSwitch } from '../../src/adapters/outbound/sqlite/lockdown-switch.ts';
import { createSqliteStorageDump } from '../../src/adapters/outbound/sqlite/storage-dump.ts';
import type { AnyTask } from '../../src/application/define-task.ts';
import type { Runtime, TaskAnswer } from '../../src/application/pipeline/flow.ts';
import type { Observer } from '../../src/application/pipeline/observer.ts';
import { createRunTask } from '../../src/application/pipeline/run-task.ts';
import { createReactions, startReactions } from '../../src/application/reactions/index.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { DomainEvent } from '../../src/domain/events.ts';
import { type Principal, type Scope, scopes } from '../../src/domain/model/principal.ts';
import type { CmsConnector } from '../../src/domain/ports/cms/gateway.ts';
import type { UrlFetcher } from '../../src/domain/ports/files.ts';
import type { JobQueue } from '../../src/domain/ports/job-queue.ts';
import type { Clock } from '../../src/domain/ports/system.ts';
import { testMasterKey } from './master-key.ts';
import { createMemoryExpiringRecords } from './memory-expiring-records.ts';

/** How one call differs from the usual one: the editor, all scopes, nobody cancels. */
export interface RunOptions {
  /** Whose CMS identity the call runs with. */
  readonly role?: SandboxRole;
  readonly scopes?: readonly Scope[];
  readonly signal?: AbortSignal;
  readonly idempotencyKey?: string;
  readonly onProgress?: (percent: number, message: string) => void;
}

export interface TaskHarness {
  readonly sandbox: Sandbox;
  /** The sandbox's own state: what the CMS really holds. */
  readonly state: SandboxState;
  readonly landmarks: typeof sandboxLandmarks;
  /** Closed until a test opens it. */
  readonly uploadDoor: OpenableUploadDoor;
  /** Every event that was told, oldest first. */
  readonly events: readonly DomainEvent[];
  /** The runtime of one role; all share the stores, the queue and the bus. */
  runtime(role?: SandboxRole): Runtime;
  /** The principal that calls of a role run as. */
  principal(role?: SandboxRole, held?: readonly Scope[]): Principal;
  /** Runs a task through the whole pipeline and answers its output. */
  run<T extends AnyTask>(task: T, input: z.input<T['input']>, options?: RunOptions): Promise<z.output<T['output']>>;
  /** As `run`, with what the pipeline adds: whether it is a confirmation, replayed or stale. */
  answer(task: AnyTask, input: unknown, options?: RunOptions): Promise<TaskAnswer>;
  /** Runs a call that must be refused and answers the refusal. */
  refusal(task: AnyTask, input: unknown, options?: RunOptions): Promise<DomainError>;
  close(): Promise<void>;
}

/** Options of the sandbox, what the operator opens of the gateway, and where files are imported from. */
export type HarnessOptions = Partial<SandboxOptions> & {
  readonly operationsAllow?: readonly string[];
  readonly houseStyleItem?: string;
  readonly fetcher?: UrlFetcher;
  /** The time that tasks, jobs and schedules go by; the queue and its leases keep the real one. */
  readonly clock?: Clock;
  /** Where visitors find what is published, by target; from the address of the sandbox. */
  readonly publicSites?: (siteRoot: string) => Readonly<Record<string, string>>;
  /** How long answers of the CMS are remembered; the default is 300. */
  readonly cacheTtlSeconds?: number;
  /** A queue of another storage; whoever gives it closes it. */
  readonly jobs?: JobQueue;
  /** Larger files are left out of snapshots. */
  readonly snapshotFileBytesMax?: number;
};

/** A sandbox CMS with the seed, the real driver, and everything else in memory: a server without its doors. */
export async function openTaskHarness(options: HarnessOptions = {}): Promise<TaskHarness> {
  const {
    operationsAllow = [],
    houseStyleItem,
    fetcher = createUrlFetcher({ allowedOrigins: [] }),
    publicSites = () => ({}),
    clock: told = createClock(),
    cacheTtlSeconds = 300,
    jobs: givenJobs,
    snapshotFileBytesMax = 1024 * 1024,
    ...sandboxOptions
  } = options;
  const uploadDoor = createUploadDoor();
  const sandbox = await startSandbox({ port: 0, state: createSeedState(), ...sandboxOptions });
  const clock = createClock();
  const ids = createIdSource();
  const cache = createMemoryCache({ maxSize: 2000, clock });
  const bus = createMemoryEventBus({ onProblem: () => undefined });
  const records = createMemoryExpiringRecords({ clock });
  const rateLimiter = createMemoryRateLimiter();
  const database = openDatabase(':memory:');
  const place = join(tmpdir(), ids.id('igx-harness'));
  const backups = {
    dump: createSqliteStorageDump({ database }),
    store: createBackupFolder({ folder: place }),
    archive: createBackupArchive({ masterKeys: [testMasterKey] }),
    installation: { productVersion: '0.0.0-test', configuration: {} },
  };
  const snapshots = {
    store: createSnapshotStore({
      ...{ store: backups.store, archive: backups.archive, lock: createSqliteLock({ database, clock }), clock },
      facts: { productVersion: '0.0.0-test', layout: backups.dump.layout },
    }),
    keep: { unit: 'backups', count: 20 },
    fileBytesMax: snapshotFileBytesMax,
  } as const;
  const lockdown = createSqliteLockdownSwitch({ database });
  const audit = createSqliteAuditLog({ database, digest: createDigest() });
  const jobs = givenJobs ?? createSqliteJobQueue({ database, clock, ids });
  const calendar = createCalendar();
  const schedules = createSqliteJobScheduler({ database, clock: told, calendar });
  const endReactions = startReactions(bus, createReactions({ cache }));
  const events: DomainEvent[] = [];
  bus.subscribe((event) => {
    events.push(event);
  });
  const connectors = new Map<SandboxRole, CmsConnector>();

  const runtime = (role: SandboxRole = 'editor'): Runtime => {
    const connector =
      connectors.get(role) ??
      createIngeniux({
        baseUrl: sandbox.siteRoot,
        clientId: `sandbox-${role}`,
        clientSecret: `sandbox-secret-${role}`,
        services: sandbox.services !== null,
        timeoutMs: 10_000,
        retriesMax: 2,
        cache,
        cacheTtlSeconds,
        clock,
      });
    connectors.set(role, connector);
    return {
      connector,
      rateLimiter,
      lockdown,
      events: bus,
      audit,
      observer: silentObserver,
      ports: {
        jobs,
        schedules,
        calendar,
        records,
        backups,
        snapshots,
        grantRevoker: { grants: { list: async () => [] }, revoke: async () => undefined },
        clock: told,
        ids,
        digest: createDigest(),
        markup: createMarkup(),
        catalogue: createOperationCatalogue(),
        auditTrail: audit,
        fetcher,
        uploadDoor,
        publicSite: createPublicSite({ sites: publicSites(sandbox.siteRoot) }),
        server: {
          version: '0.0.0-test',
          cmsBaseUrl: sandbox.siteRoot,
          isSandbox: true,
          rateLimitRpm: 100_000,
          operationsAllow,
          ...(houseStyleItem === undefined ? {} : { houseStyleItem }),
        },
      },
    };
  };

  const principal = (role: SandboxRole = 'editor', held: readonly Scope[] = scopes): Principal => ({
    subject: `agent-of-${role}`,
    clientId: 'task-harness',
    scopes: held,
  });

  const answer: TaskHarness['answer'] = (task, input, call = {}) =>
    createRunTask(runtime(call.role))(task, input, {
      principal: principal(call.role, call.scopes),
      requestId: ids.id('req'),
      signal: call.signal ?? new AbortController().signal,
      ...(call.idempotencyKey === undefined ? {} : { idempotencyKey: call.idempotencyKey }),
      ...(call.onProgress === undefined ? {} : { onProgress: call.onProgress }),
    });

  return {
    sandbox,
    state: sandbox.state,
    landmarks: sandboxLandmarks,
    uploadDoor,
    events,
    runtime,
    principal,
    answer,
    async run<T extends AnyTask>(task: T, input: z.input<T['input']>, call: RunOptions = {}) {
      const given = await answer(task, input, call);
      if (given.kind !== 'done') throw new Error(`${task.name} asked for a confirmation.`);
      // The pipeline has parsed the output with this very schema.
      return given.output as z.output<T['output']>;
    },
    async refusal(task, input, call = {}) {
      try {
        const given = await answer(task, input, call);
        throw new Error(`${task.name} was not refused: ${JSON.stringify(given.output).slice(0, 500)}`);
      } catch (thrown) {
        // Only a refusal is an answer here; whatever else was thrown is a failure of the test.
        if (thrown instanceof DomainError) return thrown;
        throw thrown;
      }
    },
    async close() {
      endReactions();
      await Promise.all([...connectors.values()].map((connector) => connector.close()));
      if (givenJobs === undefined) await jobs.close();
      await Promise.all([bus.close(), cache.close(), records.close(), rateLimiter.close()]);
      await sandbox.close();
      await rm(place, { recursive: true, force: true });
    },
  };
}

const silentObserver: Observer = {
  task: (_task, _request, work) => work(),
  taskEnded: () => undefined,
  problem: () => undefined,
  jobEnded: () => undefined,
};
