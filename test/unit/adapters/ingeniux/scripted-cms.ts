import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type ScriptedAnswer =
  | { readonly json: unknown; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly text: string;
      readonly type: string;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Announces a long answer and sends a letter of it from time to time, for ever. */
  | 'drip'
  | 'drop'
  | 'silence';

export interface ScriptedCms {
  readonly siteRoot: string;
  readonly requests: readonly ScriptedRequest[];
  /** Requests of one path, oldest first. */
  to(path: string): readonly ScriptedRequest[];
  /** Stops listening and breaks open connections, as a server that went away does. */
  close(): Promise<void>;
}

/**
 * A CMS of a few lines: signs everybody in as contract section 9 says, and leaves all other paths to the script. A script
 * may also answer the paths of `/oauth`; `undefined` from it means the usual answer.
 */
export async function startScriptedCms(
  script: (request: ScriptedRequest, index: number) => ScriptedAnswer | undefined,
): Promise<ScriptedCms> {
  const requests: ScriptedRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://cms.invalid');
      const request: ScriptedRequest = {
        method: incoming.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      const index = requests.push(request) - 1;
      answer(response, script(request, index) ?? usual(request, index));
    });
  });
  const port = await listening(server);
  return {
    siteRoot: `http://127.0.0.1:${port}`,
    requests,
    to: (path) => requests.filter((request) => request.path === path),
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function usual(request: ScriptedRequest, index: number): ScriptedAnswer {
  if (request.path === '/oauth/auth') return { json: { code: `code-${index}` } };
  if (request.path === '/oauth/token') {
    return {
      json: {
        access_token: `token-${index}`,
        token_type: 'bearer',
        expires_in: 1199,
        refresh_token: `refresh-${index}`,
      },
    };
  }
  return {
    json: { Message: `No HTTP resource was found that matches the request URI '${request.path}'.` },
    status: 404,
  };
}

const dripMs = 20;

function answer(response: ServerResponse, given: ScriptedAnswer): void {
  if (given === 'silence') return;
  if (given === 'drip') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000000' });
    const timer = setInterval(() => response.write('"'), dripMs);
    response.once('close', () => clearInterval(timer));
    return;
  }
  if (given === 'drop') {
    response.destroy();
    return;
  }
  const [body, type] =
    'json' in given ? [JSON.stringify(given.json), 'application/json; charset=utf-8'] : [given.text, given.type];
  response.writeHead(given.status ?? 200, { 'content-type': type, ...given.headers });
  response.end(body);
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      // A server that listens on a TCP port has an address of this form.
      resolve((server.address() as AddressInfo).port);
    });
  });
}
