import type { AssetFile, AssetFolder, AssetItem, ContentElement } from '../model.ts';
import { assetFolderRows, documentRows, imageRows, recycledAssetRows, textRows } from './asset-rows.ts';
import { type DitaRow, ditaRows } from './dita-rows.ts';
import { lastPublishTimes } from './publishing-targets.ts';
import { schemaIds } from './schemas.ts';
import { seedIds } from './seed-ids.ts';
import { stamp } from './stamp.ts';

/** The asset tree, and the ids of its items by path (`Images/Campus/quad-autumn.jpg`). */
export type SeedAssets = {
  assets: Record<string, AssetItem>;
  assetFolders: Record<string, AssetFolder>;
  assetIds: Map<string, string>;
  folderIds: Map<string, string>;
};

export const assetRootFolderId = 'af/1';
export const assetRecycleFolderId = 'af/2';

/** Builds the asset tree from the tables of `asset-rows.ts`. */
export function buildAssets(): SeedAssets {
  const folderIds = new Map(assetFolderRows.map(({ path }, index) => [path, `af/${101 + index}`]));
  const folders = [
    assetFolder(assetRootFolderId, 'Assets', null, []),
    assetFolder(assetRecycleFolderId, 'Recycle Folder', null, []),
    ...assetFolderRows.map(({ path, allowedExtensions }) => {
      const parentPath = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : null;
      const parentId = parentPath === null ? assetRootFolderId : idOf(folderIds, parentPath);
      return assetFolder(idOf(folderIds, path), lastSegment(path), parentId, allowedExtensions);
    }),
  ];
  const drafts = [...imageDrafts(), ...documentDrafts(), ...textDrafts()];
  const items = [
    ...drafts.map((draft, index) => assetItem(`a/${index + 1}`, idOf(folderIds, folderPath(draft.path)), draft, true)),
    ...ditaRows.map((row) => ditaItem(row, idOf(folderIds, folderPath(row.path)))),
    ...recycledAssetRows.map(([name, alt, bytes], index) => {
      const draft = {
        path: name,
        schemaId: schemaIds.image,
        elements: [text('AltText', alt)],
        file: emptyFile(name, bytes),
        size: [1200, 1600],
      };
      return assetItem(`a/${drafts.length + index + 1}`, assetRecycleFolderId, draft, false);
    }),
  ];
  return {
    assets: Object.fromEntries(items.map((item) => [item.id, item])),
    assetFolders: Object.fromEntries(folders.map((folder) => [folder.id, folder])),
    assetIds: new Map([
      ...drafts.map((draft, index): [string, string] => [draft.path, `a/${index + 1}`]),
      ...ditaRows.map(({ path, number }): [string, string] => [path, `a/${number}`]),
    ]),
    folderIds,
  };
}

type AssetDraft = { path: string; schemaId: string; elements: ContentElement[]; file: AssetFile; size: number[] };

const mimeTypes: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ics: 'text/calendar',
  css: 'text/css',
  js: 'text/javascript',
  json: 'application/json',
  csv: 'text/csv',
  txt: 'text/plain',
  xml: 'application/xml',
  dita: 'application/dita+xml',
  ditamap: 'application/dita+xml',
  ditaval: 'application/dita+xml',
};

function imageDrafts(): AssetDraft[] {
  return imageRows.map(([path, alt, credit, width, height, bytes]) => ({
    path,
    schemaId: schemaIds.image,
    elements: [text('AltText', alt), text('Credit', credit)],
    file: emptyFile(path, bytes),
    size: [width, height],
  }));
}

function documentDrafts(): AssetDraft[] {
  return documentRows.map(([path, title, bytes, reviewDate]) => ({
    path,
    schemaId: schemaIds.document,
    elements: [text('Title', title), text('ReviewDate', reviewDate)],
    file: emptyFile(path, bytes),
    size: [0, 0],
  }));
}

function textDrafts(): AssetDraft[] {
  return textRows.map(([path, description, content]) => ({
    path,
    schemaId: schemaIds.text,
    elements: [text('Description', description)],
    file: { ...emptyFile(path, new TextEncoder().encode(content).length), text: content },
    size: [0, 0],
  }));
}

/** A DITA file in the situation that its row names. */
function ditaItem(row: DitaRow, parentId: string): AssetItem {
  const { path, number, title, audience, text: content, situation } = row;
  const file = { ...emptyFile(path, new TextEncoder().encode(content).length), text: content };
  const elements = [text('Title', title), text('Audience', audience), text('Owner', 'Office of the Registrar')];
  const draft = { path, schemaId: schemaIds.dita, elements, file, size: [0, 0] };
  const item = assetItem(`a/${number}`, parentId, draft, situation === undefined);
  if (situation === undefined) return item;
  const since = '2026-02-26T10:30:00Z';
  const working = { userId: seedIds.users.publisher, since, name: lastSegment(path) };
  return {
    ...item,
    versions: situation === 'never-checked-in' ? [] : item.versions,
    checkedOut: { ...working, elements: structuredClone(elements), file: { ...file } },
    assignedUserId: seedIds.users.publisher,
  };
}

function assetItem(id: string, parentId: string, draft: AssetDraft, isLive: boolean): AssetItem {
  const created = '2025-03-03T10:00:00Z';
  const targetIds = isLive ? [seedIds.targets.production, seedIds.targets.staging] : [];
  const [width = 0, height = 0] = draft.size;
  return {
    kind: 'asset',
    ...stamp(created, seedIds.users.editor),
    id,
    schemaId: draft.schemaId,
    versions: [
      {
        number: 1,
        name: lastSegment(draft.path),
        date: created,
        userId: seedIds.users.editor,
        comment: 'Uploaded',
        schemaVersion: 1,
        masterVersion: 0,
        elements: draft.elements,
        file: draft.file,
      },
    ],
    checkedOut: null,
    assignedUserId: null,
    assignedGroupId: null,
    workflow: null,
    categoryIds: [],
    marks: Object.fromEntries(targetIds.map((targetId) => [targetId, { version: 1 }])),
    published: Object.fromEntries(
      targetIds.map((targetId) => [targetId, { version: 1, time: lastPublishTimes[targetId] ?? created }]),
    ),
    locale: 'en-us',
    security: null,
    startDate: null,
    endDate: null,
    favoriteOf: [],
    parentId,
    width,
    height,
    urlHistory: [],
  };
}

function assetFolder(id: string, name: string, parentId: string | null, allowedExtensions: string[]): AssetFolder {
  return {
    ...stamp('2025-01-06T08:00:00Z', seedIds.users.admin),
    id,
    name,
    parentId,
    allowedExtensions: [...allowedExtensions],
    security: null,
  };
}

function emptyFile(path: string, byteSize: number): AssetFile {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  const mimeType = mimeTypes[extension];
  if (mimeType === undefined) {
    throw new Error(`The seed has no MIME type for ${path}.`);
  }
  return { extension, mimeType, byteSize, text: null, base64: null };
}

function text(name: string, value: string): ContentElement {
  return { name, value, attributes: {}, children: [] };
}

function idOf(ids: Map<string, string>, path: string): string {
  const id = ids.get(path);
  if (id === undefined) {
    throw new Error(`The seed has no asset folder ${path}.`);
  }
  return id;
}

function folderPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
