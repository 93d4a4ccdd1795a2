import { canRead, requireFullAccess, requireRead } from '../cms/access.ts';
import { completeElements, currentContent, nameOf, schemaOf } from '../cms/content.ts';
import { pageXml } from '../cms/page-xml.ts';
import { targetOf } from '../cms/publishing.ts';
import { contentForReferences, referencesIn, usagesOf } from '../cms/references.ts';
import { isPage, isRecycled } from '../cms/tree.ts';
import type { WireModel } from '../contract/contract.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import { invalidArgument } from '../exceptions.ts';
import type { PageItem } from '../model.ts';
import type { ApiCall, Route } from '../route.ts';
import { componentData, componentUnitValues, elementData } from '../views/content-unit.ts';
import { sortedBy } from '../views/paging.ts';
import { assetByPath } from './asset-paths.ts';

/** Tags *ContentUnits* and *IceComponentPicker* of the contract: every component can be put on a page as a unit. */
export const contentUnitRoutes: Route[] = contractRoutes({
  ContentUnits_GetContentUnitPreviewData(call) {
    const unit = unitOf(call, call.query.text('cuId'), 'cuId');
    return shape('ContentUnitPreviewData', {
      ID: unit.id,
      Name: nameOf(unit),
      DssViewPath: unit.viewName,
      Finalized: unit.checkedOut === null,
      CanEditView: false,
      UseExistingView: unit.viewName !== null,
      Thumbnail: call.state.contentUnitThumbnails[unit.id] ?? null,
    });
  },
  ContentUnits_GetComponentUnitFragmentInstances(call) {
    const unit = call.state.pages[call.query.text('compUnitId')];
    if (!unit?.isComponent || !canRead(call, unit)) return [];
    return usagesOf(call.state, unit.id)
      .filter(({ item }) => isPage(item) && canRead(call, item))
      .map(({ item, reference }) =>
        shape('ComponentFragmentInstance', {
          ...componentUnitValues(call, unit, true),
          ComponentId: unit.id,
          ChildLayoutContainerId: `${item.id}/${reference.elementName}`,
          VersionId: String(item.versions.at(-1)?.number ?? 0),
        }),
      );
  },
  ContentUnits_GetComponentUnitContent(call) {
    const unit = unitOf(call, call.query.text('compUnitId'), 'compUnitId');
    const { name, elements } = currentContent(call.state, call.user, unit);
    return shape('ContentUnitIceUpdateModel', {
      model: componentData(call, unit),
      markup: pageXml(call.state, unit, name, elements),
    });
  },
  ContentUnits_UpdateComponentUnitThumbnail(call) {
    const unit = unitOf(call, call.query.text('contentUnitId'), 'contentUnitId');
    requireFullAccess(call, unit);
    const address = call.query.text('tempAssetUrl');
    if (address === '') throw invalidArgument('No picture was given.', 'tempAssetUrl');
    call.state.contentUnitThumbnails[unit.id] = address;
    return shape('StringResultModel', { Result: address });
  },
  ContentUnits_GetClassNamesFromCss(call) {
    const request = call.body.model('input');
    const stored = request.list('stylesheetRefs').map((path) => {
      const asset = call.state.assets[path] ?? assetByPath(call.state, path);
      return asset && canRead(call, asset) ? (currentContent(call.state, call.user, asset).file?.text ?? '') : '';
    });
    const styles = [...stored, ...request.list('stylesheetContents')].join('\n');
    // What stands between braces are values: 1.5em is no class.
    const selectors = styles.replace(/\{[^{}]*\}/g, ' ');
    const names = [...selectors.matchAll(/\.(-?[A-Za-z_][\w-]*)/g)].map(([, name = '']) => name);
    const filter = request.text('filterText').toLowerCase();
    const found = [...new Set(names)].filter((name) => name.toLowerCase().includes(filter)).toSorted();
    const count = Number(request.text('count'));
    return count > 0 ? found.slice(0, count) : found;
  },
  Pages_GetContentUnits(call) {
    const page = call.state.pages[call.query.text('pageId')];
    if (!page) return null;
    requireRead(call, page);
    targetOf(call.state, call.query.text('pubTgtId'));
    const schema = schemaOf(call.state, page);
    const { elements } = currentContent(call.state, call.user, page);
    const fields = completeElements(schema, elements).filter(({ field }) => !field.hidden);
    return shape('PresentationGlobalContentUnits', {
      FieldContentUnits: fields.map(({ field, element }, index) =>
        shape('PagePresentation_GlobalContentUnit', {
          Id: field.id,
          Name: field.label,
          ElementName: field.name,
          ElementData: elementData(field, element, index),
          ElementId: field.id,
          FieldLabel: field.label,
          FieldType: field.type,
          ElementSchemaType: schema.rootName,
        }),
      ),
      ComponentContentUnits: embeddedComponents(call, page).map((component) =>
        shape('PagePresentation_GlobalContentUnit', componentUnitValues(call, component, true)),
      ),
    });
  },
  IceComponentPicker_GetComponentSchemas: (call) =>
    call.state.schemas
      .filter(({ kind, draft }) => kind === 'component' && !draft)
      .map(({ id, friendlyName }) => shape('KeyValuePairOfStringAndString', { Key: id, Value: friendlyName })),
  IceComponentPicker_GetListPage(call) {
    const { query } = call;
    const wanted = {
      type: query.text('type'),
      name: query.text('name'),
      language: query.text('language'),
      isWanted: (query.flag('includeComps') ?? false) || (query.flag('includeCus') ?? false),
    };
    const [, minus = '', field = ''] = /^(-?)(\w*)$/.exec(query.text('sort')) ?? [];
    const items = components(call, wanted).map((component) => ({
      id: component.id,
      name: nameOf(component),
      type: schemaOf(call.state, component).friendlyName,
      locale: component.locale,
    }));
    const sorted = sortedBy(
      items,
      field || 'name',
      minus === '' ? 'ASC' : 'DESC',
      (item, name) => Object.entries(item).find(([key]) => key === name)?.[1],
    );
    const start = Math.max(0, query.int('start') ?? 0);
    const count = query.int('count') ?? 0;
    return shape('GridDataOfComponentItemInfo', {
      identifier: 'id',
      label: 'name',
      numRows: items.length,
      items: sorted
        .slice(start, count > 0 ? start + count : undefined)
        .map((item) => shape('ComponentItemInfo', { ...item, isCu: true })),
    });
  },
  IceComponentPicker_GetTrays(call) {
    const request = call.body.model('parameters');
    const found = components(call, {
      type: request.text('type'),
      name: request.text('name'),
      language: request.text('language'),
      isWanted: request.flag('includeComps') || request.flag('includeCus'),
    });
    const start = Number(request.text('start')) || 0;
    const end = Number(request.text('end')) || found.length;
    return shape('ListRangeDataOfTraysDataModel', {
      ItemsInRange: found.slice(start, end).map((component) =>
        shape('TraysDataModel', {
          ElementData: componentData(call, component),
          Label: nameOf(component),
          Id: component.id,
          Name: nameOf(component),
          SchemaName: schemaOf(call.state, component).friendlyName,
          Locale: component.locale,
          IsContentUnit: true,
          Thumb: call.state.contentUnitThumbnails[component.id] ?? null,
        }),
      ),
      TotalCount: found.length,
    });
  },
  IceComponentPicker_GetComponentThumb: (call): WireModel =>
    shape('StringResultModel', { Result: call.state.contentUnitThumbnails[call.query.text('id')] ?? null }),
});

