import { DomainError } from '../../../domain/errors.ts';
import type { AuditEvent, AuditRecord } from '../../../domain/model/audit-event.ts';
import {
  type ChainStore,
  canonicalJson,
  chainRecord,
  listChain,
  verifyChain,
} from '../../../domain/policy/audit-chain.ts';
import type { AuditHead, AuditLog } from '../../../domain/ports/audit-log.ts';
import type { Digest } from '../../../domain/ports/system.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/**
 * The audit log in Redis: a list of records and, beside it, its head. Redis has no SHA-256, so records are chained here
 * and appended by a script that takes them only while the head is the one they were chained to; else it answers the new
 * head, and they are chained again. What comes while an append is under way goes together with the next one, so that a
 * process is never in its own way. Durable as far as Redis is: see `checkRedisSettings`.
 *
 * Throws `STORAGE_UNAVAILABLE` while Redis is away.
 */
export function createRedisAuditLog({ connection, digest }: RedisAuditLogOptions): AuditLog {
  const waiting: Waiting[] = [];
  let isWriting = false;
  let knownHead = noHead;

  const appendAll = async (events: readonly AuditEvent[]): Promise<readonly AuditRecord[]> => {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const expected = knownHead;
      let head = readHead(expected);
      const records = events.map((event) => {
        const record = chainRecord(head, event, digest);
        head = { sequence: record.sequence, hash: record.hash };
        return record;
      });
      const newHead = canonicalJson(head);
      const texts = records.map((record) => canonicalJson(record));
      const found = await connection.run((client) =>
        client.eval(appendScript, 2, keys.audit, keys.auditHead, expected, newHead, ...texts),
      );
      knownHead = String(found);
      if (knownHead === newHead) return records;
    }
    throw new DomainError('STORAGE_UNAVAILABLE', `The audit log was busy ${attemptsMax} times in a row.`);
  };

  const write = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMax);
      try {
        const records = await appendAll(batch.map(({ event }) => event));
        for (const [index, record] of records.entries()) batch[index]?.settle(record);
      } catch (error) {
        // Each caller gets the reason as its own.
        for (const { fail } of batch) fail(error);
      }
    }
    isWriting = false;
  };

  const store: ChainStore = {
    head: async () => readHead((await connection.run((client) => client.get(keys.auditHead))) ?? noHead),
    texts: async (from, to) => {
      // Entry 0 of the list is record 1.
      const texts = await connection.run((client) => client.lrange(keys.audit, from - 1, to - 1));
      return texts.map((text, index) => ({ sequence: from + index, text }));
    },
  };

  return {
    append: (event) =>
      new Promise((settle, fail) => {
        waiting.push({ event, settle, fail });
        if (!isWriting) void write();
      }),
    list: (query) => listChain(store, query),
    verify: () => verifyChain(store, digest),
    close: async () => undefined,
  };
}

export interface RedisAuditLogOptions {
  /** Closed by whoever opened it. */
  readonly connection: RedisConnection;
  readonly digest: Digest;
}

interface Waiting {
  readonly event: AuditEvent;
  settle(record: AuditRecord): void;
  fail(error: unknown): void;
}

/** Events of one script call. */
const batchMax = 100;

/** Each lost attempt is one that another process has won, so this many in a row is no ordinary crowd. */
const attemptsMax = 1_000;

/** What the script knows as the head of an empty log. */
const noHead = '';

/**
 * Appends records that were chained to the head, or nothing when the head is another one by now.
 * KEYS: the list, the head. ARGV: the expected head, the new head, the records. Returns the head afterwards.
 */
const appendScript = `
local head = redis.call('GET', KEYS[2]) or ''
if head ~= ARGV[1] then return head end
for index = 3, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[index]) end
redis.call('SET', KEYS[2], ARGV[2])
return ARGV[2]`;

function readHead(text: string): AuditHead | undefined {
  // Only the script writes this key.
  return text === noHead ? undefined : (JSON.parse(text) as AuditHead);
}
