import { Transform } from 'node:stream';

/**
 * Lets through the lines that are JSON and reports the others: the SDK's reader skips those in silence, and their sender
 * would wait for an answer for ever. A line beyond `lineBytesMax` ends the stream with an error. The end of the input is
 * passed on when `beforeEnd` has ended: the reader ends with it, and so does what it is still working on.
 */
export function jsonLines(lineBytesMax: number, onBroken: () => void, beforeEnd: () => Promise<void>): Transform {
  // The beginning of a line whose end has not come, in the pieces it came in.
  let pieces: Buffer[] = [];
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      const end = chunk.lastIndexOf(newline);
      if (end === -1) {
        pieces.push(chunk);
        bytes += chunk.length;
      } else {
        const lines = Buffer.concat([...pieces, chunk.subarray(0, end)]).toString('utf8');
        pieces = [chunk.subarray(end + 1)];
        bytes = chunk.length - end - 1;
        for (const line of lines.split('\n')) {
          if (isJson(line)) this.push(`${line}\n`);
          else if (line.trim() !== '') onBroken();
        }
      }
      callback(bytes > lineBytesMax ? new Error(`A line passes ${lineBytesMax} bytes.`) : undefined);
    },
    flush(callback) {
      beforeEnd().then(() => callback(), callback);
    },
  });
}

const newline = 0x0a;

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    // Telling JSON from other text is the purpose; the text itself is not to be logged.
    return false;
  }
}
