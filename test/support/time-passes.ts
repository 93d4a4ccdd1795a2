import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Redis } from 'ioredis';
import type { Settings } from './server-process.ts';

/** What is kept for a time only: by the kind of the authorization server's record, or by the beginning of its key. */
export type Kept = { readonly kind: string } | { readonly key: string };

/** Does to what is stored what the time does: its life is over. Answers how many there were. */
export async function endLife({ DATA_DIR = '', REDIS_URL }: Settings, kept: Kept): Promise<number> {
  if (REDIS_URL !== undefined) return endInRedis(REDIS_URL, 'kind' in kept ? `*:${kept.kind}:*` : `*${kept.key}*`);
  const database = new DatabaseSync(join(DATA_DIR, 'server.db'));
  const { changes } =
    'kind' in kept
      ? database.prepare('UPDATE oauth_records SET expires_at_ms = 1 WHERE kind = ?').run(kept.kind)
      : database.prepare('UPDATE records SET expires_at_ms = 1 WHERE key LIKE ?').run(`${kept.key}%`);
  database.close();
  return Number(changes);
}

async function endInRedis(url: string, pattern: string): Promise<number> {
  const client = new Redis(url);
  try {
    const keys = await client.keys(pattern);
    return keys.length === 0 ? 0 : await client.unlink(...keys);
  } finally {
    client.disconnect();
  }
}
