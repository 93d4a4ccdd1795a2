import type { Json } from '../../src/domain/model/job.ts';
import type { ExpiringRecords } from '../../src/domain/ports/expiring-records.ts';
import type { Clock } from '../../src/domain/ports/system.ts';

/** Expiring records that end with the process, for tests. Ended ones are swept when a record is written. */
export function createMemoryExpiringRecords({ clock }: { readonly clock: Clock }): ExpiringRecords {
  const records = new Map<string, Kept>();

  const read = (key: string): Json | undefined => {
    const found = records.get(key);
    // Parsed anew for each reader, so that nobody changes what another one gets.
    return found !== undefined && found.endsAtMs > clock.nowMs() ? JSON.parse(found.text) : undefined;
  };
  const write = (key: string, value: Json, ttlSeconds: number): void => {
    for (const [other, { endsAtMs }] of records) if (endsAtMs <= clock.nowMs()) records.delete(other);
    records.set(key, { text: JSON.stringify(value), endsAtMs: clock.nowMs() + ttlSeconds * 1000 });
  };

  return {
    async create(key, value, ttlSeconds) {
      if (read(key) !== undefined) return false;
      write(key, value, ttlSeconds);
      return true;
    },
    get: async (key) => read(key),
    replace: async (key, value, ttlSeconds) => write(key, value, ttlSeconds),
    async take(key) {
      const value = read(key);
      records.delete(key);
      return value;
    },
    async remove(key) {
      records.delete(key);
    },
    async close() {
      records.clear();
    },
  };
}

interface Kept {
  readonly text: string;
  readonly endsAtMs: number;
}
