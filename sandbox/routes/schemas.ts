import { canRead } from '../cms/access.ts';
import { latestVersion, nameOf } from '../cms/content.ts';
import { usagesOf } from '../cms/references.ts';
import { type AnyItem, findItem, isPage } from '../cms/tree.ts';
import type { HelpText, SchemaDefinition } from '../model.ts';
import type { ApiCall, Route } from '../route.ts';
import { entityModel, groupName, userName } from '../views/entity.ts';
import { camelPaging, paginated, pascalPaging, sortedBy } from '../views/paging.ts';
import { schemaModel } from '../views/schema.ts';

const searchQuery = { SearchText: 'string', AllowFullListing: 'bool', ...pascalPaging } as const;

/** Tags *Schemas* and *Configuration* (help texts) of the contract. */
export const schemaRoutes: Route[] = [
  {
    operationId: 'Schemas_GetSchemas',
    method: 'GET',
    path: '/schemas/schemas',
    query: camelPaging,
    effect: 'read',
    handle: (call) => schemaList(call, call.state.schemas.filter(isPageSchema)),
  },
  {
    operationId: 'Schemas_GetAssetSchemas',
    method: 'GET',
    path: '/schemas/asset-schemas',
    query: camelPaging,
    effect: 'read',
    handle: (call) => schemaList(call, call.state.schemas.filter(isAssetSchema)),
  },
  {
    operationId: 'Schemas_GetAssetSchemasByTypes',
    method: 'GET',
    path: '/schemas/asset-schemas-by-types',
    query: { assetTypes: 'list', ...camelPaging },
    effect: 'read',
    handle(call) {
      const types = call.query.list('assetTypes');
      const schemas = call.state.schemas.filter(isAssetSchema);
      return schemaList(
        call,
        types.length === 0 ? schemas : schemas.filter((schema) => types.includes(schema.assetType ?? '')),
      );
    },
  },
  {
    operationId: 'Schemas_GetSchema',
    method: 'GET',
    path: '/schemas/schema',
    query: { schemaIdOrRootName: 'string!' },
    effect: 'read',
    handle: (call) => oneSchema(call, isPageSchema),
  },
  {
    operationId: 'Schemas_GetAssetSchema',
    method: 'GET',
    path: '/schemas/asset-schema',
    query: { schemaIdOrRootName: 'string!' },
    effect: 'read',
    handle: (call) => oneSchema(call, isAssetSchema),
  },
  {
    operationId: 'Schemas_GetPageOrAssetSchema',
    method: 'GET',
    path: '/schemas/page-or-asset-schema',
    query: { schemaIdOrRootName: 'string!', includePageSchemas: 'bool!', includeAssetSchemas: 'bool!' },
    effect: 'read',
    handle: (call) =>
      oneSchema(call, (schema) =>
        Boolean(isAssetSchema(schema) ? call.query.flag('includeAssetSchemas') : call.query.flag('includePageSchemas')),
      ),
  },
  {
    operationId: 'Schemas_Search',
    method: 'GET',
    path: '/schemas/search',
    query: searchQuery,
    effect: 'read',
    handle: (call) => searchSchemas(call, isPageSchema),
  },
  {
    operationId: 'Schemas_SearchAssetSchemas',
    method: 'GET',
    path: '/schemas/search-asset-schemas',
    query: searchQuery,
    effect: 'read',
    handle: (call) => searchSchemas(call, isAssetSchema),
  },
  {
    operationId: 'Schemas_GetSchemaUsage',
    method: 'GET',
    path: '/schemas/schema-usage',
    query: {
      SchemaId: 'string',
      Type: 'string',
      Outdated: 'bool',
      SortField: 'string',
      SortOrder: 'string',
      ...pascalPaging,
    },
    effect: 'read',
    indexed: true,
    handle(call) {
      const schema = call.state.schemas.find((candidate) => candidate.id === call.query.text('SchemaId'));
      if (!schema) return paginated(call, [], () => null);
      const items: AnyItem[] = [...Object.values(call.state.pages), ...Object.values(call.state.assets)];
      const models = items
        .filter((item) => item.schemaId === schema.id && canRead(call, item))
        .filter(
          (item) =>
            !call.query.flag('Outdated') || (latestVersion(item)?.schemaVersion ?? schema.version) < schema.version,
        )
        .map((item) => usageModel(call, schema, item));
      const sorted = sortedBy(models, call.query.text('SortField'), call.query.text('SortOrder'), propertyOf);
      return paginated(call, sorted, (model) => model);
    },
  },
  {
    operationId: 'Schemas_GetComponentSchemaReferences',
    method: 'GET',
    path: '/schemas/pages-by-comp-schema',
    query: { schemaId: 'string!', filter: 'string=', StartIndex: 'int=0', PageSize: 'int=50' },
    effect: 'read',
    indexed: true,
    handle(call) {
      const schemaId = call.query.text('schemaId');
      const filter = call.query.text('filter').toLowerCase();
      const components = Object.values(call.state.pages).filter((page) => page.schemaId === schemaId);
      const users = new Map(
        components.flatMap((page) => usagesOf(call.state, page.id)).map(({ item }) => [item.id, item] as const),
      );
      const pages = [...users.values()].filter(
        (item) => canRead(call, item) && nameOf(item).toLowerCase().includes(filter),
      );
      return paginated(call, pages, (item) => ({ Id: item.id, Name: nameOf(item) }));
    },
  },
  {
    operationId: 'Configuration_GetHelpText',
    method: 'GET',
    path: '/configuration/help-text',
    query: { schemaId: 'string!' },
    effect: 'read',
    handle: (call) => helpText(findSchema(call, call.query.text('schemaId')), 'helpText'),
  },
  {
    operationId: 'Configuration_GetAIHelpText',
    method: 'GET',
    path: '/configuration/ai-help-text',
    query: { schemaId: 'string!' },
    effect: 'read',
    handle: (call) => helpText(findSchema(call, call.query.text('schemaId')), 'aiHelpText'),
  },
  {
    operationId: 'Configuration_GetHelpTextByContentItem',
    method: 'GET',
    path: '/configuration/help-text-by-content-item',
    query: { contentItemId: 'string!' },
    effect: 'read',
    handle(call) {
      const item = findItem(call.state, call.query.text('contentItemId'));
      return helpText(item ? findSchema(call, item.schemaId) : null, 'helpText');
    },
  },
  {
    operationId: 'Configuration_GetAllHelpText',
    method: 'GET',
    path: '/configuration/help-texts',
    effect: 'read',
    handle: (call) => call.state.schemas.map((schema) => helpText(schema, 'helpText')),
  },
];

