import { randomBytes } from 'node:crypto';
import { contractRoutes } from '../contract/contract-routes.ts';
import { invalidArgument } from '../exceptions.ts';
import type { OAuthIdentity } from '../model.ts';
import type { ApiCall, Model } from '../route.ts';

const SECRET_BYTES = 24;

/** OAuth identities, which the contract has below *Settings*. A secret is told once: when it is made. */
export const oauthIdentityRoutes = contractRoutes({
  Settings_GetOAuthIdentities: ({ state }) => state.oauthIdentities.map(info),
  Settings_SetOAuthIdentities(call) {
    const given = call.body.models('input').map((model) => identityFrom(call, model));
    call.state.oauthIdentities = given.map(({ identity }) => identity);
    return given.map(({ identity, isNew }) => ({
      ...info(identity),
      clientSecret: isNew ? identity.clientSecret : null,
    }));
  },
  Settings_ResetClientSecret(call) {
    const clientId = call.query.text('clientId');
    const identity = call.state.oauthIdentities.find((candidate) => candidate.clientId === clientId);
    if (!identity) throw invalidArgument(`There is no OAuth identity ${clientId}.`, 'clientId');
    identity.clientSecret = newSecret();
    return { ...info(identity), clientSecret: identity.clientSecret };
  },
});

function info({ id, name, userId, clientId, note }: OAuthIdentity) {
  return { id, name, userId, clientId, note };
}

/** Without an id a new one. @throws CmsException for an unknown id or user. */
function identityFrom(call: ApiCall, model: Model): { identity: OAuthIdentity; isNew: boolean } {
  const { oauthIdentities, users } = call.state;
  const id = model.text('id');
  const userId = model.text('userId');
  const known = oauthIdentities.find((candidate) => candidate.id === id);
  if (id !== '' && !known) throw invalidArgument(`There is no OAuth identity ${id}.`, 'input');
  if (!users.some((user) => user.id === userId)) throw invalidArgument(`There is no user ${userId}.`, 'input');
  const values = { name: model.text('name'), note: model.text('note'), userId };
  if (known) return { identity: { ...known, ...values }, isNew: false };
  call.state.counters.administration += 1;
  const number = call.state.counters.administration;
  const identity = {
    ...values,
    id: `OAuthIdentities/${number}`,
    clientId: `client-${number}`,
    clientSecret: newSecret(),
  };
  return { identity, isNew: true };
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}
