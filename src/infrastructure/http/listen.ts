import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { StartFailure } from '../lifecycle/start-failure.ts';

export interface Listening {
  readonly port: number;
  /** Where a client on this machine reaches the server. */
  readonly url: string;
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
  server.on('request', handlerFor(port));
  return {
    port,
    url: `http://${reachableHost(address.host)}:${port}`,
    close: (drain, graceMs) => closeGracefully(server, connections, drain, graceMs),
  };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return openingProblems[code] ?? code;
}

const openingProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
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
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await drain();
  connections.closeWhenIdle();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}

interface Connections {
  /** Closes the connections on which nothing is under way, and the others as soon as that is so. */
  closeWhenIdle(): void;
}

/** Node's own `closeIdleConnections` overlooks connections on which no request has come yet, as clients keep ready. */
function trackConnections(server: Server): Connections {
  const requests = new Map<Socket, number>();
  let closing = false;
  const change = (socket: Socket, by: number): void => {
    const count = (requests.get(socket) ?? 0) + by;
    requests.set(socket, count);
    if (closing && count === 0) socket.destroySoon();
  };
  server.on('connection', (socket) => {
    requests.set(socket, 0);
    socket.once('close', () => requests.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    change(socket, 1);
    response.once('close', () => {
      if (requests.has(socket)) change(socket, -1);
    });
  });
  return {
    closeWhenIdle() {
      closing = true;
      for (const socket of requests.keys()) change(socket, 0);
    },
  };
}
