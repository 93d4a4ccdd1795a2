import type { CategoryNode, SandboxState } from '../model.ts';
import { entityModel, groupName } from './entity.ts';

/** `CategoryModel` of the contract. */
export function categoryModel(state: SandboxState, category: CategoryNode) {
  const carries = (item: { categoryIds: string[] }) => item.categoryIds.includes(category.id);
  return {
    ...entityModel(state, category.id, category.name, 'CategoryNode', category),
    ParentId: category.parentId,
    ChildrenCount: state.categories.filter((candidate) => candidate.parentId === category.id).length,
    SiblingPosition: 0,
    Description: category.description,
    TypeName: category.typeName,
    ExternalId: category.externalId,
    PageIds: Object.values(state.pages)
      .filter(carries)
      .map((page) => page.id),
    AssetIds: Object.values(state.assets)
      .filter(carries)
      .map((asset) => asset.id),
    Locale: category.locale,
    Synonyms: category.synonyms.map(({ locale, value }) => ({ Locale: locale, Value: value })),
    SecurityLevel: FULL_ACCESS_NUMBER,
    GroupPermissions: category.permissions.map(({ groupId, level }) => ({
      GroupId: groupId,
      GroupName: groupName(state, groupId),
      PermissionLevel: level,
    })),
    Translations: [],
  };
}

/** `CategorySecurityModel` of the contract; without permissions of its own a category has those of its parent. */
export function securityModel(state: SandboxState, category: CategoryNode) {
  const { Id, Name, GroupPermissions, SecurityLevel } = categoryModel(state, category);
  return {
    Id,
    Name,
    SecurityInherited: category.permissions.length === 0,
    SecurityPermissions: GroupPermissions,
    SecurityLevel,
  };
}

/** `CategoryModelWithPath` of the contract. */
export function categoryModelWithPath(state: SandboxState, category: CategoryNode) {
  return { ...categoryModel(state, category), Path: categoryPath(state, category) };
}

/** The names from the root category down, joined with slashes. */
function categoryPath(state: SandboxState, category: CategoryNode): string {
  const parent = state.categories.find((candidate) => candidate.id === category.parentId);
  return parent ? `${categoryPath(state, parent)}/${category.name}` : category.name;
}

/** `EnumNodeLevelPermission` as a number; categories answer it so. */
const FULL_ACCESS_NUMBER = 2;
