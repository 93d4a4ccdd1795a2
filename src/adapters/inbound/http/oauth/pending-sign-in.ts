import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '../../../../domain/model/job.ts';
import type { ExpiringRecords } from '../../../../domain/ports/expiring-records.ts';
import type { Sealer } from '../../../../domain/ports/sealer.ts';
import type { RedirectSignIn, SignedIn } from '../../../../domain/ports/sign-in.ts';
import type { Digest, IdSource } from '../../../../domain/ports/system.ts';
import { type BrowserBinding, pendingSecondsMax } from './browser-binding.ts';

export interface PendingSignInDeps {
  readonly records: Pick<ExpiringRecords, 'create' | 'take'>;
  readonly sealer: Pick<Sealer, 'seal' | 'open'>;
  readonly ids: Pick<IdSource, 'secret'>;
  readonly digest: Digest;
  readonly binding: BrowserBinding;
  readonly callbackUrl: string;
}

/** What a sign-in elsewhere is for: decides where the person goes on afterwards. */
export type SignInPurpose = { readonly kind: 'grants' } | { readonly kind: 'interaction'; readonly uid: string };

/** What came back to `/callback`. */
export type SignInReturn =
  | { readonly ok: true; readonly purpose: SignInPurpose; readonly finish: () => Promise<SignedIn> }
  /** `foreign`: another browser, or nothing is pending under that state. The pending one, if any, is untouched. */
  | { readonly ok: false; readonly reason: 'no_state' | 'foreign' };

/**
 * Sign-ins that are under way elsewhere. The state that travels is a secret of 256 bits, kept as a hash for ten minutes at
 * most and for one use, together with what its driver needs to finish; it counts in the browser only that it was given to.
 */
export interface PendingSignIns {
  /** Call it after the person has agreed to go, never before. Answers where to send them. */
  begin(
    request: IncomingMessage,
    response: ServerResponse,
    signIn: RedirectSignIn,
    purpose: SignInPurpose,
  ): Promise<string>;
  takeReturn(
    request: IncomingMessage,
    response: ServerResponse,
    signIn: RedirectSignIn,
    parameters: URLSearchParams,
  ): Promise<SignInReturn>;
}

export function createPendingSignIns(deps: PendingSignInDeps): PendingSignIns {
  const { records, sealer, ids, digest, binding, callbackUrl } = deps;
  const keyOf = (state: string): string => `pending-sign-in:${digest.sha256(state)}`;

  return {
    begin: async (request, response, signIn, purpose) => {
      const state = ids.secret('state');
      const { url, secrets } = await signIn.begin({ state, callbackUrl });
      const key = keyOf(state);
      const kept: Kept = { purpose, secrets };
      await records.create(key, await sealer.seal(JSON.stringify(kept), [key]), pendingSecondsMax);
      await binding.bind(request, response, state);
      return url;
    },
    takeReturn: async (request, response, signIn, parameters) => {
      const [state, ...others] = parameters.getAll('state');
      if (state === undefined || others.length > 0) return { ok: false, reason: 'no_state' };
      if (!(await binding.claimReturn(request, response, state))) return { ok: false, reason: 'foreign' };
      const key = keyOf(state);
      const sealed = await records.take(key);
      if (typeof sealed !== 'string') return { ok: false, reason: 'foreign' };
      // Only `begin` writes what opens in this context.
      const { purpose, secrets } = JSON.parse(await sealer.open(sealed, [key])) as Kept;
      return { ok: true, purpose, finish: () => signIn.finish(parameters, secrets, callbackUrl) };
    },
  };
}

interface Kept {
  readonly purpose: SignInPurpose;
  readonly secrets: Json;
}
