import { DomainError } from '../../../domain/errors.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/** Raised with every change of what is kept under the keys, or how. */
export const layoutVersion = 1;

/**
 * Writes down which version of this server keeps its state in this Redis, so that an older one does not touch what it
 * does not know. A store without a version is of version 1, which wrote none.
 *
 * @throws DomainError STORAGE_UNAVAILABLE when a newer version has been here, or Redis is away.
 */
export async function claimLayout(connection: RedisConnection, version: number = layoutVersion): Promise<void> {
  const stored = await connection.run((client) => client.eval(claimScript, 1, keys.layout, version));
  if (Number(stored) <= version) return;
  throw new DomainError(
    'STORAGE_UNAVAILABLE',
    `What is in this Redis was written by a newer version of this server (its layout is ${stored}, known are ${version}). Start that version, or use another Redis.`,
  );
}

/** KEYS: the version. ARGV: that of the caller. Raises what is lower; returns what stands then. */
const claimScript = `
local stored = tonumber(redis.call('GET', KEYS[1]) or 0)
if stored >= tonumber(ARGV[1]) then return stored end
redis.call('SET', KEYS[1], ARGV[1])
return tonumber(ARGV[1])`;
