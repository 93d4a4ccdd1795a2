/**
 * A URI template of the kind that our resources use, a subset of RFC 6570: `{name}` stands for one path segment (ids of
 * assets hold a slash, which is encoded), `{?a,b}` at the end for optional query values.
 */
export interface UriTemplate {
  readonly text: string;
  /** Names of the variables, those of the path first. */
  readonly variables: readonly string[];
  /** The values in a URI; `undefined` when the URI is not of this template. */
  match(uri: string): Readonly<Record<string, string>> | undefined;
  /** The URI with these path values and no query. */
  expand(values: Readonly<Record<string, string>>): string;
}

/** Longer than every id and name there is. */
const valueCharactersMax = 300;

/** Reads a template once, at the start. */
export function uriTemplate(text: string): UriTemplate {
  const [path = '', query] = text.split(/\{\?([\w,]+)\}$/);
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const inQuery = query === undefined ? [] : query.split(',');
  const pattern = new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '([^/?#\\s]+)')}$`);
  return {
    text,
    variables: [...inPath, ...inQuery],
    match(uri) {
      const [before = '', after, ...more] = uri.split('?');
      const segments = pattern.exec(before)?.slice(1);
      if (segments === undefined || more.length > 0 || before.includes('#')) return undefined;
      const values: [string, string | undefined][] = [
        ...inPath.map((name, index): [string, string | undefined] => [name, decoded(segments[index] ?? '')]),
        ...new URLSearchParams(after ?? ''),
      ];
      const isOurs = values.every(
        ([name, value]) =>
          value !== undefined &&
          value !== '' &&
          value.length <= valueCharactersMax &&
          (inPath.includes(name) || inQuery.includes(name)),
      );
      // `isOurs` has seen that no value is missing; the compiler does not follow it through the list.
      return isOurs ? (Object.fromEntries(values) as Record<string, string>) : undefined;
    },
    expand: (values) => path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(values[name] ?? '')),
  };
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Malformed percent-encoding: no URI that this server gave out.
    return undefined;
  }
}
