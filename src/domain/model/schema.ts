/** A content type: its fields decide what an item of it can hold. */
export interface Schema {
  readonly id: string;
  /** Root element name, unique and stable. */
  readonly name: string;
  readonly label: string;
  readonly kind: 'page' | 'component' | 'asset';
  /** Draft schemas create no pages. */
  readonly draft: boolean;
  readonly version: number;
  readonly workflowRequired: boolean;
  readonly workflowDefinitionName?: string;
  readonly fields: readonly SchemaField[];
}

export interface SchemaField {
  readonly name: string;
  /** `EnumElementType` of the CMS. */
  readonly type: string;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly hidden: boolean;
}

/** Help texts of a schema: field name to text; those written for AI first, where the site has them. */
export interface SchemaHelp {
  readonly fields: Readonly<Record<string, string>>;
  readonly forAi: boolean;
}

/** A page creation rule: the only way to create a page over the API. */
export interface CreationRule {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly schemaId: string;
  readonly schemaName: string;
  readonly parentPageCount: number;
}

/** Where a rule may create: below `id`, or right under it only when `parentOnly`. */
export interface CreationRuleParent {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly parentOnly: boolean;
  readonly accessible: boolean;
}
