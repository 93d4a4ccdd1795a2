import { z } from 'zod';
import type { CmsDita } from '../../../domain/ports/cms/dita.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { ditaDependent, ditaFormats, ditaMap, ditaMapDetails, ditaNode, ditaval } from './wire/dita.ts';
import { toPage, wirePage } from './wire/page.ts';

export function createDita(calls: Calls): CmsDita {
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
    tree: (mapId) => calls.one(operations.DITA_GetDITAMapTree, { mapId }, ditaNode),
    details: (mapId) => calls.one(operations.DITA_GetDITAMapDetails, { mapId }, ditaMapDetails),
    formats: () => calls.value(operations.DITA_GetDITAOutputFormats, {}, ditaFormats),
    ditavals: () => calls.list(operations.DITA_GetDITAVals, {}, ditaval),
    dependents: (mapId) => calls.list(operations.Assets_GetAllAssetDependents, { assetId: mapId }, ditaDependent),
    checkIn: (mapId) => calls.write(operations.DITA_CheckInDitaMapCollection, { mapId }, z.boolean(), { body: [] }),
    mark: (mapId, targets) =>
      calls.write(operations.DITA_MarkPublishDitaMapCollection, { mapId }, z.boolean(), {
        body: targets.map(({ id, name }) => ({ Id: id, Name: name, Number: 1 })),
      }),
    publish: (order) =>
      calls.write(operations.DITA_PublishDITAMap, {}, z.boolean(), {
        body: {
          mapId: order.mapId,
          pubTgtIds: order.targetIds,
          replicate: order.replicate,
          formats: order.formats,
          ditavals: order.ditavals,
        },
      }),
  };
}
