import type { RequestHandler, Response } from 'express';
import type { OnAccessRefused } from '../../../adapters/inbound/http/access-refusal.ts';

export interface HostAndOriginOptions {
  /** This server's URL as clients see it. */
  readonly publicUrl: string;
  /** The address that the server listens at. */
  readonly bindHost: string;
  /** Further names, with or without a port. */
  readonly allowedHosts: readonly string[];
  /** Further origins of browser pages, such as `https://inspector.example.org`. */
  readonly allowedOrigins: readonly string[];
}

/**
 * Refuses requests that name a host that is not ours, or come from a web page that we do not know: against DNS rebinding
 * and foreign pages (MCP, transports, security; CVE-2025-66414). Clients that are no browsers send no Origin.
 */
export function hostAndOrigin(options: HostAndOriginOptions, onRefused: OnAccessRefused): RequestHandler {
  const hosts = new Set(
    [new URL(options.publicUrl).hostname, ...options.allowedHosts, ...bindNames(options.bindHost)].map(lowerCase),
  );
  const origins = allowedOrigins(options);
  return (request, response, next) => {
    const { host: hostHeaders = [], origin: originHeaders = [] } = request.headersDistinct;
    if (hostHeaders.length > 1 || originHeaders.length > 1) {
      // Which of them counts would be a matter of who reads them (RFC 9112 section 3.2).
      refuse(response, 400, 'BAD_INPUT', 'A request has one Host header and one Origin header at most.');
      return;
    }
    const host = parseHost(hostHeaders[0]);
    const isOurs = host !== undefined && (isLoopback(host.name) || hosts.has(host.name) || hosts.has(host.full));
    if (!isOurs) {
      onRefused({ reason: 'foreign_host' }, response);
      refuse(response, 403, 'HOST_NOT_ALLOWED', 'This server does not answer under this host name. See ALLOWED_HOSTS.');
      return;
    }
    const { origin } = request.headers;
    if (
      origin !== undefined &&
      !origins.has(lowerCase(origin)) &&
      !(isLoopback(host.name) && isLoopbackOrigin(origin))
    ) {
      onRefused({ reason: 'foreign_origin' }, response);
      refuse(
        response,
        403,
        'ORIGIN_NOT_ALLOWED',
        'This server does not serve pages of this origin. See ALLOWED_ORIGINS.',
      );
      return;
    }
    next();
  };
}

/** The origins whose pages may read our answers. */
export function allowedOrigins(
  options: Pick<HostAndOriginOptions, 'publicUrl' | 'allowedOrigins'>,
): ReadonlySet<string> {
  return new Set([new URL(options.publicUrl).origin, ...options.allowedOrigins].map(lowerCase));
}

function bindNames(bindHost: string): string[] {
  const listensEverywhere = ['0.0.0.0', '::', ''].includes(bindHost);
  if (listensEverywhere) return [];
  return [bindHost.includes(':') ? `[${bindHost}]` : bindHost];
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

/** A Host header's name and its full form; `undefined` when it is none. */
function parseHost(header: string | undefined): { readonly name: string; readonly full: string } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(lowerCase(header ?? ''));
  return match?.[1] === undefined ? undefined : { name: match[1], full: match[0] };
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** A page of another program on this very machine, such as the Inspector: it still needs a token. */
function isLoopbackOrigin(origin: string): boolean {
  const url = URL.parse(origin);
  return url !== null && /^https?:$/.test(url.protocol) && isLoopback(url.hostname);
}

function refuse(response: Response, status: number, code: string, message: string): void {
  response.status(status).json({ error: { code, message } });
}
