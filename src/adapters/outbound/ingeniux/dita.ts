import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { CmsDita } from '../../../domain/ports/cms/dita.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { contentItem } from './wire/content-item.ts';
import { ditaDependent, ditaFormats, ditaMap, ditaMapDetails, ditaNode, ditaval } from './wire/dita.ts';
import { toPage, wirePage } from './wire/page.ts';

export function createDita(calls: Calls): CmsDita {
  const detailsOf = (mapId: string) => calls.one(operations.DITA_GetDITAMapDetails, { mapId }, ditaMapDetails);

  /** What one of the forms of a map's id leads to. */
  const firstKnown = async <T>(mapId: string, read: (form: string) => Promise<T | undefined>) => {
    for (const form of mapIdForms(mapId)) {
      const found = await read(form);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  /** The form that the CMS knows: found out by a read, so that no change is tried twice. */
  const knownForm = async (mapId: string): Promise<string> => {
    const form = await firstKnown(mapId, async (tried) => ((await detailsOf(tried)) === undefined ? undefined : tried));
    if (form === undefined) throw new DomainError('NOT_FOUND', `There is no DITA map "${mapId}".`);
    return form;
  };

  return {
    maps: async (filter, page) => {
      const found = await calls.value(
        operations.DITA_GetDITAMaps,
        {
          start: page.startIndex,
          end: page.startIndex + page.pageSize,
          sortField: 'name',
          sortDescending: false,
          filter,
          includeRemoved: false,
        },
        wirePage(ditaMap),
        // The body narrows further; an empty one takes all.
        { body: {} },
      );
      return toPage(found, page);
    },
    tree: (mapId) => firstKnown(mapId, (form) => calls.one(operations.DITA_GetDITAMapTree, { mapId: form }, ditaNode)),
    details: (mapId) => firstKnown(mapId, detailsOf),
    formats: () => calls.value(operations.DITA_GetDITAOutputFormats, {}, ditaFormats),
    ditavals: () => calls.list(operations.DITA_GetDITAVals, {}, ditaval),
    dependents: (mapId) => calls.list(operations.Assets_GetAllAssetDependents, { assetId: mapId }, ditaDependent),
    checkIn: async (mapId) =>
      calls.write(operations.DITA_CheckInDitaMapCollection, { mapId: await knownForm(mapId) }, z.boolean(), {
        body: [],
      }),
    mark: async (mapId, targets) => {
      const form = await knownForm(mapId);
      // The number in a marking is the version that is marked, so the newest has to be known.
      const asset = await calls.one(operations.Assets_GetAsset, { id: mapId }, contentItem, { direct: true });
      if (asset === undefined) throw new DomainError('NOT_FOUND', `There is no asset "${mapId}".`);
      return calls.write(operations.DITA_MarkPublishDitaMapCollection, { mapId: form }, z.boolean(), {
        body: targets.map(({ id, name }) => ({ Id: id, Name: name, Number: asset.version })),
      });
    },
    publish: async (order) =>
      calls.write(operations.DITA_PublishDITAMap, {}, z.boolean(), {
        body: {
          mapId: await knownForm(order.mapId),
          pubTgtIds: order.targetIds,
          replicate: order.replicate,
          formats: order.formats,
          ditavals: order.ditavals,
        },
      }),
  };
}

/** The two forms that a map's id may have in `mapId`, the likelier one first (gaps 29): `a/101`, `101`. */
function mapIdForms(mapId: string): readonly string[] {
  const number = /^a\/(\d+)$/.exec(mapId)?.[1];
  return number === undefined ? [mapId] : [mapId, number];
}
