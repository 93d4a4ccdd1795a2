import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEventBus } from '../../../../src/adapters/outbound/memory/event-bus.ts';
import { createDigest } from '../../../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../../../src/adapters/outbound/node/id-source.ts';
import {
  issueAccessToken,
  type NewAccessToken,
  tokenTtlSecondsMax,
} from '../../../../src/application/authorization/issue-access-token.ts';
import { listAccessTokens } from '../../../../src/application/authorization/list-access-tokens.ts';
import { revokeAccessToken } from '../../../../src/application/authorization/revoke-access-token.ts';
import { isGrantAlive, verifyAccessToken } from '../../../../src/application/authorization/verify-access-token.ts';
import type { DomainEvent } from '../../../../src/domain/events.ts';
import type { Json } from '../../../../src/domain/model/job.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createMemoryOAuthRecords } from '../../../support/memory-oauth-records.ts';
import { createMemoryTokenStore } from '../../../support/memory-token-store.ts';

const request: NewAccessToken = {
  subject: 'ada',
  clientId: 'claude',
  scopes: ['cms:write', 'cms:read'],
  ttlSeconds: 60,
};

describe('access tokens', () => {
  const open = (clock = createFakeClock()) => ({
    clock,
    tokens: createMemoryTokenStore(),
    oauthRecords: createMemoryOAuthRecords(clock),
    audience: 'https://mcp.example/mcp',
    ids: createIdSource(),
    digest: createDigest(),
    events: createMemoryEventBus({ onProblem: () => undefined }),
  });
  let ports: ReturnType<typeof open>;

  beforeEach(() => {
    ports = open();
  });

  it('are unguessable texts that are stored only as a hash', async () => {
    const { token, record } = await issueAccessToken(request, ports);
    expect(token).toMatch(/^igx_[\w-]{43}$/);
    expect((await issueAccessToken(request, ports)).token).not.toBe(token);
    expect(JSON.stringify(await ports.tokens.list())).not.toContain(token.slice(4));
    expect(record.hash).toBe(ports.digest.sha256(token));
    expect(record).toMatchObject({ subject: 'ada', clientId: 'claude', scopes: ['cms:read', 'cms:write'] });
  });

  it('make their bearer who they were issued to, until they expire', async () => {
    const { token, record } = await issueAccessToken(request, ports);
    const principal = { subject: 'ada', clientId: 'claude', scopes: ['cms:read', 'cms:write'] };
    const verdict = await verifyAccessToken(token, ports);
    expect(verdict).toMatchObject({
      ok: true,
      grant: { principal, tokenId: record.id, expiresAtMs: record.expiresAtMs },
    });
    expect(JSON.stringify(verdict)).not.toContain(token);
    ports.clock.advance(59_999);
    expect(await verifyAccessToken(token, ports)).toMatchObject({ ok: true });
    ports.clock.advance(1);
    expect(await verifyAccessToken(token, ports)).toEqual({ ok: false, reason: 'expired' });
  });

  it.each([
    '',
    'igx_',
    'igx_short',
    `igy_${'a'.repeat(43)}`,
    `igx_${'a'.repeat(201)}`,
    `igx_${'a'.repeat(42)}!`,
    ` igx_${'a'.repeat(43)}`,
  ])('are not looked up when they cannot be ours: %j', async (token) => {
    expect(await verifyAccessToken(token, ports)).toEqual({ ok: false, reason: 'malformed' });
  });

  it('are refused when nobody issued them', async () => {
    expect(await verifyAccessToken(`igx_${'a'.repeat(43)}`, ports)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('end at once when they are revoked, which is told', async () => {
    const told: DomainEvent[] = [];
    ports.events.subscribe((event) => {
      told.push(event);
    });
    const { token, record } = await issueAccessToken(request, ports);
    const verdict = await verifyAccessToken(token, ports);
    if (!verdict.ok) throw new Error('The token must be good.');
    expect(await isGrantAlive(verdict.grant, ports)).toBe(true);
    await revokeAccessToken(record.id, ports);
    expect(await verifyAccessToken(token, ports)).toEqual({ ok: false, reason: 'revoked' });
    expect(await isGrantAlive(verdict.grant, ports)).toBe(false);
    expect(told).toEqual([{ type: 'token_revoked', tokenId: record.id }]);
  });

  it('cannot be revoked when there is none', async () => {
    await expect(revokeAccessToken('tok_nobody', ports)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are listed with their state, without their hash', async () => {
    const first = await issueAccessToken({ ...request, ttlSeconds: 10 }, ports);
    ports.clock.advance(1);
    const second = await issueAccessToken(request, ports);
    ports.clock.advance(1);
    await issueAccessToken(request, ports);
    await revokeAccessToken(second.record.id, ports);
    ports.clock.advance(9_998);
    const list = await listAccessTokens(ports);
    expect(list.map(({ state }) => state)).toEqual(['expired', 'revoked', 'active']);
    expect(JSON.stringify(list)).not.toContain(first.record.hash);
  });

  it.each<[string, Partial<NewAccessToken>]>([
    ['an empty subject', { subject: '' }],
    ['a subject with a line break', { subject: 'ada\nadmin' }],
    ['a subject that is too long', { subject: 'a'.repeat(201) }],
    ['an empty client', { clientId: ' ' }],
    ['no scope', { scopes: [] }],
    ['an unknown scope', { scopes: ['cms:read', 'cms:everything'] }],
    ['no lifetime', { ttlSeconds: 0 }],
    ['half a second', { ttlSeconds: 0.5 }],
    ['more than a year', { ttlSeconds: tokenTtlSecondsMax + 1 }],
    ['for ever', { ttlSeconds: Number.POSITIVE_INFINITY }],
  ])('are not issued with %s', async (_what, wrong) => {
    await expect(issueAccessToken({ ...request, ...wrong }, ports)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await ports.tokens.list()).toEqual([]);
  });

  it('tell all that is wrong at once', async () => {
    const wrong = issueAccessToken({ subject: '', clientId: '', scopes: ['x'], ttlSeconds: -1 }, ports);
    await expect(wrong).rejects.toMatchObject({ details: { problems: { length: 4 } } });
  });
});

describe('access tokens of the authorization server', () => {
  const resource = 'https://mcp.example/mcp';
  const token = `igxa_${'A'.repeat(43)}`;
  const clock = createFakeClock();
  const open = async (changes: Record<string, Json> = {}) => {
    const digest = createDigest();
    const oauthRecords = createMemoryOAuthRecords(clock);
    const value = {
      accountId: 'cms:7',
      clientId: 'client_1',
      grantId: 'grant_1',
      scope: 'cms:read cms:write',
      aud: resource,
      exp: Math.floor(clock.nowMs() / 1000) + 900,
      extra: { exposure: { readOnly: true, toolsets: ['core'] } },
      ...changes,
    };
    await oauthRecords.put({ kind: 'AccessToken', hash: digest.sha256(token), value, grantId: 'grant_1' });
    return { oauthRecords, digest, clock, tokens: createMemoryTokenStore(), audience: resource };
  };

  it('make their bearer who agreed, with what was picked', async () => {
    const ports = await open();
    const verdict = await verifyAccessToken(token, ports);
    expect(verdict).toMatchObject({
      ok: true,
      grant: {
        principal: {
          subject: 'cms:7',
          clientId: 'client_1',
          grantId: 'grant_1',
          scopes: ['cms:read', 'cms:write'],
          exposure: { readOnly: true, toolsets: ['core'] },
        },
      },
    });
    expect(JSON.stringify(verdict)).not.toContain(token);
    if (!verdict.ok) throw new Error('The token was refused.');
    expect(await isGrantAlive(verdict.grant, ports)).toBe(true);
    await ports.oauthRecords.revokeGrant('grant_1');
    expect(await isGrantAlive(verdict.grant, ports)).toBe(false);
    expect(await verifyAccessToken(token, ports)).toEqual({ ok: false, reason: 'unknown' });
  });

  it.each<[string, Record<string, Json>, string]>([
    ['for another resource', { aud: 'https://other.example/mcp' }, 'foreign_audience'],
    ['for a resource that begins like ours', { aud: `${resource}/readonly` }, 'foreign_audience'],
    ['for several resources', { aud: [resource] }, 'unknown'],
    ['past their time', { exp: 1 }, 'expired'],
    ['without a grant', { grantId: null }, 'unknown'],
  ])('are refused %s', async (_, changes, reason) => {
    expect(await verifyAccessToken(token, await open(changes))).toEqual({ ok: false, reason });
  });
});
