import { canonicalJson } from '../../../domain/policy/audit-chain.ts';
import { openContainer } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
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
  const audit = container.get(T.Audit);
  let before: number | undefined;
  let left = limit;
  do {
    const page = await audit.list({
      filter: {},
      limit: Math.min(left, pageSize),
      ...(before === undefined ? {} : { before }),
    });
    for (const record of page.records) process.stdout.write(`${canonicalJson(record)}\n`);
    left -= page.records.length;
    before = page.nextBefore;
  } while (left > 0 && before !== undefined);
  return exitCodes.ok;
};

const limitMax = 100_000;
const pageSize = 500;
