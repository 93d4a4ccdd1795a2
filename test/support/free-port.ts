import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that nobody listens on now. Another process may take it before it is used. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test machine gave no port.');
  server.close();
  await once(server, 'close');
  return address.port;
}
