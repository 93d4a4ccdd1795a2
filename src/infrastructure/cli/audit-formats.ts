import type { AuditRecord } from '../../domain/model/audit-event.ts';
import { canonicalJson } from '../../domain/policy/audit-chain.ts';

/** How records of the audit log leave the server. */
export interface AuditFormat {
  /** What comes before the first record. */
  readonly head: string;
  line(record: AuditRecord): string;
}

const columns: Readonly<Record<string, (record: AuditRecord) => string | number | boolean | undefined>> = {
  sequence: ({ sequence }) => sequence,
  time: ({ atMs }) => new Date(atMs).toISOString(),
  action: ({ action }) => action,
  outcome: ({ outcome }) => outcome,
  code: ({ code }) => code,
  reason: ({ reason }) => reason,
  subject: ({ subject }) => subject,
  client: ({ clientId }) => clientId,
  by: ({ by }) => by,
  task: ({ task }) => task,
  operation: ({ operation }) => operation,
  items: ({ itemIds }) => itemIds.join(' '),
  versions: ({ versions }) =>
    versions?.map(({ id, before, after }) => `${id}:${before ?? ''}>${after ?? ''}`).join(' '),
  job: ({ jobId }) => jobId,
  grant: ({ grantId }) => grantId,
  token: ({ tokenId }) => tokenId,
  scopes: ({ scopes }) => scopes?.join(' '),
  network: ({ network }) => network,
  request: ({ requestId }) => requestId,
  trace: ({ traceId }) => traceId,
  count: ({ count }) => count,
  dry_run: ({ dryRun }) => dryRun,
  replayed: ({ replayed }) => replayed,
  hash: ({ hash }) => hash,
};

/** One JSON object a line holds everything, and can be checked against the chain; CSV is for spreadsheets. */
export const auditFormats = {
  json: { head: '', line: (record) => `${canonicalJson(record)}\n` },
  csv: {
    head: csvLine(Object.keys(columns)),
    line: (record) =>
      csvLine(
        Object.values(columns).map((cell) => {
          const value = cell(record);
          return value === undefined ? '' : String(value);
        }),
      ),
  },
} as const satisfies Record<string, AuditFormat>;

export type AuditFormatName = keyof typeof auditFormats;

/** RFC 4180. A spreadsheet would take a cell that begins like a formula for one: those begin with an apostrophe. */
function csvLine(cells: readonly string[]): string {
  return `${cells
    .map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')}\r\n`;
}
