import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider, { type Configuration } from 'oidc-provider';
import type { IdentityProviderOptions } from './identity-provider.ts';

/**
 * The identity provider of an organisation, played by oidc-provider in a process of its own: real discovery, codes,
 * signatures and user info. Its sign-in page is a header: whoever the browser says in `x-person` has signed in, and
 * `nobody` says no.
 */
const { port, clientId, clientSecret, redirectUri, people } = JSON.parse(
  process.argv[2] ?? '',
) as IdentityProviderOptions;
const issuer = `http://127.0.0.1:${port}`;

const configuration: Configuration = {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
  scopes: ['openid', 'profile', 'email', 'groups'],
  features: { devInteractions: { enabled: false } },
  cookies: { keys: [randomUUID()] },
  pkce: { required: () => true },
  interactions: { url: (_context, interaction) => `/sign-in/${interaction.uid}` },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
};
const provider = new Provider(issuer, configuration);
const answer = provider.callback();

const server = createServer((request, response) => {
  const handled = request.url?.startsWith('/sign-in/') ? signIn(request, response) : answer(request, response);
  handled.catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    response.writeHead(500).end();
  });
});
server.listen(port, '127.0.0.1', () => process.stdout.write('"ready"\n'));

async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const person = String(request.headers['x-person'] ?? '');
  const { params } = await provider.interactionDetails(request, response);
  if (!(person in people)) {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
    return;
  }
  const grant = new provider.Grant({ accountId: person, clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope']));
  await provider.interactionFinished(request, response, {
    login: { accountId: person },
    consent: { grantId: await grant.save() },
  });
}
