import { type DashboardTable, selector } from './build.ts';

export const runtime: DashboardTable = {
  uid: 'mcp-runtime',
  title: 'MCP · 6 Runtime',
  description: 'The processes themselves, and Redis.',
  rows: [
    {
      title: 'Processes',
      panels: [
        {
          title: 'Event loop lag, p99',
          description: 'Above 200 ms a process is too busy to answer at once.',
          kind: 'graph',
          unit: 's',
          queries: [{ expr: `nodejs_eventloop_lag_p99_seconds{${selector}}`, legend: '{{instance}}' }],
        },
        {
          title: 'Event loop utilisation',
          description: 'Share of the time in which the loop was busy. At 1 nothing is left.',
          kind: 'graph',
          unit: 'percentunit',
          queries: [{ expr: `nodejs_eventloop_utilization_ratio{${selector}}`, legend: '{{instance}}' }],
        },
        {
          title: 'CPU',
          description: 'Cores in use.',
          kind: 'graph',
          unit: 'short',
          queries: [{ expr: `rate(process_cpu_seconds_total{${selector}}[$__rate_interval])`, legend: '{{instance}}' }],
        },
        {
          title: 'Memory',
          description: 'Resident memory and its limit.',
          kind: 'graph',
          unit: 'bytes',
          queries: [
            { expr: `process_resident_memory_bytes{${selector}}`, legend: '{{instance}}' },
            { expr: `max(mcp_memory_limit_bytes{${selector}})`, legend: 'limit' },
          ],
        },
        {
          title: 'Heap',
          description: 'Used heap and its limit. A saw-tooth is well, a slope is a leak.',
          kind: 'graph',
          unit: 'bytes',
          queries: [
            { expr: `nodejs_heap_size_used_bytes{${selector}}`, legend: '{{instance}}' },
            { expr: `max(mcp_heap_limit_bytes{${selector}})`, legend: 'limit' },
          ],
        },
        {
          title: 'Garbage collection',
          description: 'Share of the time that garbage collection takes.',
          kind: 'graph',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum by (instance) (rate(nodejs_gc_duration_seconds_sum{${selector}}[$__rate_interval]))`,
              legend: '{{instance}}',
            },
          ],
        },
        {
          title: 'File descriptors',
          description: 'Share of the allowed ones that are open.',
          kind: 'graph',
          unit: 'percentunit',
          queries: [{ expr: `process_open_fds{${selector}} / process_max_fds{${selector}}`, legend: '{{instance}}' }],
        },
        {
          title: 'Cache entries',
          description: 'Remembered answers in each process; CACHE_MAX_SIZE is the bound.',
          kind: 'graph',
          unit: 'short',
          queries: [{ expr: `cache_entries{${selector}}`, legend: '{{instance}}' }],
        },
        {
          title: 'Telemetry that was lost',
          description: 'Exports that failed, by signal.',
          kind: 'graph',
          unit: 'short',
          queries: [
            {
              expr: `sum by (signal) (increase(otel_export_failures_total{${selector}}[$__rate_interval]))`,
              legend: '{{signal}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Redis',
      panels: [
        {
          title: 'Reached',
          description: 'Whether each process reaches Redis.',
          kind: 'states',
          unit: 'short',
          states: { '0': { text: 'away', color: 'red' }, '1': { text: 'reached', color: 'green' } },
          queries: [{ expr: `redis_up{${selector}}`, legend: '{{instance}}' }],
        },
        {
          title: 'Round trip, p95',
          description: 'How long a command takes as a process sees it.',
          kind: 'graph',
          unit: 's',
          width: 12,
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (le) (rate(redis_command_duration_seconds_bucket{${selector}}[$__rate_interval])))`,
              legend: 'p95',
            },
          ],
        },
      ],
    },
  ],
};
