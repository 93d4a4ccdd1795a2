import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * A TCP proxy that does to the answers of a server what networks do. The fault that is set holds for connections made
 * from then on; those that are open are cut when it changes, so that a client that keeps them meets it too.
 */
export interface FaultProxy {
  readonly port: number;
  /** How many connections were made so far. */
  connections(): number;
  set(fault: NetworkFault): void;
  close(): Promise<void>;
}

export type NetworkFault =
  | { readonly kind: 'none' }
  /** The first byte of each answer comes late. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** The connection is reset when the answer begins: always, or for every n-th connection. */
  | { readonly kind: 'reset'; readonly everyNth?: number }
  /** Each answer comes byte by byte. */
  | { readonly kind: 'drip'; readonly msPerByte: number }
  /** Each answer ends after so many bytes, as if it were whole. */
  | { readonly kind: 'truncation'; readonly bytes: number }
  /** Whatever the server says, something else arrives. */
  | { readonly kind: 'garbage'; readonly bytes: Buffer };

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let fault: NetworkFault = { kind: 'none' };
  let count = 0;
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();

  const later = (ms: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };

  const server = createServer((client) => {
    count += 1;
    const number = count;
    const own = fault;
    const upstream = connect(targetPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // The other side hears of it by its own socket.
      socket.on('error', () => undefined);
    }
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => {
      if (own.kind === 'none') client.end();
    });
    client.on('data', (bytes) => void upstream.write(bytes));
    upstream.on('data', (bytes) => deliver(own, number, bytes, client));
  });

  const deliver = (own: NetworkFault, number: number, bytes: Buffer, client: Socket): void => {
    const write = (part: Buffer): void => {
      if (!client.destroyed) client.write(part);
    };
    switch (own.kind) {
      case 'none':
        write(bytes);
        return;
      case 'latency':
        later(own.ms, () => write(bytes));
        return;
      case 'reset':
        if (number % (own.everyNth ?? 1) === 0) client.resetAndDestroy();
        else write(bytes);
        return;
      case 'drip':
        for (const [at, byte] of bytes.entries()) later(at * own.msPerByte, () => write(Buffer.from([byte])));
        return;
      case 'truncation':
        write(bytes.subarray(0, own.bytes));
        client.end();
        return;
      case 'garbage':
        write(own.bytes);
        client.end();
    }
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test machine gave no port.');
  return {
    port: address.port,
    connections: () => count,
    set: (next) => {
      fault = next;
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
