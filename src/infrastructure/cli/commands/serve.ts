import { challengeScopes, grantOf } from '../../../adapters/inbound/http/bearer-auth.ts';
import { serverKeys } from '../../../adapters/inbound/http/oauth/server-keys.ts';
import { resourceUrl } from '../../../adapters/inbound/http/protected-resource-metadata.ts';
import { queueBoard } from '../../../adapters/inbound/http/queue-board.ts';
import { uploads } from '../../../adapters/inbound/http/uploads.ts';
import { createMcpEndpoint } from '../../../adapters/inbound/mcp/http-endpoint.ts';
import { createRegistry } from '../../../adapters/inbound/mcp/registry.ts';
import { countCalls } from '../../../application/authorization/count-calls.ts';
import { isGrantAlive, verifyAccessToken } from '../../../application/authorization/verify-access-token.ts';
import { createReadiness } from '../../../application/health/check-readiness.ts';
import { verifyBearer } from '../../../application/identity/verify-bearer.ts';
import { tasks } from '../../../application/tasks/index.ts';
import { redeemTicket } from '../../../application/uploads/tickets.ts';
import { T } from '../../di/tokens.ts';
import { readinessChecks } from '../../health/readiness-checks.ts';
import { createApp } from '../../http/app.ts';
import { identifyRequest } from '../../http/identify-request.ts';
import { listen } from '../../http/listen.ts';
import { requestIdOf } from '../../http/middleware/request-id.ts';
import { peopleDoors } from '../../http/people.ts';
import { queueBoardPages } from '../../http/queue-board-pages.ts';
import { tellRate } from '../../http/rate-limits.ts';
import { recordAccessRefusals } from '../../http/record-access-refusals.ts';
import { untilStopped } from '../../lifecycle/until-stopped.ts';
import { createProblemReporter } from '../../observer/problem-reporter.ts';
import { countTokens, measureRequests, watchHttp } from '../../telemetry/observe-http.ts';
import { watchEndpoint, watchOperations } from '../../telemetry/observe-mcp.ts';
import { version } from '../../version.ts';
import { startWorker } from '../../worker/start-worker.ts';
import { exitCodes, type RunCommand } from '../command.ts';
import { openProgram } from '../open-program.ts';
import { welcome } from '../welcome.ts';

/** How long requests under way may take to end when the server is stopped. */
const graceMs = 15_000;
/** How long connections may take to end when no request is served any more; with the worker's time less than 30 s. */
const cutMs = 2_000;

