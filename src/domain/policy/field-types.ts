/** What an editor should know about an element type of the CMS. */
export interface FieldTypeFacts {
  /** What the field holds, in words. */
  readonly holds: string;
  /** A value as the CMS stores it; absent where an editor enters none. */
  readonly example?: string;
}

/** Facts about an `EnumElementType`; unknown types are named as such. */
export function describeFieldType(type: string): FieldTypeFacts {
  return facts[type] ?? { holds: 'a type this server does not know' };
}

const computed: FieldTypeFacts = { holds: 'computed by the CMS; editors enter nothing' };
const layout: FieldTypeFacts = { holds: 'arranges the form; holds nothing' };

/** By the grouping of types in the CMS's documentation. */
const facts: Readonly<Record<string, FieldTypeFacts>> = {
  IGX_ATTRIBUTE: { holds: 'plain text', example: 'text' },
  IGX_ELEMENT_TEXT: { holds: 'plain text', example: 'Text without markup' },
  IGX_ELEMENT_CDATA: { holds: 'rich text as XHTML', example: '<p>Text with <strong>markup</strong>.</p>' },
  IGX_XML: { holds: 'XML', example: '<row><cell>1</cell></row>' },
  IGX_PASSWORD: { holds: 'a secret' },
  IGX_ENUMERATION: { holds: 'one of fixed values', example: 'one of the values that items of this type use' },
  IGX_MULTI_SELECT: { holds: 'several of fixed values', example: 'first|second' },
  IGX_BOOLEAN: { holds: 'yes or no', example: 'true' },
  IGX_DATE: { holds: 'date and time', example: '2026-03-01T09:00:00' },
  IGX_LOCAL_DATE: { holds: 'a date', example: '2026-03-01' },
  IGX_LOCAL_TIME: { holds: 'a time of day', example: '09:00' },
  IGX_COMPONENT: { holds: 'a component, by id', example: 'x42' },
  IGX_LINK: { holds: 'a link to a page, by id, or a URL', example: 'x42' },
  IGX_LINKSET: { holds: 'a list of links' },
  IGX_REFERENCES: { holds: 'a list of references to items' },
  IGX_LIST: { holds: 'a list of entries with fields of their own' },
  IGX_ASSET: { holds: 'an asset, by id', example: 'a/5' },
  IGX_ASSETLINKSET: { holds: 'a list of assets' },
  IGX_IMAGE: { holds: 'an image, by id', example: 'a/5' },
  IGX_MEDIA: { holds: 'a media file, by id', example: 'a/5' },
  IGX_DOCUMENT: { holds: 'a document, by id', example: 'a/5' },
  IGX_GROUP_START: layout,
  IGX_GROUP_END: layout,
  IGX_NAVIGATION: computed,
  IGX_CONTAINER_NAVIGATION: computed,
  IGX_TAXONOMYNAVIGATION: computed,
  IGX_ASSETNAVIGATION: computed,
  IGX_ASSETTAXONOMYNAVIGATION: computed,
  IGX_DEPENDENCYNAVIGATION: computed,
  IGX_INSERT: computed,
  IGX_COBRAND: computed,
  IGX_COBRAND_GROUP: computed,
  IGX_SCRIPT: computed,
  IGX_COM_EXECUTE: computed,
  IGX_JAVA_EXECUTE: computed,
  IGX_DYNAMIC_EXECUTE: computed,
};
