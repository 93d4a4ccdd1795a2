import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { freePort } from '../../support/free-port.ts';
import { type OAuthClient, openOAuthClient, type Tokens } from '../../support/oauth-client.ts';
import { createPerson } from '../../support/person.ts';
import { modernRequest } from '../../support/raw-http.ts';
import { type ServerProcess, startServer } from '../../support/server-process.ts';

const peopleCount = 50;
const callsEach = 200;

/** People with users of their own in the CMS, whose agents work at once and by turns at either process. */
describe('two processes on one Redis, with people who signed in at the CMS', () => {
  let deployment: Deployment;
  let second: ServerProcess;

  beforeAll(async () => {
    const port = String(await freePort());
    deployment = await openDeployment('redis', {
      CMS_SIGN_IN: 'cms-login',
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      RATE_LIMIT_RPM: '100000',
      ANONYMOUS_RATE_LIMIT_RPM: '100000',
    });
    second = await startServer({ ...deployment.settings, PORT: '0' });
  });
  afterAll(async () => {
    await second?.close();
    await deployment?.close();
  });

  /** A new user of the CMS, whose name is a marker, and an agent of theirs. */
  const join = async (number: number) => {
    const { users } = deployment.sandbox.state;
    const editor = users.find(({ userId }) => userId === 'praman');
    if (editor === undefined) throw new Error('The seed has changed.');
    const marker = `marker-${number}-of-this-test`;
    const password = `password-of-${number}`;
    users.push({ ...editor, id: `User/${marker}`, userId: marker, name: `Name ${marker}`, password });
    const client = await openOAuthClient(deployment.url, { client_name: `Agent ${number}` });
    const tokens = await client.connect(createPerson({ username: marker, password }), { scope: 'cms:read' });
    return { number, marker, client, tokens };
  };
  const call = async (process: number, token: string, name: string) => {
    const url = process % 2 === 0 ? deployment.url : second.url;
    const answer = await fetch(`${url}/mcp`, modernRequest(token, 'tools/call', { name, arguments: {} }));
    return { status: answer.status, text: await answer.text() };
  };
  const renewed = (client: OAuthClient, tokens: Tokens) => client.refresh(tokens.refresh_token ?? '');

  it(`answer ${peopleCount} people, ${callsEach} calls each, with nothing of anybody else's`, async () => {
    const people: Awaited<ReturnType<typeof join>>[] = [];
    for (let number = 0; number < peopleCount; number++) people.push(await join(number));
    const foreign: string[] = [];
    await Promise.all(
      people.map(async ({ number, marker, client, tokens }) => {
        let current = tokens;
        for (let n = 0; n < callsEach; n++) {
          // In the middle of it each agent gets new tokens, while the others work.
          if (n === callsEach / 2) current = await renewed(client, current);
          const name = n % 10 === 0 ? 'get_context' : 'get_job';
          const { status, text } = await call(number + n, current.access_token, name);
          expect([marker, n, status]).toEqual([marker, n, 200]);
          if (name === 'get_context') expect(text).toContain(`Name ${marker}`);
          for (const found of text.match(/marker-\d+-of-this-test/g) ?? []) {
            if (found !== marker) foreign.push(`${marker} was answered ${found}`);
          }
        }
      }),
    );
    expect(foreign).toEqual([]);
  }, 400_000);
});
