import { describe, expect, it } from 'vitest';
import { createDigest } from '../../../../src/adapters/outbound/node/digest.ts';
import { type ChainStore, canonicalJson, chainRecord, listChain } from '../../../../src/domain/policy/audit-chain.ts';
import { type AuditHead, auditScanMax } from '../../../../src/domain/ports/audit-log.ts';

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: { d: [2, { f: 1, e: 'ü"' }], c: null } }, '{"a":{"c":null,"d":[2,{"e":"ü\\"","f":1}]},"b":1}'],
    [{ a: undefined, b: true }, '{"b":true}'],
    [[], '[]'],
    [{}, '{}'],
    ['a\n', '"a\\n"'],
  ])('writes %j in one way only', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});

describe('listChain', () => {
  it('looks at a bounded number of records at a time and says where to go on', async () => {
    const length = auditScanMax + 700;
    const { store, read } = storeOf(length);
    const first = await listChain(store, { filter: { itemId: 'x1' }, limit: 10 });
    expect(first).toEqual({ records: [], nextBefore: length - auditScanMax + 1 });
    expect(read()).toBe(auditScanMax);
    const second = await listChain(store, { filter: { itemId: 'x1' }, limit: 10, before: first.nextBefore ?? 0 });
    expect(second.records.map(({ sequence }) => sequence)).toEqual([1]);
    expect(second.nextBefore).toBeUndefined();
  });

  it('reads no further than the page needs', async () => {
    const { store, read } = storeOf(5_000);
    const page = await listChain(store, { filter: {}, limit: 10 });
    expect(page.nextBefore).toBe(4_991);
    expect(read()).toBeLessThan(1_000);
  });
});

/** A chain of which only the first record is about x1. */
function storeOf(length: number): { readonly store: ChainStore; readonly read: () => number } {
  const digest = createDigest();
  const texts: string[] = [];
  let head: AuditHead | undefined;
  for (let number = 1; number <= length; number++) {
    const itemIds = number === 1 ? ['x1'] : [];
    const event = { action: 'a', subject: 's', clientId: 'c', outcome: 'ok', itemIds, atMs: number } as const;
    const record = chainRecord(head, event, digest);
    head = { sequence: record.sequence, hash: record.hash };
    texts.push(canonicalJson(record));
  }
  let count = 0;
  return {
    read: () => count,
    store: {
      head: async () => head,
      texts: async (from, to) => {
        const found = texts.slice(from - 1, to).map((text, index) => ({ sequence: from + index, text }));
        count += found.length;
        return found;
      },
    },
  };
}
