import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { Snapshot } from '../../../domain/model/snapshot.ts';
import { defineTask } from '../../define-task.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { untold } from '../../items/untold.ts';
import { planSnapshotRestore as planRestore, type RestorePlan } from '../../snapshots/plan-restore.ts';
import { openVisible } from '../../snapshots/visible-snapshot.ts';
import { cursorParameter, itemsMax } from '../parameters.ts';

/** What an answer holds; `next_cursor` brings the rest. */
const plansMax = 10;

/** Tells how content becomes again what a snapshot holds. Changes nothing itself. */
export const planSnapshotRestore = defineTask({
  name: 'plan_snapshot_restore',
  title: 'Plan a restore',
  summary: 'Tell what differs between a snapshot and now, and the calls that put it back, or what a person has to do.',
  toolset: 'snapshots',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['pages', 'assets', 'schemas', 'site', 'taxonomy', 'snapshots', 'digest'],
  input: z
    .object({
      snapshot: z.string().trim().min(1).max(100).describe('Its id'),
      items: z.array(z.string().trim().max(100)).min(1).max(itemsMax).optional().describe('Only these ids'),
      cursor: cursorParameter,
    })
    .strict(),
  output: z.object({
    snapshot: z.string(),
    taken_at: z.string(),
    differences: untold<readonly RestorePlan[]>(),
    examined: z.int().describe('Items looked at'),
    notes: z.array(z.string()).optional(),
    next_cursor: z.string().optional(),
  }),
  publishesOutputSchema: false,

  async execute(given, ports, { principal }) {
    const snapshot = await openVisible(given.snapshot, ports);
    const query = ports.digest.sha256(JSON.stringify([given.snapshot, given.items]));
    refuseStrangers(given.items, snapshot);
    const page = await planRestore(
      snapshot,
      {
        ...(given.items === undefined ? {} : { only: new Set(given.items) }),
        startIndex: decodeCursor(given.cursor, query),
        limit: plansMax,
      },
      ports,
      principal,
    );
    const notes = [
      ...(page.hidden === 0 ? [] : [`${page.hidden} item(s) are not yours to read now, and are left out.`]),
      ...(page.plans.some(({ differs }) => differs.includes('new since then')) && snapshot.counts.hidden > 0
        ? ['The snapshot was taken without sight of some pages: what looks new may have been there.']
        : []),
      ...(page.plans.length === 0 && page.nextIndex === undefined
        ? ['As far as it was looked at, everything is as it was.']
        : []),
    ];
    return {
      snapshot: snapshot.id,
      taken_at: new Date(snapshot.takenAtMs).toISOString(),
      differences: page.plans,
      examined: page.examined,
      ...(notes.length === 0 ? {} : { notes }),
      ...(page.nextIndex === undefined ? {} : { next_cursor: encodeCursor(page.nextIndex, query) }),
    };
  },
});

function refuseStrangers(ids: readonly string[] | undefined, snapshot: Snapshot): void {
  const strange = (ids ?? []).find((id) => snapshot.items.every((item) => item.id !== id));
  if (strange === undefined) return;
  throw new DomainError('NOT_FOUND', `The snapshot ${snapshot.id} holds no item "${strange}".`, {
    next: { tool: 'browse_snapshots', input: { snapshot: snapshot.id } },
  });
}
