import { randomInt } from 'node:crypto';
import { Pool } from 'undici';
import { DomainError } from '../../../domain/errors.ts';
import { serviceIdentity } from '../../../domain/model/cms-credential.ts';
import type { Cache } from '../../../domain/ports/cache.ts';
import type { CmsConnector, CmsGateway } from '../../../domain/ports/cms/gateway.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import { createAnalytics } from './analytics.ts';
import { createApiDocument } from './api-document.ts';
import { createAssets } from './assets.ts';
import { createCalls } from './calls.ts';
import { createDita } from './dita.ts';
import { createEditing } from './editing.ts';
import type { OnAttempt, OnProblem } from './events.ts';
import { createHealth } from './health.ts';
import { type BreakerTuning, breakerDefaults, createBreakers } from './http/breaker.ts';
import { CallFailure } from './http/failure.ts';
import { createSend } from './http/send.ts';
import { createOperations } from './operations.ts';
import { createPages } from './pages.ts';
import { createPublishing } from './publishing.ts';
import { createReports } from './reports.ts';
import { createSchemas } from './schemas.ts';
import { createSearch } from './search.ts';
import { createDrafts } from './services/drafts.ts';
import { createServiceAccess } from './services/service-access.ts';
import { createSiteHttp } from './services/site-http.ts';
import { type CmsAccounts, createAccounts } from './sign-in/accounts.ts';
import { createClientIdentity } from './sign-in/client-identity.ts';
import { createCredentials } from './sign-in/credentials.ts';
import { createGrantCredentials, type GrantCredentialsOptions, noGrants } from './sign-in/grant-credentials.ts';
import { createTokenEndpoint, type OAuthClient } from './sign-in/token-endpoint.ts';
import { createSite } from './site.ts';
import { siteRootOf } from './site-root.ts';
import { createTaxonomy } from './taxonomy.ts';
import { createUsers } from './users.ts';
import { createWorkflow } from './workflow.ts';

export interface IngeniuxOptions {
  /** Site root of the CMS, with or without `/api` or `/api/v1` behind it. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The default asks for the code in the answer, as no browser takes part. */
  readonly redirectUri?: string;
  /** The credentials of people's grants. Absent: principals of grants are refused. */
  readonly grants?: GrantOptions;
  /** For one call, signing in included, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether the older service layer is used where the CMS serves it; off when absent. */
  readonly services?: boolean;
  /** For calls that the CMS takes long for, in milliseconds; never less than `timeoutMs`. */
  readonly slowTimeoutMs?: number;
  /** Further tries of a call that may be repeated. */
  readonly retriesMax: number;
  readonly cache: Cache;
  readonly cacheTtlSeconds: number;
  readonly clock: Clock;
  /** Between 0 and 1: spreads the waits between tries. */
  readonly random?: () => number;
  readonly breaker?: Partial<BreakerTuning>;
  readonly onProblem?: OnProblem;
  /** Told of each request to the CMS. */
  readonly onAttempt?: OnAttempt;
}

/** What people's grants need: where their credentials are, and the further OAuth identities that they may work as. */
export interface GrantOptions extends Pick<GrantCredentialsOptions, 'vault' | 'lock' | 'revokeGrant'> {
  readonly identities: Readonly<Record<string, OAuthClient>>;
}

/** The connector, and how users of the CMS sign in to it. */
export interface IngeniuxConnector extends CmsConnector {
  readonly accounts: CmsAccounts;
}

/**
 * The CMS over its REST API, version 10.6. One connector per CMS and process: it holds the connections, the breakers and
 * the access tokens of the configured identities.
 *
 * @throws TypeError when `baseUrl` is no address.
 */
