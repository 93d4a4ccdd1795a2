import { callClasses } from '../../adapters/outbound/ingeniux/http/call-class.ts';
import { auditOutcomes } from '../../domain/model/audit-event.ts';
import { revocationReasons } from '../../domain/model/grant.ts';
import { finalJobStates, queueNames } from '../../domain/model/job.ts';
import { snapshotParts } from '../../domain/model/snapshot.ts';

/** By which a client may ask for tokens; `other` is whatever nobody knows. */
const tokenGrants = ['authorization_code', 'refresh_token', 'device_code', 'other'] as const;

/** The label sets of `authentication_attempts_total` that there can be. */
function attempts(result: string, grants: readonly string[], reasons: readonly string[]) {
  return grants.flatMap((grant) => reasons.map((reason) => ({ result, reason, grant })));
}

/**
 * THE table of metrics: whatever this program measures, under its Prometheus name. Base units, which the name ends with;
 * `_total` on what only grows. No label ever holds a user, a client, a page or a session: what a label may hold is
 * listed, or bounded by what `open` names.
 *
 * Counters with listed labels are on the page at zero from the start, so that the first event is an increase.
 */
export const metricTable = {
  build_info: {
    kind: 'gauge',
    help: 'Always 1; the labels tell what runs.',
    labels: { version: open('one'), commit: open('one; empty where the build did not know it'), node: open('one') },
  },

  http_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time from the arrival of a request to the end of its answer. Streams are left out: they last.',
    labels: { method: open('the HTTP methods'), route: open('the routes'), status_code: open('the statuses of HTTP') },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60],
  },
  active_connections: {
    kind: 'gauge',
    help: 'Open connections.',
    labels: { transport: ['http'] },
  },

  mcp_server_operation_duration_seconds: {
    kind: 'histogram',
    help: 'Time that an MCP request took. error_type is empty where it went well.',
    labels: {
      mcp_method_name: open('the methods that are served'),
      gen_ai_tool_name: open('the tools of the catalogue; empty for other methods'),
      error_type: open('tool_error and the codes of JSON-RPC'),
      mcp_protocol_version: open('the revisions that are served'),
    },
    buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  },
  mcp_sessions_active: { kind: 'gauge', help: 'Open sessions of revision 2025-11-25 and before.', labels: {} },
  mcp_sessions_total: {
    kind: 'counter',
    help: 'Sessions that ended, by what ended them.',
    labels: { end_reason: ['client', 'idle', 'room', 'shutdown'] },
  },
  mcp_streams_active: {
    kind: 'gauge',
    help: 'Open streams: subscriptions of the newest revision, and GET streams of sessions.',
    labels: { kind: ['subscription', 'session'] },
  },

  authentication_attempts_total: {
    kind: 'counter',
    help: 'Credentials that were presented: access tokens, token requests, sign-ins. reason is empty for a success.',
    labels: {
      result: ['success', 'failure'],
      reason: [
        '',
        'malformed',
        'unknown',
        'expired',
        'revoked',
        'signed_out',
        'foreign_audience',
        'bad_code',
        'bad_secret',
        'bad_refresh',
        'bad_password',
        'limited',
        'unavailable',
        'other',
      ],
      grant: ['bearer', 'sign_in', ...tokenGrants],
    },
    initial: [
      ...attempts('success', ['bearer', 'sign_in', ...tokenGrants], ['']),
      ...attempts(
        'failure',
        ['bearer'],
        ['malformed', 'unknown', 'expired', 'revoked', 'signed_out', 'foreign_audience'],
      ),
      ...attempts('failure', ['sign_in'], ['bad_password', 'limited', 'unavailable', 'other']),
      ...attempts('failure', tokenGrants, ['bad_secret', 'other']),
      ...attempts('failure', ['authorization_code'], ['bad_code']),
      ...attempts('failure', ['refresh_token'], ['bad_refresh']),
    ],
  },
  oauth_tokens_issued_total: {
    kind: 'counter',
    help: 'Access tokens that the authorization server issued.',
    labels: { grant_type: tokenGrants },
  },
  oauth_grants_revoked_total: {
    kind: 'counter',
    help: 'Grants that ended, by why.',
    labels: { reason: revocationReasons },
  },
  oauth_refresh_reuse_detected_total: {
    kind: 'counter',
    help: 'Refresh tokens that came a second time; their grants have ended.',
    labels: {},
  },
  oauth_consent_total: {
    kind: 'counter',
    help: 'What people decided on the consent page.',
    labels: { decision: ['given', 'denied', 'failed'] },
  },
  oauth_clients_registered_total: {
    kind: 'counter',
    help: 'Clients that registered.',
    labels: { method: ['dynamic'] },
  },

  cms_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time of one request to the CMS, each try counted alone. status_class is none where no answer came.',
    labels: {
      class: callClasses,
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      status_class: ['2xx', '3xx', '4xx', '5xx', 'none'],
    },
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180],
  },
  cms_requests_total: {
    kind: 'counter',
    help: 'Requests to the CMS. refused: it said no for a reason of the caller; error: it failed or could not be reached.',
    labels: { outcome: ['ok', 'refused', 'error'] },
  },
  cms_retries_total: {
    kind: 'counter',
    help: 'Requests to the CMS that were sent again, by why the one before failed.',
    labels: { reason: ['throttled', 'overloaded', 'unreached', 'lost', 'other'] },
  },
  cms_token_refresh_total: {
    kind: 'counter',
    help: 'Renewals of CMS tokens. rejected: the CMS refused the refresh token; indeterminate: it did not say; lock_wait: another process was at it, and its token was taken.',
    labels: { outcome: ['ok', 'rejected', 'indeterminate', 'lock_wait'] },
  },
  circuit_breaker_state: {
    kind: 'gauge',
    help: 'The breaker of a class of calls to the CMS: 0 closed, 1 half open, 2 open.',
    labels: { breaker: callClasses },
  },
  circuit_breaker_transitions_total: {
    kind: 'counter',
    help: 'Changes of a breaker, by what it became.',
    labels: { breaker: callClasses, state: ['closed', 'half_open', 'open'] },
  },
  circuit_breaker_rejections_total: {
    kind: 'counter',
    help: 'Calls that an open breaker held back.',
    labels: { breaker: callClasses },
  },

  cache_requests_total: {
    kind: 'counter',
    help: 'Reads that may be remembered: answered from memory, asked for, or answered with an older state in an outage.',
    labels: { result: ['hit', 'miss', 'stale', 'error'] },
  },
  cache_entries: { kind: 'gauge', help: 'Reads that this process remembers.', labels: {} },
  cache_evictions_total: { kind: 'counter', help: 'Remembered reads that made room for others.', labels: {} },
  rate_limit_rejections_total: {
    kind: 'counter',
    help: 'Requests and calls over a limit: per user and client, or per network address.',
    labels: { scope: ['user', 'ip'] },
  },

  public_site_looks_total: {
    kind: 'counter',
    help: 'Looks at the public addresses of published pages.',
    labels: { outcome: ['ok', 'client_error', 'server_error', 'timed_out', 'unreached'] },
  },
  public_site_look_duration_seconds: {
    kind: 'histogram',
    help: 'Time of one look at a public address, redirects included.',
    labels: {},
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },

  mcp_lockdown_active: {
    kind: 'gauge',
    help: '1 while the operator has made everything read-only, as this process finds it.',
    labels: {},
  },

  bullmq_queue_jobs: {
    kind: 'gauge',
    help: 'Jobs in the storage, whichever process runs them: held ones wait for the answer of a person. The same names without Redis.',
    labels: { queue: queueNames, state: ['waiting', 'active', 'held', 'failed'] },
  },
  bullmq_jobs_completed_total: { kind: 'counter', help: 'Jobs that succeeded here.', labels: { queue: queueNames } },
  bullmq_jobs_failed_total: { kind: 'counter', help: 'Jobs that failed here for good.', labels: { queue: queueNames } },
  bullmq_jobs_stalled_total: {
    kind: 'counter',
    help: 'Runs whose worker was lost, as another worker noticed.',
    labels: { queue: queueNames },
  },
  bullmq_job_duration_seconds: {
    kind: 'histogram',
    help: 'Time of one run of a job.',
    labels: { queue: queueNames },
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800],
  },
  bullmq_job_wait_seconds: {
    kind: 'histogram',
    help: 'Time from the acceptance of a job to its first run.',
    labels: { queue: queueNames },
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
  },

  redis_up: { kind: 'gauge', help: '1 while Redis can be written to. Only with REDIS_URL.', labels: {} },
  redis_noeviction: {
    kind: 'gauge',
    help: '1 when Redis keeps everything when its memory is full. Only with REDIS_URL.',
    labels: {},
  },
  redis_command_duration_seconds: {
    kind: 'histogram',
    help: 'Time of a command of Redis; those that wait for something are left out.',
    labels: { op: open('the commands that the drivers use; other') },
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  },

  audit_events_total: {
    kind: 'counter',
    help: 'Records handed to the audit log.',
    labels: { action: open('the tasks and the security actions'), result: auditOutcomes },
    initial: auditOutcomes.map((result) => ({ action: 'job_end', result })),
  },
  audit_write_failures_total: { kind: 'counter', help: 'Records that the audit log could not keep.', labels: {} },

  backup_last_success_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the last backup was made. Absent before the first one.',
    labels: {},
  },
  backup_last_size_bytes: { kind: 'gauge', help: 'The size of the last backup.', labels: {} },
  backup_restore_test_timestamp_seconds: {
    kind: 'gauge',
    help: 'When a backup was last restored to try it. Absent before the first one.',
    labels: {},
  },

  snapshot_last_success_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the newest snapshot of content was taken. Absent before the first one.',
    labels: {},
  },
  snapshots_kept: { kind: 'gauge', help: 'Snapshots of content that are kept.', labels: {} },
  snapshot_stored_bytes: {
    kind: 'gauge',
    help: 'What snapshots take up in the place of backups: lists of items, the objects that they share, and drafts of those being taken.',
    labels: { part: snapshotParts },
  },
  snapshot_jobs_total: {
    kind: 'counter',
    help: 'Snapshots of content that ended here, by how.',
    labels: { result: finalJobStates },
  },

  process_cpu_seconds_total: { kind: 'observed_counter', help: 'User and system time.', labels: {} },
  process_resident_memory_bytes: { kind: 'gauge', help: 'Memory that is held.', labels: {} },
  process_open_fds: { kind: 'gauge', help: 'Open file descriptors. Only on Linux.', labels: {} },
  process_max_fds: { kind: 'gauge', help: 'How many there may be. Only on Linux.', labels: {} },
  process_start_time_seconds: { kind: 'gauge', help: 'When the process began, since 1970.', labels: {} },
  nodejs_eventloop_lag_p99_seconds: {
    kind: 'gauge',
    help: 'How late timers were since the last look at this page, 99th percentile.',
    labels: {},
  },
  nodejs_eventloop_utilization_ratio: {
    kind: 'gauge',
    help: 'Share of the time since the last look at this page in which the event loop was busy.',
    labels: {},
  },
  nodejs_heap_size_used_bytes: { kind: 'gauge', help: 'Heap in use.', labels: {} },
  nodejs_gc_duration_seconds: {
    kind: 'histogram',
    help: 'Time of garbage collections.',
    labels: { kind: ['minor', 'major', 'incremental', 'weakcb', 'other'] },
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1],
  },
  mcp_memory_limit_bytes: {
    kind: 'gauge',
    help: 'Memory that this process may have: the limit of its container, else that of the machine.',
    labels: {},
  },
  mcp_heap_limit_bytes: { kind: 'gauge', help: 'To what size the heap may grow.', labels: {} },

  otel_export_failures_total: {
    kind: 'counter',
    help: 'Batches that the collector did not take.',
    labels: { signal: ['traces'] },
  },
  otel_spans_dropped_total: {
    kind: 'counter',
    help: 'Spans that were dropped because the collector was too slow or away.',
    labels: {},
  },
  log_dropped_total: {
    kind: 'observed_counter',
    help: 'Log lines that could not be written to a file.',
    labels: {},
  },
} as const satisfies Record<string, MetricRow>;

