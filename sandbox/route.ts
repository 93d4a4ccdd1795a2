import type { Actor } from './cms/actor.ts';
import { HttpRefusal, invalidRequest, missingArgument, noSuchResource } from './exceptions.ts';
import type { Runtime } from './runtime.ts';

/** One operation of the contract. */
export type Route = {
  /** As in the vendor's swagger. */
  operationId: string;
  method: HttpMethod;
  /** Relative to `{siteRoot}/api/v1`; `{sessionId}` is the only path parameter there is. */
  path: string;
  /**
   * Query parameters in the contract's spelling. `string!` = the key must be present (it may be empty),
   * `int=50` = optional with a default, `bool` = optional without one.
   */
  query?: Record<string, ParameterSpec>;
  body?: 'json' | 'form';
  /** Writes are refused during a content freeze. */
  effect: 'read' | 'write';
  /** Served from an index, which may lag behind writes (contract §10). */
  indexed?: true;
  /** Answers before anybody is signed in. */
  anonymous?: true;
  /** The returned value is the JSON answer; a `FileAnswer` is sent as it is. */
  handle(call: ApiCall): unknown;
};

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type ParameterType = 'string' | 'int' | 'bool' | 'list';
export type ParameterSpec = ParameterType | `${ParameterType}!` | `${ParameterType}=${string}`;

/** One call of one operation, bound and signed in. */
export type ApiCall = Actor & {
  runtime: Runtime;
  route: Route;
  /** Address of the request, for messages. */
  url: string;
  query: QueryValues;
  /** Values of the path, e.g. `sessionId`. */
  path: Record<string, string>;
  body: Body;
  /** The JSON body in the contract's own spelling with every property present; null when there is none. */
  bound: unknown;
};

/** The answer of an operation that declares no content: an empty 204. */
export const NO_CONTENT = Symbol('no content');

/** An answer that is not JSON. */
export class FileAnswer {
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly status: number;
  readonly reason: string | null;
  readonly downloadName: string | null;

  constructor(
    contentType: string,
    bytes: Buffer | string,
    options: { status?: number; reason?: string; downloadName?: string } = {},
  ) {
    this.contentType = contentType;
    this.bytes = Buffer.from(bytes as Buffer); // Buffer.from accepts both; the overloads do not say so together.
    this.status = options.status ?? 200;
    this.reason = options.reason ?? null;
    this.downloadName = options.downloadName ?? null;
  }
}

/** Query values by the names of the route; each reader knows the type its name was declared with. */
export type QueryValues = {
  /** Empty when absent. */
  text(name: string): string;
  /** Null when absent and without a default. */
  int(name: string): number | null;
  flag(name: string): boolean | null;
  list(name: string): string[];
};

/**
 * Binds the query the way ASP.NET Web API does: names in any case; a required key that is missing finds no action
 * (404), a value of the wrong type is a bad request (400).
 */
export function bindQuery(route: Route, params: URLSearchParams, url: string): QueryValues {
  const given = new Map<string, string[]>();
  for (const [name, value] of params) {
    const key = name.toLowerCase();
    given.set(key, [...(given.get(key) ?? []), value]);
  }
  const values = new Map<string, string | number | boolean | string[] | null>();
  for (const [name, spec] of Object.entries(route.query ?? {})) {
    const { type, required, fallback } = parseSpec(spec);
    const raw = given.get(name.toLowerCase());
    if (!raw && required) {
      const controller = route.operationId.split('_')[0];
      throw noSuchResource(url, `No action was found on the controller '${controller}' that matches the request.`);
    }
    values.set(name.toLowerCase(), raw ? convert(name, type, raw, required, fallback) : convertDefault(type, fallback));
  }
  const read = (name: string) => {
    const key = name.toLowerCase();
    if (!values.has(key)) throw new Error(`${route.operationId} declares no query parameter ${name}.`);
    return values.get(key) ?? null;
  };
  // Each name was converted by its declared type above; the readers only name that type again.
  return {
    text: (name) => (read(name) as string | null) ?? '',
    int: (name) => read(name) as number | null,
    flag: (name) => read(name) as boolean | null,
    list: (name) => (read(name) as string[] | null) ?? [],
  };
}

function parseSpec(spec: ParameterSpec): { type: ParameterType; required: boolean; fallback: string | null } {
  const match = /^(string|int|bool|list)(!)?(?:=(.*))?$/.exec(spec);
  if (!match) throw new Error(`Not a parameter specification: ${spec}`);
  // The pattern admits nothing but the four types.
  return { type: match[1] as ParameterType, required: match[2] === '!', fallback: match[3] ?? null };
}

function convert(name: string, type: ParameterType, raw: string[], required: boolean, fallback: string | null) {
  const first = raw[0] ?? '';
  if (type === 'list') return raw.filter((value) => value !== '');
  if (type === 'string') return first;
  if (first === '' && !required) return convertDefault(type, fallback);
  const value = type === 'int' ? parseInteger(first) : parseBoolean(first);
  if (value === null) {
    throw new HttpRefusal(400, {
      Message: 'The request is invalid.',
      MessageDetail: `The parameters dictionary contains a null entry for parameter '${name}' of non-nullable type 'System.${type === 'int' ? 'Int32' : 'Boolean'}'.`,
    });
  }
  return value;
}

