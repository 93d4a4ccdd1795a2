import { unzipSync } from 'fflate';
import { invalidOperation } from '../exceptions.ts';
import type { AssetFolder } from '../model.ts';
import type { Actor } from './actor.ts';
import { createFolder, deleteAssetNodes, type UploadOrder, uploadAsset } from './asset-edit.ts';
import { childFolders } from './tree.ts';

/** What an archive became. */
export type UnpackOutcome = {
  rootFolderId: string;
  folderIds: string[];
  assetIds: string[];
  errors: { fileName: string; message: string }[];
};

export type UnpackOrder = {
  /** Of the archive; the folder is named after it. */
  name: string;
  bytes: Buffer;
  parentId: string;
  /** Deletes a folder of that name first. */
  cleanFolder: boolean;
  /** What to do with a file whose name is taken; without one of them it is told as an error. */
  updateOnConflict: boolean;
  skipOnConflict: boolean;
};

/** An archive may not grow beyond this when it is unpacked, so that a small one cannot fill the memory. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/**
 * Unpacks an archive into a folder beside it, by the rules of single uploads.
 * @throws CmsException when it is no archive or too large, or the caller may not make folders.
 */
export function unpackZip(actor: Actor, order: UnpackOrder): UnpackOutcome {
  const files = readArchive(order.bytes);
  const name = order.name.replace(/\.zip$/i, '');
  const existing = childFolders(actor.state, order.parentId).find((folder) => folder.name === name);
  if (existing && order.cleanFolder) deleteAssetNodes(actor, [existing], true);
  const root = folderIn(actor, order.parentId, name);
  const outcome: UnpackOutcome = { rootFolderId: root.id, folderIds: [root.id], assetIds: [], errors: [] };
  for (const [path, bytes] of files) {
    const names = path.split('/').filter((part) => part !== '');
    const fileName = path.endsWith('/') ? null : names.pop();
    let folder = root;
    for (const part of names) {
      folder = folderIn(actor, folder.id, part);
      if (!outcome.folderIds.includes(folder.id)) outcome.folderIds.push(folder.id);
    }
    if (fileName) storeFile(actor, order, outcome, { path, fileName, folderId: folder.id, bytes });
  }
  return outcome;
}

function readArchive(bytes: Buffer): [path: string, bytes: Uint8Array][] {
  let total = 0;
  const fits = ({ originalSize }: { originalSize: number }) => {
    total += originalSize;
    return total <= MAX_UNPACKED_BYTES;
  };
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(new Uint8Array(bytes), { filter: fits });
  } catch {
    // Whatever the reader stumbles over, the file is the caller's.
    throw invalidOperation('The file is no zip archive that can be read.');
  }
  if (total > MAX_UNPACKED_BYTES) throw invalidOperation('The archive is too large when it is unpacked.');
  return Object.entries(files);
}

function folderIn(actor: Actor, parentId: string, name: string): AssetFolder {
  return createFolder(actor, { name, parentId, allowedExtensions: [], overwrite: true });
}

type PackedFile = { path: string; fileName: string; folderId: string; bytes: Uint8Array };

function storeFile(actor: Actor, order: UnpackOrder, outcome: UnpackOutcome, file: PackedFile): void {
  const upload: UploadOrder = {
    folderId: file.folderId,
    name: file.fileName,
    bytes: Buffer.from(file.bytes),
    mimeType: '',
    existingAssetId: '',
    updateOnConflict: order.updateOnConflict,
    schemaByDefault: true,
    schemaId: '',
  };
  const { assetIds, conflictAssetId, schemaChoices, error } = uploadAsset(actor, upload);
  outcome.assetIds.push(...assetIds);
  const message =
    error ??
    (conflictAssetId !== null && !order.skipOnConflict ? `${conflictAssetId} has this name.` : null) ??
    (schemaChoices.length > 0 ? 'Several asset schemas accept this type.' : null);
  if (message !== null) outcome.errors.push({ fileName: file.path, message });
}
