import { DomainError } from '../../../domain/errors.ts';
import { type UrlFetcher, uploadBytesMax } from '../../../domain/ports/files.ts';
import { createGuardedGet, type GuardOptions, readBody } from './guarded-get.ts';

export interface UrlFetcherOptions extends GuardOptions {
  /** Origins such as `https://files.example.edu`; nothing else is asked. */
  readonly allowedOrigins: readonly string[];
  /** For one file, redirects included. */
  readonly timeoutMs?: number;
  readonly bytesMax?: number;
}

/** Fetches files by GET, guarded against requests that would reach what is not public (OWASP: SSRF). */
export function createUrlFetcher(options: UrlFetcherOptions): UrlFetcher {
  const allowed = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase()));
  const get = createGuardedGet(options);
  const bytesMax = options.bytesMax ?? uploadBytesMax;
  const tooLarge = () =>
    new DomainError('TOO_LARGE', `The file is larger than ${bytesMax} bytes; nothing was imported.`);

  return {
    async fetch(text, callerSignal) {
      const signal = AbortSignal.any([callerSignal, AbortSignal.timeout(options.timeoutMs ?? timeoutDefaultMs)]);
      try {
        let url = checkedUrl(text, allowed);
        for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
          const reply = await get(url, signal);
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
            return await readBody(reply, bytesMax, tooLarge);
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
