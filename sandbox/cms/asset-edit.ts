import { accessRefused, invalidArgument, invalidOperation } from '../exceptions.ts';
import type { AssetFile, AssetFolder, AssetItem, SchemaDefinition } from '../model.ts';
import { requireFullAccess, requireRight } from './access.ts';
import { recordActivity } from './activity.ts';
import { type Actor, newStamp } from './actor.ts';
import { touch } from './check-out.ts';
import { currentContent, defaultElements, holdsWorkingCopy, nameOf, schemaOf } from './content.ts';
import { usagesOf } from './references.ts';
import { rememberUrls } from './structured-urls.ts';
import { childAssets, childFolders, descendantAssets, isAsset, isRecycled, isWithin } from './tree.ts';
import { assertName } from './tree-edit.ts';

/** What `POST /assets/upload` answers (contract §6). */
export type UploadOutcome = {
  assetIds: string[];
  conflictAssetId: string | null;
  schemaChoices: SchemaDefinition[];
  error: string | null;
  fileSize: number;
};

export type UploadOrder = {
  folderId: string;
  name: string;
  bytes: Buffer;
  mimeType: string;
  existingAssetId: string;
  updateOnConflict: boolean;
  schemaByDefault: boolean;
  schemaId: string;
};

/** Stores a file as a new asset or as the new content of an existing one. Answers its refusals, as the CMS does. */
export function uploadAsset(actor: Actor, order: UploadOrder): UploadOutcome {
  const { state } = actor;
  const outcome = (part: Partial<UploadOutcome>): UploadOutcome => ({
    assetIds: [],
    conflictAssetId: null,
    schemaChoices: [],
    error: null,
    fileSize: order.bytes.length,
    ...part,
  });
  const folder = state.assetFolders[order.folderId];
  if (!folder) return outcome({ error: `There is no asset folder ${order.folderId}.` });
  requireRight(actor, 'IGX_USER_RIGHT_ASSET_CREATE');
  requireFullAccess(actor, folder);
  const extension = extensionOf(order.name);
  const file = storedFile(order, extension);
  if (folder.allowedExtensions.length > 0 && !folder.allowedExtensions.includes(extension)) {
    return outcome({ error: `The folder ${folder.name} does not allow files of type .${extension}.` });
  }
  const sameName = childAssets(state, folder.id).find(
    (asset) => nameOf(asset).toLowerCase() === order.name.toLowerCase(),
  );
  const replaced = order.existingAssetId ? state.assets[order.existingAssetId] : sameName;
  if (order.existingAssetId && !replaced) return outcome({ error: `There is no asset ${order.existingAssetId}.` });
  if (replaced && (order.existingAssetId || order.updateOnConflict)) {
    replaceFile(actor, replaced, file);
    return outcome({ assetIds: [replaced.id] });
  }
  if (sameName) return outcome({ conflictAssetId: sameName.id });
  const candidates = state.schemas.filter((schema) => schema.kind === 'asset' && schema.extensions.includes(extension));
  const chosen = order.schemaByDefault ? candidates : candidates.filter((schema) => schema.id === order.schemaId);
  const [schema, ...others] = chosen;
  if (!schema) return outcome({ error: `No asset schema accepts files of type .${extension}.` });
  if (others.length > 0) return outcome({ schemaChoices: chosen });
  return outcome({ assetIds: [newAsset(actor, folder, schema, order.name, file).id] });
}

/** A folder below another one. */
export function createFolder(
  actor: Actor,
  order: { name: string; parentId: string; allowedExtensions: string[]; overwrite: boolean },
): AssetFolder {
  const { state } = actor;
  const parent = state.assetFolders[order.parentId || state.assetRootFolderId];
  if (!parent) throw invalidArgument(`There is no asset folder ${order.parentId}.`, 'ParentId');
  requireRight(actor, 'IGX_USER_RIGHT_MANAGE_ASSET_FOLDERS');
  requireFullAccess(actor, parent);
  assertName(order.name);
  if (order.name.trim() === '') throw invalidArgument('A folder must have a name.', 'Name');
  const existing = childFolders(state, parent.id).find(
    (folder) => folder.name.toLowerCase() === order.name.toLowerCase(),
  );
  if (existing) {
    if (order.overwrite) return existing;
    throw invalidOperation(`${parent.name} already has a folder named ${order.name}.`);
  }
  state.counters.assetFolder += 1;
  const folder: AssetFolder = {
    id: `af/${state.counters.assetFolder}`,
    name: order.name,
    parentId: parent.id,
    allowedExtensions: order.allowedExtensions.map((extension) => extension.replace(/^\./, '').toLowerCase()),
    security: null,
    ...newStamp(actor),
  };
  state.assetFolders[folder.id] = folder;
  return folder;
}

