/** The schemas a page row can name; `schemas.ts` defines them. */
export type PageSchemaKey =
  | 'folder'
  | 'home'
  | 'section'
  | 'standard'
  | 'program'
  | 'article'
  | 'event'
  | 'profile'
  | 'heroBanner'
  | 'promoBlock'
  | 'contactCard'
  | 'alertBanner'
  | 'jobPosting';

/**
 * One page of the site as a row of data. The key is a path of slugs (`admissions/deadlines`); the parent is the row
 * whose key is the path without its last slug. Texts may carry references such as `{page:admissions/apply}`,
 * `{asset:Images/Campus/quad.jpg}`, `{folder:Documents}` or `{category:Topics/Research}`, which become ids.
 */
export type PageSpec = {
  key: string;
  name: string;
  schema: PageSchemaKey;
  fields: Record<string, FieldValue>;
};

/** A plain value, or a value with attributes and children. */
export type FieldValue = string | FieldContent;

export type FieldContent = {
  value?: string;
  attributes?: Record<string, string>;
  children?: FieldContent[];
};
