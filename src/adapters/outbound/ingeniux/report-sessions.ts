import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { CallExtras, Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import type { OnProblem } from './events.ts';
import { reportEntry, type reportStarted, reportStatus } from './wire/search.ts';

export interface ReportSessionOptions {
  readonly clock: Clock;
  /** The caller's. */
  readonly signal: AbortSignal;
  /** For a report to complete. */
  readonly timeoutMs: number;
  readonly onProblem: OnProblem;
}

/** A report of the CMS that has come to its end. */
export interface CompletedReport {
  readonly sessionId: string;
  readonly entries: readonly z.output<typeof reportEntry>[];
  /** For further calls on the session: sessions live in the memory of one server, so its cookies come along. */
  readonly extras: CallExtras;
}

/** Starts a report with these extras. */
type StartReport = (extras: CallExtras) => Promise<z.output<typeof reportStarted>>;

/**
 * Runs a search session (domain section 10) to its end: start, wait with growing pauses, read. A session that vanishes
 * is begun anew once.
 *
 * @throws DomainError CMS_TIMEOUT, CANCELLED, CMS_UNAVAILABLE when the CMS keeps losing the session.
 */
export type RunReport = (start: StartReport, onProgress?: (percent: number) => void) => Promise<CompletedReport>;

export function createReportSessions(calls: Calls, options: ReportSessionOptions): RunReport {
  /** Waits for a session. False when the CMS has lost it. */
  const isCompleted = async (
    sessionId: string,
    extras: CallExtras,
    onProgress: (percent: number) => void,
  ): Promise<boolean> => {
    const endsAtMs = options.clock.nowMs() + options.timeoutMs;
    let waitMs = firstWaitMs;
    try {
      for (;;) {
        const status = await calls.value(operations.Site_GetReportStatus, { sessionId }, reportStatus, extras);
        if (!status.Success) return false;
        if (status.Complete) return true;
        onProgress(status.ProgressPercentage);
        if (options.clock.nowMs() + waitMs > endsAtMs) {
          throw new DomainError(
            'CMS_TIMEOUT',
            'The search in the CMS takes too long. Nothing was changed; try again later.',
          );
        }
        await pause(waitMs);
        waitMs = Math.min(longestWaitMs, waitMs * 1.5);
      }
    } catch (error) {
      // Whatever ends the wait, the search is of no use any more.
      cancel(sessionId, extras);
      throw error;
    }
  };

  const pause = async (waitMs: number): Promise<void> => {
    try {
      await sleep(waitMs, undefined, { signal: options.signal });
    } catch (error) {
      // The only failure of a sleep is its signal.
      throw new DomainError('CANCELLED', 'The search was cancelled before anything was changed.', { cause: error });
    }
  };

  /** Ends a search in the background: the caller's own signal may have ended already, and nobody waits for this. */
  const cancel = (sessionId: string, extras: CallExtras): void => {
    calls.detached(operations.Site_CancelReport, { sessionId }, extras).catch((error: unknown) => {
      options.onProblem({ kind: 'background_failure', operation: operations.Site_CancelReport.id, error });
    });
  };

  return async (start, onProgress = () => undefined) => {
    for (let tries = 0; tries < sessionsMax; tries++) {
      const extras: CallExtras = { cookies: new Map() };
      const { ReportId: sessionId } = await start(extras);
      if (!(await isCompleted(sessionId, extras, onProgress))) continue;
      const entries = await calls.list(operations.Site_GetReport, { sessionId }, reportEntry, extras);
      return { sessionId, entries, extras };
    }
    throw new DomainError(
      'CMS_UNAVAILABLE',
      'The CMS keeps losing the search that this needs. Nothing was changed; try again later.',
    );
  };
}

const sessionsMax = 2;
const firstWaitMs = 200;
const longestWaitMs = 2_000;
