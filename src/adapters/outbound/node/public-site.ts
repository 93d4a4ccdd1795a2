import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { DomainError } from '../../../domain/errors.ts';
import {
  lookMsMax,
  type PublicSight,
  type PublicSite,
  publicBytesMax,
  redirectsMax,
  type UnreachedReason,
} from '../../../domain/ports/public-site.ts';
import { createGuardedGet, type GuardOptions } from './guarded-get.ts';

export interface PublicSiteOptions extends Pick<GuardOptions, 'resolve' | 'ca'> {
  /** Name or id of a publishing target, in small letters, to the base address of its site. */
  readonly sites: Readonly<Record<string, string>>;
  /** How long one look may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Looks at published sites by plain requests, with the same guard as files of allowed origins. */
export function createPublicSite(options: PublicSiteOptions): PublicSite {
  const { timeoutMs = lookMsMax, sites, ...guard } = options;
  const bases = new Map(Object.entries(sites).map(([target, base]) => [target, `${base.replace(/\/+$/, '')}/`]));
  const namedHosts = new Set([...bases.values()].map((base) => new URL(base).host));
  // The operator vouches for the hosts that they named; where those lead to is for the site to say, and guarded.
  const getNamed = createGuardedGet({ ...guard, mayConnect: () => true });
  const getOther = createGuardedGet(guard);

  const follow = async (from: URL, signal: AbortSignal): Promise<PublicSight> => {
    let url = from;
    for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
      const get = namedHosts.has(url.host) ? getNamed : getOther;
      const reply = await get(url, signal);
      const { location } = reply.headers;
      const status = reply.statusCode ?? 0;
      if (status < 300 || status > 399 || location === undefined) return await sightOf(url, status, reply);
      reply.destroy();
      const next = URL.parse(location, url.href);
      if (next === null || !isWebAddress(next)) return { reached: false, why: 'foreign_address' };
      url = next;
    }
    return { reached: false, why: 'too_many_redirects' };
  };

  return {
    addressOf: ({ id, name }, path) => {
      const base = bases.get(id.toLowerCase()) ?? bases.get(name.toLowerCase());
      if (base === undefined) return undefined;
      const steps = path.replace(/^\/+/, '').split('/').map(encodeStep);
      return `${base}${steps.join('/')}`;
    },
    async look(address, signal) {
      const url = URL.parse(address);
      const isNamed = url !== null && [...bases.values()].some((base) => url.href.startsWith(new URL(base).href));
      if (!isNamed) return { reached: false, why: 'foreign_address' };
      const patience = AbortSignal.timeout(timeoutMs);
      try {
        return await follow(url, AbortSignal.any([signal, patience]));
      } catch (thrown) {
        // Whatever the network threw is an answer about the site, unless the caller has given up.
        signal.throwIfAborted();
        return { reached: false, why: patience.aborted ? 'timed_out' : reasonOf(thrown) };
      }
    },
  };
}

function isWebAddress({ protocol, username, password }: URL): boolean {
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

/** A path of the CMS may be encoded already, or hold blanks and umlauts. */
function encodeStep(step: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(step));
  } catch {
    // A stray percent sign is no encoding.
    return encodeURIComponent(step);
  }
}

async function sightOf(url: URL, status: number, reply: IncomingMessage): Promise<PublicSight> {
  const body = await readBeginning(reply);
  const { etag } = reply.headers;
  const lastModified = reply.headers['last-modified'];
  const seconds = /\b(?:s-maxage|max-age)=(\d{1,9})/i.exec(reply.headers['cache-control'] ?? '')?.[1];
  const isText = /^(?:text\/|application\/(?:xhtml\+)?xml)/i.test(reply.headers['content-type'] ?? '');
  const isPlain = (reply.headers['content-encoding'] ?? 'identity') === 'identity';
  return {
    reached: true,
    address: url.href,
    status,
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(etag === undefined ? {} : { etag }),
    ...(seconds === undefined ? {} : { cacheSeconds: Number(seconds) }),
    sha256: createHash('sha256').update(body).digest('hex'),
    text: isText && isPlain ? body.toString('utf8') : '',
  };
}

/** Of a page that never ends, what comes first. */
async function readBeginning(reply: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of reply) {
    // A stream without an encoding yields buffers.
    const bytes = chunk as Buffer;
    chunks.push(bytes);
    length += bytes.byteLength;
    // Leaving the loop destroys the stream.
    if (length >= publicBytesMax) break;
  }
  return Buffer.concat(chunks).subarray(0, publicBytesMax);
}

function reasonOf(thrown: unknown): UnreachedReason {
  if (thrown instanceof DomainError) return thrown.code === 'NOT_FOUND' ? 'unknown_host' : 'foreign_address';
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return ['ENOTFOUND', 'EAI_AGAIN', 'ENODATA'].includes(code) ? 'unknown_host' : 'no_connection';
}
