import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exposes } from '../../../src/application/tasks/exposure.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import { connectAgent } from '../../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { openOAuthClient } from '../../support/oauth-client.ts';
import { createPerson } from '../../support/person.ts';
import { modernRequest } from '../../support/raw-http.ts';
import { expectAudited } from './attacks.ts';

/** What a person agreed to is what their agent can do, and a token counts only where and how it was given. */
describe.each(['embedded', 'redis'] as const)('the resource behind the authorization server, %s', (storage) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await openDeployment(storage, { CMS_SIGN_IN: 'cms-login', TRUST_PROXY: '1' });
  });
  afterAll(() => deployment.close());

  const author = () => createPerson({ username: 'tlindqvist', password: 'sandbox-author-pass' });
  const all = () => `${deployment.url}/mcp/x/all`;
  const call = async (token: string, name: string, headers: Readonly<Record<string, string>> = {}) => {
    const request = modernRequest(token, 'tools/call', { name, arguments: {} });
    const answer = await fetch(all(), { ...request, headers: { ...request.headers, ...headers } });
    return {
      status: answer.status,
      challenge: answer.headers.get('www-authenticate') ?? '',
      text: await answer.text(),
    };
  };

  it('offers what was picked, whatever the agent asks for, and says who picked it', async () => {
    const client = await openOAuthClient(deployment.url);
    const choice = { toolsets: ['core', 'authoring'], readOnly: true };
    const tokens = await client.connect(author(), { scope: 'cms:read cms:write', choice });
    const agent = await connectAgent('v2 auto', all(), tokens.access_token);
    const picked = tasks.filter((task) => exposes({ words: ['core', 'authoring'], readOnly: true }, task));
    expect((await agent.listTools()).map(({ name }) => name)).toEqual(picked.map(({ name }) => name));
    await expect(agent.call('edit_content', {})).rejects.toThrow('not offered here');
    expect(await agent.call('get_context')).toMatchObject({
      access: { offered: { read_only: true, why: expect.stringContaining('picked core, authoring, reading only') } },
    });
    await agent.close();
  });

  it('asks for the scopes that are missing; with a token for these the call goes through (63)', async () => {
    const client = await openOAuthClient(deployment.url);
    const person = author();
    const reading = await client.connect(person, { scope: 'cms:read' });
    const refused = await call(reading.access_token, 'check_in_content');
    expect(refused.status).toBe(403);
    const scope = /scope="([^"]+)"/.exec(refused.challenge)?.[1];
    expect(scope).toBe('cms:read cms:write');
    expect(refused.challenge).toContain(
      `resource_metadata="${deployment.url}/.well-known/oauth-protected-resource/mcp"`,
    );
    const choice = { toolsets: ['default'] };
    const stepped = await client.connect(person, { scope: scope ?? '', choice });
    expect((await call(stepped.access_token, 'check_in_content')).status).toBe(200);
  });

  it('takes no token that is not its own, or that comes another way (58 to 60)', async () => {
    const client = await openOAuthClient(deployment.url);
    const { access_token: good } = await client.connect(author());
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = part({ iss: deployment.url, aud: `${deployment.url}/mcp`, sub: 'cms:ada', exp: 4_102_444_800 });
    const foreign = [
      ...deployment.sandbox.state.oauth.refreshTokens.map(({ token }) => token),
      `${part({ alg: 'none', typ: 'at+jwt' })}.${claims}.`,
      `${part({ alg: 'HS256', kid: '../../../dev/null' })}.${claims}.c2lnbmF0dXJl`,
      `${part({ alg: 'ES256', jku: 'https://evil.example/jwks' })}.${claims}.c2lnbmF0dXJl`,
    ];
    expect(foreign.length).toBeGreaterThan(3);
    for (const token of foreign) expect((await call(token, 'get_context')).status).toBe(401);
    const { headers, ...request } = modernRequest('', 'tools/list');
    const { Authorization: _none, ...others } = headers;
    for (const address of [`${all()}?access_token=${good}`, `${all()}?token=${good}`]) {
      expect((await fetch(address, { ...request, headers: others })).status).toBe(401);
    }
    const form = { ...others, 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = `access_token=${good}`;
    expect((await fetch(all(), { method: 'POST', headers: form, body })).status).toBe(401);
    expect((await call(good, 'get_context')).status).toBe(200);
  });

  it('names itself as configured, whatever the forwarding headers claim (77, 79, 81)', async () => {
    const spoofed = {
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Port': '444',
      Forwarded: 'host=evil.example;proto=https',
    };
    for (const path of [
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource',
      '/.well-known/oauth-protected-resource/mcp',
    ]) {
      const answer = await fetch(`${deployment.url}${path}`, { headers: spoofed });
      expect(answer.status).toBe(200);
      // Public metadata may be read by any page, but never with its user's cookies (81).
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      const text = await answer.text();
      expect(text).not.toContain('evil.example');
      expect(text).not.toContain('https://127.0.0.1');
      const metadata = JSON.parse(text);
      expect(metadata.issuer ?? metadata.authorization_servers[0]).toBe(deployment.url);
    }
    const { challenge } = await call('igx_of-nobody-at-all-here-0123456789', 'get_context', spoofed);
    expect(challenge).toContain(`resource_metadata="${deployment.url}/`);
  });

  it('tells the audit log of each refusal', () =>
    expectAudited(deployment.settings, 'e2e/oauth/consent-bounds.test.ts'));
});
