import { errors } from 'oidc-provider';

/** What a client may tell about itself, whether it registers itself or its id is the address of a document. */
interface ClientMetadata {
  application_type?: unknown;
  redirect_uris?: unknown;
  client_name?: unknown;
  scope?: unknown;
}

const redirectUrisMax = 10;
const redirectUriCharactersMax = 500;
const nameCharactersMax = 200;
const metadataCharactersMax = 10_000;

/** Schemes by which programs for agents are opened; others could be anybody's. */
const appSchemes: ReadonlySet<string> = new Set(['cursor:', 'vscode:', 'vscode-insiders:', 'windsurf:']);

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Holds a client to bounds and makes it what it is: whoever is called back on this machine is a native program
 * (RFC 8252), whatever it says.
 *
 * @throws errors.InvalidClientMetadata
 */
export function applyClientRules(metadata: ClientMetadata): void {
  if (JSON.stringify(metadata).length > metadataCharactersMax) {
    throw new errors.InvalidClientMetadata(`the metadata passes ${metadataCharactersMax} characters`);
  }
  const { client_name: name, redirect_uris: uris } = metadata;
  if (typeof name === 'string' && name.length > nameCharactersMax) {
    throw new errors.InvalidClientMetadata(`client_name passes ${nameCharactersMax} characters`);
  }
  if (Array.isArray(uris)) {
    const problem = uris.length > redirectUrisMax ? `must not be more than ${redirectUrisMax}` : firstProblem(uris);
    if (problem !== undefined) throw new errors.InvalidClientMetadata(`redirect_uris ${problem}`);
    if (uris.some(isNative)) metadata.application_type = 'native';
  }
  // Agents register the scopes that they read in our metadata. What counts is what a person gives them.
  delete metadata.scope;
}

/**
 * Whether a request may name this address: one of those that the client has, to the letter. The port of a loopback
 * address may differ, since programs take a free one (RFC 8252 section 7.3); of `localhost` only where the client left it
 * open, since that name can lead elsewhere (section 8.3).
 */
export function isRedirectAllowed(asked: string, known: readonly string[]): boolean {
  if (known.includes(asked)) return true;
  const port = loopbackPort(asked);
  if (port === undefined) return false;
  return known.some((uri) => {
    const own = loopbackPort(uri);
    return own !== undefined && own.rest === port.rest && (own.isAddress || own.port === '');
  });
}

function firstProblem(uris: readonly unknown[]): string | undefined {
  for (const uri of uris) {
    if (typeof uri !== 'string' || uri.length > redirectUriCharactersMax) {
      return `must be texts of at most ${redirectUriCharactersMax} characters`;
    }
    const url = URL.parse(uri);
    // Control characters and blanks are dropped by the parser, so the text would be another one than the address.
    if (url === null || !/^[\x21-\x5b\x5d-\x7e]+$/.test(uri)) return 'must only contain valid uris';
    if (url.username !== '' || url.password !== '') return 'must not contain credentials';
    if (uri.includes('#')) return 'must not contain fragments';
    if (uri.includes('*')) return 'must not contain wildcards';
    const isAllowed =
      (url.protocol === 'https:' && url.hostname !== '') ||
      (url.protocol === 'http:' && loopbackHosts.has(url.hostname)) ||
      appSchemes.has(url.protocol);
    if (!isAllowed) return 'must use https, or http on a loopback address';
  }
  return undefined;
}

function isNative(uri: string): boolean {
  const url = URL.parse(uri);
  return url !== null && (url.protocol === 'http:' || appSchemes.has(url.protocol));
}

/** A plain loopback address taken apart, as it is written: nothing else is compared without its port. */
function loopbackPort(
  uri: string,
): { readonly port: string; readonly rest: string; readonly isAddress: boolean } | undefined {
  const match = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::(\d{1,5}))?([/?][\x21-\x7e]*)?$/.exec(uri);
  if (match === null) return undefined;
  const [, host = '', port = '', path = ''] = match;
  return { port, rest: `${host}${path}`, isAddress: host !== 'localhost' };
}
