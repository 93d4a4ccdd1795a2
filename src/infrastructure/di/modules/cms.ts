import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import type { IngeniuxEvent } from '../../../adapters/outbound/ingeniux/events.ts';
import { createIngeniux, type IngeniuxConnector } from '../../../adapters/outbound/ingeniux/index.ts';
import { createCmsLogin } from '../../../adapters/outbound/ingeniux/sign-in/cms-login.ts';
import { createCmsOauth } from '../../../adapters/outbound/ingeniux/sign-in/cms-oauth.ts';
import { createOidcSignIn } from '../../../adapters/outbound/oidc/sign-in.ts';
import { type LimitPorts, limitAttempts } from '../../../application/identity/limit-attempts.ts';
import { createServiceSignIn } from '../../../application/identity/service-sign-in.ts';
import type { SignInName } from '../../../domain/model/grant.ts';
import type { SignIn } from '../../../domain/ports/sign-in.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { TokenStore } from '../../../domain/ports/token-store.ts';
import type { Config } from '../../config/schema.ts';
import { watchCms } from '../../telemetry/observe-cms.ts';
import type { CmsAddress } from '../cms-address.ts';
import { T } from '../tokens.ts';

/** The CMS, as whom its calls are made, and how people prove who they are. */
export function cmsModule(cms: CmsAddress): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(T.Connector).toResolvedValue(
      (config, logger, telemetry, cache, clock, vault, lock, { revoke }) => {
        const watch = watchCms(telemetry, cms.baseUrl);
        const tell = tellProblem(logger);
        return createIngeniux({
          baseUrl: cms.baseUrl,
          clientId: cms.clientId,
          clientSecret: cms.clientSecret,
          // One identity signs in without a browser: an address that a person would be sent to is of no use here.
          ...(config.oauthRedirectUri.startsWith('urn:') ? { redirectUri: config.oauthRedirectUri } : {}),
          grants: {
            vault,
            lock,
            identities: config.cmsIdentities?.identities ?? {},
            revokeGrant: revoke,
          },
          services: config.cmsServices === 'on',
          timeoutMs: config.apiTimeoutMs,
          retriesMax: config.retriesMax,
          cache,
          cacheTtlSeconds: config.cacheTtlSeconds,
          clock,
          onProblem: (event) => {
            watch.onEvent(event);
            tell(event);
          },
          onAttempt: watch.onAttempt,
        });
      },
      [T.Config, T.Logger, T.Telemetry, T.Cache, T.Clock, T.Vault, T.Lock, T.GrantRevoker],
    );
    bind(T.SignIn).toResolvedValue(
      (config, connector, logger, tokens, records, digest, clock): SignIn =>
        signIns[config.cmsSignIn]({ config, connector, logger, tokens, records, digest, clock }),
      [T.Config, T.Connector, T.Logger, T.Tokens, T.Records, T.Digest, T.Clock],
    );
  });
}

interface SignInDeps extends LimitPorts {
  readonly config: Config;
  readonly connector: IngeniuxConnector;
  readonly logger: Logger;
  readonly tokens: TokenStore;
  readonly clock: Clock;
}

/** THE table of sign-in drivers: `CMS_SIGN_IN` picks a row. */
const signIns: Readonly<Record<SignInName, (deps: SignInDeps) => SignIn>> = {
  service: (deps) => limitAttempts(createServiceSignIn({ ...deps, provider: deps.connector.accounts.siteRoot }), deps),
  'cms-login': (deps) =>
    limitAttempts(
      createCmsLogin({
        accounts: deps.connector.accounts,
        clock: deps.clock,
        onProblem: tellProblem(deps.logger),
      }),
      deps,
    ),
  'cms-oauth': ({ connector }) => createCmsOauth({ accounts: connector.accounts }),
  oidc: ({ config }) => {
    const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret, cmsIdentities: rules } = config;
    if (issuer === undefined || clientId === undefined || clientSecret === undefined || rules === undefined) {
      throw new Error('The rules between settings let this through: CMS_SIGN_IN=oidc without what it needs.');
    }
    return createOidcSignIn({
      issuer,
      clientId,
      clientSecret,
      scopes: config.oidcScopes,
      rules,
      timeoutMs: config.apiTimeoutMs,
    });
  },
};

function tellProblem(logger: Logger): (problem: IngeniuxEvent) => void {
  return (problem) => {
    // Signing in again when a token has run out is the ordinary course of things.
    if (problem.kind === 'token_renewed') logger.info({ grant: problem.grant }, 'signed in to the CMS');
    else if (!ordinary.has(problem.kind)) logger.warn({ problem }, 'trouble with the CMS');
  };
}

/** One line told that the breaker is open, and every call that it holds back tells so itself; waiting is how it is meant. */
const ordinary: ReadonlySet<IngeniuxEvent['kind']> = new Set(['held_back', 'token_awaited']);