/** @throws CmsException (ArgumentException) for everything that is no component. */
function unitOf(call: ApiCall, id: string, parameterName: string): PageItem {
  const unit = call.state.pages[id];
  if (!unit?.isComponent) throw invalidArgument(`There is no content unit ${id}.`, parameterName);
  requireRead(call, unit);
  return unit;
}

function components(
  call: ApiCall,
  wanted: { type: string; name: string; language: string; isWanted: boolean },
): PageItem[] {
  if (!wanted.isWanted) return [];
  return Object.values(call.state.pages)
    .filter((page) => page.isComponent && !isRecycled(call.state, page) && canRead(call, page))
    .filter((page) => wanted.type === '' || page.schemaId === wanted.type)
    .filter((page) => nameOf(page).toLowerCase().includes(wanted.name.toLowerCase()))
    .filter((page) => wanted.language === '' || page.locale === wanted.language)
    .toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

function embeddedComponents(call: ApiCall, page: PageItem): PageItem[] {
  const ids = referencesIn(call.state, page, contentForReferences(page)).map(({ targetId }) => targetId);
  return [...new Set(ids)]
    .flatMap((id) => (id === null ? [] : (call.state.pages[id] ?? [])))
    .filter((candidate) => candidate.isComponent && canRead(call, candidate));
}
