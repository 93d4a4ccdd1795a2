import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';

export interface MetricsPage {
  readonly url: string;
  close(): Promise<void>;
}

export interface MetricsPageOptions {
  readonly host: string;
  readonly port: number;
  /** Further names under which the page is asked for. */
  readonly allowedHosts: readonly string[];
  /** The page, in the text format of Prometheus. */
  readonly render: () => Promise<string>;
}

/**
 * Serves `GET /metrics` on a port of its own, which no proxy leads to. It answers under addresses, names without a dot
 * (`localhost`, the services of a compose file) and the names of ALLOWED_HOSTS alone: a web page that has its own name
 * point here (DNS rebinding) reads nothing.
 *
 * Rejects with the error of the system when the port cannot be opened.
 */
export async function openMetricsPage(options: MetricsPageOptions): Promise<MetricsPage> {
  const allowed = new Set(options.allowedHosts.map((name) => name.toLowerCase()));
  const server = createServer({ requestTimeout: 10_000 }, async (request, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' });
      response.end(request.method === 'HEAD' ? '' : text);
    };
    if (!isOurs(request.headers.host, allowed)) return answer(403, 'Unknown host name. See ALLOWED_HOSTS.\n');
    if (request.url?.split('?')[0] !== '/metrics') return answer(404, 'The page is /metrics.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, 'Only GET.\n');
    try {
      answer(200, await options.render());
    } catch {
      // A page that is not there is what Prometheus tells of: `up` is 0.
      answer(500, 'The metrics could not be read.\n');
    }
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  server.unref();
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}/metrics`, close: () => closeServer(server) };
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
const contentType = 'text/plain; version=0.0.4; charset=utf-8';

function isOurs(header: string | undefined, allowed: ReadonlySet<string>): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(header?.toLowerCase() ?? '')?.[1];
  if (name === undefined) return false;
  return !name.includes('.') || isIP(name) !== 0 || allowed.has(name);
}

async function closeServer(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
}
