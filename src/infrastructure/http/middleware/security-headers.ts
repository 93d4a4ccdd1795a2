import type { RequestHandler } from 'express';

const hstsSeconds = 365 * 24 * 3600;

/** For answers that no browser should render, embed, guess at or keep (OWASP secure headers). */
export function securityHeaders(isHttps: boolean): RequestHandler {
  const headers: Readonly<Record<string, string>> = {
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    ...(isHttps ? { 'Strict-Transport-Security': `max-age=${hstsSeconds}; includeSubDomains` } : {}),
  };
  return (_request, response, next) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    next();
  };
}
