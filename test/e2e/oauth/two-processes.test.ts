import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { openOAuthClient } from '../../support/oauth-client.ts';
import { createPerson, type Person } from '../../support/person.ts';
import { runCommand, type ServerProcess, startServer } from '../../support/server-process.ts';
import { expectAudited } from './attacks.ts';

const tries = 100;

describe('two processes of one authorization server, on Redis', () => {
  let deployment: Deployment;
  let second: ServerProcess;
  let person: Person;

  beforeAll(async () => {
    const port = String(await freePort());
    deployment = await openDeployment('redis', {
      CMS_SIGN_IN: 'service',
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ANONYMOUS_RATE_LIMIT_RPM: '1000000',
    });
    second = await startServer({ ...deployment.settings, PORT: '0' });
    person = createPerson({ token: await deployment.token() });
  });
  afterAll(async () => {
    await second?.close();
    await deployment?.close();
  });

  const ask = (server: { readonly url: string }, fields: Readonly<Record<string, string>>) =>
    fetch(`${server.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) });
  const statusAt = async (server: { readonly url: string }, token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/mcp`, { method: 'POST', headers, body: '{}' });
    await answer.body?.cancel();
    return answer.status;
  };

  it(`redeem one code once, ${tries} times out of ${tries} (42)`, async () => {
    const client = await openOAuthClient(deployment.url);
    for (let count = 0; count < tries; count++) {
      const asked = await client.request();
      const code = (await person.authorize(asked.url)).searchParams.get('code') ?? '';
      const fields = {
        grant_type: 'authorization_code',
        client_id: client.clientId,
        code,
        code_verifier: asked.verifier,
        redirect_uri: client.redirectUri,
      };
      const answers = await Promise.all([ask(deployment, fields), ask(second, fields)]);
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses, `try ${count}`).toEqual([200, 400]);
      const [winner = Response.error()] = answers.filter(({ status }) => status === 200);
      const { access_token: token } = (await winner.json()) as { access_token: string };
      // Somebody had the code twice: nothing that came of it is left.
      expect(await statusAt(deployment, token)).toBe(401);
      expect(await statusAt(second, token)).toBe(401);
    }
  });

  it('renew with one refresh token once (47)', async () => {
    for (let count = 0; count < 20; count++) {
      const client = await openOAuthClient(deployment.url);
      const tokens = await client.connect(person);
      const fields = {
        grant_type: 'refresh_token',
        client_id: client.clientId,
        refresh_token: tokens.refresh_token ?? '',
      };
      const answers = await Promise.all([ask(second, fields), ask(deployment, fields)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
      expect(await statusAt(second, tokens.access_token)).toBe(401);
    }
  });

  it('refuse a revoked grant at once, in both (62)', async () => {
    const client = await openOAuthClient(deployment.url);
    const tokens = await client.connect(person);
    expect(await statusAt(second, tokens.access_token)).not.toBe(401);
    await fetch(`${second.url}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: client.clientId, token: tokens.refresh_token ?? '' }),
    });
    expect(await statusAt(deployment, tokens.access_token)).toBe(401);
    expect(await statusAt(second, tokens.access_token)).toBe(401);
  });

  it('end an open stream of the other process with its grant', async () => {
    const client = await openOAuthClient(deployment.url);
    const tokens = await client.connect(person);
    const stream = await fetch(`${second.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'subscriptions/listen',
        params: {
          notifications: { resourceSubscriptions: ['ingeniux://tree/x1'] },
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    });
    expect(stream.status).toBe(200);
    const reader = stream.body?.getReader();
    await reader?.read();
    const ended = (async () => {
      try {
        for (;;) if ((await reader?.read())?.done !== false) return 'ended';
      } catch {
        // A connection that is cut is the end that was asked for.
        return 'ended';
      }
    })();
    const revoked = await runCommand(['grants', 'revoke', '--client', client.clientId], deployment.settings);
    expect(revoked.exitCode).toBe(0);
    expect(await ended).toBe('ended');
  });

  it('go on while the keys are rotated in the middle of a flow (84)', async () => {
    const client = await openOAuthClient(deployment.url);
    const tokens = await client.connect(person);
    const asked = await client.request({ scope: 'cms:read cms:write cms:publish' });
    const page = await person.open(asked.url);
    expect(page.heading).toContain('Allow');
    const first = await runCommand(['keys', 'rotate'], deployment.settings);
    expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/The new key is key_.*\d+ records/) });
    const back = await person.send(page, { decision: 'allow', toolset: 'default' });
    const rotating = runCommand(['keys', 'rotate'], deployment.settings);
    const more = await client.redeem(back.away ?? new URL('about:blank'), asked);
    expect(more.scope).toBe('cms:read cms:write cms:publish');
    let refreshToken = more.refresh_token ?? '';
    let isRotating = true;
    void rotating.then(() => {
      isRotating = false;
    });
    while (isRotating) {
      for (const server of [deployment, second]) {
        expect(await statusAt(server, tokens.access_token)).not.toBe(401);
        const answer = await ask(server, {
          grant_type: 'refresh_token',
          client_id: client.clientId,
          refresh_token: refreshToken,
        });
        expect(answer.status).toBe(200);
        refreshToken = ((await answer.json()) as { refresh_token: string }).refresh_token;
      }
    }
    expect(await rotating).toMatchObject({ exitCode: 0 });
  });

  it('tell the audit log of each refusal', () => expectAudited(deployment.settings, 'e2e/oauth/two-processes.test.ts'));
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test machine gave no port.');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}
