import { HttpRefusal } from '../exceptions.ts';
import { userByPassword } from '../oauth.ts';
import type { Route } from '../route.ts';

/** The signing-in half of the tag *Accounts*; a second way to a token beside OAuth (contract §9). */
export const accountRoutes: Route[] = [
  {
    operationId: 'Accounts_Login',
    method: 'POST',
    path: '/accounts/login',
    body: 'json',
    // Signing in has to work during a content freeze.
    effect: 'read',
    anonymous: true,
    async handle(call) {
      const request = call.body.model();
      const provider = request.text('Provider');
      const [home] = call.runtime.knobs.membershipProviders;
      const isHome = provider === '' || provider === home?.key;
      const user = isHome ? userByPassword(call.runtime, request.text('Username'), request.text('Password')) : null;
      if (!user) throw new HttpRefusal(401, { Message: 'The user name or password is wrong.' });
      return { Username: user.userId, Token: await call.runtime.tokens.issue(user, null) };
    },
  },
  {
    operationId: 'Accounts_GetMembershipProviders',
    method: 'GET',
    path: '/accounts/membership-providers',
    effect: 'read',
    anonymous: true,
    handle: ({ runtime }) => ({
      Providers: runtime.knobs.membershipProviders.map(({ key, displayName, isSaml }) => ({
        Key: key,
        Value: { DisplayName: displayName, Provider: key, IsSaml: isSaml },
      })),
    }),
  },
];
