import { canRead, requireRead } from '../cms/access.ts';
import { nameOf, schemaOf } from '../cms/content.ts';
import { contentForReferences, usagesOf } from '../cms/references.ts';
import {
  findBroken,
  findReferences,
  findText,
  findUnusedAssets,
  openSession,
  progressOf,
  type ReportEntry,
  type ReportSession,
  replaceEntries,
  reportEntryModel,
  reportPages,
  type SearchType,
} from '../cms/reports.ts';
import { matchesPicker, rankedSearch } from '../cms/search.ts';
import {
  type AnyItem,
  type AnyNode,
  ancestorsOf,
  descendantAssets,
  findItem,
  findNode,
  isAsset,
  isPage,
  isRecycled,
} from '../cms/tree.ts';
import { invalidArgument } from '../exceptions.ts';
import { type ApiCall, FileAnswer, type Route } from '../route.ts';
import { contentItemModel } from '../views/content-item.ts';
import { groupName, userName } from '../views/entity.ts';
import { paginated, pascalPaging, sortedBy } from '../views/paging.ts';
import { assetByPath } from './asset-paths.ts';

/** Tag *Site* of the contract: search, search sessions with replace, usage. */
export const siteRoutes: Route[] = [
  {
    operationId: 'Site_RankedSearch',
    method: 'GET',
    path: '/site/ranked-search',
    query: {
      Keywords: 'string',
      FieldName: 'string',
      SchemaName: 'string',
      Locale: 'string',
      FieldIsAttribute: 'bool',
      FieldIsDate: 'bool',
      UseCheckedOutContent: 'bool',
      IncludeRecycled: 'bool',
      IncludePages: 'bool',
      IncludeAssets: 'bool',
      SortField: 'string',
      SortOrder: 'string',
      ...pascalPaging,
    },
    effect: 'read',
    indexed: true,
    handle: search,
  },
  {
    operationId: 'Site_SearchContentItems',
    method: 'GET',
    path: '/site/content-item-search',
    query: {
      SearchText: 'string',
      IncludeComponents: 'bool',
      IncludePages: 'bool',
      OrderByScore: 'bool',
      Types: 'list',
      SubTypes: 'list',
      IncludeContentPath: 'bool',
      IncludeRecycled: 'bool',
      IncludeAssetRoot: 'bool',
      ...pascalPaging,
    },
    effect: 'read',
    indexed: true,
    handle: pickerSearch,
  },
  {
    operationId: 'Site_GetTabModel',
    method: 'GET',
    path: '/site/tab-model',
    query: { contentItemId: 'string!' },
    effect: 'read',
    handle: tabModel,
  },
  {
    operationId: 'Site_GenerateTextSearchReport',
    method: 'POST',
    path: '/site/generate-search-text-report',
    body: 'json',
    effect: 'read',
    handle(call) {
      const request = call.body.model();
      const pages = reportPages(call, request.text('RootPageId'), request.flag('IncludeChildren'));
      const entries = findText(call, pages, request.required('SearchText'), request.flag('IgnoreCase'), 'Text');
      return startReport(call, 'Text', entries);
    },
  },
  {
    operationId: 'Site_GenerateAssetTextSearchReport',
    method: 'POST',
    path: '/site/generate-search-asset-text-report',
    body: 'json',
    effect: 'read',
    handle(call) {
      const request = call.body.model();
      const root = request.text('RootPageId') || call.state.assetRootFolderId;
      const assets = descendantAssets(call.state, root)
        .filter(isAsset)
        .filter((asset) => canRead(call, asset));
      const entries = findText(call, assets, request.required('SearchText'), request.flag('IgnoreCase'), 'AssetText');
      return startReport(call, 'AssetText', entries);
    },
  },
  {
    operationId: 'Site_GenerateBrokenLinkReport',
    method: 'POST',
    path: '/site/generate-broken-link-report',
    body: 'json',
    effect: 'read',
    handle(call) {
      const request = call.body.model();
      const pages = reportPages(call, request.text('RootPageId'), request.flag('IncludeChildren'));
      // External addresses are never looked up, whatever ValidateExternalReferences says.
      return startReport(call, 'BrokenReferences', findBroken(call, pages));
    },
  },
  {
    operationId: 'Site_GeneratePageReferenceReport',
    method: 'POST',
    path: '/site/generate-page-reference-report',
    body: 'json',
    effect: 'read',
    handle(call) {
      const request = call.body.model();
      const pages = reportPages(call, request.text('RootPageId'), request.flag('IncludeChildren'));
      return startReport(call, 'Xid', findReferences(call, pages, request.text('PageId'), 'Xid'));
    },
  },
  {
    operationId: 'Site_GenerateAssetRefernceReport',
    method: 'POST',
    path: '/site/generate-asset-reference-report',
    body: 'json',
    effect: 'read',
    handle(call) {
      const request = call.body.model();
      const pages = reportPages(call, request.text('RootPageId'), request.flag('IncludeChildren'));
      const path = request.text('AssetPath');
      const asset = call.state.assets[path] ?? assetByPath(call.state, path);
      return startReport(call, 'Asset', asset ? findReferences(call, pages, asset.id, 'Asset') : []);
    },
  },
  {
    operationId: 'Site_GenerateUnusedAssetsReport',
    method: 'POST',
    path: '/site/generate-unused-assets-report',
    body: 'json',
    effect: 'read',
    handle(call) {
      const folderId = call.body.model().required('RootAssetFolderId');
      if (!call.state.assetFolders[folderId]) {
        throw invalidArgument(`There is no asset folder ${folderId}.`, 'RootAssetFolderId');
      }
      return startReport(call, 'UnusedAssets', findUnusedAssets(call, folderId));
    },
  },
  {
    operationId: 'Site_GetReportStatus',
    method: 'GET',
    path: '/site/report/{sessionId}/status',
    effect: 'read',
    handle(call) {
      const session = call.runtime.reports.get(call.path['sessionId'] ?? '');
      if (!session) return { Success: false, ProgressPercentage: 0, Complete: false };
      const progress = progress100(call, session);
      return { Success: true, ProgressPercentage: progress, Complete: progress === 100 };
    },
  },
  {
    operationId: 'Site_GetReport',
    method: 'GET',
    path: '/site/report/{sessionId}',
    effect: 'read',
    handle(call) {
      const session = call.runtime.reports.get(call.path['sessionId'] ?? '');
      if (!session) return null;
      const entries = progress100(call, session) === 100 ? session.entries : [];
      return entries.map((entry) => reportEntryModel(call, entry));
    },
  },
  {
    operationId: 'Site_DownloadReport',
    method: 'GET',
    path: '/site/report/{sessionId}/file',
    effect: 'read',
    handle(call) {
      const session = call.runtime.reports.get(call.path['sessionId'] ?? '');
      if (!session) return null;
      const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const rows = session.entries.map((entry) =>
        [entry.contentId, entry.elementName, entry.foundValue, entry.fullValue].map(cell).join(','),
      );
      const csv = ['ContentId,Name,FoundValue,FullValue', ...rows].join('\r\n');
      return new FileAnswer('text/csv', csv, { downloadName: 'report.csv' });
    },
  },
  {
    operationId: 'Site_CancelReport',
    method: 'POST',
    path: '/site/report/cancel',
    query: { sessionId: 'string!' },
    effect: 'read',
    handle: (call) => call.runtime.reports.delete(call.query.text('sessionId')),
  },
  {
    operationId: 'Site_ReplaceReportEntry',
    method: 'POST',
    path: '/site/report/replace-entry',
    body: 'json',
    effect: 'write',
    handle(call) {
      const request = call.body.model();
      const session = call.runtime.reports.get(request.text('SessionId'));
      if (!session) throw invalidArgument(`There is no report session ${request.text('SessionId')}.`, 'SessionId');
      return replaceEntries(call, session, request.list('EntryIds'), request.text('NewValue'));
    },
  },
  {
    operationId: 'Site_GetContentItemUsageSummary',
    method: 'GET',
    path: '/site/usage-summary',
    query: { id: 'string!' },
    effect: 'read',
    indexed: true,
    handle(call) {
      const id = call.query.text('id');
      if (!findNode(call.state, id)) return null;
      return { totalResults: readableUsages(call, id).length };
    },
  },
  {
    operationId: 'Site_GetContentItemUsageReport',
    method: 'GET',
    path: '/site/usage-report',
    query: { Id: 'string', SortField: 'string', SortOrder: 'string', ...pascalPaging },
    effect: 'read',
    indexed: true,
    handle(call) {
      const rows = readableUsages(call, call.query.text('Id')).map(({ item, reference }) => ({
        Id: item.id,
        Name: nameOf(item),
        elementName: reference.elementName,
        elementType: reference.elementType,
        checkedIn: item.checkedOut === null,
      }));
      const sorted = sortedBy(
        rows,
        call.query.text('SortField'),
        call.query.text('SortOrder'),
        (row, field) => Object.entries(row).find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1],
      );
      return paginated(call, sorted, (row) => row);
    },
  },
];

