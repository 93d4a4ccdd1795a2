import { randomUUID } from 'node:crypto';
import type { CredentialOwner } from '../../../domain/model/cms-credential.ts';
import { openCredential, resealCredential, sealCredential } from '../../../domain/policy/seal-credential.ts';
import type { CredentialVault } from '../../../domain/ports/credential-vault.ts';
import type { Sealer } from '../../../domain/ports/sealer.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/**
 * CMS credentials of grants in Redis: a hash for each with its owner in clear and the credential sealed, and an index of
 * the grants that have one. Durable as far as Redis is: see `checkRedisSettings`.
 *
 * Throws `STORAGE_UNAVAILABLE` while Redis is away, and what the sealer throws for a text that does not open.
 */
export function createRedisCredentialVault({ connection, sealer }: RedisCredentialVaultOptions): CredentialVault {
  const read = async (grantId: string): Promise<Row | undefined> => {
    const { owner, sealed, version } = await connection.run((client) => client.hgetall(keys.credential(grantId)));
    if (owner === undefined || sealed === undefined || version === undefined) return undefined;
    // Only `put` writes this text.
    return { owner: JSON.parse(owner) as CredentialOwner, sealed, version };
  };

  return {
    async put(grantId, owner, credential) {
      const sealed = await sealCredential(sealer, grantId, owner, credential);
      await connection.run((client) =>
        client
          .multi()
          .hset(keys.credential(grantId), { owner: JSON.stringify(owner), sealed, version: randomUUID() })
          .sadd(keys.credentialIndex, grantId)
          .exec(),
      );
    },
    async find(grantId) {
      const row = await read(grantId);
      if (row === undefined) return undefined;
      const credential = await openCredential(sealer, grantId, row.owner, row.sealed);
      return { owner: row.owner, credential, version: row.version };
    },
    async replace(grantId, expectedVersion, next) {
      const row = await read(grantId);
      if (row === undefined || row.version !== expectedVersion) return false;
      // The owner belongs to the version, so whoever finds the version unchanged has sealed for the right one.
      const sealed = await sealCredential(sealer, grantId, row.owner, next);
      return compareAndSet(grantId, 'version', expectedVersion, { sealed, version: randomUUID() });
    },
    async remove(grantId) {
      await connection.run((client) =>
        client.multi().del(keys.credential(grantId)).srem(keys.credentialIndex, grantId).exec(),
      );
    },
    async reseal() {
      let resealed = 0;
      for (const grantId of await connection.run((client) => client.smembers(keys.credentialIndex))) {
        const row = await read(grantId);
        if (row === undefined) continue;
        const sealed = await resealCredential(sealer, grantId, row.owner, row.sealed);
        // Whoever stored another one meanwhile has sealed it with the current key.
        if (sealed !== undefined && (await compareAndSet(grantId, 'sealed', row.sealed, { sealed }))) resealed += 1;
      }
      return resealed;
    },
    close: async () => undefined,
  };

  async function compareAndSet(
    grantId: string,
    field: 'version' | 'sealed',
    expected: string,
    next: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const done = await connection.run((client) =>
      client.eval(compareAndSetScript, 1, keys.credential(grantId), field, expected, ...Object.entries(next).flat()),
    );
    return done === 1;
  }
}

export interface RedisCredentialVaultOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
  readonly sealer: Sealer;
}

interface Row {
  readonly owner: CredentialOwner;
  readonly sealed: string;
  readonly version: string;
}

/** KEYS: the credential. ARGV: a field, what it must hold, and fields with their next values. Returns 1 when it was set. */
const compareAndSetScript = `
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
return 1`;
