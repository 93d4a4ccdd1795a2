import { canRead, requireRight } from '../cms/access.ts';
import { newStamp } from '../cms/actor.ts';
import { touch } from '../cms/check-out.ts';
import { schemaOf } from '../cms/content.ts';
import { type AnyItem, findItem } from '../cms/tree.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { invalidArgument, invalidOperation } from '../exceptions.ts';
import type { CategoryNode, PermissionLevel } from '../model.ts';
import type { ApiCall, Route } from '../route.ts';
import { categoryModel, categoryModelWithPath, securityModel } from '../views/category.ts';
import { contentItemModel, itemModel } from '../views/content-item.ts';
import { compactDate } from '../views/dates.ts';
import { camelPaging, paginated, pascalPaging, sortedBy } from '../views/paging.ts';

/** Tag *Taxonomy* of the contract, without category security. */
export const taxonomyRoutes: Route[] = [
  {
    operationId: 'Taxonomy_GetStats',
    method: 'GET',
    path: '/taxonomy/statistics',
    effect: 'read',
    handle(call) {
      const updates = call.state.categories.map((category) => category.lastModified).sort();
      const last = updates.at(-1);
      return {
        CategoriesCount: call.state.categories.length,
        CreatedCount: call.state.categories.length,
        TranslatedCount: 0,
        LastUpdate: last ? compactDate(last) : null,
      };
    },
  },
  {
    operationId: 'Taxonomy_GetRootCategories',
    method: 'GET',
    path: '/taxonomy/root-categories',
    query: { schemaId: 'string=', ...camelPaging },
    effect: 'read',
    handle(call) {
      const schemaId = call.query.text('schemaId');
      const allowed =
        schemaId === '' ? [] : schemaOf(call.state, { schemaId: knownSchema(call, schemaId) }).rootCategoryIds;
      const roots = childrenOf(call, null).filter((root) => allowed.length === 0 || allowed.includes(root.id));
      return categoryList(call, roots);
    },
  },
  {
    operationId: 'Taxonomy_GetCategories',
    method: 'GET',
    path: '/taxonomy/categories',
    query: { regionCode: 'string=', initialLetters: 'string=', searchSynonyms: 'bool=false', ...camelPaging },
    effect: 'read',
    indexed: true,
    handle(call) {
      const letters = call.query.text('initialLetters').toLowerCase();
      const region = call.query.text('regionCode').toLowerCase();
      const starts = (text: string) => text.toLowerCase().startsWith(letters);
      const found = call.state.categories
        .filter((category) => region === '' || category.locale.toLowerCase() === region)
        .filter(
          (category) =>
            starts(category.name) ||
            (call.query.flag('searchSynonyms') && category.synonyms.some((synonym) => starts(synonym.value))),
        );
      return categoryList(call, found);
    },
  },
  {
    operationId: 'Taxonomy_GetCategory',
    method: 'GET',
    path: '/taxonomy/category',
    query: { id: 'string!' },
    effect: 'read',
    handle: (call) => oneCategory(call, call.query.text('id')),
  },
  {
    operationId: 'Taxonomy_GetChildren',
    method: 'GET',
    path: '/taxonomy/category/children',
    query: { id: 'string!', ...camelPaging },
    effect: 'read',
    indexed: true,
    handle: (call) => categoryList(call, childrenOf(call, call.query.text('id'))),
  },
  {
    operationId: 'Taxonomy_GetParent',
    method: 'GET',
    path: '/taxonomy/category/parent',
    query: { id: 'string!' },
    effect: 'read',
    handle: (call) => oneCategory(call, findCategory(call, call.query.text('id'))?.parentId ?? ''),
  },
  {
    operationId: 'Taxonomy_GetAncestors',
    method: 'GET',
    path: '/taxonomy/category/ancestors',
    query: { id: 'string!' },
    effect: 'read',
    handle(call) {
      const category = findCategory(call, call.query.text('id'));
      return category && ancestors(call, category).map((ancestor) => categoryModel(call.state, ancestor));
    },
  },
  {
    operationId: 'Taxonomy_QuickSearch',
    method: 'GET',
    path: '/taxonomy/quick-search',
    query: { search: 'string!' },
    effect: 'read',
    indexed: true,
    handle(call) {
      const text = call.query.text('search').trim().toLowerCase();
      if (text === '') return [];
      return call.state.categories
        .filter((category) =>
          [category.name, ...category.synonyms.map((synonym) => synonym.value)].some((name) =>
            name.toLowerCase().includes(text),
          ),
        )
        .map((category) => categoryModelWithPath(call.state, category));
    },
  },
  {
    operationId: 'Taxonomy_GetCategoriesWithPath',
    method: 'POST',
    path: '/taxonomy/categories-with-path',
    body: 'json',
    effect: 'read',
    handle: (call) =>
      call.body
        .ids('ids')
        .map((id) => findCategory(call, id))
        .filter((category) => category !== null)
        .map((category) => categoryModelWithPath(call.state, category)),
  },
  {
    operationId: 'Taxonomy_GetAssociations',
    method: 'GET',
    path: '/taxonomy/category/associations',
    query: { CategoryId: 'string', SortField: 'string', SortOrder: 'string', ...pascalPaging },
    effect: 'read',
    indexed: true,
    handle(call) {
      const items = associated(call, call.query.text('CategoryId')).filter((item) => canRead(call, item));
      const sorted = sortedBy(
        items,
        call.query.text('SortField'),
        call.query.text('SortOrder'),
        (item, field) =>
          Object.entries(contentItemModel(call, item)).find(
            ([name]) => name.toLowerCase() === field.toLowerCase(),
          )?.[1],
      );
      return paginated(call, sorted, (item) => contentItemModel(call, item));
    },
  },
  {
    operationId: 'Taxonomy_CategoryHasAssociations',
    method: 'GET',
    path: '/taxonomy/category/has-association',
    query: { categoryId: 'string!', recursive: 'bool=true' },
    effect: 'read',
    handle(call) {
      const category = findCategory(call, call.query.text('categoryId'));
      if (!category) return false;
      const looked = call.query.flag('recursive') ? [category, ...descendants(call, category.id)] : [category];
      return looked.some((candidate) => associated(call, candidate.id).length > 0);
    },
  },
  {
    operationId: 'Taxonomy_CategoriesWithAssociations',
    method: 'GET',
    path: '/taxonomy/category/associated-descendants',
    query: { categoryId: 'string!', recursive: 'bool=true' },
    effect: 'read',
    handle(call) {
      const id = call.query.text('categoryId');
      const below = call.query.flag('recursive') ? descendants(call, id) : childrenOf(call, id);
      return below
        .filter((category) => associated(call, category.id).length > 0)
        .map((category) => categoryModelWithPath(call.state, category));
    },
  },
  {
    operationId: 'Taxonomy_CreateCategory',
    method: 'POST',
    path: '/taxonomy/category',
    query: { name: 'string!', parentId: 'string=', locale: 'string=en-us' },
    effect: 'write',
    handle(call) {
      requireRight(call, 'IGX_USER_RIGHT_MANAGE_TAXONOMY');
      const parentId = call.query.text('parentId') || null;
      const name = call.query.text('name').trim();
      if (name === '') throw invalidArgument('A category must have a name.', 'name');
      if (parentId !== null && !findCategory(call, parentId)) {
        throw invalidArgument(`There is no category ${parentId}.`, 'parentId');
      }
      return categoryModel(call.state, addCategory(call, { name, parentId, locale: call.query.text('locale') }));
    },
  },
  {
    operationId: 'Taxonomy_SaveCategory',
    method: 'PUT',
    path: '/taxonomy/category',
    body: 'json',
    effect: 'write',
    handle(call) {
      const input = call.body.model('input');
      return change(call, input.text('Id'), (category) => {
        category.name = input.text('Name') || category.name;
        category.description = input.text('Description');
        category.externalId = input.text('ExternalId');
        category.typeName = input.text('TypeName') || category.typeName;
      });
    },
  },
  {
    operationId: 'Taxonomy_Rename',
    method: 'PATCH',
    path: '/taxonomy/category/rename',
    query: { id: 'string!', newName: 'string!' },
    effect: 'write',
    handle: (call) =>
      change(call, call.query.text('id'), (category) => {
        const name = call.query.text('newName').trim();
        if (name === '') throw invalidArgument('A category must have a name.', 'newName');
        category.name = name;
      }),
  },
  {
    operationId: 'Taxonomy_Move',
    method: 'PATCH',
    path: '/taxonomy/category/move',
    query: { srcId: 'string!', tgtId: 'string!', asSibling: 'bool=false' },
    effect: 'write',
    handle: (call) =>
      change(call, call.query.text('srcId'), (category) => {
        const parentId = newParentId(call);
        const isInside = [category, ...descendants(call, category.id)].some((candidate) => candidate.id === parentId);
        if (isInside) throw invalidOperation(`${category.id} cannot be moved into itself.`);
        category.parentId = parentId;
      }),
  },
  {
    operationId: 'Taxonomy_Copy',
    method: 'PATCH',
    path: '/taxonomy/category/copy',
    query: {
      srcId: 'string!',
      tgtId: 'string!',
      singleCategoryCopy: 'bool=false',
      asSibling: 'bool=false',
      copyAssociations: 'bool=false',
    },
    effect: 'write',
    handle(call) {
      requireRight(call, 'IGX_USER_RIGHT_MANAGE_TAXONOMY');
      const source = findCategory(call, call.query.text('srcId'));
      if (!source) return null;
      const single = call.query.flag('singleCategoryCopy') ?? false;
      const withAssociations = call.query.flag('copyAssociations') ?? false;
      const copyBelow = (category: CategoryNode, parentId: string | null): CategoryNode => {
        const children = single ? [] : childrenOf(call, category.id);
        const copy = addCategory(call, { ...category, parentId });
        if (withAssociations) for (const item of associated(call, category.id)) item.categoryIds.push(copy.id);
        for (const child of children) copyBelow(child, copy.id);
        return copy;
      };
      return categoryModel(call.state, copyBelow(source, newParentId(call)));
    },
  },
  {
    operationId: 'Taxonomy_CopyAssociations',
    method: 'PATCH',
    path: '/taxonomy/category/copy-associations',
    query: { srcId: 'string!', tgtId: 'string!' },
    effect: 'write',
    handle(call) {
      requireRight(call, 'IGX_USER_RIGHT_MANAGE_TAXONOMY');
      const target = findCategory(call, call.query.text('tgtId'));
      if (!target) throw invalidArgument(`There is no category ${call.query.text('tgtId')}.`, 'tgtId');
      const added = associated(call, call.query.text('srcId')).filter((item) => !item.categoryIds.includes(target.id));
      for (const item of added) item.categoryIds.push(target.id);
      return added.map((item) => item.id);
    },
  },
  {
    operationId: 'Taxonomy_DeleteCategory',
    method: 'DELETE',
    path: '/taxonomy/category',
    query: { id: 'string!' },
    effect: 'write',
    handle(call) {
      requireRight(call, 'IGX_USER_RIGHT_MANAGE_TAXONOMY');
      const category = findCategory(call, call.query.text('id'));
      if (!category) return false;
      const doomed = new Set([category, ...descendants(call, category.id)].map((candidate) => candidate.id));
      call.state.categories = call.state.categories.filter((candidate) => !doomed.has(candidate.id));
      for (const item of allItems(call)) item.categoryIds = item.categoryIds.filter((id) => !doomed.has(id));
      return true;
    },
  },
  {
    operationId: 'Taxonomy_SetCategorySynonyms',
    method: 'PUT',
    path: '/taxonomy/category/synonyms',
    query: { id: 'string!', regionCode: 'string!' },
    body: 'json',
    effect: 'write',
    handle: (call) =>
      change(call, call.query.text('id'), (category) => {
        const region = call.query.text('regionCode');
        const given = call.body.models('synonyms').map((synonym) => ({
          locale: synonym.text('Locale') || region,
          value: synonym.text('Value'),
        }));
        category.synonyms = [...category.synonyms.filter((synonym) => synonym.locale !== region), ...given];
      }),
  },
  {
    operationId: 'Taxonomy_AddAssociation',
    method: 'PATCH',
    path: '/taxonomy/category/association',
    query: { categoryId: 'string!', contentId: 'string!' },
    effect: 'write',
    handle: (call) => associate(call, [call.query.text('contentId')], true),
  },
  {
    operationId: 'Taxonomy_AddAssociations',
    method: 'PATCH',
    path: '/taxonomy/category/associations',
    query: { categoryId: 'string!' },
    body: 'json',
    effect: 'write',
    handle: (call) => associate(call, call.body.ids('contentIds'), true),
  },
  {
    operationId: 'Taxonomy_DeleteAssociation',
    method: 'DELETE',
    path: '/taxonomy/category/association',
    query: { categoryId: 'string!', contentId: 'string!' },
    effect: 'write',
    handle: (call) => associate(call, [call.query.text('contentId')], false),
  },
  {
    operationId: 'Taxonomy_DeleteAssociations',
    method: 'DELETE',
    path: '/taxonomy/category/associations',
    query: { categoryId: 'string!' },
    // One of the five deletes with a body (contract §2).
    body: 'json',
    effect: 'write',
    handle: (call) => associate(call, call.body.ids('contentIds'), false),
  },
  {
    operationId: 'Taxonomy_SetCategoryAssociations',
    method: 'POST',
    path: '/taxonomy/category/content-associations',
    query: { contentId: 'string!' },
    body: 'json',
    effect: 'write',
    handle(call) {
      const categoryIds = call.body.ids('categoryIds');
      const item = findItem(call.state, call.query.text('contentId'));
      if (!item) return null;
      requireCategorize(call);
      for (const id of categoryIds) knownCategory(call, id);
      item.categoryIds = [...new Set(categoryIds)];
      touch(call, item);
      return itemModel(call, item);
    },
  },
  ...contractRoutes({
    Taxonomy_GetCategorySecurity(call) {
      const category = findCategory(call, call.query.text('id'));
      return category ? securityModel(call.state, category) : null;
    },
    Taxonomy_SetCategorySecurity: setSecurity,
  }),
];

