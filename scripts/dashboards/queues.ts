import { type DashboardTable, selector } from './build.ts';

export const queues: DashboardTable = {
  uid: 'mcp-queues',
  title: 'MCP · 5 Queues',
  description: 'Slow work: what waits, how long, and what fails.',
  rows: [
    {
      title: 'Queues',
      panels: [
        {
          title: 'Jobs by state',
          description:
            'Waiting, running, held and failed jobs of each queue. Held ones wait for the answer of a person.',
          kind: 'graph',
          unit: 'short',
          width: 12,
          queries: [{ expr: `max by (queue, state) (bullmq_queue_jobs{${selector}})`, legend: '{{queue}} {{state}}' }],
        },
        {
          title: 'Ended',
          description: 'Jobs that ended, well or not.',
          kind: 'graph',
          unit: 'ops',
          width: 12,
          queries: [
            {
              expr: `sum by (queue) (rate(bullmq_jobs_completed_total{${selector}}[$__rate_interval]))`,
              legend: '{{queue}} completed',
            },
            {
              expr: `sum by (queue) (rate(bullmq_jobs_failed_total{${selector}}[$__rate_interval]))`,
              legend: '{{queue}} failed',
            },
          ],
        },
        {
          title: 'Wait, p95',
          description: 'How long a job waits for its start.',
          kind: 'graph',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (le, queue) (rate(bullmq_job_wait_seconds_bucket{${selector}}[$__rate_interval])))`,
              legend: '{{queue}}',
            },
          ],
        },
        {
          title: 'Run, p95',
          description: 'How long a job runs. A publish takes as long as the CMS needs.',
          kind: 'graph',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (le, queue) (rate(bullmq_job_duration_seconds_bucket{${selector}}[$__rate_interval])))`,
              legend: '{{queue}}',
            },
          ],
        },
        {
          title: 'Stalled',
          description: 'Jobs that lost their worker. They run again elsewhere.',
          kind: 'graph',
          unit: 'short',
          queries: [
            {
              expr: `sum by (queue) (increase(bullmq_jobs_stalled_total{${selector}}[$__rate_interval]))`,
              legend: '{{queue}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Backups',
      panels: [
        {
          title: 'Age of the last backup',
          description: 'More than 26 hours is an alert.',
          kind: 'stat',
          unit: 's',
          queries: [{ expr: `time() - max(backup_last_success_timestamp_seconds{${selector}})`, legend: 'age' }],
        },
        {
          title: 'Size of the last backup',
          description: 'A sudden fall means that something is missing.',
          kind: 'stat',
          unit: 'bytes',
          queries: [{ expr: `max(backup_last_size_bytes{${selector}})`, legend: 'size' }],
        },
        {
          title: 'Age of the last recovery test',
          description: 'More than 35 days is an alert.',
          kind: 'stat',
          unit: 's',
          queries: [{ expr: `time() - max(backup_restore_test_timestamp_seconds{${selector}})`, legend: 'age' }],
        },
      ],
    },
    {
      title: 'Snapshots of content',
      panels: [
        {
          title: 'Age of the newest snapshot',
          description: 'People take them when they want to, or by a rule. Older than that rule: it does not run.',
          kind: 'stat',
          unit: 's',
          queries: [{ expr: `time() - max(snapshot_last_success_timestamp_seconds{${selector}})`, legend: 'age' }],
        },
        {
          title: 'Snapshots kept',
          description: 'Of all roots together. SNAPSHOT_KEEP says how many stay for each.',
          kind: 'stat',
          unit: 'short',
          queries: [{ expr: `max(snapshots_kept{${selector}})`, legend: 'kept' }],
        },
        {
          title: 'Kept in the place of backups',
          description:
            'Objects are shared by all snapshots. Drafts that do not go away are of snapshots that never ended.',
          kind: 'graph',
          unit: 'bytes',
          queries: [{ expr: `max by (part) (snapshot_stored_bytes{${selector}})`, legend: '{{part}}' }],
        },
        {
          title: 'Snapshots taken',
          description: 'How they ended.',
          kind: 'graph',
          unit: 'short',
          queries: [
            {
              expr: `sum by (result) (increase(snapshot_jobs_total{${selector}}[$__rate_interval]))`,
              legend: '{{result}}',
            },
          ],
        },
      ],
    },
  ],
};
