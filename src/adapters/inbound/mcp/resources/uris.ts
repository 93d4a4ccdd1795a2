/** The addresses of resources. An id is one segment: ids of assets hold a slash, which is encoded. */

export const contextUri = 'ingeniux://context';
export const pageTemplate = 'ingeniux://page/{id}';
export const jobTemplate = 'ingeniux://job/{id}';

export function pageUri(id: string): string {
  return pageTemplate.replace('{id}', encodeURIComponent(id));
}

export function jobUri(id: string): string {
  return jobTemplate.replace('{id}', encodeURIComponent(id));
}

/** Longer than every id there is. */
const idCharactersMax = 200;

/** The id in a URI of this template; `undefined` when the URI is not one. */
export function idIn(uri: string, template: string): string | undefined {
  const prefix = template.replace('{id}', '');
  const segment = uri.startsWith(prefix) ? uri.slice(prefix.length) : '';
  if (segment === '' || segment.length > idCharactersMax || /[/?#\s]/.test(segment)) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    // Malformed percent-encoding: no URI that this server gave out.
    return undefined;
  }
}
