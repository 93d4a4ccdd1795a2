import { createHash } from 'node:crypto';
import type { ContentElement, ElementType, PageItem, SandboxState, SchemaDefinition, SchemaField } from '../model.ts';
import { completeElements, nameOf, schemaOf } from './content.ts';
import { childPages, findNode } from './tree.ts';

/** The XML document of a page, in the form the vendor's example shows (domain §3). */
export function pageXml(state: SandboxState, page: PageItem, name: string, elements: ContentElement[]): string {
  const schema = schemaOf(state, page);
  const attributes = attributesText({
    ID: page.id,
    Name: name,
    Schema: schema.rootName,
    IsComponent: String(page.isComponent),
    ViewName: page.viewName ?? '',
    Locale: page.locale,
  });
  const fields = completeElements(schema, elements).map(({ field, element }) => fieldXml(state, field, element));
  return `<${schema.rootName}${attributes}>\n${fields.join('\n')}\n  <IGX_Presentations />\n</${schema.rootName}>`;
}

function fieldXml(state: SandboxState, field: SchemaField, element: ContentElement): string {
  const common = {
    UID: field.id,
    label: field.label,
    readonly: String(field.readOnly),
    hidden: String(field.hidden),
    required: String(field.required),
  };
  const type = XML_TYPES[field.type] ?? 'string';
  if (!field.isXpower) {
    return `  <${field.name}${attributesText({ type, ...common, ...element.attributes })}>${textXml(field.type, element.value)}</${field.name}>`;
  }
  const attributes = attributesText({
    Type: type,
    Name: field.name,
    ...targetAttributes(state, field.type, element.value),
    ...element.attributes,
    ...common,
  });
  const children = [
    ...element.children.map((child, index) => entryXml(state, field, child, entryUid(field.id, index), 2)),
    ...navigationXml(state, field.type, element.value),
  ];
  return children.length === 0
    ? `  <xPower${attributes} />`
    : `  <xPower${attributes}>\n${children.join('\n')}\n  </xPower>`;
}

function entryXml(
  state: SandboxState,
  field: SchemaField,
  element: ContentElement,
  uid: string,
  depth: number,
): string {
  const type = field.child?.type ?? 'IGX_ELEMENT_TEXT';
  const indent = '  '.repeat(depth);
  const attributes = attributesText({
    type: XML_TYPES[type] ?? 'string',
    UID: uid,
    ...targetAttributes(state, type, element.value),
    ...element.attributes,
  });
  const children = element.children
    .map((child, index) => `\n${entryXml(state, field, child, entryUid(uid, index), depth + 1)}`)
    .join('');
  const end = children === '' ? '' : `\n${indent}`;
  return `${indent}<${element.name}${attributes}>${textXml(type, element.value)}${children}${end}</${element.name}>`;
}

/** The unique id of an entry: the state keeps none, so it follows from the list's own and the place in it. */
export function entryUid(parentUid: string, index: number): string {
  const digits = createHash('sha256').update(`${parentUid}/${index}`).digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** What a navigation lists is worked out here, because the CMS stores only where it starts. */
function navigationXml(state: SandboxState, type: ElementType, startId: string): string[] {
  if (type !== 'IGX_NAVIGATION' && type !== 'IGX_CONTAINER_NAVIGATION') return [];
  return childPages(state, startId)
    .filter((page) => !page.isComponent)
    .map(
      (page) => `    <Page${attributesText({ ID: page.id, Name: nameOf(page), Schema: schemaName(state, page) })} />`,
    );
}

function schemaName(state: SandboxState, page: PageItem): SchemaDefinition['rootName'] {
  return schemaOf(state, page).rootName;
}

/** The attribute in which each kind of reference carries its target's id. */
export const TARGET_ATTRIBUTE: Partial<Record<ElementType, string>> = {
  IGX_COMPONENT: 'Component',
  IGX_LINK: 'Page',
  IGX_REFERENCES: 'Page',
  IGX_NAVIGATION: 'StartNode',
  IGX_CONTAINER_NAVIGATION: 'StartNode',
  IGX_TAXONOMYNAVIGATION: 'Category',
  IGX_ASSET: 'Asset',
  IGX_IMAGE: 'Asset',
  IGX_MEDIA: 'Asset',
  IGX_DOCUMENT: 'Asset',
};

function targetAttributes(state: SandboxState, type: ElementType, value: string): Record<string, string> {
  const attribute = TARGET_ATTRIBUTE[type];
  if (!attribute || value === '') return {};
  const target = findNode(state, value);
  return target ? { [attribute]: value, TargetName: nameOf(target) } : { [attribute]: value };
}

/** How the XML names the types; every other type is a `string`. */
const XML_TYPES: Partial<Record<ElementType, string>> = {
  IGX_ELEMENT_CDATA: 'xhtml',
  IGX_XML: 'xml',
  IGX_BOOLEAN: 'boolean',
  IGX_DATE: 'date',
  IGX_LOCAL_DATE: 'localdate',
  IGX_LOCAL_TIME: 'localtime',
  IGX_ENUMERATION: 'enumeration',
  IGX_MULTI_SELECT: 'multiselect',
  IGX_COMPONENT: 'Component',
  IGX_LINK: 'Link',
  IGX_LINKSET: 'LinkSet',
  IGX_LIST: 'List',
  IGX_REFERENCES: 'References',
  IGX_NAVIGATION: 'Navigation',
  IGX_CONTAINER_NAVIGATION: 'ContainerNavigation',
  IGX_TAXONOMYNAVIGATION: 'TaxonomyNavigation',
  IGX_ASSET: 'Asset',
  IGX_ASSETLINKSET: 'AssetLinkSet',
  IGX_IMAGE: 'Image',
  IGX_MEDIA: 'Media',
  IGX_DOCUMENT: 'Document',
  IGX_GROUP_START: 'GroupStart',
  IGX_GROUP_END: 'GroupEnd',
};

function textXml(type: ElementType, value: string): string {
  const isMarkup = type === 'IGX_ELEMENT_CDATA' || type === 'IGX_XML';
  return isMarkup ? `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>` : escapeXml(value);
}

function attributesText(attributes: Record<string, string>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
