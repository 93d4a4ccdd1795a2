/** One of the operations of the CMS's REST API, described: what it is for, what it takes, what it does. */
export interface OperationDescription {
  /** The vendor's id, such as `Pages_GetPage`: unique and stable. */
  readonly id: string;
  readonly tag: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `{siteRoot}/api/v1`. */
  readonly path: string;
  readonly parameters: readonly OperationParameter[];
  /** The type of the bare body, such as `CreatePCRPageRequest` or `string[]`. */
  readonly body?: string;
  /** The type of the answer: a model, a scalar, an array of them, `file` or `nothing`. */
  readonly answer: string;
  /** `admin` is everything that configures the CMS. */
  readonly effect: 'read' | 'write' | 'destructive' | 'admin';
  /** True when a second identical call changes nothing more. */
  readonly idempotent: boolean;
  readonly slow: boolean;
  /** Its arguments or its answer carry credentials. */
  readonly sensitive: boolean;
  readonly adminOnly: boolean;
  /** One line, in our own words. */
  readonly summary: string;
  /** What people say when they mean it: for search. */
  readonly synonyms: readonly string[];
  /** What surprises callers. */
  readonly quirks: readonly string[];
  /** The task that covers it better, by name. */
  readonly tool?: string;
}

export interface OperationParameter {
  readonly name: string;
  readonly place: 'query' | 'path' | 'form';
  /** `string`, `integer`, `boolean`, `date-time`, `file`, the name of an enumeration, or an array of one of them. */
  readonly type: string;
  /** The key must travel; its value may be empty where `nullable`. */
  readonly required: boolean;
  readonly nullable: boolean;
  /** The only values there are. */
  readonly values?: readonly string[];
  /** What the CMS takes when it is left out. */
  readonly default?: string | number | boolean;
  /** Set when the vendor's description does not declare it although the operation takes it. */
  readonly undeclared?: true;
}

/** A model of the API: its properties with their types. */
export interface ModelDescription {
  readonly name: string;
  /** A model whose properties it has as well. */
  readonly extends?: string;
  /** A type is a scalar, a model, an array of one (`string[]`), a map from texts to one (`string{}`), or `any`. */
  readonly properties: Readonly<Record<string, string>>;
  /** Properties that must be there in a request. */
  readonly required: readonly string[];
  /** Of an enumeration. */
  readonly values?: readonly string[];
}
