import { ContainerModule } from 'inversify';
import { createOperationCatalogue } from '../../../adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import type { Runtime } from '../../../application/pipeline/flow.ts';
import { createRunTask } from '../../../application/pipeline/run-task.ts';
import { createLogObserver } from '../../observer/log-observer.ts';
import { version } from '../../version.ts';
import type { CmsAddress } from '../cms-address.ts';
import { T } from '../tokens.ts';

/** The one way a task runs. */
export function applicationModule(cms: CmsAddress): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(T.Facts).toResolvedValue(
      (config) => ({
        version,
        cmsBaseUrl: cms.baseUrl,
        isSandbox: cms.isSandbox,
        rateLimitRpm: config.rateLimitPerMinute,
        operationsAllow: config.operationsAllow ?? [],
        ...(config.houseStyleItem === undefined ? {} : { houseStyleItem: config.houseStyleItem }),
      }),
      [T.Config],
    );
    bind(T.Catalogue).toResolvedValue(createOperationCatalogue, []);
    bind(T.Observer).toResolvedValue(createLogObserver, [T.Logger]);
    bind(T.Runtime).toResolvedValue(
      (
        connector,
        jobs,
        schedules,
        calendar,
        records,
        backups,
        snapshots,
        grantRevoker,
        clock,
        ids,
        digest,
        markup,
        catalogue,
        fetcher,
        uploadDoor,
        publicSite,
        server,
        rateLimiter,
        lockdown,
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
          backups,
          snapshots,
          grantRevoker,
          clock,
          ids,
          digest,
          markup,
          catalogue,
          fetcher,
          uploadDoor,
          publicSite,
          server,
          auditTrail: audit,
        },
        rateLimiter,
        lockdown,
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
        T.Backups,
        T.Snapshots,
        T.GrantRevoker,
        T.Clock,
        T.Ids,
        T.Digest,
        T.Markup,
        T.Catalogue,
        T.Fetcher,
        T.UploadDoor,
        T.PublicSite,
        T.Facts,
        T.RateLimiter,
        T.Lockdown,
        T.Events,
        T.Observer,
        T.Audit,
      ],
    );
    bind(T.RunTask).toResolvedValue(createRunTask, [T.Runtime]);
  });
}
