import type { ContentDetails, ContentItem, ItemContext, VersionInfo } from '../../model/content-item.ts';
import type { Page, PageRequest } from '../../model/paging.ts';
import type { CheckInOptions } from './pages.ts';

/** Assets and asset folders. The laws of CmsPages hold here too. */
export interface CmsAssets {
  /** Operation `Assets_GetAsset` (assets and asset folders). */
  get(id: string): Promise<ContentItem | undefined>;
  /** Operation `Assets_GetAssetByPath`. */
  findByPath(path: string): Promise<ContentItem | undefined>;
  /** Operation `Assets_GetRootFolders`. */
  rootFolders(page: PageRequest): Promise<Page<ContentItem>>;
  /** Operation `Assets_GetChildren`. */
  children(id: string, page: PageRequest): Promise<Page<ContentItem>>;
  /** Root folder first, without the asset itself. Operation `Assets_GetAncestors`. */
  ancestors(id: string): Promise<readonly ContentItem[]>;
  /** Operation `Assets_SearchAssetItems`. */
  search(query: AssetQuery, page: PageRequest): Promise<Page<ContentItem>>;
  /** Metadata fields of a version; 0 is the current state. Operation `Assets_GetAssetDetails`. */
  details(id: string, version: number): Promise<ContentDetails | undefined>;
  /**
   * The file of a numbered version; `undefined` when there is none. More than `bytesMax` is TOO_LARGE. Never cached.
   * Operation `Preview_GetAssetFile`.
   */
  file(id: string, options: { readonly version: number; readonly bytesMax: number }): Promise<Uint8Array | undefined>;
  /** Newest first. Operation `Assets_GetAssetHistory`. */
  history(id: string, page: PageRequest): Promise<Page<VersionInfo>>;
  /** In the order of `ids`, unknown ones left out; never cached. Operation of the asset context. */
  contexts(ids: readonly string[]): Promise<readonly ItemContext[]>;
  /** Operation `Assets_Rename`. */
  rename(id: string, name: string): Promise<ContentItem>;
  /** Never overwrites an asset of the same name. Operation `Assets_Move`. */
  move(ids: readonly string[], folderId: string): Promise<readonly ContentItem[]>;
  /**
   * Copies assets and folders with what is in them; never overwrites an asset of the same name. Answers the new ones
   * as `CmsPages.copy` does. Not repeatable. Operation `Assets_Copy`.
   */
  copy(
    ids: readonly string[],
    folderId: string,
    options: { readonly locale?: string },
  ): Promise<readonly ContentItem[]>;
  /** Without force: items that are referenced stay and are answered. Operation `Assets_DeleteAssetItems`. */
  delete(ids: readonly string[]): Promise<AssetDeletion>;
  /** Never overwrites. Not repeatable. Operation `Assets_Upload`. */
  upload(file: FileUpload): Promise<UploadOutcome>;
  /** Not repeatable; the CMS does not say what it makes of a name that is taken. Operation `Assets_CreateAssetFolder`. */
  createFolder(name: string, parentId: string): Promise<ContentItem>;
  /** Operation `Assets_CheckOut`. */
  checkOut(id: string): Promise<ContentItem>;
  /** Operation `Assets_CheckIn`. */
  checkIn(id: string, options: CheckInOptions): Promise<ContentItem>;
}

/** A file on its way into the CMS. */
export interface FileUpload {
  readonly folderId: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** The asset whose file it becomes; it has to be checked out by the caller. */
  readonly replaceId?: string;
  /** The asset schema of a new asset, where the extension leaves a choice. */
  readonly schemaId?: string;
}

/** The CMS answers 200 for all of these: a file is stored only in the first. */
export type UploadOutcome =
  | { readonly kind: 'stored'; readonly assetIds: readonly string[] }
  | { readonly kind: 'name_taken'; readonly assetId: string }
  | { readonly kind: 'choose_schema'; readonly choices: readonly { readonly id: string; readonly name: string }[] }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

export interface AssetQuery {
  readonly text: string;
  readonly folderId?: string;
  readonly includeFolders: boolean;
  readonly modifiedAfter?: string;
}

export interface AssetDeletion {
  readonly deletedIds: readonly string[];
  /** Kept, because something refers to them. */
  readonly referencedIds: readonly string[];
}
