import { randomUUID } from 'node:crypto';
import { DomainError } from '../../../../domain/errors.ts';
import type { Field } from '../../../../domain/model/content-item.ts';
import { kindOfField } from '../../../../domain/policy/plan-draft.ts';
import type { XmlElement } from './page-xml.ts';

/** A version of a page in both forms that REST v1 tells it: fields, and the XML that carries the elements' ids. */
export interface PageContent {
  readonly fields: readonly Field[];
  readonly xml: XmlElement;
}

/** One element of the tree that Save takes (services section 3a). */
export interface SaveNode {
  readonly nodeName: string;
  readonly nodeValue?: string;
  readonly nodePosition: number;
  readonly attributes: readonly Pair[];
  readonly deletedAttributes: readonly Pair[];
  readonly childElements: readonly SaveNode[];
  readonly metaData: { readonly deleted: boolean; readonly insertPosition: number | null };
  readonly uniqueId: string;
}

interface Pair {
  readonly Key: string;
  readonly Value: string;
}

/** A changed value that needs no change of structure: what SavePartial takes. */
export interface PartialValue {
  /** From the outermost to the innermost element. */
  readonly uids: readonly string[];
  readonly value: string;
}

export interface SavePlan {
  readonly pageData: {
    readonly nodeName: string;
    readonly nodePosition: 0;
    readonly selectedVersion: 0;
    readonly attributes: readonly Pair[];
    readonly metaData: Readonly<Record<string, never>>;
    readonly presentations: {
      readonly Presentations: readonly never[];
      readonly MobilePresentations: readonly never[];
    };
    readonly childElements: readonly SaveNode[];
  };
  /** The whole change as single values; `undefined` when it changes attributes or entries as well. */
  readonly partial: readonly PartialValue[] | undefined;
}

/**
 * Plans how the copy gets the wanted fields: the complete tree with every attribute as the CMS has it, right whether
 * Save merges or replaces (services section 3a). Pure.
 *
 * @throws DomainError CAPABILITY_MISSING for a page that Save might damage, or a value whose form in the CMS is not known.
 */
export function planSave(now: PageContent, wanted: readonly Field[], examples: readonly PageContent[]): SavePlan {
  if (now.xml.children.some((node) => node.name === presentationsName && node.children.length > 0)) {
    throw cannot('The page has presentations of its own, which a save over the API might lose.');
  }
  const nodes = elementsOf(now.xml);
  if (wanted.length !== now.fields.length) throw cannot('The fields of the page are not those that were read.');
  const values: PartialValue[] = [];
  let isPartial = true;
  const context: Context = {
    examples,
    changed: (uids, value) => {
      if (value === undefined) isPartial = false;
      else values.push({ uids, value });
    },
  };
  const pairs = matched(now.fields, nodes, now.xml.name);
  const childElements = pairs.map(({ field, node }, index) => {
    const after = wanted[index];
    if (after === undefined || after.name !== field.name)
      throw cannot('The fields of the page are not those that were read.');
    return saveNode(node, field, after, { index, uids: [], insertPosition: null, top: field.name }, context);
  });
  return {
    pageData: {
      nodeName: now.xml.name,
      nodePosition: 0,
      selectedVersion: 0,
      attributes: [{ Key: 'Name', Value: now.xml.attributes['Name'] ?? '' }],
      metaData: {},
      presentations: { Presentations: [], MobilePresentations: [] },
      childElements,
    },
    partial: isPartial ? values : undefined,
  };
}

interface Context {
  /** Older versions of the page: they show in which form the CMS keeps what is empty now. */
  readonly examples: readonly PageContent[];
  /** Called for each change; without a value for one that SavePartial cannot make. */
  changed(uids: readonly string[], value?: string): void;
}

interface Place {
  readonly index: number;
  /** Ids of the elements around. */
  readonly uids: readonly string[];
  /** Set for an entry that is new. */
  readonly insertPosition: number | null;
  /** The field of the page that this is or lies in. */
  readonly top: string;
}

const presentationsName = 'IGX_Presentations';

const elementsOf = (node: XmlElement): readonly XmlElement[] =>
  node.children.filter(({ name }) => name !== presentationsName);

/** Structured elements are all called `xPower` and carry their name in an attribute. */
const nameOf = (node: XmlElement): string => (node.name === 'xPower' ? (node.attributes['Name'] ?? '') : node.name);

