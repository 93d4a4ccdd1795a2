import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExpiringRecords } from '../../../../domain/ports/expiring-records.ts';
import type { Digest, IdSource } from '../../../../domain/ports/system.ts';
import type { Cookies } from './cookies.ts';
import { csrfTokenOf, isSame } from './csrf.ts';

export interface BindingDeps {
  readonly records: Pick<ExpiringRecords, 'create' | 'get' | 'take'>;
  readonly ids: Pick<IdSource, 'secret'>;
  readonly digest: Digest;
  readonly cookies: Cookies;
}

/**
 * Holds what is pending (an interaction, a sign-in elsewhere) and the one browser together that it began in. Each pending
 * thing has a cookie of its own, so tabs do not disturb each other; we keep the hash of its value. The CSRF token of the
 * forms follows from the cookie's value, so a token is worth nothing in another browser or for another thing.
 */
export interface BrowserBinding {
  /**
   * Binds `id` to the browser that is answered, or finds it bound to the browser that asks.
   *
   * @returns the CSRF token for the forms about `id`; `undefined` when it is bound to another browser.
   */
  bind(request: IncomingMessage, response: ServerResponse, id: string): Promise<string | undefined>;
  /** Whether the request comes from the browser that `id` is bound to: for what comes back without a form of ours. */
  isBound(request: IncomingMessage, id: string): Promise<boolean>;
  /** Whether it also brings the token of a form about `id`. The form may be sent again. */
  accepts(request: IncomingMessage, id: string, csrfToken: unknown): Promise<boolean>;
  /** As `accepts`, and ends the binding: of several at once, in any process, exactly one is answered true. */
  claim(request: IncomingMessage, response: ServerResponse, id: string, csrfToken: unknown): Promise<boolean>;
  /** As `isBound`, and ends the binding likewise. */
  claimReturn(request: IncomingMessage, response: ServerResponse, id: string): Promise<boolean>;
}

/** As long as what is pending may wait, in seconds: nobody takes longer to sign in or to decide. */
export const pendingSecondsMax = 600;

export function createBrowserBinding({ records, ids, digest, cookies }: BindingDeps): BrowserBinding {
  const key = (id: string): string => `browser-binding:${digest.sha256(id)}`;
  const cookieName = (id: string): string => `igx-${digest.sha256(id).slice(0, 16)}`;

  /** The cookie's value, when it is the one that `id` is bound to. */
  const boundSecret = async (request: IncomingMessage, id: string): Promise<string | undefined> => {
    const secret = cookies.read(request, cookieName(id));
    const kept = await records.get(key(id));
    if (secret === undefined || typeof kept !== 'string') return undefined;
    return isSame(digest.sha256(secret), kept) ? secret : undefined;
  };

  const isBound: BrowserBinding['isBound'] = async (request, id) => (await boundSecret(request, id)) !== undefined;

  const accepts: BrowserBinding['accepts'] = async (request, id, csrfToken) => {
    const secret = await boundSecret(request, id);
    return secret !== undefined && typeof csrfToken === 'string' && isSame(csrfToken, csrfTokenOf(secret, id));
  };

  const end = async (response: ServerResponse, id: string): Promise<boolean> => {
    const isFirst = (await records.take(key(id))) !== undefined;
    if (isFirst) cookies.remove(response, cookieName(id));
    return isFirst;
  };

  return {
    bind: async (request, response, id) => {
      const secret = ids.secret('bind');
      if (await records.create(key(id), digest.sha256(secret), pendingSecondsMax)) {
        cookies.write(response, cookieName(id), secret, pendingSecondsMax);
        return csrfTokenOf(secret, id);
      }
      const bound = await boundSecret(request, id);
      return bound === undefined ? undefined : csrfTokenOf(bound, id);
    },
    isBound,
    accepts,
    claim: async (request, response, id, csrfToken) =>
      (await accepts(request, id, csrfToken)) && (await end(response, id)),
    claimReturn: async (request, response, id) => (await isBound(request, id)) && (await end(response, id)),
  };
}
