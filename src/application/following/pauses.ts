import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { ExpiringRecords } from '../../domain/ports/expiring-records.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { keepSeconds } from '../../domain/ports/job-queue.ts';
import type { Ask } from './ask.ts';

/** Asks a job to hold at its next safe point. Each time is a question of its own, so that it can be paused again. */
export async function askToPause(jobId: string, { records, ids }: Pick<Ports, 'records' | 'ids'>): Promise<void> {
  await records.replace(pauseKey(jobId), { question: ids.id('pause') }, keepSeconds);
}

const kept = z.object({ question: z.string() });

/**
 * A safe point: holds the job here when somebody asked for it, until it is resumed.
 *
 * @throws DomainError HELD; CONFLICT when whoever was asked declined to go on.
 */
export async function holdIfPaused(jobId: string, records: ExpiringRecords, ask: Ask): Promise<void> {
  const question = kept.safeParse(await records.get(pauseKey(jobId))).data?.question;
  if (question === undefined) return;
  const answers = await ask({ [question]: { message: 'The job is paused. Resume it?', fields: {} } });
  if (answers[question]?.accepted === true) return;
  throw new DomainError('CONFLICT', 'The job was ended while it was paused. What it had done stays done.');
}

function pauseKey(jobId: string): string {
  return `pause:${jobId}`;
}
