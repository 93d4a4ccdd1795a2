import { z } from 'zod';
import type { Actor } from '../cms/actor.ts';
import { completeElements, schemaOf } from '../cms/content.ts';
import { entryUid, TARGET_ATTRIBUTE } from '../cms/page-xml.ts';
import { findItem } from '../cms/tree.ts';
import { invalidOperation } from '../exceptions.ts';
import type { CheckedOutCopy, ContentElement, ElementType, PageItem, SchemaField } from '../model.ts';
import type { ServiceKnobs } from './service-knobs.ts';
import { malformedAt } from './well-formed.ts';

/** A map as the wire has it. */
export const pairs = z
  .array(z.object({ Key: z.string(), Value: z.union([z.string(), z.boolean(), z.number()]).nullish() }))
  .nullish()
  .transform((list) => Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key, String(Value ?? '')])));

const nodeShape = {
  nodeName: z.string().nullish(),
  nodeValue: z.string().nullish(),
  nodePosition: z.number().nullish(),
  attributes: pairs,
  deletedAttributes: pairs,
  metaData: z.object({ deleted: z.boolean().nullish(), insertPosition: z.number().nullish() }).nullish(),
  uniqueId: z.string().nullish(),
};

/** One element of a `PageSaveData`. */
export type SaveNode = z.output<z.ZodObject<typeof nodeShape>> & { childElements: SaveNode[] };

export const saveNode: z.ZodType<SaveNode> = z.lazy(() =>
  z.object({
    ...nodeShape,
    childElements: z
      .array(saveNode)
      .nullish()
      .transform((list) => list ?? []),
  }),
);

/** Stores a tree of elements in the working copy. @returns whether anything changed. @throws CmsException */
export function saveTree(
  actor: Actor,
  page: PageItem,
  copy: CheckedOutCopy,
  root: SaveNode,
  mode: ServiceKnobs['saveMode'],
): boolean {
  const schema = schemaOf(actor.state, page);
  if (root.nodeName !== schema.rootName) throw invalidOperation(`The root element is ${schema.rootName}.`);
  const rows = completeElements(schema, copy.elements);
  for (const node of root.childElements) {
    const row = rows.find(({ field }) => field.id === node.uniqueId);
    if (row?.field.name !== node.nodeName) throw invalidOperation(`The page has no element ${node.nodeName}.`);
  }
  const elements = rows.map(({ field, element }) => {
    const node = root.childElements.find(({ uniqueId }) => uniqueId === field.id);
    const blank = { name: field.name, value: '', attributes: {}, children: [] };
    const unlisted = mode === 'replace' && !field.readOnly ? blank : element;
    const wanted =
      node === undefined ? unlisted : elementOf(actor, { field, type: field.type }, node, element, field.id, mode);
    if (field.readOnly && !isSame(wanted, element)) throw invalidOperation(`${field.name} is read-only.`);
    return wanted;
  });
  const changed = !isSame(
    elements,
    rows.map(({ element }) => element),
  );
  copy.elements = elements;
  return changed;
}

/** One field of a `SavePartial`. */
export type PartialChange = {
  FullFieldId: string[];
  Attributes: Record<string, string>;
  Value: string | null;
  createMissingAttributes: boolean;
};

/** Stores single values; the last id of a path names the field. @throws CmsException */
export function savePartial(actor: Actor, page: PageItem, copy: CheckedOutCopy, change: PartialChange): void {
  const schema = schemaOf(actor.state, page);
  const elements = completeElements(schema, copy.elements).map(({ element }) => element);
  const [topUid, ...deeper] = change.FullFieldId;
  const at = schema.fields.findIndex(({ id }) => id === topUid);
  const field = schema.fields[at];
  let element = elements[at];
  let uid = topUid ?? '';
  if (!field || !element) throw invalidOperation(`The page has no element ${topUid}.`);
  for (const next of deeper) {
    const index: number = element.children.findIndex((_, place) => entryUid(uid, place) === next);
    const child: ContentElement | undefined = element.children[index];
    if (!child) throw invalidOperation(`The page has no element ${next}.`);
    element = child;
    uid = next;
  }
  if (field.readOnly) throw invalidOperation(`${field.name} is read-only.`);
  const type = deeper.length === 0 ? field.type : (field.child?.type ?? 'IGX_ELEMENT_TEXT');
  const attribute = TARGET_ATTRIBUTE[type];
  for (const [name, value] of Object.entries(change.Attributes)) {
    if (name === attribute) element.value = value;
    else if (name in element.attributes || change.createMissingAttributes) element.attributes[name] = value;
    else throw invalidOperation(`${element.name} has no attribute ${name}.`);
  }
  if (change.Value !== null && attribute === undefined) element.value = change.Value;
  assertValue(actor, field, type, element);
  copy.elements = elements;
}

