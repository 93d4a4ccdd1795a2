import { request } from 'node:http';
import type { SandboxRole } from '../../../../sandbox/seed/people.ts';
import type { Sandbox } from '../../../../sandbox/server.ts';

/** What came back, byte for byte as far as a test wants to know. */
export type Answer = {
  status: number;
  reason: string;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The parsed body; undefined when it is no JSON. */
  json: unknown;
};

export type CallOptions = {
  query?: Record<string, string | number | boolean | string[]>;
  /** Sent as JSON, also with GET and DELETE. */
  body?: unknown;
  rawBody?: string | Buffer;
  contentType?: string;
  token?: string | null;
};

/** Calls the sandbox's API as one user. */
export type ApiClient = {
  token: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The JSON of a call that must succeed. */
  get<T = Record<string, unknown>>(path: string, query?: CallOptions['query']): Promise<T>;
  send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    query?: CallOptions['query'],
  ): Promise<T>;
};

/** Signs in with the identity of a role. */
export async function signIn(sandbox: Sandbox, role: SandboxRole = 'editor'): Promise<ApiClient> {
  const tokens = await obtainTokens(sandbox, role);
  return apiClient(sandbox, tokens.access_token);
}

export type TokenAnswer = { access_token: string; refresh_token: string; expires_in: number; token_type: string };

/** The out-of-band code flow, as the vendor's own client runs it. */
export async function obtainTokens(sandbox: Sandbox, role: SandboxRole): Promise<TokenAnswer> {
  const code = await obtainCode(sandbox, role);
  const answer = await requestToken(sandbox, {
    grant_type: 'authorization_code',
    ...credentials(role),
    code,
    redirect_uri: OUT_OF_BAND,
  });
  if (answer.status !== 200) throw new Error(`No token: ${answer.text}`);
  // The shape is asserted by the OAuth tests.
  return answer.json as TokenAnswer;
}

export const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';

export function credentials(role: SandboxRole) {
  return { client_id: `sandbox-${role}`, client_secret: `sandbox-secret-${role}` };
}

/** A code for the out-of-band redirect. */
export async function obtainCode(sandbox: Sandbox, role: SandboxRole, extra: Record<string, string> = {}) {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: `sandbox-${role}`,
    redirect_uri: OUT_OF_BAND,
    ...extra,
  });
  const answer = await send('GET', `${sandbox.siteRoot}/oauth/auth?${query}`);
  // The shape is asserted by the OAuth tests.
  return (answer.json as { code: string }).code;
}

export function requestToken(sandbox: Sandbox, form: Record<string, string>): Promise<Answer> {
  return send('POST', `${sandbox.siteRoot}/oauth/token`, {
    rawBody: new URLSearchParams(form).toString(),
    contentType: 'application/x-www-form-urlencoded',
  });
}

export function apiClient(sandbox: Sandbox, token: string): ApiClient {
  const call: ApiClient['call'] = (method, path, options = {}) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(options.query ?? {})) {
      for (const single of Array.isArray(value) ? value : [String(value)]) query.append(name, single);
    }
    const tail = query.size === 0 ? '' : `?${query}`;
    return send(method, `${sandbox.siteRoot}/api/v1${path}${tail}`, { token, ...options });
  };
  const expectOk = async <T>(answer: Promise<Answer>): Promise<T> => {
    const { status, text, json } = await answer;
    if (status !== 200) throw new Error(`Expected 200, got ${status}: ${text}`);
    // The caller names the part of the model it is going to look at.
    return json as T;
  };
  return {
    token,
    call,
    get: (path, query = {}) => expectOk(call('GET', path, { query })),
    send: (method, path, body, query = {}) =>
      expectOk(call(method, path, { query, ...(body === undefined ? {} : { body }) })),
  };
}

/** A multipart form as the options of a call. */
export async function formOptions(form: FormData): Promise<CallOptions> {
  const encoded = new Response(form);
  return {
    rawBody: Buffer.from(await encoded.arrayBuffer()),
    contentType: encoded.headers.get('content-type') ?? '',
  };
}

/** One request over node:http, because fetch refuses a body on GET. */
export function send(method: string, url: string, options: CallOptions = {}): Promise<Answer> {
  const payload = options.rawBody ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const headers: Record<string, string | number> = {};
  if (options.token) headers['Authorization'] = `Bearer ${options.token}`;
  if (payload !== undefined) {
    headers['Content-Type'] = options.contentType ?? 'application/json';
    headers['Content-Length'] = Buffer.byteLength(payload);
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: incoming.statusCode ?? 0,
          reason: incoming.statusMessage ?? '',
          headers: incoming.headers,
          text,
          json: parseOrUndefined(text),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not every answer is JSON; the test that cares looks at the text.
    return undefined;
  }
}
