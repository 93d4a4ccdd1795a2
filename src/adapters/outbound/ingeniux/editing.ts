import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { CmsEditing, TextReplacement, TextSearch } from '../../../domain/ports/cms/editing.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { type CompletedReport, createReportSessions, type ReportSessionOptions } from './report-sessions.ts';
import { isAssetId } from './wire/content-item.ts';
import { reportStarted } from './wire/search.ts';

/**
 * Find and replace by way of a search session (domain sections 3 and 10): a report on the one page, its entries narrowed
 * to the one field, counted, then replaced.
 */
export function createEditing(calls: Calls, options: ReportSessionOptions): CmsEditing {
  const runReport = createReportSessions(calls, options);
  const report = (search: TextSearch): Promise<CompletedReport> =>
    runReport((extras) =>
      calls.value(operations.Site_GenerateTextSearchReport, {}, reportStarted, {
        ...extras,
        body: {
          RootPageId: search.rootId,
          SearchText: search.text,
          IgnoreCase: !search.matchCase,
          IncludeChildren: search.withDescendants,
        },
      }),
    );

  return {
    findText: async (search) => {
      refuseUnsearchable(search.rootId, search.text);
      const { entries } = await report(search);
      return entries.map((entry) => ({
        itemId: entry.ContentId,
        itemName: entry.ContentName,
        fieldName: entry.Name,
        value: entry.FullValue === '' ? entry.FoundValue : entry.FullValue,
      }));
    },
    replaceText: async (replacement) => {
      refuseUnsearchable(replacement.itemId, replacement.find);
      const { sessionId, entries, extras } = await report({
        rootId: replacement.itemId,
        text: replacement.find,
        matchCase: true,
        withDescendants: false,
      });
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

type Entry = CompletedReport['entries'][number];

/** The entries that the CMS has replaced; null where it did nothing. */
const replacedEntries = z
  .array(z.string())
  .nullable()
  .transform((guids) => guids ?? []);

function refuseUnsearchable(itemId: string, text: string): void {
  if (text === '') {
    throw new DomainError(
      'BAD_INPUT',
      'There is no text to look for: an empty field cannot be filled by a replacement.',
    );
  }
  if (isAssetId(itemId)) {
    throw new DomainError(
      'CAPABILITY_MISSING',
      'The CMS offers no way to change the fields of an asset over its API.',
      {
        details: { item_id: itemId },
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
