import { randomInt } from 'node:crypto';
import { Pool } from 'undici';
import type { Cache } from '../../../domain/ports/cache.ts';
import type { CmsConnector, CmsGateway } from '../../../domain/ports/cms/gateway.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import { createAnalytics } from './analytics.ts';
import { createApiDocument } from './api-document.ts';
import { createAssets } from './assets.ts';
import { createCalls } from './calls.ts';
import { createDita } from './dita.ts';
import { createEditing } from './editing.ts';
import type { OnProblem } from './events.ts';
import { createHealth } from './health.ts';
import { type BreakerTuning, breakerDefaults, createBreakers } from './http/breaker.ts';
import { createSend } from './http/send.ts';
import { createServiceIdentity } from './identity.ts';
import { createOperations } from './operations.ts';
import { createPages } from './pages.ts';
import { createPublishing } from './publishing.ts';
import { createReports } from './reports.ts';
import { createSchemas } from './schemas.ts';
import { createSearch } from './search.ts';
import { createDrafts } from './services/drafts.ts';
import { createServiceAccess } from './services/service-access.ts';
import { createSiteHttp } from './services/site-http.ts';
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
}

/**
 * The CMS over its REST API, version 10.6. One connector per CMS and process: it holds the connections, the breakers and
 * the access token.
 *
 * @throws TypeError when `baseUrl` is no address.
 */
export function createIngeniux(options: IngeniuxOptions): CmsConnector {
  const { cache, clock, timeoutMs } = options;
  const onProblem = options.onProblem ?? (() => undefined);
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
  const credentials = createServiceIdentity({
    dispatcher,
    mount,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    redirectUri: options.redirectUri ?? outOfBandRedirectUri,
    timeoutMs,
    clock,
    breakers,
    onProblem,
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
  });

  const http = createSiteHttp({
    dispatcher,
    mount,
    credentials,
    breakers,
    timeoutMs: Math.max(timeoutMs, servicesTimeoutMs),
  });
  const readApi = createApiDocument({ http, clock });
  const services = options.services === true ? createServiceAccess({ http, clock, onProblem }) : undefined;

  return {
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
          api: () => readApi(caller),
          layer: async () => services?.layer(() => pages.root(), caller),
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

/** A save may run hooks of the site (services section 4, step 7). */
const servicesTimeoutMs = 60_000;

/** The contract asks for 120 to 300 seconds for slow operations (contract section 10). */
const slowTimeoutDefaultMs = 180_000;

/** A report over a whole site takes minutes. */
const reportTimeoutMs = 15 * 60_000;

const outOfBandRedirectUri = 'urn:ietf:wg:oauth:2.0:oob';

const randomSteps = 1_000_000;
const cryptoRandom = () => randomInt(randomSteps) / randomSteps;
