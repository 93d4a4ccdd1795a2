/** Where a redirect leads, in the terms in which people can judge it. */
export type RedirectTarget =
  /** A web site; `host` as it is looked up, in ASCII, so that look-alike letters show. */
  | { readonly kind: 'web'; readonly host: string }
  /** A program on the person's own machine (RFC 8252 section 7.3). */
  | { readonly kind: 'this-machine'; readonly host: string }
  /** An app that opens links of its own scheme (RFC 8252 section 7.1); nobody vouches for whose it is. */
  | { readonly kind: 'app'; readonly scheme: string };

/** Answers `undefined` for what is no URL. */
export function redirectTarget(redirectUri: string): RedirectTarget | undefined {
  const url = URL.parse(redirectUri);
  if (url === null) return undefined;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { kind: 'app', scheme: url.protocol.slice(0, -1) };
  return { kind: isThisMachine(url.hostname) ? 'this-machine' : 'web', host: url.host };
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