/** Renames a file or a folder. */
export function renameAssetNode(actor: Actor, node: AssetItem | AssetFolder, name: string): void {
  requireRight(actor, isAsset(node) ? 'IGX_USER_RIGHT_CAN_EDIT_ASSETS' : 'IGX_USER_RIGHT_MANAGE_ASSET_FOLDERS');
  requireFullAccess(actor, node);
  assertName(name);
  rememberUrls(actor.state, assetsIn(actor, node), 'Renamed');
  if (isAsset(node)) {
    const content = node.checkedOut ?? node.versions.at(-1);
    if (content) content.name = name;
  } else {
    node.name = name;
  }
  touch(actor, node);
}

/** Moves files and folders into a folder. */
export function moveAssetNodes(
  actor: Actor,
  nodes: (AssetItem | AssetFolder)[],
  target: AssetFolder,
  overwriteSameName: boolean,
): void {
  for (const node of nodes) {
    refuseFixedFolder(actor, node, 'moved');
    if (isWithin(actor.state, target, node.id)) throw invalidOperation(`${node.id} cannot be moved into itself.`);
    requireRight(actor, 'IGX_USER_RIGHT_CAN_EDIT_ASSETS', 'IGX_USER_RIGHT_MANAGE_ASSET_FOLDERS');
    requireFullAccess(actor, node);
    requireFullAccess(actor, target);
    makeRoom(actor, node, target, overwriteSameName);
    rememberUrls(actor.state, assetsIn(actor, node), 'Moved');
    node.parentId = target.id;
    touch(actor, node);
  }
}

/** Copies files and folders into a folder. The copies have new ids, are checked in and unmarked. */
export function copyAssetNodes(
  actor: Actor,
  nodes: (AssetItem | AssetFolder)[],
  target: AssetFolder,
  order: { overwriteSameName: boolean; locale: string },
): (AssetItem | AssetFolder)[] {
  requireRight(actor, 'IGX_USER_RIGHT_ASSET_CREATE');
  requireFullAccess(actor, target);
  return nodes.map((node) => {
    makeRoom(actor, node, target, order.overwriteSameName);
    return copyNode(actor, node, target.id, order.locale);
  });
}

export type DeleteOutcome = { deleted: string[]; withReferences: string[] };

/** Recycles files and folders, purges those that are recycled already, and leaves what is in use unless forced. */
export function deleteAssetNodes(actor: Actor, nodes: (AssetItem | AssetFolder)[], force: boolean): DeleteOutcome {
  const { state } = actor;
  const outcome: DeleteOutcome = { deleted: [], withReferences: [] };
  for (const node of nodes) {
    refuseFixedFolder(actor, node, 'deleted');
    requireRight(actor, isAsset(node) ? 'IGX_USER_RIGHT_DELETE_ASSET_FILES' : 'IGX_USER_RIGHT_MANAGE_ASSET_FOLDERS');
    requireFullAccess(actor, node);
    const files = assetsIn(actor, node);
    const inUse = files.filter((file) => usagesOf(state, file.id).length > 0);
    if (inUse.length > 0 && !force) {
      outcome.withReferences.push(...inUse.map((file) => file.id));
      continue;
    }
    if (isRecycled(state, node)) purge(actor, node);
    else recycle(actor, node, files);
    outcome.deleted.push(node.id);
    recordActivity(actor, 'Delete asset', nameOf(node));
  }
  return outcome;
}

function recycle(actor: Actor, node: AssetItem | AssetFolder, files: AssetItem[]): void {
  rememberUrls(actor.state, files, 'Deleted');
  for (const file of files) {
    file.marks = {};
    file.workflow = null;
    file.assignedUserId = null;
    file.assignedGroupId = null;
  }
  node.parentId = actor.state.assetRecycleFolderId;
  touch(actor, node);
}

function purge(actor: Actor, node: AssetItem | AssetFolder): void {
  for (const doomed of [node, ...(isAsset(node) ? [] : descendantAssets(actor.state, node.id))]) {
    if (isAsset(doomed)) delete actor.state.assets[doomed.id];
    else delete actor.state.assetFolders[doomed.id];
  }
}

