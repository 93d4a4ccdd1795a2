import { levelOf } from '../cms/access.ts';
import type { Actor } from '../cms/actor.ts';
import { latestVersion, nameOf, schemaOf } from '../cms/content.ts';
import { aliasesOf, isUpdateDue } from '../cms/dita-alias.ts';
import {
  type AnyItem,
  type AnyNode,
  childAssets,
  childFolders,
  childPages,
  descendantPages,
  isAsset,
  isPage,
} from '../cms/tree.ts';
import type { AssetFolder, AssetItem, PageItem } from '../model.ts';
import { entityModel, groupName, userName } from './entity.ts';

/** `PageModel` of the contract. */
export function pageModel(actor: Actor, page: PageItem) {
  return {
    ...contentItemModel(actor, page),
    ViewName: page.viewName,
    Stylesheet: page.stylesheet,
    IsComponent: page.isComponent,
    AliasInfo: aliasInfo(actor, page),
  };
}

/** `AliasInfo` of the contract: for a page that shows a DITA file. */
function aliasInfo({ state }: Actor, page: PageItem) {
  const alias = state.dita.aliases[page.id];
  if (!alias) return null;
  const asset = state.assets[alias.assetId];
  return {
    ContentId: alias.assetId,
    UpdateDue: isUpdateDue({ state }, page.id),
    DependentsUpdateDue: descendantPages(state, page.id).some(({ id }) => isUpdateDue({ state }, id)),
    AssetName: asset ? nameOf(asset) : null,
    VisibilityByTarget: {},
  };
}

/** `AssetItemModel`, for files and for folders. */
export function assetItemModel(actor: Actor, node: AssetItem | AssetFolder) {
  return isAsset(node) ? assetModel(actor, node) : assetFolderModel(actor, node);
}

/** `AssetFolderModel` of the contract: an asset item whose file properties are empty. */
export function assetFolderModel(actor: Actor, folder: AssetFolder) {
  const { state, user } = actor;
  const children = [...childFolders(state, folder.id), ...childAssets(state, folder.id)];
  return {
    ...entityModel(state, folder.id, folder.name, 'AssetFolder', folder),
    ParentId: folder.parentId,
    ChildrenCount: children.length,
    SiblingPosition: 0,
    LingualMaps: null,
    AssignedUserId: null,
    AssignedGroupId: null,
    AssignedUserName: null,
    AssignedGroupName: null,
    Type: 'AssetFolder',
    SecurityLevel: levelOf(state, user, folder),
    SchemaId: null,
    SchemaName: null,
    SchemaDisplayName: null,
    Version: 0,
    CheckedOut: false,
    Icon: 0,
    SubType: null,
    SubTypeLabel: null,
    MarkedTargetIds: [],
    IsRegionRoot: false,
    Locale: null,
    CanParentRegionRoots: false,
    Favorite: false,
    Categorization: [],
    AllowedExtensions: folder.allowedExtensions,
    AssetType: 'Binary',
    ByteSize: 0,
    Extension: null,
    FolderCount: childFolders(state, folder.id).length,
    HasImagePreview: false,
    Height: 0,
    IsUnmanaged: false,
    MimeType: null,
    Width: 0,
    Aliases: [],
  };
}

function assetModel(actor: Actor, asset: AssetItem) {
  const schema = schemaOf(actor.state, asset);
  const file = (asset.checkedOut ?? latestVersion(asset))?.file ?? null;
  return {
    ...contentItemModel(actor, asset),
    AllowedExtensions: schema.extensions,
    AssetType: schema.assetType ?? 'Binary',
    ByteSize: file?.byteSize ?? 0,
    Extension: file?.extension ?? null,
    FolderCount: 0,
    HasImagePreview: file?.mimeType.startsWith('image/') ?? false,
    Height: asset.height,
    IsUnmanaged: false,
    MimeType: file?.mimeType ?? null,
    Width: asset.width,
    Aliases: aliasesOf(actor, asset.id).map(({ id }) => id),
  };
}

/** `ContentItemBaseModel` of the contract. */
export function contentItemModel(actor: Actor, item: AnyItem) {
  const { state, user } = actor;
  const schema = schemaOf(state, item);
  return {
    ...entityModel(state, item.id, nameOf(item), isPage(item) ? 'Page' : 'Asset', item),
    ParentId: item.parentId,
    ChildrenCount: isPage(item) ? childPages(state, item.id).length : 0,
    SiblingPosition: isPage(item) ? item.siblingPosition : 0,
    LingualMaps: isPage(item) ? lingualMaps(item) : null,
    AssignedUserId: item.assignedUserId,
    AssignedGroupId: item.assignedGroupId,
    AssignedUserName: userName(state, item.assignedUserId),
    AssignedGroupName: groupName(state, item.assignedGroupId),
    Type: isPage(item) ? 'Page' : 'Asset',
    SecurityLevel: levelOf(state, user, item),
    SchemaId: schema.id,
    SchemaName: schema.rootName,
    SchemaDisplayName: schema.friendlyName,
    Version: latestVersion(item)?.number ?? 0,
    CheckedOut: item.checkedOut !== null,
    Icon: schema.icon,
    SubType: schema.rootName,
    SubTypeLabel: schema.friendlyName,
    MarkedTargetIds: Object.keys(item.marks),
    IsRegionRoot: isPage(item) ? item.isRegionRoot : false,
    Locale: item.locale,
    CanParentRegionRoots: isPage(item) ? item.canParentRegionRoots : false,
    Favorite: item.favoriteOf.includes(user.id),
    Categorization: item.categoryIds,
  };
}

/** A page or an asset in its own model. */
export function itemModel(actor: Actor, node: AnyNode) {
  return isPage(node) ? pageModel(actor, node) : assetItemModel(actor, node);
}

function lingualMaps(page: PageItem) {
  if (!page.lingual) return null;
  return {
    Master: { Id: page.lingual.masterId, Locale: page.lingual.masterLocale },
    Clones: page.lingual.clones.map((clone) => ({ Id: clone.id, Locale: clone.locale })),
  };
}
