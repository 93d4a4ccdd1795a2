import type { ContentElement, ElementType, SandboxState } from '../model.ts';
import { completeElements, schemaOf, walkElements } from './content.ts';
import { type AnyItem, findNode } from './tree.ts';

/** One place in an item's content that points to another item. */
export type Reference = {
  /** Name of the element of the schema in which the reference stands. */
  elementName: string;
  elementType: ElementType;
  /** Id of the item pointed to, or null for an address outside of the CMS. */
  targetId: string | null;
  /** As written: `x42`, `x42.xml`, `a/5`, `https://…`. */
  raw: string;
};

/** Every reference in the given content, in the order of the schema's fields. */
export function referencesIn(state: SandboxState, item: AnyItem, elements: ContentElement[]): Reference[] {
  return completeElements(schemaOf(state, item), elements).flatMap(({ field, element }) =>
    [...walkElements([element])].flatMap((part) =>
      [part.value, ...Object.values(part.attributes)].flatMap((value) =>
        addressesIn(value).map((raw) => ({
          elementName: field.name,
          elementType: field.type,
          targetId: itemIdOf(raw),
          raw,
        })),
      ),
    ),
  );
}

/** True when the reference names an item that does not exist. External addresses are never looked up. */
export function isBroken(state: SandboxState, reference: Reference): boolean {
  return reference.targetId !== null && !reference.targetId.startsWith('CategoryNodes/')
    ? findNode(state, reference.targetId) === null
    : false;
}

/** The content that counts for references: the working copy, else the newest version. */
export function contentForReferences(item: AnyItem): ContentElement[] {
  return (item.checkedOut ?? item.versions.at(-1))?.elements ?? [];
}

/** Every place in the whole site that points to an item. */
export function usagesOf(state: SandboxState, id: string): { item: AnyItem; reference: Reference }[] {
  return [...Object.values(state.pages), ...Object.values(state.assets)]
    .filter((item) => item.id !== id)
    .flatMap((item) =>
      referencesIn(state, item, contentForReferences(item))
        .filter((reference) => reference.targetId === id)
        .map((reference) => ({ item, reference })),
    );
}

/** A whole value that is an id or an address, or the targets of links and images inside markup. */
function addressesIn(value: string): string[] {
  if (WHOLE_VALUE.test(value)) return [value];
  return [...value.matchAll(/\b(?:href|src)="([^"]+)"/g)].map((match) => match[1] ?? '');
}

const WHOLE_VALUE = /^(x\d+(\.xml)?|af?\/\d+|https?:\/\/\S+)$/;

function itemIdOf(raw: string): string | null {
  return /^(x\d+|af?\/\d+)(?:\.xml)?(?:[?#].*)?$/.exec(raw)?.[1] ?? null;
}
