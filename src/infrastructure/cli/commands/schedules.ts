import { DomainError } from '../../../domain/errors.ts';
import type { Schedule } from '../../../domain/model/schedule.ts';
import { openContainer } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { exitCodes, type RunCommand } from '../command.ts';
import { printTable } from '../table.ts';
import { toldInWords } from '../told-in-words.ts';

/** What is to be done at a time, by whom, and what became of the last time; the next due one first. */
export const schedulesList: RunCommand<{ readonly owner?: string; readonly json?: boolean }> = (
  { config, logger, resources },
  { owner, json },
) =>
  toldInWords(async () => {
    const schedules = (await openContainer({ config, logger, resources })).get(T.Schedules);
    const found = await schedules.list(owner === undefined ? {} : { owner });
    if (json === true) process.stdout.write(found.map((schedule) => `${JSON.stringify(schedule)}\n`).join(''));
    else process.stdout.write(found.length === 0 ? '' : printTable(found.map(rowOf)));
    process.stderr.write(
      `${found.filter(({ nextAtMs }) => nextAtMs !== undefined).length} of ${found.length} are due again.\n`,
    );
    return exitCodes.ok;
  });

/** Ends a schedule. What it has started goes on. */
export const schedulesRemove: RunCommand<{ readonly id: string }> = ({ config, logger, resources }, { id }) =>
  toldInWords(async () => {
    const container = await openContainer({ config, logger, resources });
    const schedules = container.get(T.Schedules);
    const schedule = await schedules.get(id);
    if (schedule === undefined || !(await schedules.remove(id))) {
      throw new DomainError('NOT_FOUND', `There is no schedule "${id}". "schedules list" shows those that are kept.`);
    }
    await container.get(T.Audit).append({
      atMs: container.get(T.Clock).nowMs(),
      ...{ action: 'job_cancel', subject: schedule.owner, clientId: '', by: 'operator', outcome: 'ok' },
      ...{ itemIds: [], jobId: id },
    });
    process.stderr.write(`The schedule ${id} is removed. Jobs that it has started go on; "jobs cancel" stops them.\n`);
    return exitCodes.ok;
  });

function rowOf({ id, owner, job, time, missed, nextAtMs, last }: Schedule): Readonly<Record<string, string>> {
  return {
    id,
    kind: job.kind,
    owner,
    when: `${time.kind === 'once' ? time.at : time.cron} ${time.timeZone}`,
    missed,
    next: nextAtMs === undefined ? 'over' : timeOf(nextAtMs),
    last:
      last === undefined
        ? ''
        : `${last.outcome} ${timeOf(last.dueAtMs)}${last.jobId === undefined ? '' : ` ${last.jobId}`}`,
  };
}

const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