const isAssetSchema = (schema: SchemaDefinition) => schema.kind === 'asset';
const isPageSchema = (schema: SchemaDefinition) => schema.kind !== 'asset';

function schemaList(call: ApiCall, schemas: SchemaDefinition[]) {
  const shown = schemas.filter((schema) => !schema.archived);
  return paginated(call, shown, (schema) => schemaModel(call.state, schema));
}

function findSchema(call: ApiCall, idOrRootName: string): SchemaDefinition | null {
  const wanted = idOrRootName.toLowerCase();
  return (
    call.state.schemas.find(
      (schema) => schema.id.toLowerCase() === wanted || schema.rootName.toLowerCase() === wanted,
    ) ?? null
  );
}

function oneSchema(call: ApiCall, isWanted: (schema: SchemaDefinition) => boolean) {
  const schema = findSchema(call, call.query.text('schemaIdOrRootName'));
  return schema && isWanted(schema) ? schemaModel(call.state, schema) : null;
}

function searchSchemas(call: ApiCall, isWanted: (schema: SchemaDefinition) => boolean) {
  const text = call.query.text('SearchText').trim().toLowerCase();
  // An empty text lists everything only on request.
  if (text === '' && !call.query.flag('AllowFullListing')) return paginated(call, [], () => null);
  return schemaList(
    call,
    call.state.schemas
      .filter(isWanted)
      .filter((schema) => [schema.friendlyName, schema.rootName].some((name) => name.toLowerCase().includes(text))),
  );
}

function usageModel(call: ApiCall, schema: SchemaDefinition, item: AnyItem) {
  const { state } = call;
  return {
    ...entityModel(state, item.id, nameOf(item), isPage(item) ? 'Page' : 'Asset', item),
    Icon: schema.icon,
    SchemaId: schema.id,
    RootName: schema.rootName,
    CheckedOut: item.checkedOut !== null,
    AssignedUser: userName(state, item.assignedUserId),
    AssignedGroup: groupName(state, item.assignedGroupId),
    SchemaVersion: latestVersion(item)?.schemaVersion ?? schema.version,
    ContentType: isPage(item) ? 'Page' : 'Asset',
    FieldId: null,
    FieldFullId: null,
    FieldName: null,
    HasPresentation: false,
    PresentationStatus: null,
    SyncPresentation: false,
  };
}

function propertyOf(model: object, field: string): unknown {
  return Object.entries(model).find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1];
}

function helpText(schema: SchemaDefinition | null, kind: 'helpText' | 'aiHelpText') {
  if (!schema) return null;
  const text: HelpText = schema[kind];
  return { schemaId: schema.id, schemaName: schema.rootName, attributes: text.attributes, elements: text.elements };
}
