import { type DashboardTable, selector } from './build.ts';

const operations = `mcp_server_operation_duration_seconds_count{${selector}}`;
const calls = `mcp_server_operation_duration_seconds_count{${selector},mcp_method_name="tools/call"}`;

export const tools: DashboardTable = {
  uid: 'mcp-tools',
  title: 'MCP · 2 Tools',
  description: 'What agents call, how long it takes, and what fails.',
  rows: [
    {
      title: 'Tools',
      panels: [
        {
          title: 'Calls by tool',
          description: 'Tool calls a second.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            { expr: `sum by (gen_ai_tool_name) (rate(${calls}[$__rate_interval]))`, legend: '{{gen_ai_tool_name}}' },
          ],
        },
        {
          title: 'Duration by tool, p95',
          description: '95 % of the calls of a tool end within this time. Above 2 s agents wait.',
          kind: 'graph',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (le, gen_ai_tool_name) (rate(mcp_server_operation_duration_seconds_bucket{${selector},mcp_method_name="tools/call"}[$__rate_interval])))`,
              legend: '{{gen_ai_tool_name}}',
            },
          ],
        },
        {
          title: 'Errors by tool',
          description: 'Share of the calls that ended with an error of any kind, refusals of the caller included.',
          kind: 'graph',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum by (gen_ai_tool_name) (rate(mcp_server_operation_duration_seconds_count{${selector},mcp_method_name="tools/call",error_type!=""}[$__rate_interval])) / sum by (gen_ai_tool_name) (rate(${calls}[$__rate_interval]))`,
              legend: '{{gen_ai_tool_name}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Protocol',
      panels: [
        {
          title: 'Requests by method',
          description: 'MCP requests a second.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            { expr: `sum by (mcp_method_name) (rate(${operations}[$__rate_interval]))`, legend: '{{mcp_method_name}}' },
          ],
        },
        {
          title: 'Requests by protocol revision',
          description: 'How much is left of the era with sessions.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            {
              expr: `sum by (mcp_protocol_version) (rate(${operations}[$__rate_interval]))`,
              legend: '{{mcp_protocol_version}}',
            },
          ],
        },
        {
          title: 'Streams and sessions',
          description: 'Open streams by kind, and sessions of the older era. A number that only grows is a leak.',
          kind: 'graph',
          unit: 'short',
          queries: [
            { expr: `sum by (kind) (mcp_streams_active{${selector}})`, legend: '{{kind}}' },
            { expr: `sum(mcp_sessions_active{${selector}})`, legend: 'sessions' },
          ],
        },
      ],
    },
  ],
};
