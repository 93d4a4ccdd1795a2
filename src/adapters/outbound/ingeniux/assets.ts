import { z } from 'zod';
import type { CmsAssets } from '../../../domain/ports/cms/assets.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { contextsOf } from './contexts.ts';
import type { FileReply } from './http/outbound.ts';
import { contentDetails } from './wire/content-details.ts';
import { contentItem } from './wire/content-item.ts';
import { itemContext } from './wire/item-context.ts';
import { camelPaging, pascalPaging } from './wire/page.ts';
import { uploadOutcome } from './wire/upload.ts';
import { texts } from './wire/values.ts';
import { versionInfo } from './wire/version-info.ts';

export function createAssets(calls: Calls): CmsAssets {
  return {
    get: (id) => calls.one(operations.Assets_GetAsset, { id }, contentItem),
    findByPath: (path) => calls.one(operations.Assets_GetAssetByPath, { path }, contentItem),
    rootFolders: (page) => calls.page(operations.Assets_GetRootFolders, camelPaging(page), page, contentItem),
    children: (id, page) => calls.page(operations.Assets_GetChildren, { id, ...camelPaging(page) }, page, contentItem),
    ancestors: (id) => calls.list(operations.Assets_GetAncestors, { id }, contentItem),
    search: (query, page) =>
      calls.page(
        operations.Assets_SearchAssetItems,
        {
          SearchString: query.text,
          RootId: query.folderId,
          // The three flags have no declared default, so all are sent (domain section 7).
          IncludeAssets: true,
          IncludeFolders: query.includeFolders,
          IncludeDescendants: true,
          StartDate: query.modifiedAfter,
          SortOrder: 'NONE',
          ...pascalPaging(page),
        },
        page,
        contentItem,
      ),
    details: (id, version) => calls.one(operations.Assets_GetAssetDetails, { id, version }, contentDetails),
    file: async (id, { version, bytesMax }) => {
      const args = { assetId: id, version, checkedOut: false };
      const extras = { expects: 'file', fileBytesMax: bytesMax } as const;
      const reply = await calls.one(operations.Preview_GetAssetFile, args, z.custom<FileReply>(), extras);
      return reply === undefined || isNull(reply) ? undefined : reply.bytes;
    },
    history: (id, page) =>
      calls.page(operations.Assets_GetAssetHistory, { Id: id, ...pascalPaging(page) }, page, versionInfo),
    contexts: (ids) =>
      contextsOf(ids, (some) =>
        calls.list(operations.Assets_GetAssetContext, {}, itemContext.nullable(), {
          body: some,
          unknownMeansEmpty: true,
        }),
      ),
    rename: (id, name) => calls.write(operations.Assets_Rename, {}, contentItem, { body: { Id: id, Name: name } }),
    move: (ids, folderId) =>
      calls.write(operations.Assets_Move, { tgtId: folderId, overwriteSameName: false }, contentItem.array(), {
        body: ids,
      }),
    copy: async (ids, folderId, { locale }) => {
      const answered = await calls.write(
        operations.Assets_Copy,
        { tgtId: folderId, overwriteSameName: false, tgtLocale: locale ?? '' },
        contentItem.array(),
        { body: ids },
      );
      return answered.filter((asset) => !ids.includes(asset.id));
    },
    delete: (ids) => calls.write(operations.Assets_DeleteAssetItems, { ids, force: false }, deletion),
    upload: (file) =>
      calls.write(operations.Assets_Upload, { file, parentfolder: file.folderId }, uploadOutcome, {
        form: [
          { name: 'file', fileName: file.fileName, bytes: file.bytes },
          { name: 'parentfolder', text: file.folderId },
          { name: 'assetname', text: file.fileName },
          ...(file.replaceId === undefined ? [] : [{ name: 'existingassetupdateid', text: file.replaceId }]),
          { name: 'schemadefault', text: String(file.schemaId === undefined) },
          ...(file.schemaId === undefined ? [] : [{ name: 'overrideschemaid', text: file.schemaId }]),
          { name: 'updateonconflicts', text: 'false' },
        ],
      }),
    createFolder: (name, parentId) =>
      calls.write(operations.Assets_CreateAssetFolder, {}, contentItem, {
        body: { Name: name, ParentId: parentId, AllowedExtensions: null, Overwrite: false },
      }),
    checkOut: (id) => calls.write(operations.Assets_CheckOut, {}, contentItem, { body: { Id: id, Recursive: false } }),
    checkIn: (id, options) =>
      calls.write(operations.Assets_CheckIn, {}, contentItem, {
        body: {
          Id: id,
          Recursive: options.recursive,
          PublishingTargetIds: options.markTargetIds,
          Comment: options.comment,
        },
      }),
  };
}

/** The CMS says in JSON that there is no file, where it would send one. */
const isNull = ({ mimeType, bytes }: FileReply): boolean =>
  mimeType.includes('json') && new TextDecoder().decode(bytes).trim() === 'null';

/** `AssetItemDeleteResponse`. */
const deletion = z
  .object({ SuccessfulIds: texts, AssetItemsWithReferences: texts })
  .transform((wire) => ({ deletedIds: wire.SuccessfulIds, referencedIds: wire.AssetItemsWithReferences }));
