import { ContainerModule } from 'inversify';
import { createOperationCatalogue } from '../../../adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import { createIngeniux } from '../../../adapters/outbound/ingeniux/index.ts';
import { createServiceSignIn } from '../../../application/identity/service-sign-in.ts';
import type { Runtime } from '../../../application/pipeline/flow.ts';
import { createRunTask } from '../../../application/pipeline/run-task.ts';
import { createLogObserver } from '../../observer/log-observer.ts';
import { version } from '../../version.ts';
import type { CmsAddress } from '../cms-address.ts';
import { T } from '../tokens.ts';

/** The CMS, and the one way a task runs. */
export function applicationModule(cms: CmsAddress): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(T.Facts).toResolvedValue(
      (config) => ({
        version,
        cmsBaseUrl: cms.baseUrl,
        isSandbox: cms.isSandbox,
        rateLimitRpm: config.rateLimitPerMinute,
        operationsAllow: config.operationsAllow ?? [],
      }),
      [T.Config],
    );
    bind(T.SignIn).toResolvedValue(
      (tokens, digest, clock, limiter) =>
        createServiceSignIn({ tokens, digest, clock, limiter, provider: cms.baseUrl }),
      [T.Tokens, T.Digest, T.Clock, T.RateLimiter],
    );
    bind(T.Catalogue).toResolvedValue(createOperationCatalogue, []);
    bind(T.Observer).toResolvedValue(createLogObserver, [T.Logger]);
    bind(T.Connector).toResolvedValue(
      (config, logger, cache, clock) =>
        createIngeniux({
          baseUrl: cms.baseUrl,
          clientId: cms.clientId,
          clientSecret: cms.clientSecret,
          // One identity signs in without a browser: an address that a person would be sent to is of no use here.
          ...(config.oauthRedirectUri.startsWith('urn:') ? { redirectUri: config.oauthRedirectUri } : {}),
          services: config.cmsServices === 'on',
          timeoutMs: config.apiTimeoutMs,
          retriesMax: config.retriesMax,
          cache,
          cacheTtlSeconds: config.cacheTtlSeconds,
          clock,
          onProblem: (problem) => {
            // Signing in again when a token has run out is the ordinary course of things.
            if (problem.kind === 'token_renewed') logger.info({ grant: problem.grant }, 'signed in to the CMS');
            else logger.warn({ problem }, 'trouble with the CMS');
          },
        }),
      [T.Config, T.Logger, T.Cache, T.Clock],
    );
    bind(T.Runtime).toResolvedValue(
      (
        connector,
        jobs,
        schedules,
        calendar,
        records,
        clock,
        ids,
        digest,
        markup,
        catalogue,
        fetcher,
        uploadDoor,
        server,
        rateLimiter,
        events,
        observer,
        audit,
      ): Runtime => ({
        connector,
        ports: {
          jobs,
          schedules,
          calendar,
          records,
          clock,
          ids,
          digest,
          markup,
          catalogue,
          fetcher,
          uploadDoor,
          server,
          auditTrail: audit,
        },
        rateLimiter,
        events,
        audit,
        observer,
      }),
      [
        T.Connector,
        T.Jobs,
        T.Schedules,
        T.Calendar,
        T.Records,
        T.Clock,
        T.Ids,
        T.Digest,
        T.Markup,
        T.Catalogue,
        T.Fetcher,
        T.UploadDoor,
        T.Facts,
        T.RateLimiter,
        T.Events,
        T.Observer,
        T.Audit,
      ],
    );
    bind(T.RunTask).toResolvedValue(createRunTask, [T.Runtime]);
  });
}
