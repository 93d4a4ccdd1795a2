import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { activeFreeze } from './cms/content-freeze.ts';
import { recordLine } from './cms/system-log.ts';
import { bindBody } from './contract/bind-body.ts';
import { operationOf } from './contract/contract.ts';
import { checkQueryMembers } from './contract/contract-routes.ts';
import {
  CmsException,
  exceptionBody,
  HttpRefusal,
  invalidOperation,
  invalidRequest,
  noSuchResource,
} from './exceptions.ts';
import type { Fault } from './faults.ts';
import { readBody, send, sendHtml, sendJson } from './http.ts';
import { loginPage } from './login-page.ts';
import type { SandboxState, SandboxUser } from './model.ts';
import { type ApiCall, Body, bindQuery, FileAnswer, NO_CONTENT, type Route } from './route.ts';
import type { Runtime } from './runtime.ts';

/** Answers everything below `{siteRoot}/api/v1`. */
export type Api = (request: IncomingMessage, response: ServerResponse, url: URL, apiPath: string) => Promise<void>;

/** Builds the dispatcher over a route table. @throws Error when two routes are the same. */
export function createApi(runtime: Runtime, routes: Route[]): Api {
  const table = indexRoutes(routes);

  return async (request, response, url, apiPath) => {
    const startedMs = performance.now();
    const time = runtime.now().toISOString();
    const found = findRoute(table, request.method ?? 'GET', apiPath);
    const log: { user: SandboxUser | null; body: unknown } = { user: null, body: null };
    const subject = {
      operationId: found.route?.operationId ?? null,
      path: url.pathname,
      apiPath,
      method: request.method ?? 'GET',
    };
    const faults = runtime.faults.take(subject);
    try {
      if (await strikeBefore(runtime, faults, response)) return;
      const bytes = await readBody(request);
      // As in the framework: first the action is found, then the caller is looked at, then values are bound.
      if (!found.route) throw routeRefusal(found, subject.method, url.href);
      const user = await signedIn(runtime, request);
      log.user = user;
      if (!user && !found.route.anonymous) throw unauthorized();
      const query = bindQuery(found.route, url.searchParams, url.href);
      const body = parseBody(found.route, request, bytes);
      log.body = maskSecrets(body.json);
      const operation = operationOf(found.route.operationId);
      checkQueryMembers(operation, url.searchParams);
      const call: ApiCall = {
        runtime,
        route: found.route,
        // An anonymous call acts as nobody in particular; its handlers look at no rights.
        user: user ?? nobody(runtime.state),
        state: (found.route.indexed && staleState(faults)) || runtime.state,
        now: time,
        url: url.href,
        query,
        path: found.path,
        body,
        bound: bindBody(operation, body.json),
      };
      refuseDuringFreeze(call);
      const answer = await found.route.handle(call);
      if (found.route.effect === 'write') {
        recordLine(runtime.state, time, 'Info', `${call.user.userId} ${found.route.operationId}`);
        runtime.changed();
        runtime.queue.wake();
      }
      if (faults.some((fault) => fault.kind === 'drop-connection')) {
        response.destroy();
        return;
      }
      sendAnswer(response, answer);
    } catch (error) {
      // Every refusal of the rules is thrown; this is the one place that turns them into answers.
      if (!(error instanceof HttpRefusal)) {
        const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
        recordLine(runtime.state, time, 'Error', `${log.user?.userId ?? 'nobody'} ${subject.operationId}: ${reason}`);
        runtime.changed();
      }
      sendError(runtime, response, error);
    } finally {
      runtime.calls.record({
        time,
        operationId: subject.operationId,
        method: subject.method,
        path: url.pathname,
        query: queryOf(url),
        body: log.body,
        status: response.headersSent ? response.statusCode : 0,
        user: log.user?.userId ?? null,
        durationMs: Math.round(performance.now() - startedMs),
      });
    }
  };
}

/** What the indexes knew when the fault was switched on, or null when none strikes. */
function staleState(faults: Fault[]): SandboxState | null {
  return faults.find((fault) => fault.snapshot !== null)?.snapshot ?? null;
}

type RouteTable = Map<string, Map<string, Route>>;

function indexRoutes(routes: Route[]): RouteTable {
  const table: RouteTable = new Map();
  const ids = new Set<string>();
  for (const route of routes) {
    const methods = table.get(route.path.toLowerCase()) ?? new Map<string, Route>();
    if (methods.has(route.method) || ids.has(route.operationId))
      throw new Error(`Twice in the table: ${route.operationId}`);
    methods.set(route.method, route);
    ids.add(route.operationId);
    table.set(route.path.toLowerCase(), methods);
  }
  return table;
}

type Found = { route: Route | null; path: Record<string, string>; isKnownPath: boolean };