function findCategory(call: ApiCall, id: string): CategoryNode | null {
  return call.state.categories.find((category) => category.id === id) ?? null;
}

function knownCategory(call: ApiCall, id: string): CategoryNode {
  const category = findCategory(call, id);
  if (!category) throw invalidArgument(`There is no category ${id}.`, 'categoryId');
  return category;
}

function knownSchema(call: ApiCall, id: string): string {
  if (!call.state.schemas.some((schema) => schema.id === id))
    throw invalidArgument(`There is no schema ${id}.`, 'schemaId');
  return id;
}

function oneCategory(call: ApiCall, id: string) {
  const category = findCategory(call, id);
  return category && categoryModel(call.state, category);
}

function categoryList(call: ApiCall, categories: CategoryNode[]) {
  const sorted = categories.toSorted((a, b) => a.name.localeCompare(b.name));
  return paginated(call, sorted, (category) => categoryModel(call.state, category));
}

function childrenOf(call: ApiCall, parentId: string | null): CategoryNode[] {
  return call.state.categories.filter((category) => category.parentId === parentId && !category.archived);
}

function descendants(call: ApiCall, id: string): CategoryNode[] {
  return childrenOf(call, id).flatMap((child) => [child, ...descendants(call, child.id)]);
}

function ancestors(call: ApiCall, category: CategoryNode): CategoryNode[] {
  const parent = category.parentId === null ? null : findCategory(call, category.parentId);
  return parent ? [...ancestors(call, parent), parent] : [];
}

