import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { DomainError } from '../../../domain/errors.ts';
import { isPublicAddress } from './public-address.ts';

export interface GuardOptions {
  /** All addresses of a name. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
  /** Which addresses may be connected to. */
  readonly mayConnect?: (address: string) => boolean;
  /** The certificates that are trusted, in place of Node's own. */
  readonly ca?: string;
}

/** One GET, guarded against requests that would reach what is not public (OWASP: SSRF). Redirects are the caller's. */
export type GuardedGet = (url: URL, signal: AbortSignal) => Promise<IncomingMessage>;

export function createGuardedGet({ resolve = resolveAll, mayConnect = isPublicAddress, ca }: GuardOptions): GuardedGet {
  /** The address to connect to: every address of the name has to be allowed, so that no second look-up can differ. */
  const pin = async (url: URL): Promise<string> => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(host) === 0 ? await resolve(host) : [host];
    const [first] = addresses;
    if (first === undefined) throw new DomainError('NOT_FOUND', `The name ${host.slice(0, 100)} leads nowhere.`);
    if (!addresses.every(mayConnect)) {
      throw new DomainError('FORBIDDEN', 'That address is not on the public internet, so nothing is fetched from it.');
    }
    return first;
  };
  return async (url, signal) => get(url, await pin(url), signal, ca);
}

const resolveAll = async (hostname: string): Promise<readonly string[]> => {
  const found = await lookup(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};

/** One GET to the pinned address; the name still goes into the Host header and the certificate check. */
function get(url: URL, address: string, signal: AbortSignal, ca: string | undefined): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const family = isIP(address);
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: 'GET',
      agent: false,
      signal,
      ...(ca === undefined ? {} : { ca }),
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'ingeniux-cms-mcp-server' },
      lookup: (_hostname, lookupOptions, callback) => {
        if (lookupOptions.all === true) callback(null, [{ address, family }]);
        else callback(null, address, family);
      },
    });
    request.once('response', resolve);
    request.once('error', reject);
    request.end();
  });
}

/**
 * The whole body of an answer.
 *
 * @throws what `tooLarge` makes, when there is more than `bytesMax` of it.
 */
export async function readBody(
  reply: IncomingMessage,
  bytesMax: number,
  tooLarge: () => DomainError,
): Promise<Uint8Array> {
  if (Number(reply.headers['content-length'] ?? 0) > bytesMax) {
    reply.destroy();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of reply) {
    // A stream without an encoding yields buffers.
    const bytes = chunk as Uint8Array;
    length += bytes.byteLength;
    // Leaving the loop destroys the stream.
    if (length > bytesMax) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
