import type { Actor } from '../cms/actor.ts';
import { completeElements, schemaOf } from '../cms/content.ts';
import type { AnyItem } from '../cms/tree.ts';
import type { CheckedOutCopy, ContentElement, ContentVersion, ElementType, SchemaField } from '../model.ts';
import { contentItemModel } from './content-item.ts';
import { userName } from './entity.ts';

/** `ContentItemDetailsBaseModel` of the contract, for one content of an item. */
export function contentDetails(actor: Actor, item: AnyItem, content: ContentVersion | CheckedOutCopy) {
  const schema = schemaOf(actor.state, item);
  const isStored = 'number' in content;
  return {
    ...contentItemModel(actor, item),
    Name: content.name,
    Version: isStored ? content.number : (item.versions.at(-1)?.number ?? 0),
    Elements: completeElements(schema, content.elements).map(({ field, element }) => fieldModel(item, field, element)),
    Attributes: [attribute('Name', content.name)],
    SystemAttributes: [
      attribute('ID', item.id),
      attribute('Schema', schema.rootName),
      attribute('SchemaVersion', String(isStored ? content.schemaVersion : schema.version)),
      attribute('Locale', item.locale),
      attribute('StartDate', item.startDate),
      attribute('EndDate', item.endDate),
    ],
    CanUpdateSchema: isStored && content.schemaVersion < schema.version,
    Presentations: [],
    WorkflowId: item.workflow?.id ?? null,
    IsCheckedOut: item.checkedOut !== null,
    LastModifiedUserName: userName(actor.state, item.lastModifiedBy),
  };
}

function fieldModel(item: AnyItem, field: SchemaField, element: ContentElement) {
  return {
    ...elementModel(`${item.id}_${field.id}`, field.type, element),
    SchemaFieldId: field.id,
    Label: field.label,
    Elements: element.children.map((child, index) => entryModel(`${item.id}_${field.id}_${index}`, field, child)),
    Readonly: field.readOnly,
    Required: field.required,
    Hidden: field.hidden,
    Indexable: field.indexable,
    ChildElementType: field.child?.type ?? 'IGX_ATTRIBUTE',
    ChildElementLabel: field.child?.label ?? null,
    ChildElementName: field.child?.name ?? null,
  };
}

type WireElement = ReturnType<typeof elementModel>;

function entryModel(id: string, field: SchemaField, element: ContentElement, depth = 0): WireElement {
  // Entries are of the declared child type; what stands inside of an entry is text.
  const type = depth === 0 ? (field.child?.type ?? 'IGX_ELEMENT_TEXT') : 'IGX_ELEMENT_TEXT';
  return {
    ...elementModel(id, type, element),
    Label: depth === 0 ? (field.child?.label ?? element.name) : element.name,
    Elements: element.children.map((child, index) => entryModel(`${id}_${index}`, field, child, depth + 1)),
  };
}

function elementModel(id: string, type: ElementType, element: ContentElement) {
  return {
    Id: id,
    Name: element.name,
    Value: element.value,
    SchemaFieldId: null as string | null,
    Label: element.name,
    Type: type,
    Elements: [] as unknown[],
    Attributes: Object.entries(element.attributes).map(([name, value]) => attribute(name, value)),
    Readonly: false,
    Required: false,
    Hidden: false,
    Indexable: true,
    OpenByDefault: true,
    ChildElementType: 'IGX_ATTRIBUTE' as ElementType,
    ChildElementLabel: null as string | null,
    ChildElementName: null as string | null,
  };
}

function attribute(name: string, value: string | null) {
  return { Id: name, Name: name, Value: value };
}
