import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { type OAuthClient, openOAuthClient } from '../../support/oauth-client.ts';
import { createPerson, type Person } from '../../support/person.ts';
import { modernRequest } from '../../support/raw-http.ts';
import { runCommand, type ServerProcess, startServer } from '../../support/server-process.ts';

/** What an operator says in an incident, and who is out afterwards: at once, in every process. */
describe.each(['embedded', 'redis'] as const)('grants revoke on %s', (storage) => {
  let deployment: Deployment;
  let second: ServerProcess;
  let people: Readonly<Record<'ada' | 'bo', Person>>;
  let clients: readonly [OAuthClient, OAuthClient];

  beforeAll(async () => {
    deployment = await openDeployment(storage, { CMS_SIGN_IN: 'service' });
    second = await startServer({ ...deployment.settings, WORKER_INLINE: 'false', PUBLIC_URL: deployment.url });
    const issue = async (subject: string): Promise<string> => {
      const args = ['token', 'issue', '--subject', subject, '--scopes', 'cms:read'];
      return (await runCommand(args, deployment.settings)).stdout.trim();
    };
    people = { ada: createPerson({ token: await issue('ada') }), bo: createPerson({ token: await issue('bo') }) };
    clients = [await openOAuthClient(deployment.url), await openOAuthClient(deployment.url)];
  });
  afterAll(async () => {
    await second?.close();
    await deployment?.close();
  });

  const connect = async (who: keyof typeof people, client: 0 | 1): Promise<string> =>
    (await clients[client].connect(people[who], { scope: 'cms:read' })).access_token;
  const connectAll = async () => [
    await connect('ada', 0),
    await connect('ada', 1),
    await connect('bo', 0),
    await connect('bo', 1),
  ];
  /** What both processes answer to each token. */
  const statuses = (tokens: readonly string[]) =>
    Promise.all(
      tokens.map(async (token) => {
        const answers = await Promise.all(
          [deployment.url, second.url].map((url) => fetch(`${url}/mcp`, modernRequest(token, 'tools/list'))),
        );
        await Promise.all(answers.map((answer) => answer.arrayBuffer()));
        const [one, other] = answers.map(({ status }) => status);
        return one === other ? one : `${one} and ${other}`;
      }),
    );
  const revoke = (...choice: string[]) => runCommand(['grants', 'revoke', ...choice], deployment.settings);

  it.each([
    { choice: () => ['--user', 'ada'], left: [401, 401, 200, 200] },
    { choice: () => ['--client', clients[1].clientId], left: [200, 401, 200, 401] },
    { choice: () => ['--all'], left: [401, 401, 401, 401] },
  ])('ends the grants of its choice and no others: $left', async ({ choice, left }) => {
    const tokens = await connectAll();
    expect(await statuses(tokens)).toEqual([200, 200, 200, 200]);
    const revoked = await revoke(...choice());
    expect(revoked.exitCode, revoked.stderr).toBe(0);
    expect(revoked.stderr).toMatch(/Revoked: \d+\./);
    expect(await statuses(tokens)).toEqual(left);
    await revoke('--all');
  });

  it('says when nothing fits, and asks for one choice', async () => {
    expect(await revoke('--user', 'nobody')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('No grant fits; nothing was revoked.'),
    });
    for (const choice of [[], ['--user', 'ada', '--all']]) expect((await revoke(...choice)).exitCode).toBe(64);
  });
});
