import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { setImmediate as afterPoll, setTimeout } from 'node:timers/promises';
import { StartFailure } from '../lifecycle/start-failure.ts';

export interface Listening {
  readonly port: number;
  /** Where a client on this machine reaches the server. */
  readonly url: string;
  connectionCount(): number;
  /** True from `retire` on: nobody should begin anything new here. */
  isRetiring(): boolean;
  /**
   * Goes on serving, but says with every answer that the connection ends with it, so that proxies let go of this process
   * without losing a request that is on its way. Ends after `forMs`, also when nobody is connected at some moment: a proxy
   * that opens a connection for each request has not noticed yet.
   */
  retire(forMs: number): Promise<void>;
  /**
   * Stops accepting connections, lets `drain` end what is under way, closes each connection as soon as nothing is under
   * way on it, and cuts those that are left when `graceMs` have passed since.
   */
  close(drain: () => Promise<void>, graceMs: number): Promise<void>;
}

/** How long a client may take over a request. */
export interface Patience {
  /** For all headers. */
  readonly headersTimeoutMs: number;
  /** For the whole request. */
  readonly requestTimeoutMs: number;
  /** How often connections are looked at for that. */
  readonly checkIntervalMs: number;
}

const usualPatience: Patience = { headersTimeoutMs: 15_000, requestTimeoutMs: 60_000, checkIntervalMs: 5_000 };
/** Longer than the idle time of common load balancers (60 s), so that they close first and lose no request. */
const keepAliveTimeoutMs = 65_000;

/**
 * Opens the port. The handler is made with the port that was opened, because with port 0 nobody knows it before.
 *
 * @throws StartFailure when the port cannot be opened.
 */
export async function listen(
  address: { readonly host: string; readonly port: number },
  handlerFor: (port: number) => RequestListener,
  patience: Patience = usualPatience,
): Promise<Listening> {
  const server = createServer({
    headersTimeout: patience.headersTimeoutMs,
    requestTimeout: patience.requestTimeoutMs,
    connectionsCheckingInterval: patience.checkIntervalMs,
  });
  server.keepAliveTimeout = keepAliveTimeoutMs;
  const connections = trackConnections(server);
  server.listen(address.port, address.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    // Whatever the system says, host or port is what has to change.
    throw new StartFailure(`HOST, PORT: ${address.host}:${address.port} cannot be opened: ${reasonOf(error)}.`, error);
  }
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  let retiring = false;
  const handle = handlerFor(port);
  server.on('request', (request, response) => {
    // RFC 9112 section 9.6: a client that is told so sends its next request over another connection.
    if (retiring) response.setHeader('Connection', 'close');
    handle(request, response);
  });
  return {
    port,
    url: `http://${reachableHost(address.host)}:${port}`,
    isRetiring: () => retiring,
    retire: async (forMs) => {
      retiring = true;
      await setTimeout(forMs);
    },
    connectionCount: () => connections.count(),
    close: (drain, graceMs) => closeGracefully(server, connections, drain, graceMs),
  };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return openingProblems[code] ?? code;
}

const openingProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; set PORT to another one',
  EACCES: 'this user may not open it',
  EADDRNOTAVAIL: 'this machine does not have the address',
  ENOTFOUND: 'the host name is not known',
};

/** A name under which this machine reaches a server that listens on `host`. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

async function closeGracefully(
  server: Server,
  connections: Connections,
  drain: () => Promise<void>,
  graceMs: number,
): Promise<void> {
  // Right after the loop has taken every connection that waited: those that are not taken yet would be reset.
  await afterPoll();
  // The HTTP server's own `close` also ends connections on which no request has come yet, and a proxy that has opened
  // one is just about to send its request, which it may not send twice.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  await connections.untilNone(lastRequestsMs);
  await drain();
  connections.closeWhenIdle();
  const cut = globalThis.setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}

/** How long a connection that was opened before the end may take to bring its request. */
const lastRequestsMs = 500;

interface Connections {
  count(): number;
  /** Ends when there is none on which a request is under way or may still come, at the latest after `limitMs`. */
  untilNone(limitMs: number): Promise<void>;
  /** Closes the connections on which nothing is under way, and the others as soon as that is so. */
  closeWhenIdle(): void;
}

/** Node's own `closeIdleConnections` overlooks connections on which no request has come yet, as clients keep ready. */
function trackConnections(server: Server): Connections {
  const requests = new Map<Socket, number>();
  let closing = false;
  let onNone: () => void = () => undefined;
  const change = (socket: Socket, by: number): void => {
    const count = (requests.get(socket) ?? 0) + by;
    requests.set(socket, count);
    if (closing && count === 0) socket.destroySoon();
  };
  server.on('connection', (socket) => {
    requests.set(socket, 0);
    socket.once('close', () => {
      requests.delete(socket);
      if (requests.size === 0) onNone();
    });
  });
  server.on('request', ({ socket }, response) => {
    change(socket, 1);
    response.once('close', () => {
      if (requests.has(socket)) change(socket, -1);
    });
  });
  return {
    count: () => requests.size,
    untilNone: (limitMs) => {
      if (requests.size === 0) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      onNone = resolve;
      return Promise.race([promise, setTimeout(limitMs, undefined, { ref: false })]);
    },
    closeWhenIdle() {
      closing = true;
      for (const socket of requests.keys()) change(socket, 0);
    },
  };
}