/** The HTTP server, until it is stopped. */
export const serve: RunCommand<{ printClients?: boolean }> = async (context, options) => {
  const { config, logger, resources } = context;
  const { container, cms, telemetry } = await openProgram(context, { hasPage: true });
  const clock = container.get(T.Clock);
  const ids = container.get(T.Ids);
  const keys = await serverKeys(container.get(T.OAuthRecords));
  // With port 0 nobody knows it before it was opened.
  let publicUrl = config.publicUrl ?? '';
  const authorization = {
    tokens: container.get(T.Tokens),
    oauthRecords: container.get(T.OAuthRecords),
    digest: container.get(T.Digest),
    clock,
    get audience() {
      return resourceUrl(publicUrl);
    },
  };
  const onProblem = createProblemReporter(logger);
  const onAccessRefused = recordAccessRefusals(container.get(T.Security), logger);
  const endpoint = createMcpEndpoint({
    registry: createRegistry(tasks),
    runTask: container.get(T.RunTask),
    lockdown: container.get(T.Lockdown),
    server: container.get(T.Facts),
    clock,
    ids,
    events: container.get(T.Events),
    identify: identifyRequest,
    catalogue: container.get(T.Catalogue),
    count: async (principal, messages, response) => {
      const decision = await countCalls(principal, messages, {
        rateLimiter: container.get(T.RateLimiter),
        limit: config.rateLimitPerMinute,
      });
      tellRate(response, decision);
      return decision;
    },
    onRateLimited: (response) =>
      onAccessRefused({ reason: 'rate_limited', principal: grantOf(response).principal }, response),
    refuseForScopes: ({ needed, missing, task }, response) => {
      onAccessRefused(
        { reason: 'insufficient_scope', principal: grantOf(response).principal, scopes: missing, task },
        response,
      );
      challengeScopes(response, needed);
    },
    watch: watchOperations(telemetry),
    onSessionEnded: (reason) => telemetry.metrics.count('mcp_sessions_total', { end_reason: reason }),
    isGrantAlive: (grant) => isGrantAlive(grant, authorization),
    onProblem,
    onRefusal: (error) => logger.debug({ err: error }, 'refused by the protocol'),
  });
  const readiness = createReadiness(
    readinessChecks({
      storage: container.get(T.StorageProbe),
      connector: container.get(T.Connector),
      jobs: container.get(T.Jobs),
      dataDir: config.dataDir,
    }),
    clock,
  );
  const measureRequest = measureRequests(telemetry.metrics);
  const startedAtMs = clock.nowMs();
  const listening = await listen({ host: config.host, port: config.port }, (port) => {
    publicUrl = config.publicUrl ?? `http://127.0.0.1:${port}`;
    const boardQueues = container.get(T.BoardQueues);
    return createApp(
      {
        publicUrl,
        bindHost: config.host,
        allowedHosts: config.allowedHosts ?? [],
        allowedOrigins: config.allowedOrigins ?? [],
        trustProxy: typeof config.trustProxy === 'object' ? config.trustProxy.join(',') : config.trustProxy,
        version,
        startedAtMs,
      },
      {
        clock,
        ids,
        verifyToken: countTokens(telemetry.metrics, (token) =>
          verifyBearer(token, {
            verify: (text) => verifyAccessToken(text, authorization),
            connector: container.get(T.Connector),
          }),
        ),
        readiness,
        // Asked when requests come, and by then `listening` is there.
        isRetiring: () => listening.isRetiring(),
        uploads: uploads({
          redeem: (secret) =>
            redeemTicket(secret, { records: container.get(T.Records), digest: container.get(T.Digest) }),
          runTask: container.get(T.RunTask),
          requestIdOf,
          ports: {
            records: container.get(T.Records),
            digest: container.get(T.Digest),
            uploadDoor: container.get(T.UploadDoor),
          },
        }),
        people: peopleDoors({ container, publicUrl, keys, onProblem }),
        ...(boardQueues === undefined
          ? {}
          : {
              queueBoard: queueBoard({
                pages: queueBoardPages(boardQueues),
                verifyToken: (text) => verifyAccessToken(text, authorization),
                isHttps: publicUrl.startsWith('https:'),
                records: container.get(T.Records),
                digest: container.get(T.Digest),
                ids,
              }),
            }),
        mcp: endpoint.handlers,
        watch: watchHttp(telemetry),
        onRequest: (entry) => {
          measureRequest(entry);
          logger.debug(entry, 'request');
        },
        onAccessRefused,
        networks: { limiter: container.get(T.RateLimiter), perMinute: config.anonymousRateLimitPerMinute },
        onProblem,
      },
    );
  });
  watchEndpoint(telemetry.metrics, endpoint, listening);
  // Not before: a second server that is started by mistake ends at the port, and must not have taken a job by then.
  if (config.workerInline) await startWorker(container, context);
  resources.own('HTTP server', () => listening.close(() => endpoint.close(graceMs), cutMs));
  resources.own('connections of proxies', () => listening.retire(config.drainSeconds * 1000));
  container.get(T.UploadDoor).open(config.publicUrl ?? listening.url);
  logger.info({ url: listening.url, version, sandbox: cms.isSandbox }, 'listening');
  // Listens for the signals from now on: there is something to end in order.
  const stopped = untilStopped();
  // PM2 (`wait_ready`) ends the process before only when this one has said that it serves.
  process.send?.('ready');
  if (options.printClients === true)
    await welcome({ container, cms, url: listening.url, print: (text) => process.stdout.write(text) });
  const reason = await stopped;
  logger.info({ reason }, 'stopping');
  return exitCodes.ok;
};
