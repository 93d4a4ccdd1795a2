import type { AccessRefusal } from '../../src/adapters/inbound/http/access-refusal.ts';
import { challengeScopes } from '../../src/adapters/inbound/http/bearer-auth.ts';
import { createMcpEndpoint, type McpEndpoint } from '../../src/adapters/inbound/mcp/http-endpoint.ts';
import type { SessionLimits } from '../../src/adapters/inbound/mcp/legacy-sessions.ts';
import { createRegistry } from '../../src/adapters/inbound/mcp/registry.ts';
import { createOperationCatalogue } from '../../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import { createMemoryEventBus } from '../../src/adapters/outbound/memory/event-bus.ts';
import { createMemoryRateLimiter } from '../../src/adapters/outbound/memory/rate-limiter.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../src/adapters/outbound/node/id-source.ts';
import { createPublicSite } from '../../src/adapters/outbound/node/public-site.ts';
import { createUploadDoor } from '../../src/adapters/outbound/node/upload-door.ts';
import { createUrlFetcher } from '../../src/adapters/outbound/node/url-fetcher.ts';
import { createSqliteAuditLog } from '../../src/adapters/outbound/sqlite/audit-log.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { countCalls } from '../../src/application/authorization/count-calls.ts';
import { issueAccessToken } from '../../src/application/authorization/issue-access-token.ts';
import { revokeAccessToken } from '../../src/application/authorization/revoke-access-token.ts';
import { isGrantAlive, verifyAccessToken } from '../../src/application/authorization/verify-access-token.ts';
import type { AnyTask } from '../../src/application/define-task.ts';
import { createReadiness, type ReadinessCheck } from '../../src/application/health/check-readiness.ts';
import type { Runtime } from '../../src/application/pipeline/flow.ts';
import type { Observer } from '../../src/application/pipeline/observer.ts';
import { createRunTask } from '../../src/application/pipeline/run-task.ts';
import { type Scope, scopes } from '../../src/domain/model/principal.ts';
import type { EventBus } from '../../src/domain/ports/event-bus.ts';
import type { Clock } from '../../src/domain/ports/system.ts';
import { type AppOptions, createApp } from '../../src/infrastructure/http/app.ts';
import { identifyRequest } from '../../src/infrastructure/http/identify-request.ts';
import { type Listening, listen, type Patience } from '../../src/infrastructure/http/listen.ts';
import type { AccessLogEntry } from '../../src/infrastructure/http/middleware/access-log.ts';
import { tellRate } from '../../src/infrastructure/http/rate-limits.ts';
import { openLockdown } from './lockdown.ts';
import { createMemoryExpiringRecords } from './memory-expiring-records.ts';
import { createMemoryOAuthRecords } from './memory-oauth-records.ts';
import { createMemoryTokenStore } from './memory-token-store.ts';

export interface BenchOptions {
  readonly tasks: readonly AnyTask[];
  /** The pipeline's runtime; by default one without a CMS, for tasks that need none. */
  readonly runtime?: Runtime;
  readonly clock?: Clock;
  readonly rateLimitRpm?: number;
  readonly anonymousRateLimitRpm?: number;
  readonly sessionLimits?: SessionLimits;
  readonly checks?: readonly ReadinessCheck[];
  readonly app?: Partial<AppOptions>;
  readonly patience?: Patience;
}

