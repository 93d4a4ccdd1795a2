import {
  defaultExposure,
  type Exposure,
  exposureWords,
  parseExposure,
  readOnlyExposure,
} from '../../../application/tasks/exposure.ts';

/**
 * Where the endpoint is mounted: `/mcp` offers the default selection, `/mcp/readonly` its reads, and
 * `/mcp/x/{toolset,toolset}` what is named. Whatever else lies below is refused with the list of what there is.
 */
export const mcpPaths: readonly string[] = ['/mcp', '/mcp/*below'];

/** For clients that cannot choose their URL. The URL wins where it says something. */
export const toolsetsHeader = 'ingeniux-toolsets';

export type ExposureChoice =
  | { readonly exposure: Exposure }
  /** For the caller: what is wrong, and what there is. */
  | { readonly problem: string };

/** What a request asks to be offered, by its URL's path or else by its header. */
export function chooseExposure(path: string, header: string | undefined): ExposureChoice {
  const below = /^\/mcp\/(.+?)\/?$/.exec(path)?.[1];
  if (below === undefined) return header === undefined ? { exposure: defaultExposure } : byWord(header);
  if (below === 'readonly') return { exposure: readOnlyExposure };
  const list = /^x\/([^/]+)$/.exec(below)?.[1];
  return list === undefined ? unknown('address', below) : byList(decoded(list));
}

function byWord(header: string): ExposureChoice {
  return header.trim().toLowerCase() === 'readonly' ? { exposure: readOnlyExposure } : byList(header);
}

function byList(list: string): ExposureChoice {
  const parsed = parseExposure(list);
  return 'exposure' in parsed ? parsed : unknown('toolset', parsed.unknown.join(', '));
}

/** Enough to recognise what was sent. */
const shownCharactersMax = 100;

function unknown(what: string, text: string): ExposureChoice {
  return {
    problem: `Unknown ${what}: "${text.slice(0, shownCharactersMax)}". There are /mcp, /mcp/readonly and /mcp/x/{list}, where the list holds, separated by commas: ${exposureWords.join(', ')}.`,
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Malformed percent-encoding is no name of a toolset: it is refused as it came.
    return segment;
  }
}
