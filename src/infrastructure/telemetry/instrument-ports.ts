import type { SecurityEvent, SecurityRecorder } from '../../application/audit/record-security-event.ts';
import { revocationReasons } from '../../domain/model/grant.ts';
import type { Json, NewJob } from '../../domain/model/job.ts';
import { GaveWay } from '../../domain/policy/job-retry.ts';
import type { AuditLog } from '../../domain/ports/audit-log.ts';
import type { Cache } from '../../domain/ports/cache.ts';
import type { CmsConnector, CmsGateway } from '../../domain/ports/cms/gateway.ts';
import type { JobQueue } from '../../domain/ports/job-queue.ts';
import type { PublicSight, PublicSite } from '../../domain/ports/public-site.ts';
import type { RateLimiter } from '../../domain/ports/rate-limiter.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { LabelsOf, Metrics } from './metrics.ts';
import type { Telemetry } from './start.ts';
import { carrierIn, type Tracing } from './tracing.ts';

/** Counts what the cache answered with. */
export function watchCache(cache: Cache, { metrics }: Telemetry): Cache {
  metrics.observe('cache_entries', () => [{ value: cache.entryCount(), labels: {} }]);
  return {
    ...cache,
    getOrLoad: async (key, options) => {
      try {
        const cached = await cache.getOrLoad(key, options);
        metrics.count('cache_requests_total', { result: cacheResults[cached.origin] });
        return cached;
      } catch (error) {
        metrics.count('cache_requests_total', { result: 'error' });
        throw error;
      }
    },
  };
}

const cacheResults = { kept: 'hit', loaded: 'miss', stale: 'stale' } as const;

/** Counts refusals. Calls are counted by user and client; everything else by network. */
export function watchRateLimiter(limiter: RateLimiter, { metrics }: Telemetry): RateLimiter {
  return {
    ...limiter,
    take: async (key, limit, cost) => {
      const decision = await limiter.take(key, limit, cost);
      if (!decision.allowed) {
        metrics.count('rate_limit_rejections_total', { scope: key.startsWith('calls:') ? 'user' : 'ip' });
      }
      return decision;
    },
  };
}

/** Counts what is kept and what could not be. */
export function watchAudit(audit: AuditLog, { metrics }: Telemetry): AuditLog {
  return {
    ...audit,
    append: async (event) => {
      metrics.count('audit_events_total', { action: event.action, result: event.outcome }, event.count ?? 1);
      try {
        return await audit.append(event);
      } catch (error) {
        metrics.count('audit_write_failures_total', {});
        throw error;
      }
    },
  };
}

/** Counts who gets in and who does not, each event and not each record: floods are kept as counts. */
export function watchSecurity(recorder: SecurityRecorder, { metrics }: Telemetry): SecurityRecorder {
  return {
    ...recorder,
    record: (event) => {
      countSecurityEvent(event, metrics);
      return recorder.record(event);
    },
  };
}

function countSecurityEvent({ action, outcome, reason = '', grantType }: SecurityEvent, metrics: Metrics): void {
  switch (action) {
    case 'token_issued': {
      const grant = grantOf(grantType);
      metrics.count('oauth_tokens_issued_total', { grant_type: grant });
      metrics.count('authentication_attempts_total', { result: 'success', reason: '', grant });
      break;
    }
    case 'token_refused':
    case 'refresh_reuse': {
      const grant = grantOf(grantType);
      if (action === 'refresh_reuse') metrics.count('oauth_refresh_reuse_detected_total', {});
      metrics.count('authentication_attempts_total', { result: 'failure', reason: tokenRefusal(reason, grant), grant });
      break;
    }
    case 'sign_in': {
      const outcomeOf =
        outcome === 'ok'
          ? ({ result: 'success', reason: '' } as const)
          : ({ result: 'failure', reason: signInRefusals.get(reason) ?? 'other' } as const);
      metrics.count('authentication_attempts_total', { ...outcomeOf, grant: 'sign_in' });
      break;
    }
    case 'consent': {
      const decision = outcome === 'ok' ? 'given' : reason === 'denied' ? 'denied' : 'failed';
      metrics.count('oauth_consent_total', { decision });
      break;
    }
    case 'grant_revoked':
      if (isRevocationReason(reason)) metrics.count('oauth_grants_revoked_total', { reason });
      break;
    case 'client_registered':
      if (outcome === 'ok') metrics.count('oauth_clients_registered_total', { method: 'dynamic' });
      break;
    case 'access_refused':
    case 'token_issue':
    case 'token_revoke':
      break;
  }
}

type TokenGrant = LabelsOf<'oauth_tokens_issued_total'>['grant_type'];

function grantOf(grantType: string | undefined): TokenGrant {
  const short = grantType?.replace('urn:ietf:params:oauth:grant-type:', '');
  return tokenGrants.find((grant) => grant === short) ?? 'other';
}

const tokenGrants: readonly TokenGrant[] = ['authorization_code', 'refresh_token', 'device_code'];

/** What somebody who tries on would cause, told apart from clients that are merely late or wrong. */
function tokenRefusal(error: string, grant: TokenGrant): LabelsOf<'authentication_attempts_total'>['reason'] {
  if (error === 'invalid_client') return 'bad_secret';
  if (error === 'invalid_grant' || error === 'code_reuse') {
    if (grant === 'authorization_code') return 'bad_code';
    if (grant === 'refresh_token') return 'bad_refresh';
  }
  return 'other';
}

const signInRefusals: ReadonlyMap<string, LabelsOf<'authentication_attempts_total'>['reason']> = new Map([
  ['refused', 'bad_password'],
  ['limited', 'limited'],
  ['unavailable', 'unavailable'],
] as const);

