import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryEventBus } from '../../../src/adapters/outbound/memory/event-bus.ts';
import type { SecurityEvent } from '../../../src/application/audit/record-security-event.ts';
import type { Call } from '../../../src/application/call.ts';
import type { Work } from '../../../src/application/define-job.ts';
import { revokeGrant } from '../../../src/application/identity/revoke-grant.ts';
import { revokeExpiredGrantsJob } from '../../../src/application/jobs/revoke-expired-grants.ts';
import type { DomainEvent } from '../../../src/domain/events.ts';
import type { Grant } from '../../../src/domain/model/grant.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { temporaryFolder } from '../../support/server-process.ts';
import { openWholeStorage, type WholeStorage } from '../../support/whole-storage.ts';

const dayMs = 86_400_000;

describe.each(['sqlite', 'redis'] as const)('grants that nobody can use any more, on %s', (driver) => {
  const folder = temporaryFolder();
  const clock = createFakeClock();
  let redis: RedisServer | undefined;
  let storage: WholeStorage;
  beforeAll(async () => {
    redis = driver === 'redis' ? await startRedis() : undefined;
    storage = await openWholeStorage({ driver, location: redis?.url ?? `${folder.path}/server.db` });
  });
  afterAll(async () => {
    await storage.close();
    await redis?.close();
    folder.remove();
  });

  it('are revoked with their credential, told of and recorded; the others stay as they are', async () => {
    const recorded: SecurityEvent[] = [];
    const told: DomainEvent[] = [];
    const events = createMemoryEventBus({ onProblem: () => undefined });
    events.subscribe((event) => {
      told.push(event);
    });
    const { grants, vault, oauthRecords } = storage;
    const security = {
      record: async (event: SecurityEvent) => void recorded.push(event),
      flush: async () => undefined,
      close: async () => undefined,
    };
    const grantRevoker = {
      grants,
      revoke: (id: string, reason: 'expired') =>
        revokeGrant(id, reason, { grants, vault, oauthRecords, events, security, clock }),
    } as Parameters<typeof revokeExpiredGrantsJob.execute>[1]['grantRevoker'];
    const percents: number[] = [];
    const run = {
      safePoint: async () => undefined,
      progress: async ({ percent }: { percent: number }) => void percents.push(percent),
    } as unknown as Work;
    const runJob = () => revokeExpiredGrantsJob.execute({}, { grantRevoker, clock }, run, {} as Call);

    await put('living', 100, 1);
    await put('unused', 100, 40);
    await put('old', 400, 0);
    expect(await runJob()).toEqual({ revoked: 2 });
    for (const id of ['unused', 'old']) {
      expect(await grants.find(id)).toMatchObject({ revocationReason: 'expired', revokedAtMs: clock.nowMs() });
      expect(await vault.find(id)).toBeUndefined();
    }
    expect((await grants.find('living'))?.revokedAtMs).toBeUndefined();
    expect(await vault.find('living')).toBeDefined();
    expect(told.map((event) => event.type)).toEqual(['grant_revoked', 'grant_revoked']);
    expect(recorded).toMatchObject([
      { action: 'grant_revoked', reason: 'expired' },
      { action: 'grant_revoked', reason: 'expired' },
    ]);
    expect(percents).toEqual([50, 100]);
    expect(await runJob()).toEqual({ revoked: 0 });
  });

  async function put(id: string, daysOld: number, daysUnused: number): Promise<void> {
    const grant: Grant = {
      id,
      subject: 'cms:1',
      displayName: 'Priya Raman',
      clientId: 'agent',
      clientName: 'An agent',
      clientHost: '127.0.0.1',
      redirectUri: 'http://127.0.0.1/callback',
      redirectUrisHash: 'hash',
      scopes: ['cms:read'],
      toolsets: [],
      readOnly: false,
      signIn: 'cms-login',
      createdAtMs: clock.nowMs() - daysOld * dayMs,
      lastUsedAtMs: clock.nowMs() - daysUnused * dayMs,
    };
    await storage.grants.put(grant);
    await storage.vault.put(
      id,
      { subject: grant.subject, clientId: grant.clientId, provider: 'https://cms.example.edu' },
      { kind: 'tokens', accessToken: 'access', refreshToken: 'refresh', expiresAtMs: clock.nowMs() },
    );
  }
});
