import type { AuditEvent, AuditFilter, AuditRecord } from '../model/audit-event.ts';
import {
  type AuditHead,
  type AuditPage,
  type AuditQuery,
  type AuditVerdict,
  auditScanMax,
} from '../ports/audit-log.ts';
import type { Digest } from '../ports/system.ts';

/** The event as the record that follows `head`. Pure. */
export function chainRecord(head: AuditHead | undefined, event: AuditEvent, digest: Digest): AuditRecord {
  const { sequence, hash: previousHash } = head ?? emptyHead;
  const link = { ...event, sequence: sequence + 1, previousHash };
  return { ...link, hash: digest.sha256(canonicalJson(link)) };
}

/** JSON with the keys of every object in the order of their code units, without spaces and without absent values. Pure. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  // Keys of one object are never equal.
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`;
}

/** How a store keeps the chain: each record as its text, in order, and the head beside it. */
export interface ChainStore {
  /** The texts of the records from one sequence number to another, both included; fewer where there are no more. */
  texts(from: number, to: number): Promise<readonly StoredText[]>;
  head(): Promise<AuditHead | undefined>;
}

/** The sequence number is that of the place in which the text was found. */
export interface StoredText {
  readonly sequence: number;
  readonly text: string;
}

/** `list` of the port, on any store. */
export async function listChain(store: ChainStore, { filter, before, limit }: AuditQuery): Promise<AuditPage> {
  const newest = (await store.head())?.sequence ?? 0;
  let next = Math.min(newest, (before ?? newest + 1) - 1);
  const oldest = Math.max(1, next - auditScanMax + 1);
  const records: AuditRecord[] = [];
  while (next >= oldest) {
    const from = Math.max(oldest, next - chunkSize + 1);
    const texts = await store.texts(from, next);
    for (const { sequence, text } of texts.toReversed()) {
      const record = readRecord(text);
      if (record === undefined || !fits(record, filter)) continue;
      records.push(record);
      if (records.length === limit) return { records, ...(sequence > 1 ? { nextBefore: sequence } : {}) };
    }
    next = from - 1;
  }
  return { records, ...(oldest > 1 ? { nextBefore: oldest } : {}) };
}

/** `verify` of the port, on any store. Appends may go on meanwhile. */
export async function verifyChain(store: ChainStore, digest: Digest): Promise<AuditVerdict> {
  let last: AuditHead | undefined;
  for (;;) {
    const expected = (last?.sequence ?? 0) + 1;
    const texts = await store.texts(expected, expected + chunkSize - 1);
    for (const { sequence, text } of texts) {
      const wanted = (last?.sequence ?? 0) + 1;
      const record = readRecord(text);
      if (sequence !== wanted || record === undefined || !follows(record, last, digest)) {
        return { ok: false, brokenSequence: wanted };
      }
      last = { sequence: record.sequence, hash: record.hash };
    }
    if (texts.length > 0) continue;
    // The head is read after the records, so an honest one is never behind them; what it is ahead must be there as well.
    const head = await store.head();
    const [reached, promised] = [last?.sequence ?? 0, head?.sequence ?? 0];
    if (promised > reached && (await store.texts(expected, expected)).length > 0) continue;
    if (promised !== reached) return { ok: false, brokenSequence: Math.min(promised, reached) + 1 };
    if (head?.hash !== last?.hash) return { ok: false, brokenSequence: reached };
    return { ok: true, ...(last === undefined ? {} : { head: last }) };
  }
}

/** Records read at once. */
const chunkSize = 500;

/** Stands before the first record. */
const emptyHead: AuditHead = { sequence: 0, hash: '0'.repeat(64) };

function follows(record: AuditRecord, last: AuditHead | undefined, digest: Digest): boolean {
  const { sequence, previousHash, hash, ...event } = record;
  const wanted = chainRecord(last, event, digest);
  return sequence === wanted.sequence && previousHash === wanted.previousHash && hash === wanted.hash;
}

function fits(record: AuditRecord, filter: AuditFilter): boolean {
  const { itemId, fromMs, toMs } = filter;
  return (
    equalFields.every((name) => filter[name] === undefined || record[name] === filter[name]) &&
    (itemId === undefined || record.itemIds.includes(itemId)) &&
    (fromMs === undefined || record.atMs >= fromMs) &&
    (toMs === undefined || record.atMs < toMs)
  );
}

const equalFields = ['action', 'subject', 'clientId', 'grantId', 'network', 'outcome'] as const;

/** `undefined` for a text that no append has written. */
function readRecord(text: string): AuditRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: somebody else wrote it.
    return undefined;
  }
  return isRecord(value) ? value : undefined;
}

/** Looks at what reading and filtering rely on; whether the rest was changed is the hash's to tell. */
function isRecord(value: unknown): value is AuditRecord {
  if (typeof value !== 'object' || value === null) return false;
  // Only to look at the fields of an object that may hold anything.
  const fields = value as Readonly<Record<string, unknown>>;
  const texts = ['previousHash', 'hash', 'action', 'subject', 'clientId', 'outcome'];
  return (
    ['sequence', 'atMs'].every((name) => Number.isFinite(fields[name])) &&
    texts.every((name) => typeof fields[name] === 'string') &&
    Array.isArray(fields['itemIds'])
  );
}
