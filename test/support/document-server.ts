import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A web server of somebody else's at `agent.example`, with a certificate that only the test trusts. */
export interface DocumentServer {
  readonly ca: string;
  /** The paths that were asked for. */
  readonly requests: string[];
  url(path: string): string;
  publish(url: string, text: string, headers?: Readonly<Record<string, string>>): void;
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
  const documents = new Map<string, { readonly text: string; readonly headers: Readonly<Record<string, string>> }>();
  const requests: string[] = [];
  const server = createServer({ key: readFileSync(key), cert: ca }, (request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const found = documents.get(path);
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/json', ...found.headers }).end(found.text);
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
    publish: (url, text, headers = {}) => void documents.set(new URL(url).pathname, { text, headers }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
