import { canRead, requireFullAccess, requireRead, requireRight } from '../cms/access.ts';
import {
  copyAssetNodes,
  createFolder,
  deleteAssetNodes,
  moveAssetNodes,
  renameAssetNode,
  uploadAsset,
} from '../cms/asset-edit.ts';
import { unpackZip } from '../cms/asset-zip.ts';
import {
  assertCanCheckIn,
  checkIn,
  checkOut,
  rightOf,
  touch,
  undoCheckOut,
  withDescendants,
} from '../cms/check-out.ts';
import { contentOfVersion, currentContent, holdsWorkingCopy, nameOf } from '../cms/content.ts';
import { aliasesOf } from '../cms/dita-alias.ts';
import { usagesOf } from '../cms/references.ts';
import {
  ancestorsOf,
  childAssets,
  childFolders,
  descendantAssets,
  isAsset,
  isRecycled,
  isWithin,
} from '../cms/tree.ts';
import { advance } from '../cms/workflow.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { HttpRefusal, invalidArgument, invalidOperation, invalidRequest } from '../exceptions.ts';
import type { AssetFolder, AssetItem } from '../model.ts';
import type { ApiCall, Model, Route } from '../route.ts';
import { contentContext } from '../views/content-context.ts';
import { contentDetails } from '../views/content-details.ts';
import { assetFolderModel, assetItemModel } from '../views/content-item.ts';
import { versionHistory } from '../views/history.ts';
import { camelPaging, paginated, pascalPaging, sortedBy } from '../views/paging.ts';
import { assetByPath } from './asset-paths.ts';
import { fileAnswer } from './file-answer.ts';

type AssetNode = AssetItem | AssetFolder;

const searchQuery = {
  AssetSchemas: 'list',
  EndDate: 'string',
  IncludeAssets: 'bool',
  IncludeDescendants: 'bool',
  IncludeFolders: 'bool',
  RootId: 'string',
  SearchString: 'string',
  StartDate: 'string',
  TargetId: 'string',
  SortField: 'string',
  SortOrder: 'string',
  ...pascalPaging,
} as const;

