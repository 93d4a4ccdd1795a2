import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { Principal } from '../../../domain/model/principal.ts';
import type { Snapshot, SnapshotItem } from '../../../domain/model/snapshot.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { untold } from '../../items/untold.ts';
import { fieldView, viewFields } from '../../items/view-fields.ts';
import { fieldsOf } from '../../snapshots/content-objects.ts';
import { snapshotView, viewSnapshot } from '../../snapshots/view-snapshot.ts';
import { type VisiblePlaces, visiblePlaces } from '../../snapshots/visible-places.ts';
import {
  findVisible,
  maySee,
  openVisible,
  type Standing,
  standingsOf,
  visibleHeads,
} from '../../snapshots/visible-snapshot.ts';
import { cursorParameter, limitParameter } from '../parameters.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'snapshots' | 'digest'>;

/** Characters of all fields of an answer: about 3,000 tokens. */
const fieldsBudget = 12_000;

interface ItemView {
  readonly id: string;
  readonly kind: SnapshotItem['kind'];
  readonly name: string;
  readonly path: string;
  readonly schema?: string;
  readonly version: number;
  readonly checked_out_by?: string;
  readonly file?: SnapshotItem['file'];
  /** How it stands in the CMS now; absent when it is there. */
  readonly now?: Exclude<Standing, 'there' | 'hidden'>;
}

/** Shows what snapshots hold, as far as the caller may read it in the CMS now. */
export const browseSnapshots = defineTask({
  name: 'browse_snapshots',
  title: 'Browse snapshots',
  summary: 'List snapshots, the items of one, or the fields that an item had then.',
  toolset: 'snapshots',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['pages', 'assets', 'snapshots', 'digest'],
  input: z
    .object({
      snapshot: z.string().trim().max(100).optional().describe('List its items'),
      item: z.string().trim().max(100).optional().describe('Show its fields'),
      fields: z.array(z.string().max(200)).max(50).optional().describe('Only these'),
      cursor: cursorParameter,
      limit: limitParameter,
    })
    .strict(),
  output: z.object({
    snapshots: z.array(snapshotView).optional(),
    snapshot: snapshotView.optional(),
    items: untold<readonly ItemView[]>().optional(),
    item: untold<ItemView>().optional(),
    fields: z.array(fieldView).optional(),
    notes: z.array(z.string()).optional(),
    total: z.int().optional(),
    next_cursor: z.string().optional(),
  }),
  publishesOutputSchema: false,

  async execute(given, ports, { principal }) {
    const query = ports.digest.sha256(JSON.stringify([given.snapshot, given.limit]));
    const start = decodeCursor(given.cursor, query);
    const paged = <T>(all: readonly T[]) => ({
      shown: all.slice(start, start + given.limit),
      total: all.length,
      ...(start + given.limit < all.length ? { next_cursor: encodeCursor(start + given.limit, query) } : {}),
    });
    if (given.snapshot === undefined) {
      if (given.item !== undefined) throw new DomainError('BAD_INPUT', 'Say of which snapshot: "snapshot" is missing.');
      const { heads, damaged } = await visibleHeads(ports);
      const { shown, ...page } = paged(heads);
      return {
        snapshots: await Promise.all(
          shown.map(async (head) =>
            viewSnapshot(head, principal, await visiblePlaces(head, [], ports, principal).root()),
          ),
        ),
        ...page,
        ...(damaged.length === 0
          ? {}
          : { notes: [`${damaged.length} snapshot(s) cannot be read: tell the operator (snapshots list).`] }),
      };
    }
    const snapshot = await openVisible(given.snapshot, ports);
    const places = visiblePlaces(snapshot, snapshot.items, ports, principal);
    if (given.item !== undefined) return showItem(given.item, given.fields, snapshot, places, ports, principal);
    const { shown, ...page } = paged(snapshot.items);
    const standings = await standingsOf(shown, ports);
    const visible = shown.filter(({ id }) => maySee(standings.get(id) ?? 'hidden', snapshot, principal));
    const hidden = shown.length - visible.length;
    return {
      snapshot: viewSnapshot(snapshot, principal, await places.root()),
      items: await Promise.all(visible.map((item) => viewItem(item, standings.get(item.id), places))),
      ...page,
      ...(hidden === 0 ? {} : { notes: [`${hidden} item(s) of this page are not yours to read now.`] }),
    };
  },
});

async function showItem(
  id: string,
  only: readonly string[] | undefined,
  snapshot: Snapshot,
  places: VisiblePlaces,
  ports: Needs,
  principal: Principal,
) {
  const { item, standing } = await findVisible(id, snapshot, ports, principal);
  const fields = await fieldsOf(item, ports.snapshots.store);
  const viewed = viewFields(fields, { only, detailed: false, budget: fieldsBudget });
  const notes = [
    ...(viewed.cutFields.length === 0
      ? []
      : [`Cut: ${viewed.cutFields.join(', ')}. Name them in "fields" to see more.`]),
    ...(viewed.unknownFields.length === 0 ? [] : [`No such field in it: ${viewed.unknownFields.join(', ')}.`]),
    ...(item.version === 0 ? ['It was never checked in: this is the working copy of then.'] : []),
  ];
  return {
    item: await viewItem(item, standing, places),
    fields: [...viewed.fields],
    ...(notes.length === 0 ? {} : { notes }),
  };
}

async function viewItem(item: SnapshotItem, standing: Standing | undefined, places: VisiblePlaces): Promise<ItemView> {
  const { id, kind, name, version, file } = item;
  const path = await places.item(item);
  return {
    ...{ id, kind, name, path, version },
    ...(item.schema === undefined ? {} : { schema: item.schema.name }),
    ...(item.checkedOutBy === undefined ? {} : { checked_out_by: item.checkedOutBy }),
    ...(file === undefined ? {} : { file }),
    ...(standing === 'recycled' || standing === 'gone' ? { now: standing } : {}),
  };
}
