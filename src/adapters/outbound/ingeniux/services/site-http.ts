import type { Dispatcher } from 'undici';
import type { Principal } from '../../../../domain/model/principal.ts';
import type { OnAttempt } from '../events.ts';
import type { Breakers } from '../http/breaker.ts';
import type { CredentialSource } from '../http/credential.ts';
import { CallFailure, failure } from '../http/failure.ts';
import { type HttpReply, roundTrip, TransportFailure } from '../http/round-trip.ts';

/** A request to the site of the CMS, outside of `/api/v1`. */
export interface SiteRequest {
  readonly method: 'GET' | 'POST';
  /** Relative to the site root, with the query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** A change whose answer never came may have taken effect. */
  readonly isWrite: boolean;
  /**
   * `none` sends no token. `as_is` takes 401 for an answer: a part of the site that never takes our token would have a
   * fresh one made for every request.
   */
  readonly token?: 'none' | 'as_is';
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

/**
 * Sends a request once, whatever it does (services section 4: no retry), and answers the reply whatever its status;
 * only a refused token is renewed, once. Redirects are not followed.
 *
 * @throws DomainError CMS_UNAVAILABLE, CMS_TIMEOUT, CANCELLED, OUTCOME_UNKNOWN, TOO_LARGE, CMS_SIGN_IN_FAILED.
 */
export type SiteHttp = (request: SiteRequest) => Promise<HttpReply>;

export interface SiteHttpOptions {
  readonly dispatcher: Dispatcher;
  /** What stands between the origin and the site root's own paths; empty for a CMS at the root. */
  readonly mount: string;
  readonly credentials: CredentialSource;
  readonly breakers: Breakers;
  readonly timeoutMs: number;
  readonly onAttempt: OnAttempt;
}

export function createSiteHttp(options: SiteHttpOptions): SiteHttp {
  const ask = async (request: SiteRequest, token: string | undefined, signal: AbortSignal): Promise<HttpReply> => {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    // What stands in a path outside of the API is not known well enough to be told.
    const tellEnd = options.onAttempt({
      callClass: request.isWrite ? 'write' : 'read',
      method: request.method,
      resendCount: 0,
    });
    try {
      const reply = await roundTrip(options.dispatcher, {
        method: request.method,
        path: `${options.mount}${request.path}`,
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal,
        ...(body === undefined ? {} : { body }),
      });
      tellEnd({
        status: reply.status,
        ...(reply.status < 400 ? {} : { failure: reply.status < 500 ? 'refused' : 'failing' }),
      });
      return reply;
    } catch (error) {
      // A round trip fails in one of four ways; anything else is a defect.
      if (!(error instanceof TransportFailure)) throw error;
      const failed = withoutAnswer(error, request);
      tellEnd({ failure: failed.kind });
      throw failed;
    }
  };

  return async (request) => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(options.timeoutMs)]);
    try {
      return await options.breakers.run(request.isWrite ? 'write' : 'read', async () => {
        if (request.token === 'none') return ask(request, undefined, signal);
        const token = await options.credentials.token(request.principal);
        const reply = await ask(request, token, signal);
        if (reply.status !== 401 || request.token === 'as_is') return reply;
        // A call that was refused for its token has not taken effect, so it may go again with a fresh one.
        return ask(request, await options.credentials.renew(request.principal, token), signal);
      });
    } catch (error) {
      // Outside of the driver only the errors of failures are known.
      throw error instanceof CallFailure ? error.error : error;
    }
  };
}

function withoutAnswer(error: TransportFailure, request: SiteRequest): CallFailure {
  const wasCancelled = request.signal.aborted;
  const details = { path: request.path.split('?')[0] };
  if (error.kind === 'too_large') {
    return failure('unexpected', 'TOO_LARGE', 'The answer of the CMS passes the size limit.', {
      details,
      cause: error,
    });
  }
  if (error.kind === 'unreached') {
    return failure('unreached', 'CMS_UNAVAILABLE', 'The CMS cannot be reached. Try again later.', {
      details,
      cause: error,
    });
  }
  const kind = error.kind === 'lost' ? 'lost' : wasCancelled ? 'cancelled' : 'late';
  if (request.isWrite) {
    const message =
      'The CMS was asked to change something and its answer never came. Read the item again before anything else: the change may have taken effect.';
    return failure(kind, 'OUTCOME_UNKNOWN', message, { details, cause: error });
  }
  if (kind === 'cancelled')
    return failure(kind, 'CANCELLED', 'The call to the CMS was cancelled.', { details, cause: error });
  return kind === 'late'
    ? failure(kind, 'CMS_TIMEOUT', 'The CMS did not answer in time. Try again later.', { details, cause: error })
    : failure(kind, 'CMS_UNAVAILABLE', 'The connection to the CMS broke. Try again later.', { details, cause: error });
}
