import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedRequest {
  readonly method: string;
  /** Path and query, byte for byte as they came. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A CMS that writes down what it is asked, and answers everything with `null` or with the bytes of a file. */
export interface RecordingCms {
  readonly siteRoot: string;
  /** What was asked since the last time, without signing in and without questions about the content freeze. */
  taken(): readonly RecordedRequest[];
  close(): Promise<void>;
}

/** @param filePaths paths below `/api/v1` that answer a file. */
export async function startRecordingCms(filePaths: ReadonlySet<string>): Promise<RecordingCms> {
  let recorded: RecordedRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const target = incoming.url ?? '';
      const path = target.split('?')[0] ?? '';
      const json = (value: unknown) => {
        response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
        response.end(JSON.stringify(value));
      };
      if (path === '/cxp4/oauth/auth') return json({ code: 'the-code' });
      if (path === '/cxp4/oauth/token') {
        return json({ access_token: 'the-token', token_type: 'bearer', expires_in: 3600, refresh_token: 'again' });
      }
      recorded.push({
        method: incoming.method ?? '',
        target,
        headers: incoming.headers,
        body: Buffer.concat(chunks),
      });
      const isFile = [...filePaths].some((pattern) => fits(pattern, path.slice('/cxp4/api/v1'.length)));
      if (!isFile) return json(null);
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename="a.bin"',
      });
      response.end(Buffer.from([0, 255, 1, 254]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    siteRoot: `http://127.0.0.1:${port}/cxp4`,
    taken: () => {
      const all = recorded;
      recorded = [];
      return all;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const fits = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