export function createIngeniux(options: IngeniuxOptions): IngeniuxConnector {
  const { cache, clock, timeoutMs } = options;
  const onProblem = options.onProblem ?? (() => undefined);
  const onAttempt: OnAttempt = options.onAttempt ?? (() => () => undefined);
  const slowTimeoutMs = Math.max(timeoutMs, options.slowTimeoutMs ?? slowTimeoutDefaultMs);
  const siteRoot = siteRootOf(options.baseUrl);
  const { origin, pathname } = new URL(siteRoot);
  const mount = pathname === '/' ? '' : pathname;
  const dispatcher = new Pool(origin, {
    connections: connectionsMax,
    pipelining: 1,
    allowH2: false,
    connectTimeout: Math.min(timeoutMs, connectTimeoutMaxMs),
    // Every call brings its own deadline, which covers headers and body alike.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const breakers = createBreakers({ clock, tuning: { ...breakerDefaults, ...options.breaker }, onProblem });
  const endpoint = createTokenEndpoint({ dispatcher, mount, clock, onAttempt });
  const identityOf = (client: OAuthClient, settings: string) =>
    createClientIdentity({
      endpoint,
      client,
      redirectUri: options.redirectUri ?? outOfBandRedirectUri,
      settings,
      timeoutMs,
      clock,
      breakers,
      onProblem,
    });
  const client: OAuthClient = { clientId: options.clientId, clientSecret: options.clientSecret };
  const identities = new Map([
    ...Object.entries(options.grants?.identities ?? {}).map(
      ([name, configured]) => [name, identityOf(configured, 'CMS_IDENTITIES_FILE')] as const,
    ),
    [serviceIdentity, identityOf(client, 'OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and OAUTH_REDIRECT_URI')] as const,
  ]);
  const accounts = createAccounts({ endpoint, siteRoot, client, timeoutMs, clock, breakers });
  const credentials = createCredentials({
    identity: (name) => identities.get(name),
    grants:
      options.grants === undefined
        ? noGrants
        : createGrantCredentials({
            ...options.grants,
            endpoint,
            accounts,
            identity: (name) => identities.get(name),
            client: (clientId) => (clientId === client.clientId ? client : undefined),
            timeoutMs: Math.min(timeoutMs, renewalTimeoutMaxMs),
            clock,
            breakers,
            onProblem,
          }),
  });
  const send = createSend({
    dispatcher,
    mount,
    clock,
    random: options.random ?? cryptoRandom,
    timeoutMs,
    slowTimeoutMs,
    retriesMax: options.retriesMax,
    credentials,
    breakers,
    onProblem,
    onAttempt,
  });

  const http = createSiteHttp({
    onAttempt,
    dispatcher,
    mount,
    credentials,
    breakers,
    timeoutMs: Math.max(timeoutMs, servicesTimeoutMs),
  });
  const readApi = createApiDocument({ http, clock });
  const services = options.services === true ? createServiceAccess({ http, clock, onProblem }) : undefined;

  return {
    accounts,
    prepare: async (principal) => {
      if (principal.grantId === undefined) return;
      try {
        await credentials.token(principal);
      } catch (error) {
        // Outside of the driver only the errors of failures are known.
        if (!(error instanceof CallFailure)) throw error;
        const { code, message, retryAfterSeconds } = error.error;
        // What an operator has to mend is told by the calls themselves.
        if (code === 'CMS_SIGN_IN_FAILED') return;
        if (code !== 'CMS_TIMEOUT') throw error.error;
        throw new DomainError('CMS_UNAVAILABLE', message, {
          ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
          cause: error,
        });
      }
    },
    as: (principal, call): CmsGateway => {
      const calls = createCalls({
        send,
        cache,
        cacheTtlSeconds: options.cacheTtlSeconds,
        account: { siteRoot, clientId: options.clientId },
        principal,
        call,
      });
      const schemas = createSchemas(calls);
      const workflow = createWorkflow(calls);
      const pages = createPages(calls);
      const caller = { principal, signal: call.signal };
      return {
        pages,
        assets: createAssets(calls),
        schemas,
        search: createSearch(calls, schemas),
        editing: createEditing(calls, { clock, signal: call.signal, timeoutMs: slowTimeoutMs, onProblem }),
        drafts: createDrafts({ calls, pages, services, caller }),
        publishing: createPublishing(calls),
        workflow,
        taxonomy: createTaxonomy(calls),
        site: createSite(calls, workflow, {
          api: () => readApi(call.signal),
          layer: async () => services?.layer(() => pages.root()),
        }),
        reports: createReports(calls, { clock, signal: call.signal, timeoutMs: reportTimeoutMs, onProblem }),
        users: createUsers(calls),
        health: createHealth(calls),
        analytics: createAnalytics(calls),
        dita: createDita(calls),
        operations: createOperations(calls),
      };
    },
    close: async () => {
      breakers.close();
      await dispatcher.destroy();
    },
  };
}

/** The contract asks clients to be gentle: at most this many calls at a time (contract section 10). */
const connectionsMax = 4;
const connectTimeoutMaxMs = 10_000;

/** A renewal keeps every other process waiting. */
const renewalTimeoutMaxMs = 10_000;

/** A save may run hooks of the site (services section 4, step 7). */
const servicesTimeoutMs = 60_000;

/** The contract asks for 120 to 300 seconds for slow operations (contract section 10). */
const slowTimeoutDefaultMs = 180_000;

/** A report over a whole site takes minutes. */
const reportTimeoutMs = 15 * 60_000;

const outOfBandRedirectUri = 'urn:ietf:wg:oauth:2.0:oob';

const randomSteps = 1_000_000;
const cryptoRandom = () => randomInt(randomSteps) / randomSteps;
