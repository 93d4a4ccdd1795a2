import { type DashboardTable, selector } from './build.ts';

const budget = 0.005;

/** How many times faster than sustainable the budget burns, over a window. */
const burn = (window: string) =>
  `(sum(rate(http_request_duration_seconds_count{${selector},route!~"/health.*",status_code=~"5.."}[${window}])) / sum(rate(http_request_duration_seconds_count{${selector},route!~"/health.*"}[${window}]))) / ${budget}`;

export const slo: DashboardTable = {
  uid: 'mcp-slo',
  title: 'MCP · 7 Service level',
  description: '99.5 % of the requests of 30 days end without a server error. How fast is the rest used up?',
  rows: [
    {
      title: 'Burn rate',
      panels: [
        {
          title: 'Fast: one hour and five minutes',
          description: 'Both above 14.4 wakes somebody up: the budget of a month would last two days.',
          kind: 'graph',
          unit: 'short',
          queries: ['1h', '5m'].map((window) => ({ expr: burn(window), legend: window })),
        },
        {
          title: 'Medium: six hours and thirty minutes',
          description: 'Both above 6 wakes somebody up: the budget of a month would last five days.',
          kind: 'graph',
          unit: 'short',
          queries: ['6h', '30m'].map((window) => ({ expr: burn(window), legend: window })),
        },
        {
          title: 'Slow: three days and six hours',
          description: 'Both above 1 makes a ticket: the budget does not last.',
          kind: 'graph',
          unit: 'short',
          queries: ['3d', '6h'].map((window) => ({ expr: burn(window), legend: window })),
        },
      ],
    },
    {
      title: 'Objective',
      panels: [
        {
          title: 'Availability of 30 days',
          description: 'The objective is 99.5 %.',
          kind: 'stat',
          unit: 'percentunit',
          width: 12,
          queries: [
            {
              expr: `1 - sum(increase(http_request_duration_seconds_count{${selector},route!~"/health.*",status_code=~"5.."}[30d])) / sum(increase(http_request_duration_seconds_count{${selector},route!~"/health.*"}[30d]))`,
              legend: 'availability',
            },
          ],
        },
        {
          title: 'Tool calls within 2 s',
          description: 'Share of the tool calls that an agent has not had to wait for.',
          kind: 'stat',
          unit: 'percentunit',
          width: 12,
          queries: [
            {
              expr: `sum(rate(mcp_server_operation_duration_seconds_bucket{${selector},mcp_method_name="tools/call",le="2"}[$__range])) / sum(rate(mcp_server_operation_duration_seconds_count{${selector},mcp_method_name="tools/call"}[$__range]))`,
              legend: 'within 2 s',
            },
          ],
        },
      ],
    },
  ],
};