/** Tag *Assets* of the contract, without DITA. The sandbox has no unmanaged assets, so their lists are empty. */
export const assetRoutes: Route[] = [
  {
    operationId: 'Assets_GetRoot',
    method: 'GET',
    path: '/assets/root',
    effect: 'read',
    handle: (call) => oneNode(call, call.state.assetRootFolderId),
  },
  {
    operationId: 'Assets_GetRecycleFolder',
    method: 'GET',
    path: '/assets/recycle-folder',
    effect: 'read',
    handle: (call) => oneNode(call, call.state.assetRecycleFolderId),
  },
  {
    operationId: 'Assets_GetRootFolders',
    method: 'GET',
    path: '/assets/root-folders',
    query: camelPaging,
    effect: 'read',
    handle(call) {
      const folders = childFolders(call.state, call.state.assetRootFolderId).filter((folder) => canRead(call, folder));
      return paginated(call, folders, (folder) => assetFolderModel(call, folder));
    },
  },
  {
    operationId: 'Assets_GetAsset',
    method: 'GET',
    path: '/assets/asset',
    query: { id: 'string!' },
    effect: 'read',
    handle: (call) => oneNode(call, call.query.text('id')),
  },
  {
    operationId: 'Assets_GetAssetByPath',
    method: 'GET',
    path: '/assets/asset-by-path',
    query: { path: 'string!' },
    effect: 'read',
    indexed: true,
    handle(call) {
      const asset = assetByPath(call.state, call.query.text('path'));
      return asset && canRead(call, asset) ? assetItemModel(call, asset) : null;
    },
  },
  {
    operationId: 'Assets_GetChildren',
    method: 'GET',
    path: '/assets/asset/children',
    query: { id: 'string!', ...camelPaging },
    effect: 'read',
    indexed: true,
    handle(call) {
      const id = call.query.text('id');
      return nodeList(call, [...childFolders(call.state, id), ...byName(childAssets(call.state, id))]);
    },
  },
  {
    operationId: 'Assets_GetAncestors',
    method: 'GET',
    path: '/assets/asset/ancestors',
    query: { id: 'string!' },
    effect: 'read',
    handle(call) {
      const node = findAssetNode(call, call.query.text('id'));
      if (!node) return null;
      return ancestorsOf(call.state, node)
        .filter((ancestor): ancestor is AssetFolder => !('kind' in ancestor))
        .map((folder) => assetFolderModel(call, folder));
    },
  },
  {
    operationId: 'Assets_GetAssetDetails',
    method: 'GET',
    path: '/assets/details',
    query: { id: 'string!', version: 'int=0' },
    effect: 'read',
    handle(call) {
      const asset = call.state.assets[call.query.text('id')];
      if (!asset) return null;
      requireRead(call, asset);
      const content = contentOfVersion(call.state, call.user, asset, call.query.int('version') ?? 0);
      if (!content) return null;
      const extension = content.file?.extension ?? null;
      return { ...contentDetails(call, asset, content), Extension: extension, ExternalUrl: null, IsExternal: false };
    },
  },
  {
    operationId: 'Assets_GetAssetContext',
    method: 'POST',
    path: '/assets/asset/context',
    body: 'json',
    effect: 'read',
    handle: (call) =>
      call.body
        .ids('ids')
        .map((id) => call.state.assets[id])
        .filter((asset) => asset !== undefined)
        .map((asset) => ({
          ...contentContext(call, asset),
          AllowedExtensions: call.state.assetFolders[asset.parentId]?.allowedExtensions ?? [],
          AliasIds: aliasesOf(call, asset.id).map(({ id }) => id),
          HasReferences: usagesOf(call.state, asset.id).length > 0,
          IsUnmanaged: false,
        })),
  },
  {
    operationId: 'Assets_GetAssetHistory',
    method: 'GET',
    path: '/assets/history',
    query: { Id: 'string', ...pascalPaging },
    effect: 'read',
    handle(call) {
      const asset = call.state.assets[call.query.text('Id')];
      if (!asset) return null;
      requireRead(call, asset);
      return paginated(call, versionHistory(call, asset), (version) => version);
    },
  },
  {
    operationId: 'Assets_SearchAssetItems',
    method: 'GET',
    path: '/assets/search',
    query: searchQuery,
    effect: 'read',
    indexed: true,
    handle: (call) => searchAssets(call),
  },
  {
    operationId: 'Assets_TotalSize',
    method: 'GET',
    path: '/assets/total-size',
    effect: 'read',
    handle: (call) =>
      Object.values(call.state.assets).reduce(
        (sum, asset) => sum + (currentContent(call.state, call.user, asset).file?.byteSize ?? 0),
        0,
      ),
  },
  {
    operationId: 'Assets_GetFileBinary',
    method: 'GET',
    path: '/assets/file',
    query: { assetId: 'string!', download: 'bool=false' },
    effect: 'read',
    handle(call) {
      const asset = call.state.assets[call.query.text('assetId')];
      if (!asset) return null;
      if (!canRead(call, asset)) throw new HttpRefusal(403, { Message: 'Forbidden' });
      const content = currentContent(call.state, call.user, asset);
      return content.file && fileAnswer(content.name, content.file, call.query.flag('download') ?? false);
    },
  },
  {
    operationId: 'Assets_GetFolderDescendantMarkings',
    method: 'GET',
    path: '/assets/asset/descendant-targets',
    query: { id: 'string!' },
    effect: 'read',
    handle: (call) => [
      ...new Set(
        descendantAssets(call.state, call.query.text('id'))
          .filter(isAsset)
          .flatMap((asset) => Object.keys(asset.marks)),
      ),
    ],
  },
  {
    operationId: 'Assets_GetUnmanagedAsset',
    method: 'GET',
    path: '/assets/unmanaged',
    query: { id: 'string!' },
    effect: 'read',
    handle: () => null,
  },
  {
    operationId: 'Assets_GetUnmanagedChildren',
    method: 'GET',
    path: '/assets/unmanaged/children',
    query: { id: 'string!', ...camelPaging },
    effect: 'read',
    handle: (call) => nodeList(call, []),
  },
  {
    operationId: 'Assets_GetUnmanagedRootFolders',
    method: 'GET',
    path: '/assets/unmanaged/root-folders',
    query: camelPaging,
    effect: 'read',
    handle: (call) => nodeList(call, []),
  },
  {
    operationId: 'Assets_SearchUnmanagedAssetItems',
    method: 'GET',
    path: '/assets/search-unmanaged',
    query: searchQuery,
    effect: 'read',
    handle: (call) => nodeList(call, []),
  },
  {
    operationId: 'Assets_CreateAssetFolder',
    method: 'POST',
    path: '/assets/asset-folder',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const folder = createFolder(call, {
        name: request.text('Name'),
        parentId: request.text('ParentId'),
        allowedExtensions: request.list('AllowedExtensions'),
        overwrite: request.flag('Overwrite'),
      });
      return assetFolderModel(call, folder);
    },
  },
  {
    operationId: 'Assets_Upload',
    method: 'POST',
    path: '/assets/upload',
    body: 'form',
    effect: 'write',
    handle: upload,
  },
  {
    operationId: 'Assets_Rename',
    method: 'POST',
    path: '/assets/rename',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const node = findAssetNode(call, request.required('Id'));
      const name = request.required('Name');
      if (!node) return null;
      renameAssetNode(call, node, name);
      return assetItemModel(call, node);
    },
  },
  {
    operationId: 'Assets_Move',
    method: 'PATCH',
    path: '/assets/move',
    query: { tgtId: 'string!', overwriteSameName: 'bool=false' },
    body: 'json',
    effect: 'write',
    handle(call) {
      const nodes = knownNodes(call, call.body.ids('srcIds'), 'srcIds');
      moveAssetNodes(call, nodes, targetFolder(call), call.query.flag('overwriteSameName') ?? false);
      return nodes.map((node) => assetItemModel(call, node));
    },
  },
  {
    operationId: 'Assets_Copy',
    method: 'POST',
    path: '/assets/copy',
    query: { tgtId: 'string!', overwriteSameName: 'bool=false', tgtLocale: 'string=' },
    body: 'json',
    effect: 'write',
    handle(call) {
      const nodes = knownNodes(call, call.body.ids('srcIds'), 'srcIds');
      const copies = copyAssetNodes(call, nodes, targetFolder(call), {
        overwriteSameName: call.query.flag('overwriteSameName') ?? false,
        locale: call.query.text('tgtLocale'),
      });
      return copies.map((node) => assetItemModel(call, node));
    },
  },
  {
    operationId: 'Assets_DeleteAssetItems',
    method: 'DELETE',
    path: '/assets',
    query: { ids: 'list', force: 'bool=false' },
    effect: 'write',
    handle(call) {
      const nodes = call.query
        .list('ids')
        .map((id) => findAssetNode(call, id))
        .filter((node) => node !== null);
      const outcome = deleteAssetNodes(call, nodes, call.query.flag('force') ?? false);
      return {
        AssetItemsWithReferences: outcome.withReferences,
        SuccessfulIds: outcome.deleted,
        InvolvedAliasParentIds: [],
      };
    },
  },
  {
    operationId: 'Assets_CheckOut',
    method: 'POST',
    path: '/assets/checkout',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const asset = call.state.assets[request.required('Id')];
      if (!asset) return null;
      for (const item of withDescendants(call, asset, request.flag('Recursive'))) checkOut(call, item);
      return assetItemModel(call, asset);
    },
  },
  {
    operationId: 'Assets_CheckIn',
    method: 'POST',
    path: '/assets/checkin',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const asset = call.state.assets[request.required('Id')];
      if (!asset) return null;
      const order = { targetIds: request.list('PublishingTargetIds'), comment: request.text('Comment') };
      assertCanCheckIn(call, asset, order, call.runtime.knobs);
      checkIn(call, asset, order);
      return assetItemModel(call, asset);
    },
  },
  {
    operationId: 'Assets_UndoCheckOut',
    method: 'POST',
    path: '/assets/undo-checkout',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const asset = call.state.assets[request.required('Id')];
      if (!asset) return null;
      // The one permission conflict that the contract declares as 400.
      if (asset.checkedOut && !holdsWorkingCopy(call.state, call.user, asset)) {
        throw new HttpRefusal(400, { Message: `${asset.id} is checked out by another user.` });
      }
      undoCheckOut(call, asset);
      return assetItemModel(call, asset);
    },
  },
  {
    operationId: 'Assets_AssignToUser',
    method: 'POST',
    path: '/assets/assign-to-user',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const userId = request.required('UserId');
      const user = call.state.users.find((candidate) => candidate.id === userId || candidate.userId === userId);
      return assignAsset(call, request, user && { userId: user.id, groupId: null });
    },
  },
  {
    operationId: 'Assets_AssignToGroup',
    method: 'POST',
    path: '/assets/assign-to-group',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const groupId = request.required('UserGroupId');
      const group = call.state.groups.find((candidate) => candidate.id === groupId);
      return assignAsset(call, request, group && { userId: null, groupId: group.id });
    },
  },
  {
    operationId: 'Assets_SetCategoryAssociations',
    method: 'POST',
    path: '/assets/asset/associations',
    query: { contentId: 'string!' },
    body: 'json',
    effect: 'write',
    handle(call) {
      const asset = call.state.assets[call.query.text('contentId')];
      const categoryIds = call.body.ids('categoryIds');
      if (!asset) return null;
      requireRight(call, 'IGX_USER_RIGHT_ASSET_CATEGORIZE', 'IGX_USER_RIGHT_MANAGE_TAXONOMY');
      requireFullAccess(call, asset);
      const unknown = categoryIds.find((id) => !call.state.categories.some((category) => category.id === id));
      if (unknown !== undefined) throw invalidArgument(`There is no category ${unknown}.`, 'categoryIds');
      asset.categoryIds = [...new Set(categoryIds)];
      touch(call, asset);
      return assetItemModel(call, asset);
    },
  },
  {
    operationId: 'Assets_AdvanceWorkflow',
    method: 'POST',
    path: '/assets/asset/workflow/advance',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const asset = call.state.assets[request.required('ContentId')];
      if (!asset) return false;
      const order = {
        transitionId: request.text('TransitionId'),
        comments: request.text('Comments'),
        assignToUserId: request.text('AssignToUserId'),
      };
      return advance(call, asset, order, call.runtime.knobs);
    },
  },
  ...contractRoutes({ Assets_Unzip: unzip }),
];

