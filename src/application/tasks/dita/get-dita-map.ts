import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { DitaMap, DitaNode } from '../../../domain/ports/cms/dita.ts';
import { defineTask } from '../../define-task.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { resolveDitaMap } from '../../items/resolve-dita-map.ts';
import { cursorParameter } from '../parameters.ts';

const mapView = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  checked_out: z.boolean(),
  marked_for: z.array(z.string()),
  last_published: z.string().optional(),
  state: z.string().optional(),
  modified_at: z.string().optional(),
});
const idAndName = z.object({ id: z.string(), name: z.string() });

/** Shows DITA maps. */
export const getDitaMap = defineTask({
  name: 'get_dita_map',
  title: 'Read DITA maps',
  summary:
    'List the DITA maps, or show one: its topics as an outline, its details, the output formats and DITAVAL filters there are, or the files in it at any depth, with those that are missing.',
  toolset: 'dita',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['dita', 'digest'],
  input: z
    .object({
      map: z.string().trim().min(1).max(200).optional().describe('Id or name; the list when left out'),
      part: z.enum(['tree', 'details', 'formats', 'dependents']).default('tree').describe('Of one map; default tree'),
      query: z.string().trim().max(200).optional().describe('Part of a name, for the list'),
      cursor: cursorParameter,
    })
    .strict(),
  output: z.object({
    maps: z.array(mapView).optional(),
    total: z.int().optional(),
    map: mapView.optional(),
    outline: z
      .string()
      .optional()
      .describe('A line per topic, indented; ! marks what is checked out, ? what the map names and is not there'),
    topics: z.int().optional(),
    fields: z.array(z.object({ label: z.string(), value: z.string() })).optional(),
    checked_out_to_others: z.int().optional(),
    formats: z.array(idAndName.extend({ selected: z.boolean() })).optional(),
    ditavals: z.array(idAndName).optional(),
    dependents: z
      .array(idAndName.partial({ id: true }).extend({ relation: z.string(), broken: z.boolean().optional() }))
      .optional(),
    left_out: z.int().optional(),
    next_cursor: z.string().optional(),
  }),
  publishesOutputSchema: false,

  async execute({ map: text, part, query, cursor }, { dita, digest }) {
    if (part === 'formats') {
      const [formats, ditavals] = await Promise.all([dita.formats(), dita.ditavals()]);
      return {
        formats: formats.slice(0, rowsMax).map((format) => ({ ...format })),
        ditavals: ditavals.slice(0, rowsMax).map(({ id, name }) => ({ id, name })),
      };
    }
    if (text === undefined) {
      const queryDigest = digest.sha256(`get_dita_map ${query ?? ''}`);
      const page = await dita.maps(query ?? '', { startIndex: decodeCursor(cursor, queryDigest), pageSize: mapsMax });
      return {
        maps: page.items.map(viewMap),
        total: page.total,
        ...(page.nextIndex === undefined ? {} : { next_cursor: encodeCursor(page.nextIndex, queryDigest) }),
      };
    }
    const map = await resolveDitaMap(text, dita);
    switch (part) {
      case 'tree': {
        const root = await dita.tree(map.id);
        if (root === undefined) throw new DomainError('NOT_FOUND', `The map "${map.name}" has no tree to show.`);
        const lines = outlineOf(root, 0);
        const leftOut = Math.max(0, lines.length - linesMax);
        return {
          map: viewMap(map),
          outline: lines.slice(0, linesMax).join('\n'),
          topics: lines.length - 1,
          ...(leftOut === 0 ? {} : { left_out: leftOut }),
        };
      }
      case 'details': {
        const details = await dita.details(map.id);
        return {
          map: viewMap(details ?? map),
          fields: (details?.fields ?? []).slice(0, rowsMax).map(({ label, value }) => ({ label, value })),
          ...(details === undefined ? {} : { checked_out_to_others: details.checkedOutToOthers }),
        };
      }
      case 'dependents': {
        const dependents = await dita.dependents(map.id);
        const leftOut = Math.max(0, dependents.length - rowsMax);
        return {
          map: viewMap(map),
          dependents: dependents.slice(0, rowsMax).map(({ id, name, relation, broken }) => ({
            ...(id === undefined ? {} : { id }),
            name,
            relation,
            ...(broken ? { broken } : {}),
          })),
          ...(leftOut === 0 ? {} : { left_out: leftOut }),
        };
      }
    }
  },
});

const mapsMax = 30;
const rowsMax = 60;
/** About 3,000 tokens of lines. */
const linesMax = 200;

function viewMap(map: DitaMap): z.infer<typeof mapView> {
  return {
    id: map.id,
    name: map.name,
    path: map.path.join(' / '),
    checked_out: map.checkedOut,
    marked_for: map.markedTargets.map(({ name }) => name),
    ...(map.lastPublishedAt === undefined ? {} : { last_published: map.lastPublishedAt }),
    ...(map.workflowState === undefined ? {} : { state: map.workflowState }),
    ...(map.modifiedAt === undefined ? {} : { modified_at: map.modifiedAt }),
  };
}

function outlineOf(node: DitaNode, depth: number): readonly string[] {
  const mark = node.id === undefined ? ' ?' : ` (${node.id})${node.checkedIn ? '' : ' !'}`;
  return [`${'  '.repeat(depth)}${node.name}${mark}`, ...node.children.flatMap((child) => outlineOf(child, depth + 1))];
}