function allItems(call: ApiCall): AnyItem[] {
  return [...Object.values(call.state.pages), ...Object.values(call.state.assets)];
}

function associated(call: ApiCall, categoryId: string): AnyItem[] {
  return allItems(call).filter((item) => item.categoryIds.includes(categoryId));
}

function addCategory(
  call: ApiCall,
  order: { name: string; parentId: string | null; locale: string } & Partial<CategoryNode>,
): CategoryNode {
  call.state.counters.category += 1;
  const category: CategoryNode = {
    description: '',
    typeName: 'CategoryNode',
    externalId: '',
    synonyms: [],
    permissions: [],
    ...structuredClone(order),
    id: `CategoryNodes/${call.state.counters.category}`,
    ...newStamp(call),
  };
  call.state.categories.push(category);
  return category;
}

function change(call: ApiCall, id: string, apply: (category: CategoryNode) => void) {
  requireRight(call, 'IGX_USER_RIGHT_MANAGE_TAXONOMY');
  const category = findCategory(call, id);
  if (!category) return null;
  apply(category);
  touch(call, category);
  return categoryModel(call.state, category);
}

function newParentId(call: ApiCall): string | null {
  const target = knownCategory(call, call.query.text('tgtId'));
  return call.query.flag('asSibling') ? target.parentId : target.id;
}