/** `Result` is the folder that the archive became. */
function unzip(call: ApiCall) {
  const id = call.query.text('assetId');
  const asset = call.state.assets[id];
  if (!asset) throw invalidArgument(`There is no asset ${id}.`, 'assetId');
  requireRead(call, asset);
  const { name, file } = currentContent(call.state, call.user, asset);
  if (file?.extension !== 'zip') throw invalidOperation(`${name} is no archive.`);
  const { rootFolderId } = unpackZip(call, {
    name,
    bytes: fileAnswer(name, file, false).bytes,
    parentId: asset.parentId,
    cleanFolder: call.query.flag('cleanFolder') ?? false,
    updateOnConflict: true,
    skipOnConflict: false,
  });
  return { Result: rootFolderId };
}

function findAssetNode(call: ApiCall, id: string): AssetNode | null {
  return call.state.assets[id] ?? call.state.assetFolders[id] ?? null;
}

function oneNode(call: ApiCall, id: string) {
  const node = findAssetNode(call, id);
  if (!node) return null;
  requireRead(call, node);
  return assetItemModel(call, node);
}

function nodeList(call: ApiCall, nodes: AssetNode[]) {
  return paginated(
    call,
    nodes.filter((node) => canRead(call, node)),
    (node) => assetItemModel(call, node),
  );
}

