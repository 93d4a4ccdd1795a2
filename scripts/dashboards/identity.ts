import { type DashboardTable, selector } from './build.ts';

export const identity: DashboardTable = {
  uid: 'mcp-identity',
  title: 'MCP · 4 Authentication and security',
  description: 'Who comes in, who is refused, and why.',
  rows: [
    {
      title: 'Authentication',
      panels: [
        {
          title: 'Attempts by result',
          description: 'Tokens, sign-ins and token requests. More than a fifth refused is an alert.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            {
              expr: `sum by (result) (rate(authentication_attempts_total{${selector}}[$__rate_interval]))`,
              legend: '{{result}}',
            },
          ],
        },
        {
          title: 'Refusals by reason',
          description:
            'Expired and revoked tokens are clients that do not renew; wrong passwords and codes are people or attacks.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            {
              expr: `sum by (reason) (rate(authentication_attempts_total{${selector},result="failure"}[$__rate_interval]))`,
              legend: '{{reason}}',
            },
          ],
        },
        {
          title: 'Refused by limits',
          description: 'By address, or by user and client.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            {
              expr: `sum by (scope) (rate(rate_limit_rejections_total{${selector}}[$__rate_interval]))`,
              legend: '{{scope}}',
            },
          ],
        },
        {
          title: 'Lockdown',
          description: '1 while everything is read-only. All processes must tell the same.',
          kind: 'stat',
          unit: 'short',
          queries: [{ expr: `mcp_lockdown_active{${selector}}`, legend: '{{instance}}' }],
        },
      ],
    },
    {
      title: 'Grants and tokens',
      panels: [
        {
          title: 'Tokens issued',
          description: 'Access tokens by the way they were had.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            {
              expr: `sum by (grant_type) (rate(oauth_tokens_issued_total{${selector}}[$__rate_interval]))`,
              legend: '{{grant_type}}',
            },
          ],
        },
        {
          title: 'Grants revoked',
          description: 'By reason. Reuse: a refresh token came twice. Upstream rejected: the CMS refused the user.',
          kind: 'graph',
          unit: 'short',
          queries: [
            {
              expr: `sum by (reason) (increase(oauth_grants_revoked_total{${selector}}[$__rate_interval]))`,
              legend: '{{reason}}',
            },
          ],
        },
        {
          title: 'Consent and registration',
          description: 'What people decided on the consent page, and how clients made themselves known.',
          kind: 'graph',
          unit: 'short',
          queries: [
            {
              expr: `sum by (decision) (increase(oauth_consent_total{${selector}}[$__rate_interval]))`,
              legend: 'consent {{decision}}',
            },
            {
              expr: `sum by (method) (increase(oauth_clients_registered_total{${selector}}[$__rate_interval]))`,
              legend: 'client {{method}}',
            },
          ],
        },
        {
          title: 'Reused refresh tokens',
          description: 'Any is an alert: the token may have been stolen.',
          kind: 'stat',
          unit: 'short',
          queries: [
            { expr: `sum(increase(oauth_refresh_reuse_detected_total{${selector}}[$__range]))`, legend: 'reused' },
          ],
        },
        {
          title: 'Audit',
          description: 'Events kept, by result; failures must stay at zero.',
          kind: 'graph',
          unit: 'ops',
          queries: [
            { expr: `sum by (result) (rate(audit_events_total{${selector}}[$__rate_interval]))`, legend: '{{result}}' },
            { expr: `sum(rate(audit_write_failures_total{${selector}}[$__rate_interval]))`, legend: 'not kept' },
          ],
        },
      ],
    },
  ],
};
