import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { OnAccessRefused } from '../../adapters/inbound/http/access-refusal.ts';
import { bearerAuth } from '../../adapters/inbound/http/bearer-auth.ts';
import { healthRoutes } from '../../adapters/inbound/http/health.ts';
import { notFound } from '../../adapters/inbound/http/not-found.ts';
import { missingPage } from '../../adapters/inbound/http/oauth/missing-page.ts';
import { pageAssets } from '../../adapters/inbound/http/oauth/pages/assets.ts';
import {
  metadataPaths,
  metadataUrl,
  protectedResourceMetadata,
} from '../../adapters/inbound/http/protected-resource-metadata.ts';
import { queueBoardPath } from '../../adapters/inbound/http/queue-board.ts';
import { mcpPaths } from '../../adapters/inbound/mcp/choose-exposure.ts';
import { rpcCode, sendRpcError } from '../../adapters/inbound/mcp/json-rpc-error.ts';
import { tooManyCalls } from '../../application/authorization/too-many-calls.ts';
import type { TokenVerdict } from '../../application/authorization/verify-access-token.ts';
import type { Readiness } from '../../application/health/check-readiness.ts';
import type { Clock, IdSource } from '../../domain/ports/system.ts';
import { type AccessLogEntry, accessLog } from './middleware/access-log.ts';
import { crossOrigin } from './middleware/cross-origin.ts';
import { type HostAndOriginOptions, hostAndOrigin } from './middleware/host-and-origin.ts';
import { lastResort } from './middleware/last-resort.ts';
import { requestId, requestIdOf } from './middleware/request-id.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { countNetwork, limitNetwork, type NetworkLimits, tellRate } from './rate-limits.ts';

export interface AppOptions extends HostAndOriginOptions {
  /** Express' `trust proxy`: which proxies in front are believed about the client's address. */
  readonly trustProxy: boolean | number | string;
  readonly version: string;
  readonly startedAtMs: number;
}

export interface AppDeps {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly verifyToken: (token: string) => Promise<TokenVerdict>;
  readonly readiness: () => Promise<Readiness>;
  readonly isRetiring: () => boolean;
  /** Where files are brought that an agent has asked for. */
  readonly uploads?: RequestHandler;
  /** The doors for people with a browser. */
  readonly people?: readonly RequestHandler[];
  /** The pages that show the queues to operators. */
  readonly queueBoard?: RequestHandler;
  /** The handlers of the MCP endpoint. */
  readonly mcp: readonly (RequestHandler | ErrorRequestHandler)[];
  readonly onRequest: (entry: AccessLogEntry) => void;
  /** Runs each request within what watches it. */
  readonly watch?: RequestHandler;
  readonly onAccessRefused: OnAccessRefused;
  readonly networks: NetworkLimits;
  readonly onProblem: (error: unknown, requestId: string) => void;
}

/** The least that is of any use: asked for by clients that come without a token. */
const baseScope = 'cms:read';

/** What clients that run in browser pages call by script; nothing else lets pages read its answers. */
const readableByPages = [
  '/mcp',
  '/.well-known',
  '/oauth/token',
  '/oauth/register',
  '/oauth/revoke',
  '/oauth/jwks',
] as const;

/** The doors of the authorization server: whoever comes there has proven nothing yet. */
const authorizationPaths = ['/oauth', '/callback'] as const;

/** The HTTP application: what every request passes, in this order, and the doors behind it. */
export function createApp(options: AppOptions, deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', options.trustProxy);

  app.use(requestId(deps.ids));
  if (deps.watch !== undefined) app.use(deps.watch);
  app.use(accessLog(deps.clock, deps.onRequest));
  app.use(securityHeaders(options.publicUrl.startsWith('https:')));
  app.use(hostAndOrigin(options, deps.onAccessRefused));
  app.use([...readableByPages], crossOrigin());

  app.use(healthRoutes({ ...options, clock: deps.clock, readiness: deps.readiness, isRetiring: deps.isRetiring }));
  app.get([...metadataPaths], protectedResourceMetadata(options.publicUrl));
  const authenticate = bearerAuth({
    verify: deps.verifyToken,
    resourceMetadataUrl: metadataUrl(options.publicUrl),
    scope: baseScope,
    onRefused: deps.onAccessRefused,
    mayFail: async (request, response) => {
      const decision = await countNetwork(request, 'without token', deps.networks);
      if (decision.allowed) return true;
      tellRate(response, decision);
      deps.onAccessRefused({ reason: 'rate_limited' }, response);
      const error = tooManyCalls(decision);
      sendRpcError(response, 429, rpcCode.rateLimited, error.message, {
        data: { ...error.toJSON(), request_id: requestIdOf(response) },
      });
      return false;
    },
  });
  app.use(pageAssets());
  app.use([...authorizationPaths], limitNetwork('authorization', deps.networks, deps.onAccessRefused));
  for (const door of deps.people ?? []) app.use(door);
  if (deps.uploads !== undefined) app.use(deps.uploads);
  if (deps.queueBoard !== undefined) app.use(queueBoardPath, deps.queueBoard);
  app.all([...mcpPaths], authenticate, ...deps.mcp);

  app.use('/oauth', missingPage(requestIdOf));
  app.use(notFound(requestIdOf));
  app.use(lastResort(deps.onProblem));
  return app;
}
