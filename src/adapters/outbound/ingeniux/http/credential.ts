import type { Principal } from '../../../../domain/model/principal.ts';
import { CallFailure, interruption, untilAborted } from './failure.ts';
import type { Step } from './outbound.ts';

/** Where the CMS's access tokens come from: those of a person's grant, or those of an identity that many share. */
export interface CredentialSource {
  /** A token that is not known to be refused. @throws CallFailure */
  token(principal: Principal): Promise<string>;
  /**
   * A token other than `refused`. Callers that meet the same refusal at the same time share one renewal, and one that
   * comes late gets the token that was renewed meanwhile. @throws CallFailure
   */
  renew(principal: Principal, refused: string): Promise<string>;
  /** What follows when a token is refused that was renewed for this very call: the failure to end the call with. */
  rejected(principal: Principal, token: string, cause: CallFailure): Promise<CallFailure>;
}

/** Puts the token on; when the CMS refuses it, renews it once and tries again. */
export function credential(source: CredentialSource): Step {
  return async (call, next) => {
    const wait = <T>(answer: Promise<T>) =>
      untilAborted(answer, call.signal, () => interruption(call, false, call.signal.reason));
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
      throw await wait(source.rejected(call.principal, renewed, error));
    }
  };
}

const isSignedOut = (error: unknown): error is CallFailure =>
  error instanceof CallFailure && error.kind === 'signed_out';