function search(call: ApiCall) {
  const { query } = call;
  const pages = query.flag('IncludePages');
  const assets = query.flag('IncludeAssets');
  // Neither has a declared default; a caller who names neither means everything.
  const everything = pages === null && assets === null;
  const found = rankedSearch(call, {
    keywords: query.text('Keywords'),
    fieldName: query.text('FieldName'),
    schemaName: query.text('SchemaName'),
    locale: query.text('Locale'),
    useCheckedOutContent: query.flag('UseCheckedOutContent') ?? false,
    includeRecycled: query.flag('IncludeRecycled') ?? false,
    includePages: everything || pages === true,
    includeAssets: everything || assets === true,
  });
  const sorted = sortedBy(
    found,
    query.text('SortField'),
    query.text('SortOrder'),
    (entry, field) =>
      Object.entries(contentItemModel(call, entry.item)).find(
        ([name]) => name.toLowerCase() === field.toLowerCase(),
      )?.[1],
  );
  return paginated(call, sorted, ({ item, rank, recycled }) => ({
    ...contentItemModel(call, item),
    Rank: rank,
    Recycled: recycled,
  }));
}

/** The search behind pickers: by id or by a part of the name. */
function pickerSearch(call: ApiCall) {
  const { query, state } = call;
  const text = query.text('SearchText');
  if (text.trim() === '') return paginated(call, [], () => null);
  const types = query.list('Types');
  const subTypes = query.list('SubTypes');
  const includeComponents = query.flag('IncludeComponents') ?? true;
  const includePages = query.flag('IncludePages') ?? true;
  const items: AnyItem[] = [...Object.values(state.pages), ...Object.values(state.assets)];
  const found = items
    .filter((item) => matchesPicker(item, text) && canRead(call, item))
    .filter((item) => (isPage(item) ? (item.isComponent ? includeComponents : includePages) : true))
    .filter((item) => types.length === 0 || types.includes(isPage(item) ? 'Page' : 'Asset'))
    .filter((item) => subTypes.length === 0 || subTypes.includes(schemaOf(state, item).rootName))
    .filter((item) => query.flag('IncludeRecycled') || !isRecycled(state, item));
  const wanted = text.trim().toLowerCase();
  const isExact = (item: AnyItem) => item.id.toLowerCase() === wanted || nameOf(item).toLowerCase() === wanted;
  const ordered = query.flag('OrderByScore')
    ? found.toSorted((a, b) => Number(isExact(b)) - Number(isExact(a)))
    : found;
  return paginated(call, ordered, (item) => metadata(call, item));
}

