import type { Principal } from '../../../../domain/model/principal.ts';
import { CallFailure, failure, interruption, untilAborted } from './failure.ts';
import type { Step } from './outbound.ts';

/** Where the CMS's access tokens come from. One CMS identity may serve all principals, or each has its own. */
export interface CredentialSource {
  /** A token that is not known to be refused. @throws CallFailure */
  token(principal: Principal): Promise<string>;
  /**
   * A token other than `refused`. Callers that meet the same refusal at the same time share one renewal, and one that
   * comes late gets the token that was renewed meanwhile. @throws CallFailure
   */
  renew(principal: Principal, refused: string): Promise<string>;
}

/** Puts the token on; when the CMS refuses it, renews it once and tries again. */
export function credential(source: CredentialSource): Step {
  return async (call, next) => {
    const wait = (token: Promise<string>) =>
      untilAborted(token, call.signal, () => interruption(call, false, call.signal.reason));
    const token = await wait(source.token(call.principal));
    try {
      return await next({ ...call, token });
    } catch (error) {
      // Only a refused credential is this step's business.
      if (!isSignedOut(error)) throw error;
    }
    const renewed = await wait(source.renew(call.principal, token));
    try {
      return await next({ ...call, token: renewed });
    } catch (error) {
      // A fresh token that is refused too: signing in again would not help.
      if (!isSignedOut(error)) throw error;
      throw failure(
        'sign_in_refused',
        'CMS_SIGN_IN_FAILED',
        'The CMS refuses this server although it has just signed in. An operator has to look at the configured OAuth identity.',
        { cause: error },
      );
    }
  };
}

const isSignedOut = (error: unknown): boolean => error instanceof CallFailure && error.kind === 'signed_out';
