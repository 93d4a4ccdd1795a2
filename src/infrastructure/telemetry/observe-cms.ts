import type { AttemptEnd, CmsAttempt, IngeniuxEvent, OnAttempt } from '../../adapters/outbound/ingeniux/events.ts';
import type { CallClass } from '../../adapters/outbound/ingeniux/http/call-class.ts';
import { callClasses } from '../../adapters/outbound/ingeniux/http/call-class.ts';
import { failureKinds } from '../../adapters/outbound/ingeniux/http/failure.ts';
import type { LabelsOf } from './metrics.ts';
import type { Telemetry } from './start.ts';

/** What the driver of the CMS tells, as metrics and spans. */
export interface CmsWatch {
  readonly onAttempt: OnAttempt;
  readonly onEvent: (event: IngeniuxEvent) => void;
}

/** `baseUrl` is the address of the CMS: its host stands in spans. */
export function watchCms({ metrics, tracing }: Telemetry, baseUrl: string): CmsWatch {
  const { hostname, port, protocol } = new URL(baseUrl);
  const server = {
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  } as const;
  const states = new Map<CallClass, number>(callClasses.map((name) => [name, breakerStates.closed]));
  metrics.observe('circuit_breaker_state', () =>
    [...states].map(([breaker, value]) => ({ value, labels: { breaker } })),
  );

  return {
    onAttempt: (attempt) => {
      const startMs = performance.now();
      const span = tracing.start({ name: nameOf(attempt), kind: 'client', attributes: attributesOf(attempt, server) });
      return (end) => {
        metrics.record('cms_request_duration_seconds', (performance.now() - startMs) / 1000, {
          class: attempt.callClass,
          method: attempt.method,
          status_class: statusClassOf(end.status),
        });
        const outcome = outcomeOf(end);
        metrics.count('cms_requests_total', { outcome });
        if (end.status !== undefined) span.set({ 'http.response.status_code': end.status });
        if (end.failure !== undefined) span.set({ 'error.type': end.failure });
        // For the side that asks, a status of 4xx is a failure too (conventions for HTTP clients).
        if (outcome !== 'ok') span.fail();
        span.end();
      };
    },
    onEvent: (event) => {
      switch (event.kind) {
        case 'retry':
          metrics.count('cms_retries_total', {
            reason: retryReasons.find((reason) => reason === event.reason) ?? 'other',
          });
          break;
        case 'breaker':
          states.set(event.callClass, breakerStates[event.state]);
          metrics.count('circuit_breaker_transitions_total', { breaker: event.callClass, state: event.state });
          break;
        case 'held_back':
          metrics.count('circuit_breaker_rejections_total', { breaker: event.callClass });
          break;
        case 'token_renewed':
          metrics.count('cms_token_refresh_total', { outcome: 'ok' });
          break;
        case 'token_awaited':
          metrics.count('cms_token_refresh_total', { outcome: 'lock_wait' });
          break;
        case 'token_not_renewed':
          metrics.count('cms_token_refresh_total', { outcome: event.outcome });
          break;
        case 'background_failure':
          break;
      }
    },
  };
}

const breakerStates = { closed: 0, half_open: 1, open: 2 } as const;

const retryReasons = ['throttled', 'overloaded', 'unreached', 'lost'] as const;

const nameOf = ({ method, urlTemplate }: CmsAttempt): string =>
  urlTemplate === undefined ? method : `${method} ${urlTemplate}`;

function attributesOf(attempt: CmsAttempt, server: object) {
  const { method, urlTemplate, operation, resendCount } = attempt;
  return {
    'http.request.method': method,
    ...server,
    ...(urlTemplate === undefined ? {} : { 'url.template': urlTemplate }),
    ...(operation === undefined ? {} : { 'mcp_server.cms.operation': operation }),
    ...(resendCount === 0 ? {} : { 'http.request.resend_count': resendCount }),
  };
}

function outcomeOf({ failure }: AttemptEnd): LabelsOf<'cms_requests_total'>['outcome'] {
  if (failure === undefined) return 'ok';
  return failureKinds[failure].counts ? 'error' : 'refused';
}

function statusClassOf(status: number | undefined): LabelsOf<'cms_request_duration_seconds'>['status_class'] {
  return statusClasses[Math.floor((status ?? 0) / 100)] ?? 'none';
}

const statusClasses = [undefined, undefined, '2xx', '3xx', '4xx', '5xx'] as const;