interface Matched {
  readonly field: Field;
  readonly node: XmlElement;
}

/** Pairs fields with their elements; whoever cannot tell which is which must not write. */
function matched(fields: readonly Field[], nodes: readonly XmlElement[], where: string): readonly Matched[] {
  const pairs = fields.map((field, index) => ({ field, node: nodes[index] }));
  const isSame = pairs.every(({ field, node }) => node !== undefined && nameOf(node) === field.name);
  if (fields.length !== nodes.length || !isSame) {
    throw cannot(`The elements of “${where}” do not fit its fields, so that writing them might damage the page.`);
  }
  return pairs.flatMap(({ field, node }) => (node === undefined ? [] : [{ field, node }]));
}

function saveNode(node: XmlElement, before: Field, after: Field, place: Place, context: Context): SaveNode {
  const uid = node.attributes['UID'] ?? '';
  if (uid === '') throw cannot(`The CMS tells no id for the element “${before.name}”.`);
  const uids = [...place.uids, uid];
  const kind = kindOfField(before.type);
  if (kind === 'reference' && before.type === 'IGX_COMPONENT' && node.children.length > 0) {
    throw cannot(`“${before.name}” has its component embedded, which a save over the API might lose.`);
  }
  const { attributes, deleted } = attributesAfter(node, before, after, place, context);
  const isScalar = kind !== 'reference' && kind !== 'list' && node.name !== 'xPower';
  const attributesChanged = deleted.length > 0 || !isSame(attributes, attributesOf(node));
  if (attributesChanged) context.changed(uids);
  else if (isScalar && before.value !== after.value) context.changed(uids, after.value);
  else if (before.value !== after.value) throw cannot(`“${before.name}” has no value that can be written.`);
  return {
    nodeName: nameOf(node),
    ...(isScalar ? { nodeValue: after.value } : {}),
    nodePosition: place.index,
    attributes: attributes.map(([Key, Value]) => ({ Key, Value })),
    deletedAttributes: deleted,
    childElements: childrenAfter(node, before, after, { ...place, uids }, context),
    metaData: { deleted: false, insertPosition: place.insertPosition },
    uniqueId: uid,
  };
}

type Attributes = readonly (readonly [string, string])[];

const attributesOf = (node: XmlElement): Attributes =>
  Object.entries(node.attributes).filter(([name]) => name !== 'UID');

function attributesAfter(
  node: XmlElement,
  before: Field,
  after: Field,
  place: Place,
  context: Context,
): { readonly attributes: Attributes; readonly deleted: readonly Pair[] } {
  const changes = new Map<string, string>();
  if (kindOfField(before.type) === 'reference' && before.value !== after.value) {
    changes.set(referenceAttribute(node, before, place, context), after.value);
  }
  for (const [name, value] of Object.entries(after.attributes)) {
    if (before.attributes[name] !== value) changes.set(name, value);
  }
  const deleted = Object.keys(before.attributes)
    .filter((name) => !(name in after.attributes))
    .map((name) => ({ Key: name, Value: node.attributes[name] ?? '' }));
  const gone = new Set(deleted.map(({ Key }) => Key));
  const kept = attributesOf(node).filter(([name]) => !gone.has(name));
  const added = [...changes].filter(([name]) => !kept.some(([each]) => each === name));
  return {
    attributes: [...kept.map(([name, value]) => [name, changes.get(name) ?? value] as const), ...added],
    deleted,
  };
}

/**
 * The attribute in which the CMS keeps what a reference points to: the one that holds the value now, or held it in an
 * older version. Only that of components is documented (services section 3a).
 */
function referenceAttribute(node: XmlElement, field: Field, place: Place, context: Context): string {
  const holding = (candidate: XmlElement, value: string) =>
    Object.entries(candidate.attributes).find(([name, text]) => value !== '' && name !== 'UID' && text === value)?.[0];
  const own = holding(node, field.value);
  if (own !== undefined) return own;
  for (const { field: top, node: element } of topPairs(place.top, context.examples)) {
    const rows =
      top.type === field.type ? [{ field: top, node: element }] : matched(top.children, element.children, top.name);
    for (const row of rows) {
      const found = row.field.type === field.type ? holding(row.node, row.field.value) : undefined;
      if (found !== undefined) return found;
    }
  }
  if (field.type === 'IGX_COMPONENT') return 'Component';
  throw cannot(
    `“${place.top}” never held anything on this page, and how the CMS keeps a reference there is not documented. A person has to enter it once.`,
  );
}

