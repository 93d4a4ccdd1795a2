import { type DashboardTable, selector } from './build.ts';

export const cms: DashboardTable = {
  uid: 'mcp-cms',
  title: 'MCP · 3 CMS',
  description: 'The CMS as this server sees it.',
  rows: [
    {
      title: 'Calls',
      panels: [
        {
          title: 'Calls by outcome',
          description: 'Refusals are the business of the caller; errors are those of the CMS.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            {
              expr: `sum by (outcome) (rate(cms_requests_total{${selector}}[$__rate_interval]))`,
              legend: '{{outcome}}',
            },
          ],
        },
        {
          title: 'Status classes',
          description: 'What the CMS answered. It reports business refusals as 5xx, so 5xx alone is no outage.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            {
              expr: `sum by (status_class) (rate(cms_request_duration_seconds_count{${selector}}[$__rate_interval]))`,
              legend: '{{status_class}}',
            },
          ],
        },
        {
          title: 'Repetitions',
          description: 'Calls that were sent again, by reason. More than three in ten calls is a storm.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            { expr: `sum by (reason) (rate(cms_retries_total{${selector}}[$__rate_interval]))`, legend: '{{reason}}' },
          ],
        },
        {
          title: 'Duration',
          description: 'How long calls to the CMS take.',
          kind: 'heatmap',
          unit: 's',
          queries: [
            {
              expr: `sum by (le) (rate(cms_request_duration_seconds_bucket{${selector}}[$__rate_interval]))`,
              legend: '{{le}}',
            },
          ],
        },
        {
          title: 'Duration by class, p95',
          description: '95 % of the calls of a class end within this time.',
          kind: 'graph',
          unit: 's',
          width: 12,
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (le, class) (rate(cms_request_duration_seconds_bucket{${selector}}[$__rate_interval])))`,
              legend: '{{class}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Protection',
      panels: [
        {
          title: 'Breakers',
          description: 'Open: the CMS is not called, and callers are told at once to come back.',
          kind: 'states',
          unit: 'short',
          states: {
            '0': { text: 'closed', color: 'green' },
            '1': { text: 'half open', color: 'yellow' },
            '2': { text: 'open', color: 'red' },
          },
          queries: [{ expr: `max by (breaker) (circuit_breaker_state{${selector}})`, legend: '{{breaker}}' }],
        },
        {
          title: 'Refused by breakers',
          description: 'Calls that were not sent because a breaker was open.',
          kind: 'graph',
          unit: 'ops',
          width: 6,
          queries: [
            {
              expr: `sum by (breaker) (rate(circuit_breaker_rejections_total{${selector}}[$__rate_interval]))`,
              legend: '{{breaker}}',
            },
          ],
        },
        {
          title: 'Renewals of CMS credentials',
          description: 'Rejected: the CMS refused a user, whose grant ended. Indeterminate: the CMS was away.',
          kind: 'graph',
          unit: 'ops',
          width: 6,
          queries: [
            {
              expr: `sum by (outcome) (rate(cms_token_refresh_total{${selector}}[$__rate_interval]))`,
              legend: '{{outcome}}',
            },
          ],
        },
        {
          title: 'Cache',
          description: 'Share of the reads that were answered from what is remembered.',
          kind: 'graph',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum(rate(cache_requests_total{${selector},result="hit"}[$__rate_interval])) / sum(rate(cache_requests_total{${selector}}[$__rate_interval]))`,
              legend: 'hit',
            },
          ],
        },
      ],
    },
  ],
};
