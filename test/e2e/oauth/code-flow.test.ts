import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { openOAuthClient } from '../../support/oauth-client.ts';
import { createPerson, type Person } from '../../support/person.ts';
import { createRedisReader } from '../../support/redis-reader.ts';
import { runCommand } from '../../support/server-process.ts';

describe.each(['embedded', 'redis'] as const)('an agent that connects over OAuth, %s', (storage) => {
  let deployment: Deployment;
  let machineToken: string;
  let person: Person;

  beforeAll(async () => {
    deployment = await openDeployment(storage, { CMS_SIGN_IN: 'service' });
    machineToken = await deployment.token('cms:read cms:write cms:publish');
    person = createPerson({ token: machineToken });
  });
  afterAll(() => deployment.close());

  /** The status that the MCP endpoint answers to a token. */
  const statusWith = async (token: string): Promise<number> => {
    const answer = await fetch(deployment.mcpUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      }),
    });
    await answer.body?.cancel();
    return answer.status;
  };

  it('gets a token that works after a person signed in and agreed', async () => {
    const client = await openOAuthClient(deployment.url);
    const tokens = await client.connect(person);
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'cms:read cms:write', expires_in: 900 });
    expect(tokens.access_token).toMatch(/^igxa_[\w-]{43}$/);
    expect(tokens.refresh_token).toMatch(/^igxr_[\w-]{43}$/);
    expect(await statusWith(tokens.access_token)).toBe(200);
    expect(await statusWith(tokens.refresh_token ?? '')).toBe(401);
    expect(person.seen.slice(-2)).toEqual(['Sign in', 'Allow Test agent to work in your CMS?']);
  });

  it('asks no second time for the same program, address and scopes, and asks again for more', async () => {
    const client = await openOAuthClient(deployment.url);
    await client.connect(person, { scope: 'cms:read' });
    const asked = person.seen.length;
    await client.connect(person, { scope: 'cms:read' });
    expect(person.seen.length).toBe(asked);
    const more = await client.connect(person, { scope: 'cms:read cms:publish' });
    expect(person.seen.slice(asked)).toEqual(['Allow Test agent to work in your CMS?']);
    expect(more.scope).toBe('cms:read cms:publish');
  });

  it('renews its tokens; the same refresh token twice ends everything', async () => {
    const client = await openOAuthClient(deployment.url);
    const first = await client.connect(person);
    const second = await client.refresh(first.refresh_token ?? '');
    expect(await statusWith(second.access_token)).toBe(200);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    await expect(client.refresh(first.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await statusWith(second.access_token)).toBe(401);
    await expect(client.refresh(second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('learns that the person said no', async () => {
    const client = await openOAuthClient(deployment.url);
    const asked = await client.request();
    const back = await person.authorize(asked.url, { decision: 'deny' });
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'access_denied',
      state: asked.state,
      iss: deployment.url,
    });
    expect(`${back.origin}${back.pathname}`).toBe(client.redirectUri);
  });

  it('can be given no more than the person has', async () => {
    const client = await openOAuthClient(deployment.url);
    const tokens = await client.connect(person, { scope: 'cms:read cms:admin' });
    expect(tokens.scope).toBe('cms:read');
  });

  it('leaves no code and no token in clear, in the storage or in the log', async () => {
    const client = await openOAuthClient(deployment.url);
    const asked = await client.request();
    const back = await person.authorize(asked.url);
    const tokens = await client.redeem(back, asked);
    const secrets = [back.searchParams.get('code'), tokens.access_token, tokens.refresh_token, machineToken];
    const { REDIS_URL, DATA_DIR = '' } = deployment.settings;
    const places = [
      ...[...deployment.server.stdout, ...deployment.server.stderr],
      ...readdirSync(DATA_DIR, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')),
      ...(REDIS_URL === undefined ? [] : [await createRedisReader(REDIS_URL).dump()]),
    ].join('\n');
    expect(places).toContain(client.clientId);
    for (const secret of secrets) expect(places).not.toContain(secret);
  });

  it('loses its access when the operator ends the grant, or the token that was signed in with', async () => {
    const client = await openOAuthClient(deployment.url);
    const other = await openOAuthClient(deployment.url);
    const [tokens, others] = [await client.connect(person), await other.connect(person)];
    const listed = await runCommand(['grants', 'list', '--client', client.clientId], deployment.settings);
    expect(listed.stdout).toContain('ada');
    expect(listed.stdout.trim().split('\n')).toHaveLength(1);
    const revoked = await runCommand(['grants', 'revoke', '--client', client.clientId], deployment.settings);
    expect(revoked).toMatchObject({ exitCode: 0 });
    expect(await statusWith(tokens.access_token)).toBe(401);
    await expect(client.refresh(tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await statusWith(others.access_token)).toBe(200);
    const { stdout } = await runCommand(['token', 'list'], deployment.settings);
    const tokenId = stdout.split('\t')[0] ?? '';
    expect(await runCommand(['token', 'revoke', tokenId], deployment.settings)).toMatchObject({ exitCode: 0 });
    expect(await statusWith(others.access_token)).toBe(401);
  });
});