type Place = { field: SchemaField; type: ElementType };

function elementOf(
  actor: Actor,
  place: Place,
  node: SaveNode,
  old: ContentElement,
  uid: string,
  mode: ServiceKnobs['saveMode'],
): ContentElement {
  const given = Object.entries(node.attributes).filter(([name]) => !(name in node.deletedAttributes));
  const attribute = TARGET_ATTRIBUTE[place.type];
  const target = given.find(([name]) => name === attribute)?.[1];
  const element: ContentElement = {
    name: old.name,
    value: attribute === undefined ? (node.nodeValue ?? '') : (target ?? ''),
    attributes: Object.fromEntries(given.filter(([name]) => name !== attribute && !RESERVED.has(name))),
    children: place.field.child === null ? old.children : childrenOf(actor, place, node, old, uid, mode),
  };
  assertValue(actor, place.field, place.type, element);
  return element;
}

/** Attributes that the XML adds to what the state holds. */
const RESERVED = new Set(['type', 'Type', 'Name', 'UID', 'label', 'readonly', 'hidden', 'required', 'TargetName']);

function childrenOf(
  actor: Actor,
  place: Place,
  node: SaveNode,
  old: ContentElement,
  uid: string,
  mode: ServiceKnobs['saveMode'],
): ContentElement[] {
  const type = place.field.child?.type ?? 'IGX_ELEMENT_TEXT';
  const blank = { name: place.field.child?.name ?? 'Item', value: '', attributes: {}, children: [] };
  const entries = old.children.map((entry, index) => ({ entry, uid: entryUid(uid, index) }));
  const made = (child: SaveNode, entry: ContentElement, entryId: string) => {
    if (child.nodeName !== entry.name) throw invalidOperation(`${old.name} holds no ${child.nodeName}.`);
    return elementOf(actor, { ...place, type }, child, entry, entryId, mode);
  };
  const known = new Set(entries.map((entry) => entry.uid));
  const added = node.childElements.filter((child) => !known.has(child.uniqueId ?? ''));
  const stray = added.find((child) => typeof child.metaData?.insertPosition !== 'number');
  if (stray) throw invalidOperation(`${old.name} has no entry ${stray.uniqueId}.`);
  const kept = entries.flatMap(({ entry, uid: entryId }) => {
    const child = node.childElements.find((candidate) => candidate.uniqueId === entryId);
    if (child === undefined) return mode === 'replace' ? [] : [entry];
    return child.metaData?.deleted === true ? [] : [made(child, entry, entryId)];
  });
  for (const child of added) kept.splice(child.metaData?.insertPosition ?? kept.length, 0, made(child, blank, ''));
  return kept;
}

/** @throws CmsException for a value that the CMS would not store. */
function assertValue(actor: Actor, field: SchemaField, type: ElementType, { name, value }: ContentElement): void {
  if (type === 'IGX_ELEMENT_CDATA') {
    const wrong = malformedAt(value);
    if (wrong !== null) throw invalidOperation(`${name} is not well-formed XHTML: ${wrong}.`);
  }
  if (type === 'IGX_COMPONENT' && value !== '') {
    const component = findItem(actor.state, value);
    if (!component || !('isComponent' in component) || !component.isComponent) {
      throw invalidOperation(`${value} is no component that ${field.name} accepts.`);
    }
  }
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
