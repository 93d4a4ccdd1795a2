import { DomainError } from '../../domain/errors.ts';
import type { CmsConnector } from '../../domain/ports/cms/gateway.ts';
import type { TokenVerdict } from '../authorization/verify-access-token.ts';

export interface VerifyBearerPorts {
  readonly verify: (token: string) => Promise<TokenVerdict>;
  readonly connector: Pick<CmsConnector, 'prepare'>;
}

/**
 * Who bears this token, and whether the CMS still takes them: an ended CMS credential is renewed before the call begins.
 * A person whose sign-in the CMS does not take any more is refused like one whose token was revoked, so that their client
 * signs in again.
 *
 * @throws DomainError CMS_UNAVAILABLE, STORAGE_UNAVAILABLE when nobody can tell now: that is no refusal, and what the
 *   person gave stands.
 */
export async function verifyBearer(token: string, { verify, connector }: VerifyBearerPorts): Promise<TokenVerdict> {
  const verdict = await verify(token);
  if (!verdict.ok) return verdict;
  try {
    await connector.prepare(verdict.grant.principal);
    return verdict;
  } catch (error) {
    // Whatever else is wrong is told by the call itself.
    if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') return { ok: false, reason: 'signed_out' };
    throw error;
  }
}
