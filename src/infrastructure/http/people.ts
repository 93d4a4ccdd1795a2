import type { Request, RequestHandler, Response } from 'express';
import { type BrowserBinding, createBrowserBinding } from '../../adapters/inbound/http/oauth/browser-binding.ts';
import { callbackDoor, callbackPath } from '../../adapters/inbound/http/oauth/callback-door.ts';
import { hostCookies } from '../../adapters/inbound/http/oauth/cookies.ts';
import { grantsDoor } from '../../adapters/inbound/http/oauth/grants-door.ts';
import { pageGuard } from '../../adapters/inbound/http/oauth/page-guard.ts';
import { createPendingSignIns } from '../../adapters/inbound/http/oauth/pending-sign-in.ts';
import { createPersonSessions } from '../../adapters/inbound/http/oauth/person-session.ts';
import type { SecurityEvent, SecurityRecorder } from '../../application/audit/record-security-event.ts';
import type { Grant } from '../../domain/model/grant.ts';
import type { ExpiringRecords } from '../../domain/ports/expiring-records.ts';
import type { ServerFacts } from '../../domain/ports/index.ts';
import type { Sealer } from '../../domain/ports/sealer.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { Digest, IdSource } from '../../domain/ports/system.ts';
import { requestIdOf } from './middleware/request-id.ts';

export interface PeopleDeps {
  readonly publicUrl: string;
  readonly facts: Pick<ServerFacts, 'cmsBaseUrl' | 'isSandbox'>;
  readonly signIn: SignIn;
  readonly records: ExpiringRecords;
  readonly sealer: Sealer;
  readonly ids: IdSource;
  readonly digest: Digest;
  readonly security: SecurityRecorder;
  readonly listGrants: (subject: string) => Promise<readonly Grant[]>;
  readonly revokeGrant: (id: string) => Promise<void>;
  readonly onProblem: (error: unknown, requestId: string) => void;
}

export interface People {
  readonly binding: BrowserBinding;
  readonly routes: readonly RequestHandler[];
}

/** The doors that people come through with a browser, beside the authorization server's own. */
export function peopleDoors(deps: PeopleDeps): People {
  const { records, ids, digest, signIn } = deps;
  const cookies = hostCookies(deps.publicUrl);
  const binding = createBrowserBinding({ records, ids, digest, cookies });
  const callbackUrl = new URL(callbackPath, deps.publicUrl).href;
  const pending = createPendingSignIns({ records, sealer: deps.sealer, ids, digest, binding, callbackUrl });
  const guard = pageGuard({ requestIdOf, onProblem: deps.onProblem });
  const record = (request: Request, response: Response, event: SecurityEvent): Promise<void> =>
    deps.security.record({ by: 'person', address: request.ip, requestId: requestIdOf(response), ...event });

  const grants = grantsDoor({
    signIn,
    cms: { address: addressOf(deps.facts.cmsBaseUrl), isSandbox: deps.facts.isSandbox },
    binding,
    sessions: createPersonSessions({ records, ids, digest, cookies }),
    pending,
    ids,
    listGrants: deps.listGrants,
    revokeGrant: deps.revokeGrant,
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
    goOn: async (_purpose, finish, request, response) => {
      const signedIn = await finish();
      await record(request, response, { action: 'sign_in', outcome: 'ok', subject: signedIn.subject });
      await grants.welcome(signedIn, response);
    },
    onForeignReturn: (reason, request, response) =>
      record(request, response, { action: 'sign_in', outcome: 'refused', reason: `callback_${reason}` }),
  });
  return { binding, routes: [grants.routes, callback] };
}

/** The CMS as people know it: host and path. */
function addressOf(baseUrl: string): string {
  const { host, pathname } = new URL(baseUrl);
  return `${host}${pathname.replace(/\/+$/, '')}`;
}
