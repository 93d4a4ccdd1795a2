import type { Actor } from '../cms/actor.ts';
import { completeElements, contentOfVersion, currentContent, nameOf, schemaOf } from '../cms/content.ts';
import { pageXml } from '../cms/page-xml.ts';
import type { WireModel } from '../contract/contract.ts';
import { shape } from '../contract/shape.ts';
import type { ContentElement, PageItem, SchemaField } from '../model.ts';

/** Fields by which a component's content can be shown on a page. */
export function elementData(field: SchemaField, element: ContentElement, position: number): WireModel {
  return shape('PageElementData', {
    nodeName: field.name,
    nodePosition: position,
    attributes: element.attributes,
    deletedAttributes: {},
    contentUnitField: true,
    childElementType: field.child?.type ?? null,
    nodeValue: element.value,
    childElements: element.children.map((child, index) => childData(child, index)),
    uniqueId: field.id,
  });
}

function childData(element: ContentElement, position: number): WireModel {
  return shape('PageElementData', {
    nodeName: element.name,
    nodePosition: position,
    attributes: element.attributes,
    deletedAttributes: {},
    nodeValue: element.value,
    childElements: element.children.map((child, index) => childData(child, index)),
    uniqueId: `${element.name}-${position}`,
  });
}

/** A component as one element with its fields inside. */
export function componentData(actor: Actor, component: PageItem): WireModel {
  const schema = schemaOf(actor.state, component);
  const { elements } = currentContent(actor.state, actor.user, component);
  return shape('PageElementData', {
    nodeName: schema.rootName,
    attributes: {},
    deletedAttributes: {},
    childSchemaId: schema.id,
    childSchemaName: schema.rootName,
    childSchemaFriendlyName: schema.friendlyName,
    childName: nameOf(component),
    childParentId: component.parentId,
    childElements: completeElements(schema, elements).map(({ field, element }, index) =>
      elementData(field, element, index),
    ),
    uniqueId: component.id,
  });
}

/** `PagePresentation_GlobalContentUnit` values of a component. */
export function componentUnitValues(actor: Actor, component: PageItem, hasInstances: boolean): WireModel {
  const schema = schemaOf(actor.state, component);
  const content = contentOfVersion(actor.state, actor.user, component, 0);
  return {
    Id: component.id,
    Name: nameOf(component),
    ThumbnailPath: actor.state.contentUnitThumbnails[component.id] ?? null,
    ElementName: schema.rootName,
    IsComponentUnit: true,
    Reusable: true,
    HasView: component.viewName !== null,
    AllowedSchemas: [schema.id],
    ComponentSchemaId: schema.id,
    ComponentSchemaName: schema.friendlyName,
    ElementData: componentData(actor, component),
    ElementXml: content && pageXml(actor.state, component, content.name, content.elements),
    HasInstances: hasInstances,
  };
}
