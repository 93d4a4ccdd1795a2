import { z } from 'zod';
import { errorTable } from '../../domain/errors.ts';
import type { AuditEvent, AuditOutcome } from '../../domain/model/audit-event.ts';
import { finalJobStates, type Job } from '../../domain/model/job.ts';
import { storedJob } from '../jobs/start-job.ts';
import type { Runtime } from '../pipeline/flow.ts';

/**
 * Keeps in the audit log how a job of a worker ended: in whose name, what became of which items. Nothing of a job that
 * runs again. The call that started it has its own record, with the same job and request.
 *
 * @throws DomainError STORAGE_UNAVAILABLE; the job's end stands.
 */
export async function recordJobEnd(job: Job, { audit, ports }: Pick<Runtime, 'audit' | 'ports'>): Promise<void> {
  const stored = storedJob.safeParse(job.input);
  if (!finalJobStates.includes(job.state) || !stored.success) return;
  const { principal, requestId } = stored.data;
  const { items } = outcome.parse(job.result ?? job.progress.soFar ?? {});
  const event: AuditEvent = {
    atMs: ports.clock.nowMs(),
    action: 'job_end',
    task: job.kind,
    subject: principal.subject,
    clientId: principal.clientId,
    by: 'worker',
    outcome: outcomes[job.state] ?? 'failed',
    ...(job.error === undefined || !(job.error.code in errorTable) ? {} : { code: job.error.code }),
    itemIds: items.map(({ id }) => id),
    ...(items.length === 0
      ? {}
      : {
          versions: items
            .slice(0, versionsMax)
            .map(({ id, version }) => ({ id, ...(version === undefined ? {} : { after: version }) })),
        }),
    jobId: job.id,
    ...(principal.grantId === undefined ? {} : { grantId: principal.grantId }),
    requestId,
  };
  await audit.append(event);
}

/** A cancelled job was stopped by whoever asked for it: a rule that said no. */
const outcomes: Readonly<Record<string, AuditOutcome>> = { succeeded: 'ok', cancelled: 'refused' };

/** As many as one job may touch, and the versions of some: a record stays within ten kilobytes or so. */
const itemsMax = 1_000;
const versionsMax = 100;

/** What jobs that change content say of each item; of other jobs nothing is kept. */
const outcome = z.object({
  items: z
    .array(z.object({ id: z.string(), version: z.int().optional() }))
    .transform((items) => items.slice(0, itemsMax))
    .default([])
    .catch([]),
});
