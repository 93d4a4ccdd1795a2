import { createHash, randomBytes } from 'node:crypto';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authorizationServer } from '../../../src/adapters/inbound/http/oauth/authorization-server.ts';
import { createBrowserBinding } from '../../../src/adapters/inbound/http/oauth/browser-binding.ts';
import { hostCookies } from '../../../src/adapters/inbound/http/oauth/cookies.ts';
import { createPendingSignIns } from '../../../src/adapters/inbound/http/oauth/pending-sign-in.ts';
import { serverKeys } from '../../../src/adapters/inbound/http/oauth/server-keys.ts';
import { createMemoryRateLimiter } from '../../../src/adapters/outbound/memory/rate-limiter.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import { createDigest } from '../../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { createSealer } from '../../../src/adapters/outbound/node/sealer.ts';
import { createWebDocuments } from '../../../src/adapters/outbound/node/web-documents.ts';
import { createSqliteDataKeyStore } from '../../../src/adapters/outbound/sqlite/data-key-store.ts';
import { openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteGrantStore } from '../../../src/adapters/outbound/sqlite/grant-store.ts';
import { createSqliteOAuthRecords } from '../../../src/adapters/outbound/sqlite/oauth-records.ts';
import { createSqliteTokenStore } from '../../../src/adapters/outbound/sqlite/token-store.ts';
import { issueAccessToken } from '../../../src/application/authorization/issue-access-token.ts';
import { createServiceSignIn } from '../../../src/application/identity/service-sign-in.ts';
import { type Listening, listen } from '../../../src/infrastructure/http/listen.ts';
import { type DocumentServer, startDocumentServer } from '../../support/document-server.ts';
import { testMasterKey } from '../../support/master-key.ts';
import { createMemoryExpiringRecords } from '../../support/memory-expiring-records.ts';
import { createPerson, type Person } from '../../support/person.ts';

/** Clients whose id is the address of a document (CIMD), served by a web server of somebody else's. */
let documents: DocumentServer;
let listening: Listening;
let token: string;
const redirectUri = 'https://agent.example/callback';

beforeAll(async () => {
  documents = await startDocumentServer();
  const clock = createClock();
  const ids = createIdSource();
  const digest = createDigest();
  const database = openDatabase(':memory:');
  const sealer = createSealer({
    masterKeys: [testMasterKey],
    store: createSqliteDataKeyStore({ database }),
    clock,
    ids,
  });
  const oauthRecords = createSqliteOAuthRecords({ database, sealer, clock });
  const grants = createSqliteGrantStore({ database });
  const tokens = createSqliteTokenStore({ database });
  const records = createMemoryExpiringRecords({ clock });
  const keys = await serverKeys(oauthRecords);
  const issued = await issueAccessToken(
    { subject: 'ada', clientId: 'cli', scopes: ['cms:read', 'cms:write'], ttlSeconds: 600 },
    { tokens, ids, digest, clock },
  );
  token = issued.token;
  listening = await listen({ host: '127.0.0.1', port: 0 }, (port) => {
    const publicUrl = `http://127.0.0.1:${port}`;
    const binding = createBrowserBinding({ records, ids, digest, cookies: hostCookies(publicUrl) });
    const server = authorizationServer(
      {
        publicUrl,
        resource: `${publicUrl}/mcp`,
        cms: { address: 'cms.example', isSandbox: false },
        records: oauthRecords,
        grants,
        signIn: createServiceSignIn({ tokens, digest, clock, provider: 'https://cms.example' }),
        binding,
        pending: createPendingSignIns({ records, sealer, ids, digest, binding, callbackUrl: `${publicUrl}/callback` }),
        limiter: createMemoryRateLimiter(),
        requestsPerMinute: 100_000,
        documents: createWebDocuments({
          ca: documents.ca,
          resolve: async () => ['127.0.0.1'],
          mayConnect: (address) => address === '127.0.0.1',
        }),
        clock,
        ids,
        digest,
        recordGrant: (grant) => grants.put(grant),
        revokeGrant: async (id, reason) => {
          await grants.revoke(id, clock.nowMs(), reason);
          await oauthRecords.revokeGrant(id);
        },
        recordSecurity: async () => undefined,
        requestIdOf: () => 'req_test',
        onProblem: (error) => {
          throw error;
        },
      },
      keys,
    );
    return express().use(server.routes);
  });
});
afterAll(async () => {
  await listening.close(async () => undefined, 1_000);
  await documents.close();
});

