import type { KoaContextWithOIDC } from 'oidc-provider';
import type { OAuthDeps } from './deps.ts';
import { recordsAdapter } from './records-adapter.ts';

/** How often a code may be brought with something that does not fit it. */
export const wrongTriesMax = 5;

/**
 * A failed try does not use up a code, since the client that owns it may come again; after a few it is a guesser's, and is
 * forgotten before the answer leaves. How many codes an address may try is the business of the limit per address.
 */
export function boundGuesses(deps: OAuthDeps) {
  const codes = recordsAdapter(deps)('AuthorizationCode');
  return async (context: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next();
    const code = context.oidc?.route === 'token' ? context.oidc.params?.['code'] : undefined;
    if (typeof code !== 'string' || !isInvalidGrant(context.body)) return;
    const { allowed } = await deps.limiter.take(`code:${deps.digest.sha256(code)}`, wrongTriesMax);
    if (!allowed) await codes.destroy(code);
  };
}

const isInvalidGrant = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'error' in body && body.error === 'invalid_grant';
