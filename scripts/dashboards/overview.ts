import { type DashboardTable, selector } from './build.ts';

const requests = `http_request_duration_seconds_count{${selector},route!~"/health.*"}`;

export const overview: DashboardTable = {
  uid: 'mcp-overview',
  title: 'MCP · 1 Overview',
  description: 'Whether agents are served, how fast, and what is left of the error budget.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Processes',
          description: 'How many processes answer. Fewer than started: one is down.',
          kind: 'stat',
          unit: 'short',
          queries: [{ expr: `count(build_info{${selector}})`, legend: 'processes' }],
        },
        {
          title: 'Requests',
          description: 'Requests a second, health checks left out.',
          kind: 'stat',
          unit: 'reqps',
          queries: [{ expr: `sum(rate(${requests}[$__rate_interval]))`, legend: 'requests' }],
        },
        {
          title: 'Errors',
          description: 'Share of the requests that ended with a server error. The objective is less than 0.5 %.',
          kind: 'stat',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum(rate(http_request_duration_seconds_count{${selector},route!~"/health.*",status_code=~"5.."}[$__rate_interval])) / sum(rate(${requests}[$__rate_interval]))`,
              legend: 'errors',
            },
          ],
        },
        {
          title: 'Error budget left',
          description: 'Of 0.5 % of the requests of 30 days. Below zero the objective is missed.',
          kind: 'stat',
          unit: 'percentunit',
          queries: [
            {
              expr: `1 - (sum(increase(http_request_duration_seconds_count{${selector},route!~"/health.*",status_code=~"5.."}[30d])) / sum(increase(${requests}[30d]))) / 0.005`,
              legend: 'left',
            },
          ],
        },
        {
          title: 'Connections',
          description: 'Connections of MCP clients that are open.',
          kind: 'stat',
          unit: 'short',
          queries: [{ expr: `sum(active_connections{${selector}})`, legend: 'connections' }],
        },
        {
          title: 'Versions',
          description: 'Which versions run; more than one only while an update is rolled out.',
          kind: 'stat',
          unit: 'short',
          queries: [{ expr: `count by (version, commit) (build_info{${selector}})`, legend: '{{version}} {{commit}}' }],
        },
      ],
    },
    {
      title: 'Traffic',
      panels: [
        {
          title: 'Requests by route',
          description: 'Requests a second of each route.',
          kind: 'graph',
          unit: 'reqps',
          queries: [{ expr: `sum by (route) (rate(${requests}[$__rate_interval]))`, legend: '{{route}}' }],
        },
        {
          title: 'Requests by status',
          description: '4xx are refusals of a caller, 5xx are ours or those of storage and CMS.',
          kind: 'graph',
          unit: 'reqps',
          queries: [{ expr: `sum by (status_code) (rate(${requests}[$__rate_interval]))`, legend: '{{status_code}}' }],
        },
        {
          title: 'Duration',
          description: 'Half, 95 % and 99 % of the requests end within this time. Streams count from their first byte.',
          kind: 'graph',
          unit: 's',
          queries: ['0.5', '0.95', '0.99'].map((quantile) => ({
            expr: `histogram_quantile(${quantile}, sum by (le) (rate(http_request_duration_seconds_bucket{${selector},route!~"/health.*"}[$__rate_interval])))`,
            legend: `p${Number(quantile) * 100}`,
          })),
        },
      ],
    },
  ],
};
