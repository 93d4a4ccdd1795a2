import { z } from 'zod';
import type {
  DitaDependent,
  DitaFormat,
  DitaMap,
  DitaMapDetails,
  DitaNode,
} from '../../../../domain/ports/cms/dita.ts';
import { named } from './site.ts';
import { compact, count, flag, id, listOf, optionalText, text, time } from './values.ts';

/** Models carry the number of an asset, trees its id (gaps 29). */
const assetId = z.union([id, z.number().transform((number) => `a/${number}`)]);
const optionalId = assetId.optional().catch(undefined);

const mapShape = {
  id: assetId,
  name: text,
  path: listOf(z.object({ Name: text })),
  checkedOut: flag,
  markedTargets: listOf(named),
  lastPubTime: time,
  notReadyToMark: flag,
  workstate: z.object({ state: optionalText }).nullish(),
  updated: time,
};

const wireMap = z.object(mapShape);

const toMap = (wire: z.output<typeof wireMap>): DitaMap =>
  compact({
    id: wire.id,
    name: wire.name,
    path: wire.path.map((node) => node.Name),
    checkedOut: wire.checkedOut,
    markedTargets: wire.markedTargets,
    lastPublishedAt: wire.lastPubTime,
    notReadyToMark: wire.notReadyToMark,
    workflowState: wire.workstate?.state,
    modifiedAt: wire.updated,
  });

/** `DitaMapEntry`. */
export const ditaMap = wireMap.transform(toMap);

/** `DitaMapDetails`. */
export const ditaMapDetails = z
  .object({
    ...mapShape,
    checkedOutToOthers: count,
    fields: listOf(z.object({ label: text, value: text })),
  })
  .transform(
    (wire): DitaMapDetails => ({
      ...toMap(wire),
      checkedOutToOthers: wire.checkedOutToOthers,
      fields: wire.fields.filter((field) => field.value !== ''),
    }),
  );

/** `DitaTreeNode`, all the way down. */
export const ditaNode: z.ZodType<DitaNode> = z.lazy(() =>
  z
    .object({ Id: optionalId, Name: text, checkedIn: flag, user: optionalText, children: listOf(ditaNode) })
    .transform((wire) =>
      compact({
        id: wire.Id,
        name: wire.Name,
        checkedIn: wire.checkedIn,
        user: wire.user,
        children: wire.children,
      }),
    ),
);

/** `DITAOutputFormats`. */
export const ditaFormats = z
  .object({ OutputFormats: listOf(z.object({ Id: id, Name: text, Label: optionalText, Selected: flag })) })
  .transform((wire): readonly DitaFormat[] =>
    wire.OutputFormats.map((format) => ({
      id: format.Id,
      name: format.Label ?? format.Name,
      selected: format.Selected,
    })),
  );

/** `DitavalEntry`: a publish names it by the number that it carries here. */
export const ditaval = z.object({ id: z.union([id, z.number().transform(String)]), name: text });

/** `AssetDependent`. */
export const ditaDependent = z
  .object({ Id: optionalId, Name: text, DependencyType: text, Broken: flag, Distance: count })
  .transform(
    (wire): DitaDependent =>
      compact({
        id: wire.Id,
        name: wire.Name,
        relation: wire.DependencyType,
        broken: wire.Broken,
        distance: wire.Distance,
      }),
  );