export type MetricName = keyof typeof metricTable;

export interface MetricRow {
  /** An `observed_counter` is one whose sum somebody else keeps: it is read when the page is asked for. */
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'observed_counter';
  readonly help: string;
  readonly labels: Readonly<Record<string, readonly string[] | OpenLabel>>;
  /** Upper bounds, in the unit of the name. */
  readonly buckets?: readonly number[];
  /** The label sets to begin with at zero, where not every combination of the listed values makes sense. */
  readonly initial?: readonly Readonly<Record<string, string>>[];
}

/** A label whose values are not listed here, and what keeps them few. */
export interface OpenLabel {
  readonly bound: string;
}

function open(bound: string): OpenLabel {
  return { bound };
}

export type MetricNameOf<Kind extends MetricRow['kind']> = {
  [Name in MetricName]: (typeof metricTable)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

/** The labels of a metric: all of them, and nothing else. */
export type LabelsOf<Name extends MetricName> = {
  readonly [Label in keyof (typeof metricTable)[Name]['labels']]: ValueOf<(typeof metricTable)[Name]['labels'][Label]>;
};

type ValueOf<Values> = Values extends readonly (infer Value)[] ? Value : string;

/** The label sets that a counter begins with at zero. Pure. */
export function initialLabels(row: MetricRow): readonly Readonly<Record<string, string>>[] {
  if (row.initial !== undefined) return row.initial;
  let sets: Readonly<Record<string, string>>[] = [{}];
  for (const [label, values] of Object.entries(row.labels)) {
    if (!isListed(values)) return [];
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [label]: value })));
  }
  return sets;
}

export const isListed = (values: readonly string[] | OpenLabel): values is readonly string[] => Array.isArray(values);

/** Where measurements go. Nothing here throws. */
export interface Metrics {
  count<Name extends MetricNameOf<'counter'>>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  record<Name extends MetricNameOf<'histogram'>>(name: Name, value: number, labels: LabelsOf<Name>): void;
  /** Reads a value whenever the page is asked for. A reading that fails is left out of that page. */
  observe<Name extends MetricNameOf<'gauge' | 'observed_counter'>>(
    name: Name,
    read: () => readonly Reading<Name>[] | Promise<readonly Reading<Name>[]>,
  ): void;
}

export interface Reading<Name extends MetricName> {
  readonly value: number;
  readonly labels: LabelsOf<Name>;
}

/** Measures nothing. */
export const noMetrics: Metrics = { count: () => undefined, record: () => undefined, observe: () => undefined };
