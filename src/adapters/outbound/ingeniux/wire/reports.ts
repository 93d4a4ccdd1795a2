import { z } from 'zod';
import type { ReportFinding, SavedReport } from '../../../../domain/ports/cms/reports.ts';
import type { reportEntry } from './search.ts';
import { compact, id, listOf, text } from './values.ts';

/** `ReportEntry` as a finding; what was found may be short and the full value long, so that the short one goes first. */
export function reportFinding(wire: z.output<typeof reportEntry>): ReportFinding {
  return compact({
    itemId: wire.ContentId,
    itemName: wire.ContentName,
    fieldName: wire.Name,
    found: wire.FoundValue === '' ? wire.FullValue : wire.FoundValue,
    modifiedAt: wire.LastModifiedDate,
  });
}

/** `ReportInformation`. */
export const savedReport = z
  .object({ id, name: text, parameters: listOf(z.object({ name: text })) })
  .transform(
    (wire): SavedReport => ({ id: wire.id, name: wire.name, parameters: wire.parameters.map(({ name }) => name) }),
  );

/** `ReportResult`; its rows are declared as texts, and whatever else comes is shown as JSON. */
export const savedRows = z
  .object({ rows: listOf(z.unknown()) })
  .transform((wire) => wire.rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))));
