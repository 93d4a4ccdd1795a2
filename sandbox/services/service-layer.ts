import type { IncomingMessage, ServerResponse } from 'node:http';
import { activeFreeze } from '../cms/content-freeze.ts';
import { CmsException } from '../exceptions.ts';
import { readBody, redirect, send, sendHtml } from '../http.ts';
import type { SandboxUser } from '../model.ts';
import type { Runtime } from '../runtime.ts';
import type { ServiceKnobs } from './service-knobs.ts';
import { type ServiceMethod, serviceMethods } from './service-methods.ts';

/** Answers below the service layer's own addresses. @returns false for any other address. */
export type ServiceLayer = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  path: string,
) => Promise<boolean>;

/**
 * The older service layer of the CMS. An extension of this sandbox: names and shapes follow the vendor's reference,
 * the transport is unproven, and so its manners are knobs.
 */
export function createServiceLayer(runtime: Runtime, knobs: ServiceKnobs): ServiceLayer {
  return async (request, response, url, path) => {
    const address = addressOf(path, knobs);
    if (address === null) return false;
    const startedMs = performance.now();
    const { form, name } = address;
    const method = request.method ?? 'GET';
    const log: { body: unknown; user: SandboxUser | null } = { body: null, user: null };
    const found = findMethod(name, knobs);
    try {
      const bytes = await readBody(request);
      const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
      log.user = token === undefined || !knobs.acceptsBearer ? null : await runtime.tokens.verify(token);
      const user = log.user ?? (knobs.authMiss === 'open' ? (runtime.state.users[0] ?? null) : null);
      if (user === null) answerUnauthenticated(response, form, knobs);
      else if (found === null) answerUnknown(response, form, url);
      else if (!verbsOf(found, knobs).includes(method)) answerWrongVerb(response, form, verbsOf(found, knobs), method);
      else {
        const args = argumentsOf(method, url, bytes);
        if (args === null) answerUnreadable(response, form);
        else {
          log.body = method === 'POST' ? args : null;
          answerCall(response, found, { user, args, form, isLie: knobs.lies.includes(name) });
        }
      }
    } finally {
      runtime.calls.record({
        time: runtime.now().toISOString(),
        operationId: found === null ? null : name,
        method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        body: log.body,
        status: response.headersSent ? response.statusCode : 0,
        user: log.user?.userId ?? null,
        durationMs: Math.round(performance.now() - startedMs),
      });
    }
    return true;
  };

  function answerCall(
    response: ServerResponse,
    found: ServiceMethod,
    call: { user: SandboxUser; args: Record<string, unknown>; form: Form; isLie: boolean },
  ): void {
    const { state } = runtime;
    const now = runtime.now().toISOString();
    try {
      const freeze = found.kind === 'write' ? activeFreeze(state, now) : null;
      if (freeze && !freeze.allowedUserIds.includes(call.user.id)) {
        throw new CmsException('InvalidOperationException', freeze.message);
      }
      const message = found.handle({
        // A method that lies does its work where nobody will look.
        state: call.isLie ? structuredClone(state) : state,
        user: call.user,
        now,
        knobs: runtime.knobs,
        service: knobs,
        args: call.args,
      });
      if (found.kind === 'write') runtime.changed();
      sendService(response, 200, knobs.bareMessage ? message : envelope(0, null, message), call.form);
    } catch (error) {
      // Every refusal of the rules is a CmsException; a body of a wrong shape counts as one, as the framework's binding does.
      const text = error instanceof CmsException ? error.message : 'The request could not be understood.';
      const shown = knobs.failure.error === 'string' ? text : { Message: text, ClassName: 'System.Exception' };
      sendService(response, knobs.failure.httpStatus, envelope(knobs.failure.code, shown, null), call.form);
    }
  }

  function envelope(code: number, error: unknown, message: unknown) {
    const freeze = knobs.envelopeVersion === 10 ? { ContentFreezeStartTime: '', ContentFreezeEndTime: '' } : {};
    return { ...freeze, code, error, message };
  }
}

type Form = 'svc' | 'api';

const FORMS: { form: Form; pattern: RegExp }[] = [
  { form: 'svc', pattern: /^\/REST\/(\w+)\.svc\/(\w+)\/?$/i },
  { form: 'api', pattern: /^\/api\/(\w+Services)\/(\w+)\/?$/i },
];

function addressOf(path: string, knobs: ServiceKnobs): { form: Form; name: string } | null {
  for (const { form, pattern } of FORMS) {
    const [, className, methodName] = pattern.exec(path) ?? [];
    const isServed = knobs.urlForm === form || knobs.urlForm === 'both';
    if (isServed && className && methodName) return { form, name: `${className}.${methodName}` };
  }
  return null;
}

function findMethod(name: string, knobs: ServiceKnobs): ServiceMethod | null {
  return knobs.without.includes(name) ? null : (serviceMethods[name] ?? null);
}

function verbsOf(method: ServiceMethod, knobs: ServiceKnobs): string[] {
  if (method.kind === 'write') return ['POST'];
  return { get: ['GET'], post: ['POST'], both: ['GET', 'POST'] }[knobs.verbReads];
}

/** Null for what is no JSON object. */
function argumentsOf(method: string, url: URL, bytes: Buffer): Record<string, unknown> | null {
  if (method !== 'POST') {
    return Object.fromEntries([...url.searchParams].map(([name, value]) => [name, jsonOrText(value)]));
  }
  const value = bytes.length === 0 ? {} : jsonOf(bytes.toString('utf8'));
  // An object of JSON has string keys and unknown values.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}

/** In a query, an object travels as its JSON; everything else is text. */
const jsonOrText = (value: string): unknown => (value.startsWith('{') ? (jsonOf(value) ?? value) : value);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Malformed JSON is answered like any other body that is no object.
    return undefined;
  }
}

/** The svc form escapes every slash, as its serialiser does. */
function sendService(response: ServerResponse, status: number, value: unknown, form: Form): void {
  const json = JSON.stringify(value ?? null);
  const text = form === 'svc' ? json.replaceAll('/', '\\/') : json;
  send(response, status, 'application/json; charset=utf-8', text, {});
}

function answerUnauthenticated(response: ServerResponse, form: Form, knobs: ServiceKnobs): void {
  if (knobs.authMiss === '302-html') redirect(response, 'login');
  else sendService(response, 401, { Message: 'Authorization has been denied for this request.' }, form);
}

function answerUnknown(response: ServerResponse, form: Form, url: URL): void {
  if (form === 'svc') {
    const html = '<html><body><p class="heading1">Service</p><p>Endpoint not found.</p></body></html>';
    sendHtml(response, 404, html);
    return;
  }
  const message = `No HTTP resource was found that matches the request URI '${url.href}'.`;
  sendService(
    response,
    404,
    { Message: message, MessageDetail: 'No type was found that matches the controller.' },
    form,
  );
}

function answerWrongVerb(response: ServerResponse, form: Form, verbs: string[], method: string): void {
  const headers = { Allow: verbs.join(', ') };
  if (form === 'svc') send(response, 405, 'text/html; charset=utf-8', '<p>Method not allowed.</p>', headers);
  else {
    const body = { Message: `The requested resource does not support http method '${method}'.` };
    send(response, 405, 'application/json; charset=utf-8', JSON.stringify(body), headers);
  }
}

function answerUnreadable(response: ServerResponse, form: Form): void {
  if (form === 'svc') sendHtml(response, 400, '<html><body><p>The incoming message is not JSON.</p></body></html>');
  else sendService(response, 400, { Message: 'The request is invalid.' }, form);
}