function byName<T extends AssetNode>(nodes: T[]): T[] {
  return nodes.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

function knownNodes(call: ApiCall, ids: string[], parameterName: string): AssetNode[] {
  return ids.map((id) => {
    const node = findAssetNode(call, id);
    if (!node) throw invalidArgument(`There is no asset ${id}.`, parameterName);
    return node;
  });
}

function targetFolder(call: ApiCall): AssetFolder {
  const id = call.query.text('tgtId');
  const folder = call.state.assetFolders[id];
  if (!folder) throw invalidArgument(`There is no asset folder ${id}.`, 'tgtId');
  return folder;
}

function assignAsset(
  call: ApiCall,
  request: Model,
  assignee: { userId: string | null; groupId: string | null } | undefined,
): boolean {
  const asset = call.state.assets[request.required('AssetId')];
  if (!asset || !assignee) return false;
  requireRight(call, rightOf(asset, 'assign'));
  requireFullAccess(call, asset);
  asset.assignedUserId = assignee.userId;
  asset.assignedGroupId = assignee.groupId;
  touch(call, asset);
  return true;
}

function searchAssets(call: ApiCall) {
  const { state, query } = call;
  const rootId = query.text('RootId') || state.assetRootFolderId;
  const nodes: AssetNode[] = query.flag('IncludeDescendants')
    ? descendantAssets(state, rootId)
    : [...childFolders(state, rootId), ...childAssets(state, rootId)];
  const text = query.text('SearchString').trim().toLowerCase();
  const schemas = query.list('AssetSchemas');
  const targetId = query.text('TargetId');
  // None of the two has a declared default; a caller who names neither gets files.
  const includeAssets = query.flag('IncludeAssets') ?? query.flag('IncludeFolders') === null;
  const from = query.text('StartDate');
  const until = query.text('EndDate');
  const found = nodes
    .filter((node) => (isAsset(node) ? includeAssets : query.flag('IncludeFolders')))
    .filter((node) => text === '' || node.id.toLowerCase() === text || nameOf(node).toLowerCase().includes(text))
    .filter((node) => schemas.length === 0 || (isAsset(node) && schemas.includes(node.schemaId)))
    .filter((node) => targetId === '' || (isAsset(node) && targetId in node.marks))
    .filter((node) => from === '' || Date.parse(node.lastModified) >= Date.parse(from))
    .filter((node) => until === '' || Date.parse(node.lastModified) <= Date.parse(until))
    .filter((node) => isWithin(state, node, state.assetRecycleFolderId) === (rootId === state.assetRecycleFolderId));
  const models = byName(found).filter((node) => canRead(call, node) || isRecycled(state, node));
  const sorted = sortedBy(
    models,
    query.text('SortField'),
    query.text('SortOrder'),
    (node, field) =>
      Object.entries(assetItemModel(call, node)).find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1],
  );
  return nodeList(call, sorted);
}

