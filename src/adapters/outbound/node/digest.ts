import { hash } from 'node:crypto';
import type { Digest } from '../../../domain/ports/system.ts';

/** SHA-256 of the UTF-8 form of a text, as 64 lower-case hex digits. */
export function createDigest(): Digest {
  return { sha256: (text) => hash('sha256', text, 'hex') };
}
