import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import { type Scope, scopes } from '../../../../domain/model/principal.ts';
import type { OAuthDeps } from './deps.ts';
import { requestIdIn } from './provider-pages.ts';
import { clientSeconds, recordsAdapter } from './records-adapter.ts';

/** Tells the audit log and the operator what the library did and refused. */
export function recordProviderEvents(provider: Provider, deps: OAuthDeps): void {
  const tell = (promise: Promise<unknown>, context: KoaContextWithOIDC): void => {
    void promise.catch((error: unknown) => deps.onProblem(error, requestIdIn(context, deps.requestIdOf)));
  };
  const common = (context: KoaContextWithOIDC) => {
    const { client, params } = context.oidc;
    const clientId = client?.clientId ?? (typeof params?.['client_id'] === 'string' ? params['client_id'] : undefined);
    const grantType = params?.['grant_type'];
    return {
      ...(typeof grantType === 'string' ? { grantType } : {}),
      ...(clientId === undefined ? {} : { clientId }),
      address: context.ip,
      requestId: requestIdIn(context, deps.requestIdOf),
    };
  };

  const registrations = recordsAdapter(deps)('Client');
  provider.on('grant.success', (context) => {
    const { AccessToken: token, Grant: grant } = context.oidc.entities;
    const grantId = grant?.jti;
    if (grantId !== undefined) tell(deps.grants.touch(grantId, deps.clock.nowMs()), context);
    const { client } = context.oidc;
    // A registration lasts since its last use; a client with a document has none.
    if (client !== undefined && !client.clientId.startsWith('https://')) {
      tell(Promise.resolve(registrations.upsert(client.clientId, client.metadata(), clientSeconds)), context);
    }
    tell(
      deps.recordSecurity({
        action: 'token_issued',
        outcome: 'ok',
        reason: String(context.oidc.params?.['grant_type'] ?? ''),
        scopes: scopesOf(token?.scope),
        ...(grant?.accountId === undefined ? {} : { subject: grant.accountId }),
        ...(grantId === undefined ? {} : { grantId }),
        ...common(context),
      }),
      context,
    );
  });
  provider.on('grant.error', (context, error) => {
    const isReuse = error instanceof errors.InvalidGrant && /already (used|consumed)/.test(detailOf(error));
    const isRefresh = context.oidc.params?.['grant_type'] === 'refresh_token';
    tell(
      deps.recordSecurity({
        action: isReuse && isRefresh ? 'refresh_reuse' : 'token_refused',
        outcome: 'refused',
        reason: isReuse && !isRefresh ? 'code_reuse' : error.error,
        ...common(context),
      }),
      context,
    );
  });
  provider.on('authorization.error', (context, error) => {
    // What a person decided is recorded where they do it.
    if (error instanceof errors.AccessDenied) return;
    tell(
      deps.recordSecurity({ action: 'consent', outcome: 'refused', reason: error.error, ...common(context) }),
      context,
    );
  });
  provider.on('registration_create.success', (context, client) => {
    tell(
      deps.recordSecurity({
        action: 'client_registered',
        outcome: 'ok',
        ...common(context),
        clientId: client.clientId,
      }),
      context,
    );
  });
  provider.on('registration_create.error', (context, error) => {
    tell(
      deps.recordSecurity({ action: 'client_registered', outcome: 'refused', reason: error.error, ...common(context) }),
      context,
    );
  });
  provider.on('server_error', (context, error) => {
    deps.onProblem(error, requestIdIn(context, deps.requestIdOf));
  });
}

/** The library keeps what it does not tell the client in `error_detail`. */
function detailOf(error: errors.OIDCProviderError): string {
  return 'error_detail' in error ? String(error.error_detail) : '';
}

function scopesOf(text: string | undefined): readonly Scope[] {
  const granted = (text ?? '').split(' ');
  return scopes.filter((scope) => granted.includes(scope));
}
