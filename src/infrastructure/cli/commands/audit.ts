import type { AuditFilter, AuditRecord } from '../../../domain/model/audit-event.ts';
import type { AuditLog } from '../../../domain/ports/audit-log.ts';
import { openContainer } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { type AuditFormatName, auditFormats } from '../audit-formats.ts';
import { exitCodes, type RunCommand } from '../command.ts';

/** Tells whether the audit log is what was written, or which record is the first that is not. */
export const auditVerify: RunCommand<object> = async ({ config, logger, resources }) => {
  const container = await openContainer({ config, logger, resources });
  const verdict = await container.get(T.Audit).verify();
  if (!verdict.ok) {
    process.stdout.write(`The audit log is broken at record ${verdict.brokenSequence}.\n`);
    return exitCodes.failed;
  }
  const { head } = verdict;
  process.stdout.write(
    head === undefined
      ? 'The audit log is empty.\n'
      : `The audit log is unbroken: ${head.sequence} records, the last one has the hash ${head.hash}.\n`,
  );
  return exitCodes.ok;
};

/** The newest records, one JSON object a line, newest first. */
export const auditList: RunCommand<{ limit: string }> = async ({ config, logger, resources }, options) => {
  const limit = /^\d{1,6}$/.test(options.limit) ? Number(options.limit) : 0;
  if (limit < 1 || limit > limitMax) {
    process.stderr.write(`--limit must be a number from 1 to ${limitMax}.\n`);
    return exitCodes.usage;
  }
  const container = await openContainer({ config, logger, resources });
  for await (const record of newest(container.get(T.Audit), {}, limit)) {
    process.stdout.write(auditFormats.json.line(record));
  }
  return exitCodes.ok;
};

/** Every record of a span of time, newest first, for those who have to show what was done. */
export const auditExport: RunCommand<{ from: string; to?: string; format: string }> = async (
  { config, logger, resources },
  options,
) => {
  const fromMs = momentMs(options.from);
  const toMs = options.to === undefined ? Number.POSITIVE_INFINITY : momentMs(options.to);
  if (fromMs === undefined || toMs === undefined || fromMs >= toMs) {
    process.stderr.write('--from and --to must be moments such as 2026-01-31 or 2026-01-31T12:00:00Z, --from first.\n');
    return exitCodes.usage;
  }
  if (!isFormat(options.format)) {
    process.stderr.write(`--format must be one of ${Object.keys(auditFormats).join(', ')}.\n`);
    return exitCodes.usage;
  }
  const format = auditFormats[options.format];
  const container = await openContainer({ config, logger, resources });
  process.stdout.write(format.head);
  for await (const record of newest(container.get(T.Audit), { fromMs, toMs }, Number.POSITIVE_INFINITY)) {
    process.stdout.write(format.line(record));
  }
  return exitCodes.ok;
};

/** The newest records that fit, page by page. */
async function* newest(audit: AuditLog, filter: AuditFilter, limit: number): AsyncGenerator<AuditRecord> {
  let before: number | undefined;
  let left = limit;
  do {
    const page = await audit.list({
      filter,
      limit: Math.min(left, pageSize),
      ...(before === undefined ? {} : { before }),
    });
    yield* page.records;
    left -= page.records.length;
    before = page.nextBefore;
  } while (left > 0 && before !== undefined);
}

function isFormat(name: string): name is AuditFormatName {
  return Object.hasOwn(auditFormats, name);
}

/** A day is its first moment, in UTC. */
function momentMs(text: string): number | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

const limitMax = 100_000;
const pageSize = 500;
