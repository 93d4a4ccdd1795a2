import { describe, expect, it } from 'vitest';
import { createDigest } from '../../../../src/adapters/outbound/node/digest.ts';
import { createSqliteAuditLog } from '../../../../src/adapters/outbound/sqlite/audit-log.ts';
import { openDatabase } from '../../../../src/adapters/outbound/sqlite/database.ts';
import {
  createSecurityRecorder,
  kindsMax,
  type SecurityEvent,
} from '../../../../src/application/audit/record-security-event.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const refusal: SecurityEvent = {
  action: 'access_refused',
  outcome: 'refused',
  reason: 'unknown',
  address: '192.0.2.7',
};

function fixture() {
  const clock = createFakeClock();
  const audit = createSqliteAuditLog({ database: openDatabase(':memory:'), digest: createDigest() });
  const problems: unknown[] = [];
  const recorder = createSecurityRecorder({ audit, clock, onProblem: (error) => problems.push(error) });
  /** Oldest first. */
  const kept = async () => (await audit.list({ filter: {}, limit: 1_000 })).records.toReversed();
  return { clock, audit, problems, recorder, kept };
}

describe('the recorder of security events', () => {
  it('keeps everything that an event says, and the network in place of the address', async () => {
    const { clock, recorder, kept } = fixture();
    const { address, ...rest }: SecurityEvent = {
      action: 'token_issued',
      outcome: 'ok',
      reason: 'refresh_token',
      subject: 'cms:ada',
      clientId: 'https://agent.example/client.json',
      by: 'person',
      grantId: 'grant_1',
      tokenId: 'tok_1',
      scopes: ['cms:read', 'cms:write'],
      address: '2001:db8:1:2:3::4',
      requestId: 'req_1',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    };
    await recorder.record({ ...rest, address });
    const [record] = await kept();
    expect(record).toEqual({
      ...rest,
      network: '2001:db8:1:2::/64',
      itemIds: [],
      atMs: clock.nowMs(),
      sequence: 1,
      previousHash: expect.any(String),
      hash: expect.any(String),
    });
    await recorder.close();
  });

  it('keeps one by one what was done or failed', async () => {
    const { recorder, kept } = fixture();
    for (let time = 0; time < 5; time++) {
      await recorder.record({ action: 'sign_in', outcome: 'ok', subject: 'cms:ada' });
      await recorder.record({ action: 'sign_in', outcome: 'failed', reason: 'cms_unavailable' });
    }
    expect(await kept()).toHaveLength(10);
    await recorder.close();
  });

  it('keeps the first of equal refusals at once and counts the others until the minute ends', async () => {
    const { clock, recorder, kept } = fixture();
    for (let time = 0; time < 1_000; time++) await recorder.record({ ...refusal, requestId: `req_${time}` });
    expect(await kept()).toMatchObject([{ requestId: 'req_0', network: '192.0.2.7' }]);
    clock.advance(60_000);
    await recorder.record({ ...refusal, requestId: 'req_later' });
    const records = await kept();
    expect(records).toMatchObject([
      { requestId: 'req_0' },
      { requestId: 'req_999', count: 999 },
      { requestId: 'req_later' },
    ]);
    expect(records[2]).not.toHaveProperty('count');
    await recorder.close();
    expect(await kept()).toHaveLength(3);
  });

  it('tells reasons, subjects, clients and networks apart', async () => {
    const { recorder, kept } = fixture();
    const events: SecurityEvent[] = [
      refusal,
      { ...refusal, reason: 'expired' },
      { ...refusal, subject: 'ada' },
      { ...refusal, clientId: 'agent' },
      { ...refusal, address: '192.0.2.8' },
      { ...refusal, action: 'token_refused' },
    ];
    for (const event of [...events, ...events]) await recorder.record(event);
    expect(await kept()).toHaveLength(events.length);
    await recorder.close();
    // One more of each was counted; that is said by a plain record.
    const records = await kept();
    expect(records).toHaveLength(2 * events.length);
    expect(records.every(({ count }) => count === undefined)).toBe(true);
  });

  it('loses no refusal of many addresses and stays within its bound', async () => {
    const { recorder, kept } = fixture();
    const total = 20_000;
    await Promise.all(
      Array.from({ length: total }, (_, n) =>
        recorder.record({
          ...refusal,
          address: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
          clientId: `made-up ${n}`,
        }),
      ),
    );
    await recorder.close();
    const records = await kept();
    expect(records).toHaveLength(kindsMax + 1);
    expect(records.at(-1)).toMatchObject({ network: 'many', subject: '', clientId: '', reason: 'unknown' });
    expect(records.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(total);
  });

  it('makes one short line of whatever somebody sent', async () => {
    const { recorder, kept } = fixture();
    await recorder.record({ action: 'sign_in', outcome: 'refused', subject: `a\r\n\u202Eb${'x'.repeat(5_000)}` });
    const [record] = await kept();
    expect(record?.subject).toHaveLength(200);
    expect(record?.subject).not.toMatch(/\p{C}/u);
    await recorder.close();
  });

  it('tells the operator when the log cannot be written, and nobody else', async () => {
    const { clock, audit } = fixture();
    const problems: unknown[] = [];
    const cause = new Error('The disk is full.');
    const recorder = createSecurityRecorder({
      audit: { ...audit, append: () => Promise.reject(cause) },
      clock,
      onProblem: (error) => problems.push(error),
    });
    for (const event of [refusal, refusal, { action: 'sign_in', outcome: 'ok' } as const]) await recorder.record(event);
    await recorder.close();
    expect(problems).toEqual([cause, cause, cause]);
  });
});
