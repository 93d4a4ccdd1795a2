import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { readBody, redirect, sendHtml, sendJson } from './http.ts';
import { loginPage } from './login-page.ts';
import type { OAuthIdentity, SandboxUser } from './model.ts';
import type { Runtime } from './runtime.ts';
import { verifierMatches } from './tokens.ts';

/** A redirect URI that asks for the code in the answer instead of a redirect (contract §9). */
const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';

/**
 * The CMS's own OAuth endpoints, `{siteRoot}/oauth/…`.
 * @returns false for an address that is none of them.
 */
export async function handleOAuth(
  runtime: Runtime,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  path: string,
): Promise<boolean> {
  const endpoint = ENDPOINTS[`${request.method} ${path}`];
  if (!endpoint) return false;
  const startedMs = performance.now();
  const time = runtime.now().toISOString();
  const form =
    request.method === 'POST' ? new URLSearchParams((await readBody(request)).toString('utf8')) : url.searchParams;
  const faults = runtime.faults.take({
    operationId: endpoint.operationId,
    path: url.pathname,
    apiPath: '',
    method: request.method ?? 'GET',
  });
  if (!(await strike(runtime, faults, response))) await endpoint.handle(runtime, response, form);
  runtime.calls.record({
    time,
    operationId: endpoint.operationId,
    method: request.method ?? 'GET',
    path: url.pathname,
    query: {},
    body: { grant_type: form.get('grant_type'), client_id: form.get('client_id') },
    status: response.headersSent ? response.statusCode : 0,
    user: null,
    durationMs: Math.round(performance.now() - startedMs),
  });
  return true;
}

/** The faults that make sense here. @returns true when one of them has answered. */
async function strike(runtime: Runtime, faults: Fault[], response: ServerResponse): Promise<boolean> {
  for (const fault of faults) {
    switch (fault.kind) {
      case 'latency':
        await delay(fault.ms);
        break;
      case 'status':
        sendJson(response, fault.code, { error: 'server_error' });
        return true;
      case 'exception':
        refuse(response, 'invalid_grant', fault.message ?? 'Refused by request of a test.');
        return true;
      case 'drop-connection':
        response.destroy();
        return true;
      case 'null-answer':
        sendJson(response, 200, null);
        return true;
      case 'html-login-page':
        sendHtml(
          response,
          200,
          loginPage({ siteName: runtime.state.siteName, action: 'login', hidden: {}, error: null }),
        );
        return true;
      case 'tokens-of': {
        const user = runtime.state.users.find(({ userId }) => userId === fault.username);
        if (!user) break;
        sendJson(response, 200, await runtime.tokens.issue(user, null));
        return true;
      }
    }
  }
  return false;
}

type Endpoint = {
  operationId: string;
  handle(runtime: Runtime, response: ServerResponse, form: URLSearchParams): Promise<void> | void;
};

const ENDPOINTS: Record<string, Endpoint> = {
  'GET /oauth/auth': { operationId: 'OAuth_Authorize', handle: authorize },
  'POST /oauth/login': { operationId: 'OAuth_Login', handle: login },
  'POST /oauth/token': { operationId: 'OAuth_Token', handle: token },
};

function authorize(runtime: Runtime, response: ServerResponse, form: URLSearchParams): void {
  const identity = identityOf(runtime, form.get('client_id'));
  const problem = authorizationProblem(identity, form);
  if (problem) {
    refuse(response, problem.error, problem.description);
    return;
  }
  if (form.get('redirect_uri') !== OUT_OF_BAND) {
    const page = loginPage({
      siteName: runtime.state.siteName,
      action: 'login',
      hidden: carriedAlong(form),
      error: null,
    });
    sendHtml(response, 200, page);
    return;
  }
  // Nobody signs in here: the code stands for the identity's executing user. `state` is not echoed.
  sendJson(response, 200, { code: codeFor(runtime, form, identity?.userId ?? '') });
}

/** The form of the sign-in page. The code then stands for whoever signed in. */
function login(runtime: Runtime, response: ServerResponse, form: URLSearchParams): void {
  const problem = authorizationProblem(identityOf(runtime, form.get('client_id')), form);
  const redirectUri = form.get('redirect_uri') ?? '';
  if (problem || !/^https?:\/\//.test(redirectUri)) {
    refuse(response, problem?.error ?? 'invalid_request', problem?.description ?? 'redirect_uri');
    return;
  }
  if (form.has('cancel')) {
    redirect(response, backTo(redirectUri, { error: 'access_denied' }, form));
    return;
  }
  const user = userByPassword(runtime, form.get('username') ?? '', form.get('password') ?? '');
  if (!user) {
    const page = loginPage({
      siteName: runtime.state.siteName,
      action: 'login',
      hidden: carriedAlong(form),
      error: 'The user name or password is wrong.',
    });
    sendHtml(response, 401, page);
    return;
  }
  redirect(response, backTo(redirectUri, { code: codeFor(runtime, form, user.id) }, form));
}

/** The client's address with the outcome, and with its state. */
function backTo(redirectUri: string, outcome: Record<string, string>, form: URLSearchParams): string {
  const location = new URL(redirectUri);
  for (const [name, value] of Object.entries(outcome)) location.searchParams.set(name, value);
  const state = form.get('state');
  if (state !== null) location.searchParams.set('state', state);
  return location.href;
}