/** Associations belong to the content item, checked out or not; they need no full access on it. */
function associate(call: ApiCall, contentIds: string[], add: boolean) {
  requireCategorize(call);
  const category = findCategory(call, call.query.text('categoryId'));
  if (!category) return null;
  for (const id of contentIds) {
    const item = findItem(call.state, id);
    if (!item) throw invalidArgument(`There is no content item ${id}.`, 'contentId');
    const others = item.categoryIds.filter((candidate) => candidate !== category.id);
    item.categoryIds = add ? [...others, category.id] : others;
  }
  return categoryModel(call.state, category);
}

function requireCategorize(call: ApiCall): void {
  requireRight(call, 'IGX_USER_RIGHT_CATEGORIZE', 'IGX_USER_RIGHT_ASSET_CATEGORIZE', 'IGX_USER_RIGHT_MANAGE_TAXONOMY');
}

/** Inherited permissions are none of the category's own. */
function setSecurity(call: ApiCall) {
  const security = call.body.model('security');
  const category = knownCategory(call, security.text('Id'));
  const permissions = security.models('SecurityPermissions').map((permission) => {
    const groupId = permission.text('GroupId');
    if (!call.state.groups.some((group) => group.id === groupId)) {
      throw invalidArgument(`There is no user group ${groupId}.`, 'security');
    }
    // The binding has refused everything that is no level.
    return { groupId, level: permission.text('PermissionLevel') as PermissionLevel };
  });
  category.permissions = security.flag('SecurityInherited') ? [] : permissions;
  touch(call, category);
  return securityModel(call.state, category);
}
