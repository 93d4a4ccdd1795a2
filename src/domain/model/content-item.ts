/** A folder is a page with the folder schema, a component a page without a URL of its own (domain of the CMS, section 1). */
export type ItemKind = 'page' | 'component' | 'folder' | 'asset' | 'asset_folder';

/** What pages, components, folders, assets and asset folders share. */
export interface ContentItem {
  /** `x42`, `a/5` or `af/7`. Never changes on move or rename. */
  readonly id: string;
  readonly kind: ItemKind;
  readonly name: string;
  readonly parentId?: string;
  readonly childrenCount: number;
  readonly schema?: SchemaReference;
  /** The newest checked-in version; 0 before the first check-in. */
  readonly version: number;
  readonly checkedOut: boolean;
  readonly assignedTo?: Assignee;
  /** Targets that some version of the item is marked for. */
  readonly markedTargetIds: readonly string[];
  readonly locale?: string;
  /** Absent for an item that is neither a translation nor has any. */
  readonly translations?: Translations;
  readonly categoryIds: readonly string[];
  /** What the calling user may do with this node. */
  readonly access: 'none' | 'read' | 'full';
  /** ISO 8601 as the CMS gives it; the offset is not guaranteed. */
  readonly createdAt?: string;
  readonly createdBy?: string;
  readonly modifiedAt?: string;
  readonly modifiedBy?: string;
  /** Only on assets. */
  readonly file?: AssetFile;
}

/** Which pages say the same in other languages. The master is the one that is translated from. */
export interface Translations {
  readonly masterId: string;
  readonly clones: readonly { readonly id: string; readonly locale: string }[];
}

export interface SchemaReference {
  readonly id: string;
  /** The schema's root element name, such as `NewsArticle`. */
  readonly name: string;
  readonly label: string;
}

export interface Assignee {
  readonly kind: 'user' | 'group';
  readonly id: string;
  readonly name: string;
}

export interface AssetFile {
  readonly fileName: string;
  readonly path?: string;
  readonly byteSize: number;
  readonly mimeType?: string;
}

/** An item with its fields in one version, or in the checked-out copy that the caller sees. */
export interface ContentDetails {
  readonly item: ContentItem;
  readonly fields: readonly Field[];
  readonly workflowId?: string;
}

/**
 * One element of the content. `value` is the scalar as the CMS stores it (XHTML for CDATA elements); references sit in
 * `attributes`, list entries and groups in `children`.
 */
export interface Field {
  readonly name: string;
  readonly label: string;
  /** `EnumElementType` of the CMS, such as `IGX_ELEMENT_TEXT`. */
  readonly type: string;
  readonly value: string;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly hidden: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Field[];
}

/** The CMS's own pre-flight answer for one item: what the calling user may do with it now. */
export interface ItemContext {
  readonly id: string;
  readonly recycled: boolean;
  readonly fullAccess: boolean;
  readonly readAccess: boolean;
  /** True when the caller holds the check-out, so that its fields can change. */
  readonly editable: boolean;
  readonly canCopy: boolean;
  readonly canMark: boolean;
  readonly checkedOut: boolean;
  readonly workflowId?: string;
  readonly transitions: readonly AllowedTransition[];
}

export interface AllowedTransition {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
}

export interface VersionInfo {
  readonly version: number;
  /** As the CMS prints it: the format is not documented. */
  readonly date: string;
  readonly user: string;
  readonly comment: string;
  readonly isCurrent: boolean;
  readonly isCheckedOutCopy: boolean;
  /** Of a translation: the version of its master that it renders, where the CMS tells it. */
  readonly masterVersion?: number;
  /** Targets that this very version is marked for. */
  readonly targets: readonly { readonly id: string; readonly name: string }[];
}

/** A node of the outline that the CMS gives cheaply: names and parents only. */
export interface OutlineNode {
  readonly id: string;
  readonly name: string;
  readonly parentId?: string;
}

/** The structured URL of a page on one target, with the paths it had before. Paths begin with a slash. */
export interface PagePath {
  readonly pageId: string;
  readonly path: string;
  readonly formerPaths: readonly string[];
}
