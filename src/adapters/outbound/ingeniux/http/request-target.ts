import type { Arguments, ArgumentValue, Operation } from '../catalogue/operation.ts';

/**
 * The path and query of a call, relative to the site root. Required keys always travel, even empty; optional ones only
 * with a value; a list repeats its key. Ids with slashes are encoded, because they never stand in a path (contract
 * section 1). Pure.
 */
export function requestTarget<O extends Operation>(operation: O, args: Arguments<O>): string {
  // Arguments<O> is a record of argument values by construction; the index access below needs to know just that.
  const values = args as Readonly<Record<string, ArgumentValue | undefined>>;
  let path = operation.path;
  const query: string[] = [];
  for (const [name, parameter] of Object.entries(operation.parameters)) {
    const value = values[name];
    if (parameter.place === 'path') {
      path = path.replace(`{${name}}`, encodeURIComponent(String(value ?? '')));
    } else if (parameter.place === 'query' && (value !== undefined || parameter.required)) {
      const items = isList(value) && value.length > 0 ? value : [value ?? ''];
      for (const item of items) query.push(`${name}=${encodeURIComponent(String(item))}`);
    }
  }
  return `${apiPrefix}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** The prefix that the vendor's API description leaves out (contract section 1). */
export const apiPrefix = '/api/v1';

const isList = (value: ArgumentValue | undefined): value is readonly string[] => Array.isArray(value);