/** `ContentItemMetadataModel` of the contract. */
function metadata(call: ApiCall, item: AnyItem) {
  const { state } = call;
  const step = (node: AnyNode) => ({
    Id: node.id,
    Name: nameOf(node),
    Icon: 'schemaId' in node ? schemaOf(state, node).icon : 0,
  });
  return {
    Id: item.id,
    Name: nameOf(item),
    Path: call.query.flag('IncludeContentPath') ? [...ancestorsOf(state, item), item].map(step) : null,
    ContentId: item.id,
    ParentId: item.parentId,
    Locale: item.locale,
    RegionCode: item.locale,
    AssignedUser: userName(state, item.assignedUserId),
    AssignedGroup: groupName(state, item.assignedGroupId),
    CheckedOut: item.checkedOut !== null,
    Icon: schemaOf(state, item).icon,
    IsComponent: isPage(item) && item.isComponent,
    Type: isPage(item) ? 'Page' : 'Asset',
    LastModified: item.lastModified,
    Created: item.created,
  };
}

function startReport(call: ApiCall, type: SearchType, entries: ReportEntry[]) {
  const session = openSession(call.runtime.reports, {
    userId: call.user.id,
    type,
    startedAtMs: call.runtime.now().getTime(),
    entries,
  });
  return { ReportId: session.id };
}

function progress100(call: ApiCall, session: ReportSession): number {
  return progressOf(session, call.runtime.now().getTime(), call.runtime.knobs.reportTickMs);
}

function readableUsages(call: ApiCall, id: string) {
  return usagesOf(call.state, id).filter(({ item }) => canRead(call, item));
}

function tabModel(call: ApiCall) {
  const node = findNode(call.state, call.query.text('contentItemId'));
  if (!node) return null;
  requireRead(call, node);
  const page = isPage(node);
  const asset = isAsset(node);
  const item = findItem(call.state, node.id);
  return {
    Id: node.id,
    Name: nameOf(node),
    overviewTab: true,
    editTab: page,
    assetTab: asset,
    assetFolderTab: !page && !asset,
    assetEditTab: asset,
    taxonomyTab: page,
    assetTaxonomyTab: asset,
    previewTab: page,
    designTab: false,
    historyTab: page,
    assetHistoryTab: asset,
    assetXmlTab: false,
    assetPreviewTab: asset,
    xmlTab: page && item !== null && contentForReferences(item).length > 0,
    propertiesTab: page,
    translateTab: page && node.lingual !== null,
    analyticsTab: false,
    assetDitaTab: false,
    customTabs: [],
  };
}