function isRevocationReason(reason: string): reason is LabelsOf<'oauth_grants_revoked_total'>['reason'] {
  return (revocationReasons as readonly string[]).includes(reason);
}

/** A span and a count for each look at a public address; neither tells the address. */
export function watchPublicSite(site: PublicSite, { metrics, tracing }: Telemetry): PublicSite {
  return {
    ...site,
    look: async (address, signal) => {
      const span = tracing.start({ name: 'publicSite.look', kind: 'internal', attributes: {} });
      const startMs = performance.now();
      try {
        const sight = await span.within(() => site.look(address, signal));
        metrics.count('public_site_looks_total', { outcome: lookOutcome(sight) });
        metrics.record('public_site_look_duration_seconds', (performance.now() - startMs) / 1000, {});
        return sight;
      } finally {
        span.end();
      }
    },
  };
}

function lookOutcome(sight: PublicSight): LabelsOf<'public_site_looks_total'>['outcome'] {
  if (!sight.reached) return sight.why === 'timed_out' ? 'timed_out' : 'unreached';
  if (sight.status >= 500) return 'server_error';
  return sight.status >= 400 ? 'client_error' : 'ok';
}

/**
 * A span for each call of a port of the CMS that belongs to a trace which is kept: the requests that it takes are below
 * it. Nothing of arguments and answers is told.
 */
export function watchConnector<Connector extends CmsConnector>(
  connector: Connector,
  { tracing }: Telemetry,
): Connector {
  return {
    ...connector,
    as: (...asked: Parameters<CmsConnector['as']>): CmsGateway => {
      const gateway = connector.as(...asked);
      if (!tracing.isRecording()) return gateway;
      // `fromEntries` forgets that every port of the gateway is there.
      return Object.fromEntries(
        Object.entries(gateway).map(([name, port]) => [name, watchPort(port, name, tracing)]),
      ) as unknown as CmsGateway;
    },
  };
}

function watchPort<Port extends object>(port: Port, name: string, tracing: Tracing): Port {
  return new Proxy(port, {
    get: (target, property, receiver) => {
      const member: unknown = Reflect.get(target, property, receiver);
      if (typeof member !== 'function' || typeof property !== 'string') return member;
      return (...args: unknown[]) => {
        const span = tracing.start({ name: `${name}.${property}`, kind: 'internal', attributes: {} });
        const answer: unknown = span.within(() => Reflect.apply(member, target, args));
        if (!(answer instanceof Promise)) {
          span.end();
          return answer;
        }
        return answer.finally(() => span.end());
      };
    },
  });
}

/**
 * Carries a trace over the queue: `add` is a span, and leaves its context in the stored job, under `traceparent` beside
 * what `storedJob` names; the run of the job, in whatever process, is a span below it. Both storages keep it alike. Runs
 * are measured, and the state of the queues is read for the page.
 */
export function watchJobs(jobs: JobQueue, { metrics, tracing }: Telemetry, clock: Clock): JobQueue {
  metrics.observe('bullmq_queue_jobs', async () =>
    Object.entries(await jobs.counts()).flatMap(([name, counts]) => {
      // The keys of the counts are the names of the queues.
      const queue = name as LabelsOf<'bullmq_queue_jobs'>['queue'];
      return [
        { value: counts.queued, labels: { queue, state: 'waiting' } },
        { value: counts.running, labels: { queue, state: 'active' } },
        { value: counts.held, labels: { queue, state: 'held' } },
        { value: counts.failed, labels: { queue, state: 'failed' } },
      ] as const;
    }),
  );
  return {
    ...jobs,
    add: async (job) => {
      const span = tracing.start({
        name: `send ${job.queue}`,
        kind: 'producer',
        attributes: {
          ...messaging(job.queue, 'send'),
          'messaging.message.id': job.id,
          'mcp_server.job.kind': job.kind,
        },
      });
      try {
        return await span.within(() => jobs.add({ ...job, input: withTrace(job.input, tracing) }));
      } catch (error) {
        span.fail();
        throw error;
      } finally {
        span.end();
      }
    },
    work: (queue, handler, options) =>
      jobs.work(
        queue,
        async (run) => {
          const { job } = run;
          if (job.attempts === 1)
            metrics.record('bullmq_job_wait_seconds', Math.max(0, clock.nowMs() - job.createdAtMs) / 1000, { queue });
          const span = tracing.start({
            name: `process ${queue}`,
            kind: 'consumer',
            attributes: {
              ...messaging(queue, 'process'),
              'messaging.message.id': job.id,
              'mcp_server.job.kind': job.kind,
              'mcp_server.job.attempt': job.attempts,
            },
            remote: carrierIn(job.input),
          });
          const startMs = performance.now();
          try {
            return await span.within(() => handler(run));
          } catch (error) {
            if (!(error instanceof GaveWay)) span.fail();
            throw error;
          } finally {
            metrics.record('bullmq_job_duration_seconds', (performance.now() - startMs) / 1000, { queue });
            span.end();
          }
        },
        {
          ...options,
          onLost: (jobId) => {
            metrics.count('bullmq_jobs_stalled_total', { queue });
            options.onLost?.(jobId);
          },
        },
      ),
  };
}

function messaging(queue: string, operation: 'send' | 'process') {
  return {
    'messaging.system': 'bullmq',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': queue,
  } as const;
}

function withTrace(input: NewJob['input'], tracing: Tracing): Json {
  const traceparent = tracing.traceparent();
  return traceparent === undefined || !isRecord(input) ? input : { ...input, traceparent };
}

const isRecord = (json: Json): json is { readonly [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