function findRoute(table: RouteTable, method: string, apiPath: string): Found {
  const path = apiPath.replace(/\/+$/, '');
  const session = /^\/site\/report\/([^/]+)(\/status|\/file)?$/i.exec(path);
  const fixed = table.get(path.toLowerCase());
  const template = session ? `/site/report/{sessionid}${(session[2] ?? '').toLowerCase()}` : null;
  const methods = fixed ?? (template === null ? undefined : table.get(template));
  return {
    route: methods?.get(method) ?? null,
    path: !fixed && session ? { sessionId: session[1] ?? '' } : {},
    isKnownPath: methods !== undefined,
  };
}

function routeRefusal(found: Found, method: string, url: string): HttpRefusal {
  return found.isKnownPath
    ? new HttpRefusal(405, { Message: `The requested resource does not support http method '${method}'.` })
    : noSuchResource(url, 'No type was found that matches the controller named in the request.');
}

/** The faults that answer instead of the CMS. @returns true when the call is over. */
async function strikeBefore(runtime: Runtime, faults: Fault[], response: ServerResponse): Promise<boolean> {
  for (const fault of faults) {
    switch (fault.kind) {
      case 'latency':
        await delay(fault.ms);
        break;
      case 'unauthorized-after':
        runtime.tokens.revokeIssued();
        break;
      case 'exception': {
        const message = fault.message ?? `${fault.type} by request of a test.`;
        const exception = new CmsException(fault.type, message, fault.details ?? {});
        sendJson(response, 500, exceptionBody(exception, runtime.knobs.exceptionShape));
        return true;
      }
      case 'too-many-requests':
        sendJson(response, 429, { Message: 'Too many requests.' }, { 'Retry-After': String(fault.retryAfterSeconds) });
        return true;
      case 'drop-connection':
        if (fault.afterEffect) break;
        response.destroy();
        return true;
      case 'null-answer':
        sendJson(response, 200, null);
        return true;
      case 'false-answer':
        sendJson(response, 200, false);
        return true;
      case 'html-login-page':
        sendHtml(
          response,
          200,
          loginPage({ siteName: runtime.state.siteName, action: 'login', hidden: {}, error: null }),
        );
        return true;
      case 'status':
        sendJson(response, fault.code, { Message: STATUS_CODES[fault.code] ?? 'Error' });
        return true;
      case 'stale-index':
        break;
    }
  }
  return false;
}

function parseBody(route: Route, request: IncomingMessage, bytes: Buffer): Body {
  const contentType = request.headers['content-type'] ?? '';
  if (bytes.length === 0 || route.body !== 'json') return new Body(null, contentType, bytes);
  try {
    return new Body(JSON.parse(bytes.toString('utf8')), contentType, bytes);
  } catch (error) {
    // JSON.parse tells where it stumbled; the framework passes such a text on in its model state.
    throw invalidRequest({ request: [error instanceof Error ? error.message : 'Malformed JSON.'] });
  }
}

async function signedIn(runtime: Runtime, request: IncomingMessage): Promise<SandboxUser | null> {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return token ? runtime.tokens.verify(token) : null;
}

function unauthorized(): HttpRefusal {
  return new HttpRefusal(401, { Message: 'Authorization has been denied for this request.' });
}

function nobody(state: SandboxState): SandboxUser {
  const first = state.users[0];
  if (!first) throw new Error('The state has no user.');
  return { ...first, id: '', userId: '', name: '' };
}

/** @throws CmsException with the freeze's message. */
function refuseDuringFreeze(call: ApiCall): void {
  const freeze = activeFreeze(call.runtime.state, call.now);
  if (!freeze || call.route.effect === 'read' || freeze.allowedUserIds.includes(call.user.id)) return;
  throw invalidOperation(freeze.message);
}

function sendAnswer(response: ServerResponse, answer: unknown): void {
  if (answer === NO_CONTENT) {
    response.writeHead(204, { 'Cache-Control': 'no-cache' }).end();
    return;
  }
  if (!(answer instanceof FileAnswer)) {
    sendJson(response, 200, answer);
    return;
  }
  const headers: Record<string, string> =
    answer.downloadName === null
      ? {}
      : { 'Content-Disposition': `attachment; filename="${answer.downloadName.replace(/["\r\n]/g, '_')}"` };
  send(response, answer.status, answer.contentType, answer.bytes, headers, answer.reason ?? undefined);
}

function sendError(runtime: Runtime, response: ServerResponse, error: unknown): void {
  if (error instanceof HttpRefusal) {
    const headers: Record<string, string> = error.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
    sendJson(response, error.status, error.body, headers);
    return;
  }
  const exception =
    error instanceof CmsException
      ? error
      : new CmsException('Exception', `The sandbox itself failed: ${error instanceof Error ? error.message : error}`);
  sendJson(response, 500, exceptionBody(exception, runtime.knobs.exceptionShape));
}

function queryOf(url: URL): Record<string, string | string[]> {
  const names = [...new Set(url.searchParams.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = url.searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

/** The call log is for reading, so nothing that opens a door may stand in it. */
function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      /password|secret|token/i.test(name) ? '***' : maskSecrets(entry),
    ]),
  );
}
