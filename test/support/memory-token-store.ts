import { DomainError } from '../../src/domain/errors.ts';
import type { AccessTokenRecord } from '../../src/domain/model/access-token.ts';
import type { TokenStore } from '../../src/domain/ports/token-store.ts';

/** Access tokens that end with the process, for tests. */
export function createMemoryTokenStore(): TokenStore {
  const byHash = new Map<string, AccessTokenRecord>();
  const findById = (id: string) => [...byHash.values()].find((record) => record.id === id);
  return {
    async add(record) {
      if (byHash.has(record.hash) || findById(record.id) !== undefined) {
        throw new DomainError('CONFLICT', 'A token with this id or hash exists already.');
      }
      byHash.set(record.hash, record);
    },
    findByHash: async (hash) => byHash.get(hash),
    list: async () => [...byHash.values()].sort((a, b) => a.issuedAtMs - b.issuedAtMs),
    async revoke(id, atMs) {
      const record = findById(id);
      if (record === undefined) return false;
      byHash.set(record.hash, { revokedAtMs: atMs, ...record });
      return true;
    },
    async close() {
      byHash.clear();
    },
  };
}
