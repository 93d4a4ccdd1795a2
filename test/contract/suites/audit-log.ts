import { expect } from 'vitest';
import { createDigest } from '../../../src/adapters/outbound/node/digest.ts';
import type { AuditEvent, AuditFilter, AuditRecord } from '../../../src/domain/model/audit-event.ts';
import { canonicalJson, chainRecord } from '../../../src/domain/policy/audit-chain.ts';
import type { AuditLog } from '../../../src/domain/ports/audit-log.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/audit-log.ts. */
export interface OpenedAuditLog extends Opened {
  readonly subject: AuditLog;
  /** The same log as another process sees it. */
  readonly other?: AuditLog;
  /** Lets one process for each subject append that many events, all at the same time, and die at once. */
  readonly appendInProcesses?: (subjects: readonly string[], count: number) => Promise<void>;
  /** What somebody can do who has the store itself in hand. */
  readonly raw: RawAuditStore;
}

export interface RawAuditStore {
  read(sequence: number): Promise<string>;
  write(sequence: number, text: string): Promise<void>;
  remove(sequence: number): Promise<void>;
  /** Puts a record behind the last one. */
  putIn(sequence: number, text: string): Promise<void>;
}

export function auditLogContract(contract: Contract<OpenedAuditLog>): void {
  describeContract('AuditLog', contract, {
    'each record carries the hash of the one before and its own': async ({ subject }) => {
      const digest = createDigest();
      const first = await subject.append(event(1));
      const second = await subject.append(event(2));
      expect(first).toEqual({ ...event(1), sequence: 1, previousHash: '0'.repeat(64), hash: expect.any(String) });
      expect(second).toMatchObject({ sequence: 2, previousHash: first.hash });
      const { hash, ...rest } = second;
      expect(hash).toBe(digest.sha256(canonicalJson(rest)));
    },

    'a record comes back as it was appended': async ({ subject }) => {
      const full: AuditEvent = {
        ...event(1, { subject: 'Zoë "1" ©', outcome: 'refused', code: 'FORBIDDEN', by: 'operator' }),
        versions: [{ id: 'x1', before: 1, after: 2 }, { id: 'x2' }],
        operation: 'Pages_GetPage',
        jobId: 'job_1',
        tokenId: 'tok_1',
        reason: 'expired',
        grantId: 'grant_1',
        scopes: ['cms:read', 'cms:admin'],
        network: '2001:db8:0:1::/64',
        requestId: 'req_1',
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
        count: 7,
        dryRun: true,
        replayed: true,
      };
      const appended = await subject.append(full);
      expect(appended).toMatchObject(full);
      expect((await subject.list({ filter: {}, limit: 10 })).records).toEqual([appended]);
    },

    '`append` is durable when it answers': async ({ appendInProcesses, subject }) => {
      if (appendInProcesses === undefined) throw new Error('Nothing survives: exempt this driver, with the reason.');
      await appendInProcesses(['ada'], 3);
      expect((await subject.list({ filter: {}, limit: 10 })).records.map(({ atMs }) => atMs)).toEqual([2, 1, 0]);
      expect(await subject.verify()).toMatchObject({ ok: true, head: { sequence: 3 } });
    },

    'appends from several processes at the same time make one chain without gaps': async (opened) => {
      const { appendInProcesses, subject } = opened;
      if (appendInProcesses === undefined) throw new Error('One process only: exempt this driver, with the reason.');
      // More than are read at once, so that a walk through the chain crosses the border of two reads.
      const count = 300;
      await appendInProcesses(['ada', 'bob'], count);
      const records = await all(subject);
      expect(records.map(({ sequence }) => sequence)).toEqual(downFrom(2 * count));
      for (const who of ['ada', 'bob']) {
        const times = records.filter(({ subject: name }) => name === who).map(({ atMs }) => atMs);
        expect(times).toEqual(downFrom(count).map((number) => number - 1));
      }
      const [newest] = records;
      expect(await subject.verify()).toEqual({ ok: true, head: { sequence: 2 * count, hash: newest?.hash } });
    },

    'appends of one process at the same time are in the order of the calls': async ({ subject, other }) => {
      const appended = await Promise.all([1, 2, 3, 4, 5].map((number) => subject.append(event(number))));
      expect(appended.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
      // Another process goes on with the chain, and this one after it.
      expect(await another(other).append(event(6))).toMatchObject({ sequence: 6, previousHash: appended[4]?.hash });
      expect(await subject.append(event(7))).toMatchObject({ sequence: 7 });
      expect(await another(other).verify()).toMatchObject({ ok: true, head: { sequence: 7 } });
    },

    '`list` is newest first, page by page': async ({ subject }) => {
      expect(await subject.list({ filter: {}, limit: 2 })).toEqual({ records: [] });
      for (const number of [1, 2, 3, 4, 5]) await subject.append(event(number));
      const first = await subject.list({ filter: {}, limit: 2 });
      expect(first.records.map(({ sequence }) => sequence)).toEqual([5, 4]);
      // What is appended meanwhile moves nothing.
      await subject.append(event(6));
      const second = await subject.list({ filter: {}, limit: 2, before: first.nextBefore ?? 0 });
      expect(second.records.map(({ sequence }) => sequence)).toEqual([3, 2]);
      const third = await subject.list({ filter: {}, limit: 2, before: second.nextBefore ?? 0 });
      expect(third.records.map(({ sequence }) => sequence)).toEqual([1]);
      expect(third.nextBefore).toBeUndefined();
    },

    '`list` answers what fits the filter': async ({ subject }) => {
      await subject.append(event(1, { subject: 'ada', clientId: 'claude', itemIds: ['x1', 'x12'] }));
      await subject.append(event(2, { subject: 'bob', clientId: 'claude', itemIds: ['x2'], outcome: 'refused' }));
      await subject.append(event(3, { subject: 'ada', clientId: 'codex', itemIds: [], outcome: 'failed' }));
      const found = async (filter: AuditFilter) =>
        (await subject.list({ filter, limit: 10 })).records.map(({ sequence }) => sequence);
      expect(await found({ subject: 'ada' })).toEqual([3, 1]);
      expect(await found({ clientId: 'claude' })).toEqual([2, 1]);
      expect(await found({ itemId: 'x1' })).toEqual([1]);
      expect(await found({ itemId: 'x2' })).toEqual([2]);
      expect(await found({ outcome: 'refused' })).toEqual([2]);
      expect(await found({ fromMs: 2 })).toEqual([3, 2]);
      expect(await found({ toMs: 2 })).toEqual([1]);
      expect(await found({ fromMs: 2, toMs: 3 })).toEqual([2]);
      await subject.append(event(4, { subject: 'eve', action: 'sign_in', grantId: 'grant_1', network: '192.0.2.7' }));
      expect(await found({ action: 'sign_in' })).toEqual([4]);
      expect(await found({ grantId: 'grant_1', network: '192.0.2.7' })).toEqual([4]);
      expect(await found({ network: '192.0.2.70' })).toEqual([]);
      expect(await found({ subject: 'ada', clientId: 'claude' })).toEqual([1]);
      expect(await found({ subject: 'nobody' })).toEqual([]);
    },

    '`verify` answers that the chain is unbroken, and its head': async ({ subject }) => {
      expect(await subject.verify()).toEqual({ ok: true });
      const [, second] = [await subject.append(event(1)), await subject.append(event(2))];
      expect(await subject.verify()).toEqual({ ok: true, head: { sequence: 2, hash: second?.hash } });
    },

    '`verify` names a record that was changed': async ({ subject, raw }) => {
      await appendFive(subject);
      await raw.write(3, (await raw.read(3)).replace('"outcome":"ok"', '"outcome":"failed"'));
      expect(await subject.verify()).toEqual({ ok: false, brokenSequence: 3 });
    },

    '`verify` names the record after one that was changed and hashed anew': async ({ subject, raw }) => {
      const records = await appendFive(subject);
      const forged = chainRecord(head(records[1]), event(3, { subject: 'somebody else' }), createDigest());
      await raw.write(3, canonicalJson(forged));
      expect(await subject.verify()).toEqual({ ok: false, brokenSequence: 4 });
    },

    '`verify` names a last record that was changed and hashed anew': async ({ subject, raw }) => {
      const records = await appendFive(subject);
      const forged = chainRecord(head(records[3]), event(5, { subject: 'somebody else' }), createDigest());
      await raw.write(5, canonicalJson(forged));
      expect(await subject.verify()).toEqual({ ok: false, brokenSequence: 5 });
    },

    '`verify` names records that were removed, at the beginning, in the middle and at the end': async (opened) => {
      const { subject, raw } = opened;
      await appendFive(subject);
      await raw.remove(5);
      expect(await subject.verify()).toEqual({ ok: false, brokenSequence: 5 });
      await raw.remove(3);
      expect(await subject.verify()).toEqual({ ok: false, brokenSequence: 3 });
      await raw.remove(1);
      expect(await subject.verify()).toEqual({ ok: false, brokenSequence: 1 });
    },

    '`verify` names records that were exchanged': async ({ subject, raw }) => {
      await appendFive(subject);
      const [second, third] = [await raw.read(2), await raw.read(3)];
      await raw.write(2, third);
      await raw.write(3, second);
      expect(await subject.verify()).toEqual({ ok: false, brokenSequence: 2 });
    },

    '`verify` names a record that was put in': async ({ subject, raw }) => {
      const records = await appendFive(subject);
      await raw.putIn(6, canonicalJson(chainRecord(head(records[4]), event(6), createDigest())));
      expect(await subject.verify()).toEqual({ ok: false, brokenSequence: 6 });
    },

    'a record that was made unreadable is left out of `list`, and `verify` names it': async ({ subject, raw }) => {
      await appendFive(subject);
      await raw.write(2, 'nothing');
      await raw.write(4, '{"sequence":4}');
      const { records } = await subject.list({ filter: {}, limit: 10 });
      expect(records.map(({ sequence }) => sequence)).toEqual([5, 3, 1]);
      expect(await subject.verify()).toEqual({ ok: false, brokenSequence: 2 });
    },
  });
}

/** The event number n, at that time. */
export function event(number: number, changes: Partial<AuditEvent> = {}): AuditEvent {
  return {
    atMs: number,
    action: 'edit_content',
    subject: 'ada',
    clientId: 'claude',
    outcome: 'ok',
    itemIds: ['x1'],
    ...changes,
  };
}

async function appendFive(log: AuditLog): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  for (const number of [1, 2, 3, 4, 5]) records.push(await log.append(event(number)));
  return records;
}

const head = (record: AuditRecord | undefined) =>
  record === undefined ? undefined : { sequence: record.sequence, hash: record.hash };

const downFrom = (count: number) => Array.from({ length: count }, (_, index) => count - index);

/** Every record, in pages. */
async function all(log: AuditLog): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  let before: number | undefined;
  do {
    const page = await log.list({ filter: {}, limit: 100, ...(before === undefined ? {} : { before }) });
    records.push(...page.records);
    before = page.nextBefore;
  } while (before !== undefined);
  return records;
}
