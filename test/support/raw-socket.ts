import { connect } from 'node:net';

/** Sends bytes as they are to a local port, and answers what came back until the other side closed or fell silent. */
export function rawSocket(port: number, bytes: string | Uint8Array, options: RawSocketOptions = {}): Promise<string> {
  const { silentMs = 2_000, end = true } = options;
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const done = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(silentMs, done);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.once('close', done);
    // A reset is an answer, too: nothing more comes.
    socket.once('error', done);
    if (end) socket.end(bytes);
    else socket.write(bytes);
  });
}

export interface RawSocketOptions {
  /** How long nothing may come before the socket is given up. */
  readonly silentMs?: number;
  /** False leaves our side open, as a client does that is not done. */
  readonly end?: boolean;
}
