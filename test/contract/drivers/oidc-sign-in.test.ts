import { describe, expect, it, onTestFinished } from 'vitest';
import { createOidcSignIn, type OidcSignInOptions } from '../../../src/adapters/outbound/oidc/sign-in.ts';
import type { RedirectSignIn, SignedIn } from '../../../src/domain/ports/sign-in.ts';
import { freePort } from '../../support/free-port.ts';
import { signInAtProvider, startIdentityProvider } from '../../support/identity-provider.ts';
import { endOf, signInContract } from '../suites/sign-in.ts';

const callbackUrl = 'http://127.0.0.1:3000/callback';
const client = { clientId: 'mcp-server', clientSecret: 'canary-oidc-secret-8f14e45fceea167a' };

type Secrets = Parameters<RedirectSignIn['finish']>[1];

/** People of an organisation. */
const people = {
  'staff-1': { name: 'Ada Lovelace', email: 'Ada@example.edu', email_verified: true, groups: ['Web Editors'] },
  'staff-2': { name: 'Grace Hopper', email: 'grace@example.edu', email_verified: true, groups: ['Faculty'] },
  'staff-3': { name: 'Alan Turing', groups: ['Web Editors', 'Faculty'] },
  'staff-4': { name: 'Mallory', email: 'ada@example.edu', email_verified: false },
  'staff-5': { email: 'nameless@example.edu', email_verified: true },
};

const rules: OidcSignInOptions['rules'] = {
  rules: [
    { claim: 'sub', equals: 'staff-5', identity: 'viewers' },
    { claim: 'email', equals: 'ada@example.edu', identity: 'publishers' },
    { claim: 'email', equals: 'grace@example.edu', identity: 'viewers' },
    { claim: 'groups', equals: 'Web Editors', identity: 'editors' },
  ],
  defaultIdentity: undefined,
  requireVerifiedEmail: true,
};

signInContract({
  name: 'oidc',
  open: async () => {
    const { begin, finish, signIn, signInAs, kill } = await openProvider();
    // A person who was at the provider when it went away, and comes back to us.
    let onTheWay: { readonly answer: URLSearchParams; readonly secrets: Secrets } | undefined;
    const begun = async (person: string) => {
      const { url, secrets } = await begin();
      return { secrets, answer: await signInAtProvider(url, person, callbackUrl) };
    };
    const tampered = async (name: string, value: string) => {
      const { answer, secrets } = await begun('staff-1');
      answer.set(name, value);
      return finish(answer, secrets);
    };
    return {
      signIn: (person) =>
        onTheWay === undefined
          ? signInAs(person === 'one' ? 'staff-1' : 'staff-2')
          : finish(onTheWay.answer, onTheWay.secrets),
      refused: {
        'the person says no': () => signInAs('nobody'),
        'a code that the provider did not give': () => tampered('code', 'canary-code'),
        'another state': () => tampered('state', 'another state'),
        'an answer of another issuer (mix-up)': () => tampered('iss', 'https://evil.example'),
        'no issuer at all': async () => {
          const { answer, secrets } = await begun('staff-1');
          answer.delete('iss');
          return finish(answer, secrets);
        },
        'another nonce': async () => {
          const { answer, secrets } = await begun('staff-1');
          // What `begin` keeps is an object with the nonce.
          return finish(answer, { ...(secrets as Readonly<Record<string, string>>), nonce: 'another nonce' });
        },
        'another address to come back to': async () => {
          const { answer, secrets } = await begun('staff-1');
          return signIn.finish(answer, secrets, `${callbackUrl}/elsewhere`);
        },
      },
      secrets: [client.clientSecret],
      breakDown: async () => {
        onTheWay = await begun('staff-1');
        await kill();
        return 'SIGN_IN_UNAVAILABLE';
      },
      mixUp: async () => {
        const [first, second] = [await begun('staff-1'), await begun('staff-2')];
        return finish(first.answer, second.secrets);
      },
      twice: async () => {
        const { answer, secrets } = await begun('staff-1');
        await finish(answer, secrets);
        return finish(answer, secrets);
      },
      close: kill,
    };
  },
});