/** One field of the page in the older versions that can be read. */
function topPairs(name: string, examples: readonly PageContent[]): readonly Matched[] {
  return examples.flatMap(({ fields, xml }) => {
    const nodes = elementsOf(xml);
    const index = fields.findIndex((field) => field.name === name);
    const [field, node] = [fields[index], nodes[index]];
    return field !== undefined && node !== undefined && nameOf(node) === name ? [{ field, node }] : [];
  });
}

function childrenAfter(
  node: XmlElement,
  before: Field,
  after: Field,
  place: Place,
  context: Context,
): readonly SaveNode[] {
  if (before.children.length === 0 && after.children.length === 0) return [];
  const pairs = matched(before.children, node.children, before.name);
  if (kindOfField(before.type) !== 'list') {
    return pairs.map(({ field, node: child }, index) =>
      saveNode(child, field, after.children[index] ?? field, { ...place, index, insertPosition: null }, context),
    );
  }
  // What stands before and behind the change keeps its elements; between them old ones are rewritten in order.
  const [head, tail] = unchangedEnds(before.children, after.children);
  const middleBefore = pairs.slice(head, pairs.length - tail);
  const middleAfter = after.children.slice(head, after.children.length - tail);
  const keep = ({ field, node: child }: Matched, index: number, wanted: Field = field) =>
    saveNode(child, field, wanted, { ...place, index, insertPosition: null }, context);
  if (middleBefore.length !== middleAfter.length) context.changed(place.uids);
  const rewritten = middleBefore
    .slice(0, middleAfter.length)
    .map((pair, each) => keep(pair, head + each, middleAfter[each]));
  const added = middleAfter
    .slice(middleBefore.length)
    .map((entry, each) => newNode(entry, pairs[0], before, head + middleBefore.length + each, place, context));
  const removed = middleBefore.slice(middleAfter.length).map((pair) => {
    const saved = keep(pair, head + middleAfter.length);
    return { ...saved, metaData: { deleted: true, insertPosition: null } };
  });
  const rest = pairs.slice(pairs.length - tail).map((pair, each) => keep(pair, after.children.length - tail + each));
  return [...pairs.slice(0, head).map((pair, each) => keep(pair, each)), ...rewritten, ...added, ...removed, ...rest];
}

function unchangedEnds(before: readonly Field[], after: readonly Field[]): readonly [number, number] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isSame(before[head], after[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && isSame(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1;
  return [head, tail];
}

/** A new entry in the form of one that the list holds, or held in an older version. */
function newNode(
  entry: Field,
  present: Matched | undefined,
  list: Field,
  index: number,
  place: Place,
  context: Context,
): SaveNode {
  const older = topPairs(place.top, context.examples).flatMap(({ field, node }) =>
    field.name === list.name ? matched(field.children, node.children, list.name) : [],
  );
  const example = present ?? older[0];
  if (example === undefined) {
    throw cannot(
      `“${list.name}” never held an entry on this page, so how the CMS keeps one is not known. A person has to enter the first.`,
    );
  }
  // The example's own place is where its older versions are looked for; as a whole it is new.
  const quiet: Context = { ...context, changed: () => undefined };
  const wanted: Field =
    entry.name === '' ? { ...emptied(example.field), value: entry.value } : { ...entry, name: example.field.name };
  const saved = saveNode(example.node, example.field, wanted, { ...place, index, insertPosition: index }, quiet);
  return withNewIds(saved);
}

function emptied(field: Field): Field {
  return {
    ...field,
    value: '',
    attributes: Object.fromEntries(Object.keys(field.attributes).map((name) => [name, ''])),
    children: field.children.map(emptied),
  };
}

function withNewIds(node: SaveNode): SaveNode {
  return { ...node, uniqueId: randomUUID(), childElements: node.childElements.map(withNewIds) };
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const cannot = (reason: string): DomainError =>
  new DomainError('CAPABILITY_MISSING', `${reason} Nothing was changed; prepare the change for a person to enter.`);
