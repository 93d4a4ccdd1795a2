import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { DomainError } from '../../../domain/errors.ts';
import { type UrlFetcher, uploadBytesMax } from '../../../domain/ports/files.ts';
import { isPublicAddress } from './public-address.ts';

export interface UrlFetcherOptions {
  /** Origins such as `https://files.example.edu`; nothing else is asked. */
  readonly allowedOrigins: readonly string[];
  /** For one file, redirects included. */
  readonly timeoutMs?: number;
  /** All addresses of a name. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
  /** Which addresses may be connected to. */
  readonly mayConnect?: (address: string) => boolean;
  readonly bytesMax?: number;
}

/** Fetches files by GET, guarded against requests that would reach what is not public (OWASP: SSRF). */
export function createUrlFetcher(options: UrlFetcherOptions): UrlFetcher {
  const allowed = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase()));
  const resolve = options.resolve ?? resolveAll;
  const mayConnect = options.mayConnect ?? isPublicAddress;
  const bytesMax = options.bytesMax ?? uploadBytesMax;

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

  return {
    async fetch(text, callerSignal) {
      const signal = AbortSignal.any([callerSignal, AbortSignal.timeout(options.timeoutMs ?? timeoutDefaultMs)]);
      try {
        let url = checkedUrl(text, allowed);
        for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
          const reply = await get(url, await pin(url), signal);
          const status = reply.statusCode ?? 0;
          const { location } = reply.headers;
          if (status >= 300 && status <= 399 && location !== undefined) {
            reply.destroy();
            url = checkedUrl(URL.parse(location, url.href)?.href ?? '', allowed);
          } else {
            if (status !== 200) {
              reply.destroy();
              throw new DomainError(
                status === 404 ? 'NOT_FOUND' : 'CONFLICT',
                `The address answered with status ${status}; nothing was imported.`,
              );
            }
            return await readBody(reply, bytesMax);
          }
        }
        throw new DomainError('CONFLICT', 'The address leads from redirect to redirect; nothing was imported.');
      } catch (error) {
        // Refusals of ours are told as they are; whatever the network threw becomes one of the table.
        if (error instanceof DomainError) throw error;
        if (callerSignal.aborted) throw new DomainError('CANCELLED', 'The import was cancelled.', { cause: error });
        const why = signal.aborted ? 'It took too long' : 'The connection failed';
        throw new DomainError('CONFLICT', `The file could not be fetched. ${why}; nothing was imported.`, {
          cause: error,
        });
      }
    },
  };
}

const timeoutDefaultMs = 60_000;
const redirectsMax = 3;

/** WHATWG parsing has made every spelling of an IPv4 address (octal, hex, one number) into the usual one. */
function checkedUrl(text: string, allowed: ReadonlySet<string>): URL {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new DomainError('BAD_INPUT', 'That is no web address.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new DomainError('BAD_INPUT', 'The address must not hold a user name or a password.');
  }
  if (!allowed.has(url.origin)) {
    throw new DomainError(
      'FORBIDDEN',
      `Files are not imported from ${url.origin.slice(0, 100)}. ${allowed.size === 0 ? 'The operator has allowed no address' : `Allowed are: ${[...allowed].join(', ')}`}; without "source_url" there is a one-time upload address.`,
    );
  }
  return url;
}

const resolveAll = async (hostname: string): Promise<readonly string[]> => {
  const found = await lookup(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};

/** One GET to the pinned address; the name still goes into the Host header and the certificate check. */
function get(url: URL, address: string, signal: AbortSignal): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const family = isIP(address);
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: 'GET',
      agent: false,
      signal,
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

async function readBody(reply: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new DomainError('TOO_LARGE', `The file is larger than ${bytesMax} bytes; nothing was imported.`);
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