function copyNode(
  actor: Actor,
  node: AssetItem | AssetFolder,
  parentId: string,
  locale: string,
): AssetItem | AssetFolder {
  const { state } = actor;
  const stamp = newStamp(actor);
  if (!isAsset(node)) {
    state.counters.assetFolder += 1;
    const folder: AssetFolder = {
      ...structuredClone(node),
      ...stamp,
      id: `af/${state.counters.assetFolder}`,
      parentId,
    };
    state.assetFolders[folder.id] = folder;
    for (const child of [...childFolders(state, node.id), ...childAssets(state, node.id)]) {
      copyNode(actor, child, folder.id, locale);
    }
    return folder;
  }
  state.counters.asset += 1;
  const content = currentContent(state, actor.user, node);
  const copy: AssetItem = {
    ...structuredClone(node),
    ...stamp,
    id: `a/${state.counters.asset}`,
    parentId,
    versions: [
      {
        number: 1,
        name: content.name,
        date: actor.now,
        userId: actor.user.id,
        comment: `Copy of ${node.id}`,
        schemaVersion: schemaOf(state, node).version,
        masterVersion: 0,
        elements: structuredClone(content.elements),
        file: content.file === null ? null : { ...content.file },
      },
    ],
    checkedOut: null,
    assignedUserId: null,
    assignedGroupId: null,
    workflow: null,
    marks: {},
    published: {},
    favoriteOf: [],
    urlHistory: [],
    locale: locale || node.locale,
  };
  state.assets[copy.id] = copy;
  return copy;
}

/** Replaces a node of the same name, or refuses. */
function makeRoom(actor: Actor, node: AssetItem | AssetFolder, target: AssetFolder, overwrite: boolean): void {
  const { state } = actor;
  const name = nameOf(node).toLowerCase();
  const siblings = [...childFolders(state, target.id), ...childAssets(state, target.id)];
  const clash = siblings.find((sibling) => sibling.id !== node.id && nameOf(sibling).toLowerCase() === name);
  if (!clash) return;
  if (!overwrite) throw invalidOperation(`${target.name} already has an item named ${nameOf(node)}.`);
  recycle(actor, clash, assetsIn(actor, clash));
}

function replaceFile(actor: Actor, asset: AssetItem, file: AssetFile): void {
  requireRight(actor, 'IGX_USER_RIGHT_CAN_EDIT_ASSETS');
  requireFullAccess(actor, asset);
  if (asset.checkedOut && !holdsWorkingCopy(actor.state, actor.user, asset)) {
    throw accessRefused(`${asset.id} is checked out by another user.`);
  }
  const content = currentContent(actor.state, actor.user, asset);
  asset.checkedOut = {
    userId: actor.user.id,
    since: asset.checkedOut?.since ?? actor.now,
    name: content.name,
    elements: structuredClone(content.elements),
    file,
  };
  asset.assignedUserId = actor.user.id;
  asset.assignedGroupId = null;
  touch(actor, asset);
}

/** A new upload stays checked out to its uploader; the real answer is not documented (gaps 40). */
function newAsset(
  actor: Actor,
  folder: AssetFolder,
  schema: SchemaDefinition,
  name: string,
  file: AssetFile,
): AssetItem {
  const { state, user } = actor;
  state.counters.asset += 1;
  const asset: AssetItem = {
    kind: 'asset',
    id: `a/${state.counters.asset}`,
    schemaId: schema.id,
    parentId: folder.id,
    created: actor.now,
    createdBy: user.id,
    lastModified: actor.now,
    lastModifiedBy: user.id,
    archived: false,
    versions: [],
    checkedOut: { userId: user.id, since: actor.now, name, elements: defaultElements(schema), file },
    assignedUserId: user.id,
    assignedGroupId: null,
    workflow: null,
    categoryIds: [],
    marks: {},
    published: {},
    locale: state.pages[state.rootPageId]?.locale ?? 'en-us',
    security: null,
    startDate: null,
    endDate: null,
    favoriteOf: [],
    width: 0,
    height: 0,
    urlHistory: [],
  };
  state.assets[asset.id] = asset;
  recordActivity(actor, 'Upload', name);
  return asset;
}

function storedFile(order: UploadOrder, extension: string): AssetFile {
  const isText = TEXT_EXTENSIONS.includes(extension);
  return {
    extension,
    mimeType: order.mimeType || MIME_TYPES[extension] || 'application/octet-stream',
    byteSize: order.bytes.length,
    text: isText ? order.bytes.toString('utf8') : null,
    base64: isText ? null : order.bytes.toString('base64'),
  };
}

const TEXT_EXTENSIONS = ['txt', 'css', 'js', 'json', 'xml', 'html', 'htm', 'csv', 'md', 'svg'];
const MIME_TYPES: Record<string, string> = {
  txt: 'text/plain',
  css: 'text/css',
  js: 'text/javascript',
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  csv: 'text/csv',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  pdf: 'application/pdf',
};

function extensionOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

function assetsIn(actor: Actor, node: AssetItem | AssetFolder): AssetItem[] {
  return isAsset(node) ? [node] : descendantAssets(actor.state, node.id).filter(isAsset);
}

function refuseFixedFolder(actor: Actor, node: AssetItem | AssetFolder, done: string): void {
  if (node.id === actor.state.assetRootFolderId || node.id === actor.state.assetRecycleFolderId) {
    throw invalidOperation(`${nameOf(node)} cannot be ${done}.`);
  }
}