async function upload(call: ApiCall) {
  const form = await call.body.form();
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const flag = (name: string, fallback: boolean) =>
    text(name) === '' ? fallback : text(name).toLowerCase() === 'true';
  const file = form.get('file');
  if (!(file instanceof File)) throw invalidRequest({ file: ['The file field is required.'] });
  if (text('parentfolder') === '') throw invalidRequest({ parentfolder: ['The parentfolder field is required.'] });
  const name = text('assetname') || file.name;
  const bytes = Buffer.from(await file.arrayBuffer());
  if (flag('unpackzip', false) && /\.zip$/i.test(name)) {
    const unpacked = unpackZip(call, {
      name,
      bytes,
      parentId: text('parentfolder'),
      cleanFolder: flag('deleteexistingfolder', false),
      updateOnConflict: flag('updateonconflicts', false),
      skipOnConflict: flag('skipexistingassets', false),
    });
    return {
      AssetFolders: unpacked.folderIds,
      Assets: unpacked.assetIds,
      Errors: unpacked.errors.map(({ fileName, message }) => ({ errorMsg: message, stacktrace: null, fileName })),
      FileSize: bytes.length,
      IsZipUnpack: true,
      RootFolderId: unpacked.rootFolderId,
      NamingConflictAssetId: null,
      SchemasToChoose: null,
    };
  }
  const outcome = uploadAsset(call, {
    folderId: text('parentfolder'),
    name,
    bytes,
    mimeType: file.type,
    existingAssetId: text('existingassetupdateid'),
    updateOnConflict: flag('updateonconflicts', false),
    schemaByDefault: flag('schemadefault', true),
    schemaId: text('overrideschemaid'),
  });
  return {
    AssetFolders: [],
    Assets: outcome.assetIds,
    Errors: outcome.error === null ? [] : [{ errorMsg: outcome.error, stacktrace: null, fileName: file.name }],
    FileSize: outcome.fileSize,
    IsZipUnpack: false,
    RootFolderId: text('parentfolder'),
    NamingConflictAssetId: outcome.conflictAssetId,
    SchemasToChoose:
      outcome.schemaChoices.length === 0
        ? null
        : {
            SchemaChoices: outcome.schemaChoices.map(({ id, friendlyName, icon }) => ({
              Id: id,
              Name: friendlyName,
              icon,
            })),
          },
  };
}
