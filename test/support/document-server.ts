import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A web server of somebody else's at `agent.example`, with a certificate that only the test trusts. */
export interface DocumentServer {
  readonly ca: string;
  /** The paths that were asked for. */
  readonly requests: string[];
  url(path: string): string;
  publish(url: string, text: string | Buffer, headers?: Readonly<Record<string, string>>): void;
  /** Answers this address in any way, in place of a document. */
  answer(url: string, how: (response: ServerResponse) => void): void;
  close(): Promise<void>;
}

export async function startDocumentServer(): Promise<DocumentServer> {
  const folder = mkdtempSync(join(tmpdir(), 'igx-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
      ...['-subj', '/CN=agent.example', '-addext', 'subjectAltName=DNS:agent.example', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  const ca = readFileSync(cert, 'utf8');
  const answers = new Map<string, (response: ServerResponse) => void>();
  const answer: DocumentServer['answer'] = (url, how) => void answers.set(new URL(url).pathname, how);
  const requests: string[] = [];
  const server = createServer({ key: readFileSync(key), cert: ca }, (request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else answer(response);
  });
  rmSync(folder, { recursive: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    ca,
    requests,
    url: (path) => `https://agent.example:${port}${path}`,
    publish: (url, text, headers = {}) =>
      answer(url, (response) => response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(text)),
    answer,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
