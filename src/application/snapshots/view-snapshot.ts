import { z } from 'zod';
import type { Principal } from '../../domain/model/principal.ts';
import type { SnapshotHead } from '../../domain/model/snapshot.ts';

/** A snapshot as answers tell of it. Who else took one is nobody's business. */
export const snapshotView = z.object({
  snapshot: z.string().describe('Its id; compare_versions takes it as snapshot:<id>'),
  taken_at: z.string(),
  yours: z.boolean(),
  root: z.object({ id: z.string(), name: z.string(), path: z.string() }),
  comment: z.string().optional(),
  pages: z.int(),
  assets: z.int(),
  file_bytes: z.int(),
  read_anew: z.int().describe('Items whose content was read from the CMS'),
  reused: z.int().describe('Items that an earlier snapshot had already'),
  notes: z.array(z.string()).optional().describe('What is not in it'),
});

/** @param path - Where the root was, as this person may know it. */
export function viewSnapshot(head: SnapshotHead, principal: Principal, path: string): z.infer<typeof snapshotView> {
  const { counts } = head;
  const notes = notesOf(head);
  return {
    snapshot: head.id,
    taken_at: new Date(head.takenAtMs).toISOString(),
    yours: head.takenBy === principal.subject,
    root: { ...head.root, path },
    ...(head.comment === undefined ? {} : { comment: head.comment }),
    pages: counts.pages,
    assets: counts.assets,
    file_bytes: counts.fileBytes,
    read_anew: counts.read,
    reused: counts.reused,
    ...(notes.length === 0 ? {} : { notes: [...notes] }),
  };
}

/** What a snapshot lacks, in words. */
function notesOf({ counts, gaps }: SnapshotHead): readonly string[] {
  const forbidden = gaps.filter(({ reason }) => reason === 'forbidden');
  const gone = gaps.filter(({ reason }) => reason === 'gone');
  return [
    ...(counts.hidden === 0
      ? []
      : [`${counts.hidden} page(s) were not shown to this user, and are not in it; nor is what lies below them.`]),
    ...(forbidden.length === 0
      ? []
      : [`${forbidden.length} item(s) may not be read by this user: ${idsOf(forbidden)}.`]),
    ...(gone.length === 0 ? [] : [`${gone.length} item(s) that are referred to are not there: ${idsOf(gone)}.`]),
    ...(counts.draftsOut === 0
      ? []
      : [
          `${counts.draftsOut} item(s) were checked out: their newest checked-in version is kept, not what was changed since.`,
        ]),
    ...(counts.filesLeftOut === 0
      ? []
      : [`${counts.filesLeftOut} file(s) are left out, because they are too large or the CMS gave none.`]),
  ];
}

const idsMax = 10;

function idsOf(gaps: SnapshotHead['gaps']): string {
  const shown = gaps.slice(0, idsMax).map(({ id }) => id);
  return `${shown.join(', ')}${gaps.length > idsMax ? ', …' : ''}`;
}
