import type { OperationDescription } from '../../../../domain/model/operation.ts';
import type { CacheTag } from '../../../../domain/policy/cache-tags.ts';
import type { OperationFile } from '../../../../domain/ports/cms/operations.ts';

/**
 * One operation of the CMS's REST API: what callers are told about it, with its parameters by name and in the order of
 * the contract, and how long the driver may keep its answer.
 */
export interface Operation extends Omit<OperationDescription, 'parameters'> {
  readonly parameters: Readonly<Record<string, Parameter>>;
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
  readonly place: 'query' | 'path' | 'form';
  readonly type: keyof ValueOf;
  /** The key must travel even when its value is empty: without it the CMS finds no action and answers 404. */
  readonly required: boolean;
  readonly nullable: boolean;
  /** The name of the model that lists the only values there are; they travel as their names. */
  readonly enumeration?: string;
  /** What the CMS takes when it is left out. */
  readonly default?: string | number | boolean;
  /** Set when the value is the id of a content item, so that a kept answer is dropped with the item. */
  readonly item?: true;
  /** Set when the contract declares no such parameter although the operation takes it (contract section 6). */
  readonly undeclared?: true;
}

/** What a parameter's value is in code, by its type. */
interface ValueOf {
  readonly string: string;
  readonly integer: number;
  readonly boolean: boolean;
  readonly 'date-time': string;
  readonly 'string[]': readonly string[];
  readonly file: OperationFile;
}

/** Query parameters whose key must travel. */
export const must = {
  text: { place: 'query', type: 'string', required: true, nullable: true },
  item: { place: 'query', type: 'string', required: true, nullable: true, item: true },
  number: { place: 'query', type: 'integer', required: true, nullable: false },
  flag: { place: 'query', type: 'boolean', required: true, nullable: false },
  texts: { place: 'query', type: 'string[]', required: true, nullable: true },
  one: (enumeration: string) =>
    ({ place: 'query', type: 'string', required: true, nullable: false, enumeration }) as const,
} as const;

/** Query parameters that may be left out. */
export const may = {
  text: { place: 'query', type: 'string', required: false, nullable: true },
  item: { place: 'query', type: 'string', required: false, nullable: true, item: true },
  number: { place: 'query', type: 'integer', required: false, nullable: false },
  flag: { place: 'query', type: 'boolean', required: false, nullable: false },
  date: { place: 'query', type: 'date-time', required: false, nullable: true },
  texts: { place: 'query', type: 'string[]', required: false, nullable: true },
  one: (enumeration: string) =>
    ({ place: 'query', type: 'string', required: false, nullable: false, enumeration }) as const,
  some: (enumeration: string) =>
    ({ place: 'query', type: 'string[]', required: false, nullable: true, enumeration }) as const,
} as const;

/** Fields of a form. */
export const form = {
  file: { place: 'form', type: 'file', required: true, nullable: false },
  /** The contract is silent about the file of these operations; its name is the one that the declared upload has. */
  undeclaredFile: { place: 'form', type: 'file', required: true, nullable: false, undeclared: true },
  mustText: { place: 'form', type: 'string', required: true, nullable: false },
  text: { place: 'form', type: 'string', required: false, nullable: false },
  number: { place: 'form', type: 'integer', required: false, nullable: false },
  flag: { place: 'form', type: 'boolean', required: false, nullable: false },
} as const satisfies Record<string, Parameter>;

/** A text inside the path. */
export const pathText = { place: 'path', type: 'string', required: true, nullable: false } as const satisfies Parameter;

/** A parameter with what the CMS takes when it is left out. */
export function preset<P extends Parameter, D extends string | number | boolean>(parameter: P, value: D) {
  return { ...parameter, default: value } as const;
}

/** What a file of this folder writes of an operation: its name is the id, and what is absent has the usual value. */
type Entry = Pick<Operation, 'method' | 'path' | 'answer' | 'effect' | 'idempotent' | 'summary'> &
  Partial<Omit<Operation, 'id' | 'tag'>>;

type Filed<Tag, Id, E extends Entry> = Omit<Operation, 'id' | 'tag' | 'parameters'> & {
  readonly id: Id;
  readonly tag: Tag;
  readonly parameters: E['parameters'] extends object ? E['parameters'] : NoParameters;
};

/** The operations of one tag of the API, in the vendor's order. */
export function operationsOf<Tag extends string, const T extends Readonly<Record<string, Entry>>>(
  tag: Tag,
  entries: T,
): { readonly [Id in keyof T & string]: Filed<Tag, Id, T[Id]> } {
  const filed = Object.entries(entries).map(([id, entry]) => [id, { ...usual, ...entry, id, tag }]);
  // Each entry is filed under its own name with the usual values below its own, which is what the type says.
  return Object.fromEntries(filed) as { [Id in keyof T & string]: Filed<Tag, Id, T[Id]> };
}

type NoParameters = Readonly<Record<never, Parameter>>;

const usual = {
  parameters: {},
  slow: false,
  sensitive: false,
  adminOnly: false,
  synonyms: [],
  quirks: [],
  freshness: 'never',
  tags: [],
} as const satisfies Partial<Operation>;

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
