import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';

/**
 * When a person is asked: to sign in, for every client that has no grant of this person in this browser; to agree, for
 * every scope that was not granted to it. Whoever only signs in has given nothing yet.
 */
export function promptPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy
    .get('login')
    ?.checks.add(
      new interactionPolicy.Check(
        'no_grant',
        'the End-User has granted nothing to this client',
        'login_required',
        hasNoGrant,
      ),
    );
  // A loopback client is remembered for the very address that it used, port included: see `usableGrant`.
  policy.get('consent')?.checks.remove('native_client_prompt');
  return policy;
}

function hasNoGrant(context: KoaContextWithOIDC): boolean {
  // A grant that was not stored is one that the library made to be filled.
  return context.oidc.entities.Grant?.jti === undefined;
}
