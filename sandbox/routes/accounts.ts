import { randomBytes } from 'node:crypto';
import { contractRoutes } from '../contract/contract-routes.ts';
import { HttpRefusal } from '../exceptions.ts';
import { userByPassword } from '../oauth.ts';
import type { ApiCall, Route } from '../route.ts';
import { paginated } from '../views/paging.ts';

/** Tag *Accounts* of the contract: a second way to a token beside OAuth (contract §9), and new passwords. */
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
  ...contractRoutes({
    Accounts_GetUserGroupSecurities: (call) =>
      paginated(call, call.state.groups, ({ id, name }) => ({ Id: id, Name: name })),
    Accounts_ResetPassword: (call) => call.body.ids('users').map((id) => resetPassword(call, id)),
  }),
];

/** The answer carries the new password in clear text, as the contract warns; no mail is sent. */
function resetPassword({ state }: ApiCall, id: string) {
  const user = state.users.find((candidate) => candidate.id === id || candidate.userId === id);
  if (user) user.password = randomBytes(NEW_PASSWORD_BYTES).toString('base64url');
  return {
    UserName: user?.userId ?? id,
    ResetSuccessful: user !== undefined,
    EmailSent: false,
    EmailError: null,
    Newpassword: user?.password ?? null,
    ErrorMessage: user ? null : `There is no user ${id}.`,
    ErrorCode: null,
  };
}

const NEW_PASSWORD_BYTES = 12;
