import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { CmsEditing, TextReplacement } from '../../../domain/ports/cms/editing.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { CallExtras, Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import type { OnProblem } from './events.ts';
import { isAssetId } from './wire/content-item.ts';
import { reportEntry, reportStarted, reportStatus } from './wire/search.ts';

export interface EditingOptions {
  readonly clock: Clock;
  /** The caller's. */
  readonly signal: AbortSignal;
  /** For a report to complete. */
  readonly timeoutMs: number;
  readonly onProblem: OnProblem;
}

/**
 * Find and replace by way of a search session (domain sections 3 and 10): a report on the one page, its entries narrowed
 * to the one field, counted, then replaced.
 */
export function createEditing(calls: Calls, options: EditingOptions): CmsEditing {
  const report = async (replacement: TextReplacement): Promise<Report> => {
    for (let tries = 0; tries < sessionsMax; tries++) {
      // Sessions live in the memory of one server, so the cookies of a balancer have to come along.
      const extras: CallExtras = { cookies: new Map() };
      const { ReportId: sessionId } = await calls.value(operations.Site_GenerateTextSearchReport, {}, reportStarted, {
        ...extras,
        body: {
          RootPageId: replacement.itemId,
          SearchText: replacement.find,
          IgnoreCase: false,
          IncludeChildren: false,
        },
      });
      if (!(await isCompleted(sessionId, extras))) continue;
      const entries = await calls.list(operations.Site_GetReport, { sessionId }, reportEntry, extras);
      return { sessionId, entries, extras };
    }
    throw new DomainError(
      'CMS_UNAVAILABLE',
      'The CMS keeps losing the search that a replacement needs. Nothing was changed; try again later.',
      { details: { item_id: replacement.itemId } },
    );
  };

  /** Waits for a session. False when the CMS has lost it. @throws DomainError CMS_TIMEOUT, CANCELLED. */
  const isCompleted = async (sessionId: string, extras: CallExtras): Promise<boolean> => {
    const endsAtMs = options.clock.nowMs() + options.timeoutMs;
    let waitMs = firstWaitMs;
    try {
      for (;;) {
        const status = await calls.value(operations.Site_GetReportStatus, { sessionId }, reportStatus, extras);
        if (!status.Success) return false;
        if (status.Complete) return true;
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
      throw new DomainError('CANCELLED', 'The replacement was cancelled before anything was changed.', {
        cause: error,
      });
    }
  };

  /** Ends a search in the background: the caller's own signal may have ended already, and nobody waits for this. */
  const cancel = (sessionId: string, extras: CallExtras): void => {
    calls.detached(operations.Site_CancelReport, { sessionId }, extras).catch((error: unknown) => {
      options.onProblem({ kind: 'background_failure', operation: operations.Site_CancelReport.id, error });
    });
  };

  return {
    replaceText: async (replacement) => {
      refuseImpossible(replacement);
      const { sessionId, entries, extras } = await report(replacement);
      const hits = entries.filter(
        (entry) => entry.ContentId === replacement.itemId && entry.Name === replacement.fieldName,
      );
      const placesOf = (entry: Entry) =>
        occurrences(entry.FullValue === '' ? entry.FoundValue : entry.FullValue, replacement.find);
      const found = hits.reduce((sum, entry) => sum + placesOf(entry), 0);
      if (found !== replacement.occurrences) throw wrongCount(replacement, found);
      if (hits.some((entry) => entry.IsCheckedIn)) throw notCheckedOut(replacement);
      const replaced = await calls.write(operations.Site_ReplaceReportEntry, {}, replacedEntries, {
        ...extras,
        body: { SessionId: sessionId, EntryIds: hits.map((entry) => entry.Id), NewValue: replacement.replaceWith },
      });
      const done = new Set(replaced.map((guid) => guid.toLowerCase()));
      const handled = hits.filter((entry) => done.has(entry.Id.toLowerCase()));
      return { replacedCount: handled.reduce((sum, entry) => sum + placesOf(entry), 0) };
    },
  };
}

interface Report {
  readonly sessionId: string;
  readonly entries: readonly Entry[];
  readonly extras: CallExtras;
}

type Entry = z.output<typeof reportEntry>;

/** The entries that the CMS has replaced; null where it did nothing. */
const replacedEntries = z
  .array(z.string())
  .nullable()
  .transform((guids) => guids ?? []);

/** A session that vanished is begun anew once. */
const sessionsMax = 2;
const firstWaitMs = 200;
const longestWaitMs = 2_000;

function refuseImpossible(replacement: TextReplacement): void {
  if (replacement.find === '') {
    throw new DomainError(
      'BAD_INPUT',
      'There is no text to look for: an empty field cannot be filled by a replacement.',
    );
  }
  if (isAssetId(replacement.itemId)) {
    throw new DomainError(
      'CAPABILITY_MISSING',
      'The CMS offers no way to change the fields of an asset over its API.',
      {
        details: { item_id: replacement.itemId },
      },
    );
  }
}

/** How often `find` stands in `value`, not counting overlaps: what a replacement would replace. */
function occurrences(value: string, find: string): number {
  return value.split(find).length - 1;
}

function wrongCount(replacement: TextReplacement, found: number): DomainError {
  const places = found === 1 ? 'once' : `${found} times`;
  return new DomainError(
    'CONFLICT',
    `The text stands ${found === 0 ? 'nowhere' : places} in the field “${replacement.fieldName}”, expected were ${replacement.occurrences}. Nothing was changed.`,
    {
      details: { item_id: replacement.itemId, field: replacement.fieldName, found, expected: replacement.occurrences },
    },
  );
}

function notCheckedOut(replacement: TextReplacement): DomainError {
  return new DomainError('CONFLICT', 'The item is checked in, so its text cannot be replaced. Check it out first.', {
    details: { item_id: replacement.itemId },
  });
}