let person: Person;
beforeEach(() => {
  documents.requests.length = 0;
  person = createPerson({ token });
});

/** A document at an address of its own, so that no test meets what another one left in the cache. */
function publish(
  changes: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): string {
  const id = documents.url(`/${randomBytes(6).toString('hex')}.json`);
  documents.publish(id, JSON.stringify({ ...documentOf(id), ...changes }), headers);
  return id;
}

const documentOf = (id: string) => ({
  client_id: id,
  client_name: 'Agent with a document',
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  scope: 'cms:read cms:write',
});

const verifier = 'v'.repeat(43);

function request(clientId: string, redirect = redirectUri): URL {
  const url = new URL(`${listening.url}/oauth/authorize`);
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirect,
    response_type: 'code',
    scope: 'cms:read',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'state',
  }).toString();
  return url;
}

describe('a client whose id is the address of a document', () => {
  it('needs no registration: a person sees where it is known from, and it gets tokens', async () => {
    const id = publish();
    const page = await person.open(request(id));
    const consent = await person.send(page, { token });
    expect(consent.html).toContain(new URL(id).hostname);
    const { away } = await person.send(consent, { decision: 'allow', toolset: 'default' });
    expect(away?.origin).toBe('https://agent.example');
    const answer = await fetch(`${listening.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: id,
        code: away?.searchParams.get('code') ?? '',
        code_verifier: verifier,
        redirect_uri: redirectUri,
      }),
    });
    expect(await answer.json()).toMatchObject({ scope: 'cms:read', refresh_token: expect.stringMatching(/^igxr_/) });
  });

  it('is asked for once, however many ask at the same time, and kept for a while', async () => {
    const id = publish();
    const pages = await Promise.all(Array.from({ length: 8 }, () => createPerson({}).open(request(id))));
    expect(pages.map(({ heading }) => heading)).toEqual(pages.map(() => 'Sign in'));
    expect(documents.requests).toHaveLength(1);
    await createPerson({}).open(request(id));
    expect(documents.requests).toHaveLength(1);
  });

  it('is asked for again after an error: none is kept', async () => {
    const id = documents.url('/later.json');
    expect(await person.open(request(id))).toMatchObject({ status: 400, heading: 'This program is not known here' });
    documents.publish(id, JSON.stringify(documentOf(id)));
    expect(await person.open(request(id))).toMatchObject({ heading: 'Sign in' });
  });

  it.each<[string, Record<string, unknown>]>([
    ['another id', { client_id: 'https://other.example/client.json' }],
    ['its id without the path', { client_id: 'https://agent.example' }],
    ['a secret', { client_secret: 'secret' }],
    ['a way to authenticate with a secret', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['plain http addresses', { redirect_uris: ['http://agent.example/callback'] }],
    ['a script as its address', { redirect_uris: ['javascript:alert(1)'] }],
    ['no addresses', { redirect_uris: undefined }],
  ])('is not known with %s', async (_, changes) => {
    const page = await person.open(request(publish(changes)));
    expect(page.away).toBeUndefined();
    expect(page.status).toBe(400);
  });

  it.each<[string, string]>([
    ['a list', '[]'],
    ['no JSON', '{'],
    ['a text', '"client"'],
  ])('is not known by %s', async (_, text) => {
    const id = documents.url(`/${randomBytes(6).toString('hex')}.json`);
    documents.publish(id, text);
    expect(await person.open(request(id))).toMatchObject({ status: 400 });
  });

  it.each(['https://agent.example', 'https://agent.example/', 'http://agent.example/client.json'])(
    'is not looked for at %s',
    async (id) => {
      expect(await person.open(request(id))).toMatchObject({ status: 400, heading: 'This program is not known here' });
      expect(documents.requests).toEqual([]);
    },
  );

  it('is remembered for the address that the person agreed to, and for no other', async () => {
    const other = 'https://agent.example/other';
    const id = publish({ redirect_uris: [redirectUri, other] });
    await person.authorize(request(id));
    const asked = person.seen.length;
    expect((await person.authorize(request(id))).searchParams.has('code')).toBe(true);
    expect(person.seen.length).toBe(asked);
    expect(await person.open(request(id, other))).toMatchObject({ heading: 'Sign in' });
  });

  it('sends nobody to an address that its document does not have', async () => {
    const page = await person.open(request(publish(), 'https://evil.example/callback'));
    expect(page).toMatchObject({ status: 400, heading: 'The way back does not fit' });
  });
});
