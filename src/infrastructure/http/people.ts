import type { Request, RequestHandler, Response } from 'express';
import { authorizationServer } from '../../adapters/inbound/http/oauth/authorization-server.ts';
import { createBrowserBinding } from '../../adapters/inbound/http/oauth/browser-binding.ts';
import { callbackDoor, callbackPath } from '../../adapters/inbound/http/oauth/callback-door.ts';
import { hostCookies } from '../../adapters/inbound/http/oauth/cookies.ts';
import { grantsDoor } from '../../adapters/inbound/http/oauth/grants-door.ts';
import { pageGuard } from '../../adapters/inbound/http/oauth/page-guard.ts';
import { createPendingSignIns } from '../../adapters/inbound/http/oauth/pending-sign-in.ts';
import { createPersonSessions } from '../../adapters/inbound/http/oauth/person-session.ts';
import type { ServerKeys } from '../../adapters/inbound/http/oauth/server-keys.ts';
import { resourceUrl } from '../../adapters/inbound/http/protected-resource-metadata.ts';
import type { SecurityEvent } from '../../application/audit/record-security-event.ts';
import { listGrants } from '../../application/identity/list-grants.ts';
import { recordGrant } from '../../application/identity/record-grant.ts';
import type { Wired } from '../di/container.ts';
import { T } from '../di/tokens.ts';
import { requestIdOf } from './middleware/request-id.ts';

export interface PeopleOptions {
  readonly container: Wired;
  readonly publicUrl: string;
  readonly keys: ServerKeys;
  readonly onProblem: (error: unknown, requestId: string) => void;
}

/** The doors that people come through with a browser: the authorization server, their grants, the way back to us. */
export function peopleDoors({ container, publicUrl, keys, onProblem }: PeopleOptions): readonly RequestHandler[] {
  const facts = container.get(T.Facts);
  const grants = container.get(T.Grants);
  const records = container.get(T.Records);
  const security = container.get(T.Security);
  const signIn = container.get(T.SignIn);
  const ids = container.get(T.Ids);
  const digest = container.get(T.Digest);
  const { revoke } = container.get(T.GrantRevoker);
  const cms = { address: addressOf(facts.cmsBaseUrl), isSandbox: facts.isSandbox };

  const cookies = hostCookies(publicUrl);
  const binding = createBrowserBinding({ records, ids, digest, cookies });
  const callbackUrl = `${publicUrl}${callbackPath}`;
  const sealer = container.get(T.Sealer);
  const pending = createPendingSignIns({ records, sealer, ids, digest, binding, callbackUrl });
  const guard = pageGuard({ requestIdOf, onProblem });
  const record = (request: Request, response: Response, event: SecurityEvent): Promise<void> =>
    security.record({ by: 'person', address: request.ip, requestId: requestIdOf(response), ...event });

  const server = authorizationServer(
    {
      publicUrl,
      resource: resourceUrl(publicUrl),
      cms,
      records: container.get(T.OAuthRecords),
      grants,
      signIn,
      binding,
      pending,
      limiter: container.get(T.RateLimiter),
      requestsPerMinute: container.get(T.Config).anonymousRateLimitPerMinute,
      documents: container.get(T.Documents),
      clock: container.get(T.Clock),
      ids,
      digest,
      recordGrant: (grant, signedIn) => recordGrant(grant, signedIn, { grants, vault: container.get(T.Vault) }),
      revokeGrant: revoke,
      recordSecurity: (event) => security.record(event),
      requestIdOf,
      onProblem,
    },
    keys,
  );
  const grantsPages = grantsDoor({
    signIn,
    cms,
    binding,
    sessions: createPersonSessions({ records, ids, digest, cookies }),
    pending,
    ids,
    listGrants: (subject) => listGrants({ subject }, { grants }),
    revokeGrant: (id) => revoke(id, 'person'),
    guard,
    requestIdOf,
    onSignIn: (event, request, response) => record(request, response, { action: 'sign_in', ...event }),
    onForeignForm: (request, response) =>
      record(request, response, { action: 'access_refused', outcome: 'refused', reason: 'foreign_form' }),
  });
  const callback = callbackDoor({
    signIn,
    pending,
    guard,
    requestIdOf,
    goOn: async (purpose, finish, request, response) => {
      if (purpose.kind === 'interaction') {
        await server.comeBack(purpose.uid, finish, request, response);
        return;
      }
      const signedIn = await finish();
      await record(request, response, { action: 'sign_in', outcome: 'ok', subject: signedIn.subject });
      await grantsPages.welcome(signedIn, response);
    },
    onForeignReturn: (reason, request, response) =>
      record(request, response, { action: 'sign_in', outcome: 'refused', reason: `callback_${reason}` }),
  });
  return [server.routes, grantsPages.routes, callback];
}

/** The CMS as people know it: host and path. */
function addressOf(baseUrl: string): string {
  const { host, pathname } = new URL(baseUrl);
  return `${host}${pathname.replace(/\/+$/, '')}`;
}
