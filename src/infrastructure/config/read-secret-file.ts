import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Reads the file of a secret, at most 64 KiB of it: more than any key, and a bound for a path that was mistaken (a
 * device never ends). Throws what node:fs throws, and for a file that is longer.
 */
export function readSecretFile(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(FILE_BYTES_MAX + 1);
    const length = readSync(file, bytes);
    if (length > FILE_BYTES_MAX) throw new Error('too long');
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

const FILE_BYTES_MAX = 65_536;