function convertDefault(type: ParameterType, fallback: string | null) {
  if (fallback === null) return null;
  return type === 'int' ? parseInteger(fallback) : type === 'bool' ? parseBoolean(fallback) : fallback;
}

function parseInteger(text: string): number | null {
  return /^\s*-?\d{1,10}\s*$/.test(text) ? Number(text) : null;
}

function parseBoolean(text: string): boolean | null {
  const lower = text.trim().toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : null;
}

/** A request body: a model with properties in any case, a bare array, or a form. */
export class Body {
  readonly #value: unknown;
  readonly #contentType: string;
  readonly #bytes: Buffer;

  constructor(value: unknown, contentType: string, bytes: Buffer) {
    this.#value = value;
    this.#contentType = contentType;
    this.#bytes = bytes;
  }

  /** For the call log. */
  get json(): unknown {
    return this.#value;
  }

  /** @throws CmsException (ArgumentNullException) when there is no object. */
  model(parameterName = 'request'): Model {
    if (!isObject(this.#value)) throw missingArgument(parameterName);
    return new Model(this.#value, parameterName);
  }

  /** A bare array of models. */
  models(parameterName: string): Model[] {
    if (!Array.isArray(this.#value)) throw missingArgument(parameterName);
    return this.#value.filter(isObject).map((value) => new Model(value, parameterName));
  }

  /** A bare array of strings. */
  ids(parameterName = 'ids'): string[] {
    if (!Array.isArray(this.#value)) throw missingArgument(parameterName);
    if (!this.#value.every((value) => typeof value === 'string')) {
      throw invalidRequest({ [parameterName]: ['Every entry must be a string.'] });
    }
    return this.#value;
  }

  /** The one file of an upload, whatever its field is called. @throws HttpRefusal (400) when there is none. */
  async file(): Promise<File> {
    const file = [...(await this.form()).values()].find((value) => value instanceof File);
    if (!file) throw invalidRequest({ file: ['The file field is required.'] });
    return file;
  }

  /** @throws HttpRefusal (415) when the body is not a multipart form. */
  async form(): Promise<FormData> {
    if (!this.#contentType.startsWith('multipart/form-data')) {
      throw new HttpRefusal(415, {
        Message: `The request entity's media type '${this.#contentType}' is not supported for this resource.`,
      });
    }
    try {
      const response = new Response(new Uint8Array(this.#bytes), { headers: { 'content-type': this.#contentType } });
      return await response.formData();
    } catch {
      // A broken multipart body is the caller's fault, whatever the parser calls it.
      throw invalidRequest({ file: ['The multipart body cannot be read.'] });
    }
  }
}

/** A JSON object whose properties are found in any case. */
export class Model {
  readonly #values: Map<string, unknown>;
  readonly #parameterName: string;

  constructor(value: Record<string, unknown>, parameterName: string) {
    this.#values = new Map(Object.entries(value).map(([name, entry]) => [name.toLowerCase(), entry]));
    this.#parameterName = parameterName;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  /** Empty when absent or null. */
  text(name: string): string {
    const value = this.#values.get(name.toLowerCase()) ?? '';
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw this.#invalid(name, 'string');
  }

  /** @throws HttpRefusal (400) when absent; an empty text counts as present only where `allowEmpty` says so. */
  required(name: string, options: { allowEmpty?: boolean } = {}): string {
    const value = this.text(name);
    if (!this.has(name) || (value === '' && !options.allowEmpty)) {
      throw invalidRequest({ [`${this.#parameterName}.${name}`]: [`The ${name} field is required.`] });
    }
    return value;
  }

  /** False when absent, as for every omitted bool of the contract. */
  flag(name: string): boolean {
    const value = this.#values.get(name.toLowerCase()) ?? false;
    if (typeof value === 'boolean') return value;
    const parsed = typeof value === 'string' ? parseBoolean(value) : null;
    if (parsed === null) throw this.#invalid(name, 'boolean');
    return parsed;
  }

  list(name: string): string[] {
    const value = this.#values.get(name.toLowerCase()) ?? [];
    if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
      throw this.#invalid(name, 'array of strings');
    }
    return value;
  }

  /** An array of objects. */
  models(name: string): Model[] {
    const value = this.#values.get(name.toLowerCase()) ?? [];
    if (!Array.isArray(value)) throw this.#invalid(name, 'array');
    return value.filter(isObject).map((entry) => new Model(entry, `${this.#parameterName}.${name}`));
  }

  #invalid(name: string, type: string): HttpRefusal {
    return invalidRequest({ [`${this.#parameterName}.${name}`]: [`Error converting the value to type '${type}'.`] });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