async function token(runtime: Runtime, response: ServerResponse, form: URLSearchParams): Promise<void> {
  const grant = GRANTS[form.get('grant_type') ?? ''];
  if (!grant) return refuse(response, 'unsupported_grant_type');
  const outcome = grant(runtime, form);
  if ('error' in outcome) return refuse(response, outcome.error, outcome.description);
  sendJson(response, 200, await runtime.tokens.issue(outcome.user, outcome.clientId));
}

type GrantOutcome = { user: SandboxUser; clientId: string | null } | { error: string; description?: string };

const GRANTS: Record<string, (runtime: Runtime, form: URLSearchParams) => GrantOutcome> = {
  authorization_code(runtime, form) {
    const identity = authenticatedIdentity(runtime, form);
    if (!identity) return { error: 'invalid_client' };
    const code = runtime.tokens.takeCode(form.get('code') ?? '');
    if (!code || code.clientId !== identity.clientId) {
      return { error: 'invalid_grant', description: 'The authorization code is unknown, used or expired.' };
    }
    if (code.redirectUri !== form.get('redirect_uri')) {
      return { error: 'invalid_grant', description: 'The redirect_uri is not the one of the authorization request.' };
    }
    if (!verifierMatches(code, form.get('code_verifier') ?? '')) {
      return { error: 'invalid_grant', description: 'The code_verifier does not match the code_challenge.' };
    }
    return userOutcome(runtime, code.userId, identity.clientId);
  },
  refresh_token(runtime, form) {
    const clientId = form.get('client_id');
    if (clientId !== null && !authenticatedIdentity(runtime, form)) return { error: 'invalid_client' };
    const user = runtime.tokens.redeem(form.get('refresh_token') ?? '', clientId);
    return user
      ? { user, clientId }
      : { error: 'invalid_grant', description: 'The refresh token is unknown or was used.' };
  },
  password(runtime, form) {
    const clientId = form.get('client_id');
    if (clientId !== null && !authenticatedIdentity(runtime, form)) return { error: 'invalid_client' };
    const user = userByPassword(runtime, form.get('username') ?? '', form.get('password') ?? '');
    return user ? { user, clientId } : { error: 'invalid_grant', description: 'The user name or password is wrong.' };
  },
};

/** The user with this name and password, unless disabled or kept for identities only. */
export function userByPassword(runtime: Runtime, username: string, password: string): SandboxUser | null {
  const user = runtime.state.users.find((candidate) => candidate.userId.toLowerCase() === username.toLowerCase());
  return user && !user.disabled && !user.isTaskUser && user.password === password ? user : null;
}

function userOutcome(runtime: Runtime, userId: string, clientId: string): GrantOutcome {
  const user = runtime.state.users.find((candidate) => candidate.id === userId && !candidate.disabled);
  return user ? { user, clientId } : { error: 'invalid_grant', description: 'The executing user does not exist.' };
}

function identityOf(runtime: Runtime, clientId: string | null): OAuthIdentity | null {
  return runtime.state.oauthIdentities.find((identity) => identity.clientId === clientId) ?? null;
}

function authenticatedIdentity(runtime: Runtime, form: URLSearchParams): OAuthIdentity | null {
  const identity = identityOf(runtime, form.get('client_id'));
  return identity && identity.clientSecret === form.get('client_secret') ? identity : null;
}

function authorizationProblem(
  identity: OAuthIdentity | null,
  form: URLSearchParams,
): { error: string; description: string } | null {
  const redirectUri = form.get('redirect_uri') ?? '';
  const method = form.get('code_challenge_method');
  if (!identity) return { error: 'invalid_client', description: 'There is no identity with this client_id.' };
  if (form.get('response_type') !== 'code') {
    return { error: 'unsupported_response_type', description: 'Only response_type=code is supported.' };
  }
  if (redirectUri !== OUT_OF_BAND && !/^https?:\/\/./.test(redirectUri)) {
    return { error: 'invalid_request', description: 'The redirect_uri is missing or not usable.' };
  }
  if (method !== null && method !== 'S256' && method !== 'plain') {
    return { error: 'invalid_request', description: 'The code_challenge_method must be S256 or plain.' };
  }
  return null;
}

function codeFor(runtime: Runtime, form: URLSearchParams, userId: string): string {
  return runtime.tokens.createCode({
    clientId: form.get('client_id') ?? '',
    redirectUri: form.get('redirect_uri') ?? '',
    userId,
    codeChallenge: form.get('code_challenge') || null,
    codeChallengeMethod: form.get('code_challenge_method') === 'S256' ? 'S256' : 'plain',
  });
}

/** What the sign-in form has to bring back. */
function carriedAlong(form: URLSearchParams): Record<string, string> {
  const names = ['response_type', 'client_id', 'redirect_uri', 'state', 'code_challenge', 'code_challenge_method'];
  return Object.fromEntries(names.flatMap((name) => (form.has(name) ? [[name, form.get(name) ?? '']] : [])));
}

/** OWIN's shape of a refusal. */
function refuse(response: ServerResponse, error: string, description?: string): void {
  sendJson(response, 400, description === undefined ? { error } : { error, error_description: description });
}