describe('oidc', () => {
  it.each([
    ['staff-1', 'publishers', 'by e-mail, in any letter case, before the group that fits as well'],
    ['staff-2', 'viewers', 'by e-mail'],
    ['staff-3', 'editors', 'by group'],
    ['staff-5', 'viewers', 'by subject, although nobody told a name'],
  ])('%s works as %s: %s', async (person, identity) => {
    const { issuer, signInAs } = await openProvider();
    const claims: { name?: string; email?: string } = people[person as keyof typeof people];
    expect(await signInAs(person)).toEqual({
      subject: `oidc:${new URL(issuer).host}:${person}`,
      displayName: claims.name ?? claims.email,
      provider: issuer,
      credential: { kind: 'identity', identity },
    });
  });

  it('refuses whom no rule fits, in words that say what to do, and takes nobody’s unverified word', async () => {
    const { signInAs } = await openProvider();
    const end = await endOf(signInAs('staff-4'));
    expect(end.code).toBe('SIGN_IN_REFUSED');
    expect(end.message).toContain('nobody has said as whom you work in the CMS');
  });

  it('with a default, whom no rule fits works as that one', async () => {
    const { signInAs } = await openProvider({ ...rules, defaultIdentity: 'viewers' });
    expect((await signInAs('staff-4')).credential).toEqual({ kind: 'identity', identity: 'viewers' });
  });

  it('takes unverified addresses only where the operator has said so', async () => {
    const { signInAs } = await openProvider({ ...rules, requireVerifiedEmail: false });
    expect((await signInAs('staff-4')).credential).toEqual({ kind: 'identity', identity: 'publishers' });
  });

  it('a provider that is away at first is asked again', async () => {
    const port = await freePort();
    const signIn = createOidcSignIn(optionsFor(`http://127.0.0.1:${port}`));
    const begin = () => signIn.begin({ state: 's', callbackUrl });
    expect((await endOf(begin())).code).toBe('SIGN_IN_UNAVAILABLE');
    const provider = await startIdentityProvider({ port, ...client, redirectUri: callbackUrl, people });
    onTestFinished(() => provider.kill());
    expect((await begin()).url).toContain(`http://127.0.0.1:${port}/`);
  });

  it('a provider that says it is another one is not used', async () => {
    const port = await freePort();
    const provider = await startIdentityProvider({ port, ...client, redirectUri: callbackUrl, people });
    onTestFinished(() => provider.kill());
    const signIn = createOidcSignIn(optionsFor(`http://localhost:${port}`));
    expect((await endOf(signIn.begin({ state: 's', callbackUrl }))).code).toBe('SIGN_IN_UNAVAILABLE');
  });
});

function optionsFor(issuer: string, chosen: OidcSignInOptions['rules'] = rules): OidcSignInOptions {
  return { issuer, ...client, scopes: 'openid profile email groups', rules: chosen, timeoutMs: 20_000 };
}

async function openProvider(chosen: OidcSignInOptions['rules'] = rules) {
  const provider = await startIdentityProvider({
    port: await freePort(),
    ...client,
    redirectUri: callbackUrl,
    people,
  });
  onTestFinished(() => provider.kill());
  const signIn = createOidcSignIn(optionsFor(provider.issuer, chosen));
  const begin = () => signIn.begin({ state: 'the state', callbackUrl });
  const finish = (answer: URLSearchParams, secrets: Secrets): Promise<SignedIn> =>
    signIn.finish(answer, secrets, callbackUrl);
  return {
    issuer: provider.issuer,
    kill: () => provider.kill(),
    signIn,
    begin,
    finish,
    signInAs: async (person: string) => {
      const { url, secrets } = await begin();
      return finish(await signInAtProvider(url, person, callbackUrl), secrets);
    },
  };
}
