import { randomBytes } from 'node:crypto';
import type { IdSource } from '../../../domain/ports/system.ts';

/** 128 bits: nobody guesses one, and no two are ever alike. */
const idBytes = 16;
/** 256 bits: as strong as the hash that secrets are stored by. */
const secretBytes = 32;

/** Ids and secrets from the operating system's cryptographic source, in base64url. */
export function createIdSource(): IdSource {
  return {
    id: (prefix) => `${prefix}_${randomBytes(idBytes).toString('base64url')}`,
    secret: (prefix) => `${prefix}_${randomBytes(secretBytes).toString('base64url')}`,
  };
}