/** The real HTTP server with memory drivers behind it. */
export interface McpBench {
  readonly listening: Listening;
  readonly mcpUrl: URL;
  readonly endpoint: McpEndpoint;
  readonly events: EventBus;
  readonly requests: readonly AccessLogEntry[];
  /** What the server reported as its own defects: must stay empty in every test that does not provoke one. */
  readonly problems: readonly unknown[];
  /** Why the doors turned requests away. */
  readonly refusals: readonly AccessRefusal[];
  issue(options?: TokenOptions): Promise<{ readonly token: string; readonly id: string }>;
  revoke(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface TokenOptions {
  readonly subject?: string;
  readonly clientId?: string;
  readonly scopes?: readonly Scope[];
  readonly ttlSeconds?: number;
}

const graceMs = 2_000;

export async function openMcpBench(options: BenchOptions): Promise<McpBench> {
  const clock = options.clock ?? createClock();
  const ids = createIdSource();
  const digest = createDigest();
  const tokens = createMemoryTokenStore();
  const problems: unknown[] = [];
  const requests: AccessLogEntry[] = [];
  const refusals: AccessRefusal[] = [];
  const onProblem = (error: unknown) => problems.push(error);
  const runtime = options.runtime ?? createBareRuntime(clock, options.rateLimitRpm ?? 10_000);
  const authorization = {
    tokens,
    oauthRecords: createMemoryOAuthRecords(clock),
    audience: 'http://127.0.0.1/mcp',
    digest,
    clock,
    ids,
    events: runtime.events,
  };

  const endpoint = createMcpEndpoint({
    registry: createRegistry(options.tasks),
    runTask: createRunTask(runtime),
    lockdown: runtime.lockdown,
    server: runtime.ports.server,
    clock,
    ids,
    events: runtime.events,
    onProblem,
    onRefusal: () => undefined,
    identify: identifyRequest,
    catalogue: runtime.ports.catalogue,
    count: async (principal, messages, response) => {
      const { rateLimiter, ports } = runtime;
      const decision = await countCalls(principal, messages, { rateLimiter, limit: ports.server.rateLimitRpm });
      tellRate(response, decision);
      return decision;
    },
    onRateLimited: () => refusals.push({ reason: 'rate_limited' }),
    refuseForScopes: ({ needed, missing, task }, response) => {
      refusals.push({ reason: 'insufficient_scope', scopes: missing, task });
      challengeScopes(response, needed);
    },
    isGrantAlive: (grant) => isGrantAlive(grant, authorization),
    ...(options.sessionLimits === undefined ? {} : { sessionLimits: options.sessionLimits }),
  });
  const listening = await listen(
    { host: '127.0.0.1', port: 0 },
    (port) =>
      createApp(
        {
          publicUrl: `http://127.0.0.1:${port}`,
          bindHost: '127.0.0.1',
          allowedHosts: [],
          allowedOrigins: [],
          trustProxy: false,
          version: runtime.ports.server.version,
          startedAtMs: clock.nowMs(),
          ...options.app,
        },
        {
          clock,
          ids,
          verifyToken: (token) => verifyAccessToken(token, authorization),
          readiness: createReadiness(options.checks ?? [], clock),
          isRetiring: () => false,
          mcp: endpoint.handlers,
          onRequest: (entry) => requests.push(entry),
          onAccessRefused: (refusal) => refusals.push(refusal),
          networks: { limiter: runtime.rateLimiter, perMinute: options.anonymousRateLimitRpm ?? 100_000 },
          onProblem,
        },
      ),
    options.patience,
  );
  return {
    listening,
    mcpUrl: new URL(`${listening.url}/mcp`),
    endpoint,
    events: runtime.events,
    requests,
    problems,
    refusals,
    async issue(token = {}) {
      const issued = await issueAccessToken(
        { subject: 'ada', clientId: 'tests', scopes, ttlSeconds: 3600, ...token },
        authorization,
      );
      return { token: issued.token, id: issued.record.id };
    },
    revoke: (id) => revokeAccessToken(id, authorization),
    close: () => listening.close(() => endpoint.close(graceMs), graceMs),
  };
}

/** A runtime for tasks that need neither the CMS nor jobs: asking for them is an error of the test. */
export function createBareRuntime(clock: Clock, rateLimitRpm: number): Runtime {
  const refuse = () => {
    throw new Error('This bench has no job queue.');
  };
  const absent: object = new Proxy({}, { get: refuse });
  const audit = createSqliteAuditLog({ database: openDatabase(':memory:'), digest: createDigest() });
  return {
    // The pipeline makes the gateway before it knows whether the task uses it; an empty one fails at the first use.
    connector: {
      as: () => ({}) as ReturnType<Runtime['connector']['as']>,
      prepare: async () => undefined,
      close: async () => undefined,
    },
    rateLimiter: createMemoryRateLimiter(),
    lockdown: openLockdown(),
    events: createMemoryEventBus({ onProblem: () => undefined }),
    audit,
    observer: silentObserver,
    ports: {
      // Throws at whatever is asked of it, so its type does not matter.
      jobs: absent as Runtime['ports']['jobs'],
      schedules: absent as Runtime['ports']['schedules'],
      calendar: absent as Runtime['ports']['calendar'],
      backups: absent as Runtime['ports']['backups'],
      snapshots: absent as Runtime['ports']['snapshots'],
      grantRevoker: absent as Runtime['ports']['grantRevoker'],
      records: createMemoryExpiringRecords({ clock }),
      clock,
      ids: createIdSource(),
      digest: createDigest(),
      markup: { toMarkdown: (xhtml) => xhtml },
      catalogue: createOperationCatalogue(),
      auditTrail: audit,
      fetcher: createUrlFetcher({ allowedOrigins: [] }),
      publicSite: createPublicSite({ sites: {} }),
      uploadDoor: createUploadDoor(),
      server: {
        version: '0.0.0-test',
        cmsBaseUrl: 'http://cms.test/cxp4',
        isSandbox: true,
        rateLimitRpm,
        operationsAllow: [],
      },
    },
  };
}

const silentObserver: Observer = {
  task: (_task, _request, work) => work(),
  taskEnded: () => undefined,
  problem: () => undefined,
  jobEnded: () => undefined,
};
