import type {
  CheckedOutCopy,
  ContentElement,
  ContentVersion,
  PageItem,
  SandboxState,
  SandboxUser,
  SchemaDefinition,
  SchemaField,
} from '../model.ts';
import { groupsOf } from './access.ts';
import type { AnyItem, AnyNode } from './tree.ts';

/** The schema of an item; an unknown id in the data is an error of the data, so this throws. */
export function schemaOf(state: SandboxState, item: { schemaId: string }): SchemaDefinition {
  const schema = state.schemas.find((candidate) => candidate.id === item.schemaId);
  if (!schema) throw new Error(`The state has no schema ${item.schemaId}.`);
  return schema;
}

/** The newest checked-in version, or null for an item that was never checked in. */
export function latestVersion(item: AnyItem): ContentVersion | null {
  return item.versions.at(-1) ?? null;
}

/** The name shown in trees: the working copy's, else that of the newest version. */
export function nameOf(node: AnyNode): string {
  if (!('versions' in node)) return node.name;
  return node.checkedOut?.name ?? latestVersion(node)?.name ?? '';
}

/** True when the working copy belongs to the user: by assignment, by the user's group, or by having checked it out. */
export function holdsWorkingCopy(state: SandboxState, user: SandboxUser, item: AnyItem): boolean {
  if (!item.checkedOut) return false;
  if (item.assignedUserId !== null) return item.assignedUserId === user.id;
  if (item.assignedGroupId !== null) return groupsOf(state, user).some((group) => group.id === item.assignedGroupId);
  return item.checkedOut.userId === user.id;
}

/** The content that the user sees as current: their working copy, else the newest version. */
export function currentContent(state: SandboxState, user: SandboxUser, item: AnyItem): ContentVersion | CheckedOutCopy {
  const latest = latestVersion(item);
  const content = holdsWorkingCopy(state, user, item) || !latest ? item.checkedOut : latest;
  if (!content) throw new Error(`The state holds no content of ${item.id}.`);
  return content;
}

/** Version `0` is the current content; an unknown number gives null. */
export function contentOfVersion(
  state: SandboxState,
  user: SandboxUser,
  item: AnyItem,
  version: number,
): ContentVersion | CheckedOutCopy | null {
  if (version === 0) return currentContent(state, user, item);
  const stored = item.versions.find((candidate) => candidate.number === version);
  if (stored) return stored;
  const isWorkingCopy = item.checkedOut !== null && version === (latestVersion(item)?.number ?? 0) + 1;
  return isWorkingCopy && holdsWorkingCopy(state, user, item) ? item.checkedOut : null;
}

/** One element per field of the schema, in its order; what the content lacks has the field's default. */
export function completeElements(
  schema: SchemaDefinition,
  elements: ContentElement[],
): { field: SchemaField; element: ContentElement }[] {
  return schema.fields.map((field) => ({
    field,
    element: elements.find((element) => element.name === field.name) ?? defaultElement(field),
  }));
}

/** What a new item starts with. */
export function defaultElements(schema: SchemaDefinition): ContentElement[] {
  return schema.fields.map(defaultElement);
}

function defaultElement(field: SchemaField): ContentElement {
  return { name: field.name, value: field.defaultValue, attributes: {}, children: [] };
}

/** An element and everything below it, flattened. */
export function* walkElements(elements: ContentElement[]): Generator<ContentElement> {
  for (const element of elements) {
    yield element;
    yield* walkElements(element.children);
  }
}

/** The first field that is required and empty, or null when a check-in may go on. */
export function emptyRequiredField(schema: SchemaDefinition, elements: ContentElement[]): SchemaField | null {
  const isEmpty = (element: ContentElement) => plainText(element.value) === '' && element.children.length === 0;
  const missing = completeElements(schema, elements).find(({ field, element }) => field.required && isEmpty(element));
  return missing?.field ?? null;
}

/** Text without tags and with the common entities decoded. */
export function plainText(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A page of this kind organises others and has no address of its own. */
export function isFolderPage(state: SandboxState, page: PageItem): boolean {
  return schemaOf(state, page).kind === 'folder';
}
