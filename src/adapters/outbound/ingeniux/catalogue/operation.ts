import type { CacheTag } from '../../../../domain/policy/cache-tags.ts';

/** One operation of the CMS's REST API: where its arguments travel, and how a caller may treat it. */
export interface Operation {
  /** The id of the vendor's API description, such as `Pages_GetPage`. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to `{siteRoot}/api/v1`. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** The body is the bare model or array; its name in the API description never travels. */
  readonly body: 'none' | 'json';
  readonly effect: 'read' | 'write' | 'destructive' | 'admin';
  /** True when a second identical call changes nothing more. */
  readonly idempotent: boolean;
  /** Gets the long time-out. */
  readonly slow: boolean;
  readonly freshness: Freshness;
  /** Tags of a kept answer, beside those of the items that the arguments name. */
  readonly tags: readonly CacheTag[];
}

/**
 * How long an answer may be kept (contract section 10):
 * - `configuration`: minutes; changed by administrators.
 * - `version`: minutes when the call names a numbered version, which never changes; else as `state`.
 * - `state`: always asked for; kept only to be shown, marked, while the CMS is unavailable.
 * - `freeze`: a minute, and never older.
 * - `never`: not kept at all.
 */
export type Freshness = 'configuration' | 'version' | 'state' | 'freeze' | 'never';

export interface Parameter {
  readonly place: 'query' | 'path';
  readonly type: 'text' | 'number' | 'flag' | 'texts';
  /** The key must travel even when its value is empty: without it the CMS finds no action and answers 404. */
  readonly required: boolean;
  /** Set when the value is the id of a content item, so that a kept answer is dropped with the item. */
  readonly item?: true;
}

/** Query parameters whose key must travel. */
export const must = {
  text: { place: 'query', type: 'text', required: true },
  item: { place: 'query', type: 'text', required: true, item: true },
  number: { place: 'query', type: 'number', required: true },
  flag: { place: 'query', type: 'flag', required: true },
  texts: { place: 'query', type: 'texts', required: true },
} as const satisfies Record<string, Parameter>;

/** Query parameters that may be left out. */
export const may = {
  text: { place: 'query', type: 'text', required: false },
  item: { place: 'query', type: 'text', required: false, item: true },
  number: { place: 'query', type: 'number', required: false },
  flag: { place: 'query', type: 'flag', required: false },
  texts: { place: 'query', type: 'texts', required: false },
} as const satisfies Record<string, Parameter>;

/** A text inside the path. */
export const pathText = { place: 'path', type: 'text', required: true } as const satisfies Parameter;

interface ValueOf {
  readonly text: string;
  readonly number: number;
  readonly flag: boolean;
  readonly texts: readonly string[];
}

export type ArgumentValue = ValueOf[keyof ValueOf];

type Parameters<O extends Operation> = O['parameters'];

/** The arguments of an operation: required ones must be given, and no other names are accepted. */
export type Arguments<O extends Operation> = {
  readonly [K in keyof Parameters<O> as Parameters<O>[K]['required'] extends true
    ? K
    : never]: ValueOf[Parameters<O>[K]['type']];
} & {
  readonly [K in keyof Parameters<O> as Parameters<O>[K]['required'] extends true ? never : K]?:
    | ValueOf[Parameters<O>[K]['type']]
    | undefined;
};
