import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import { defineTask } from '../../define-task.ts';
import { jobOutcome, viewJobOutcome } from '../../items/job-outcome.ts';
import { viewSchedule } from '../../items/own-schedule.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { awaitStarted } from '../../items/wait-for-job.ts';
import { scheduleJob, startJob } from '../../jobs/start-job.ts';
import { takeSnapshotJob } from '../../jobs/take-snapshot.ts';
import { itemParameter } from '../parameters.ts';

/** Words of a cron rule; what stands behind them is the zone. */
const cronWords = 5;

/** Keeps content as it is now, beside the backups. Nothing in the CMS changes. */
export const takeSnapshot = defineTask({
  name: 'take_snapshot',
  title: 'Take a snapshot',
  summary: 'Keep everything below a page or asset folder as it is now: fields and files. A job.',
  toolset: 'snapshots',
  effect: 'additive',
  idempotent: false,
  heedsFreeze: false,
  scopes: ['cms:read', 'cms:write'],
  needs: ['pages', 'assets', 'search', 'publishing', 'jobs', 'schedules', 'ids'],
  input: z
    .object({
      item: itemParameter.describe('Where it begins'),
      comment: z.string().trim().min(1).max(200).optional().describe('Why'),
      full: z.boolean().default(false).describe('Read all again'),
      repeat: z.string().trim().max(100).optional().describe('Cron rule with zone'),
    })
    .strict(),
  output: takeSnapshotJob.output.partial().extend(jobOutcome),
  publishesOutputSchema: false,

  async execute(given, ports, call) {
    const root = await resolveItem(given.item, ports);
    const order = {
      rootId: root.id,
      full: given.full,
      ...(given.comment === undefined ? {} : { comment: given.comment }),
    };
    if (given.repeat !== undefined) {
      const words = given.repeat.split(/\s+/);
      if (words.length <= cronWords) {
        throw new DomainError(
          'BAD_INPUT',
          '"repeat" is five cron fields and a time zone, as 30 1 * * * Europe/Berlin.',
        );
      }
      const cron = words.slice(0, cronWords).join(' ');
      const time = { kind: 'recurring' as const, cron, timeZone: words.slice(cronWords).join(' ') };
      const when = { id: ports.ids.id('schedule'), time, missed: 'run' as const };
      const schedule = await scheduleJob(takeSnapshotJob, order, when, ports, call);
      const { job, percent, message } = viewSchedule(schedule);
      const next = { tool: 'get_job', input: { job } };
      return { job, state: 'scheduled' as const, percent, message, next };
    }
    const job = await startJob(takeSnapshotJob, order, ports, call);
    return viewJobOutcome(await awaitStarted(job, ports.jobs, call), takeSnapshotJob.output);
  },

  outcomeOf: (job) => viewJobOutcome(job, takeSnapshotJob.output),
});
