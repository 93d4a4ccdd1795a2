import { Writable } from 'node:stream';

/**
 * Keeps standard output for JSON-RPC: answers a stream that writes to it, and sends everything else that is written to
 * `process.stdout` from here on to standard error. To be called before anything else runs.
 */
export function guardStdout(): Writable {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  const protocol = new Writable({
    write: (chunk: Buffer, _encoding, callback) => {
      write(chunk, callback);
    },
  });
  // A client that closed its end has gone: the stream must report it rather than the process die of it.
  process.stdout.on('error', (error) => protocol.destroy(error));
  return protocol;
}
