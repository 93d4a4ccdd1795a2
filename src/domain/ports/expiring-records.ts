import type { Json } from '../model/job.ts';

/**
 * Small records that end by themselves: confirm tokens, idempotency keys.
 *
 * Laws:
 * - `create` is atomic over all processes: of several at once for one key, exactly one answers true.
 * - A record past its time is as if it had never been, at once, not at the next sweep.
 * - `take` answers and removes: of several at once for one key, exactly one gets the record.
 * - `replace` writes whatever was there and sets the time anew.
 * - What `create` and `replace` answered survives a restart of the process (memory driver exempt).
 */
export interface ExpiringRecords {
  create(key: string, value: Json, ttlSeconds: number): Promise<boolean>;
  get(key: string): Promise<Json | undefined>;
  replace(key: string, value: Json, ttlSeconds: number): Promise<void>;
  take(key: string): Promise<Json | undefined>;
  remove(key: string): Promise<void>;
  close(): Promise<void>;
}
