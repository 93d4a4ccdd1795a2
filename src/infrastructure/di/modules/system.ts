import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { createCalendar } from '../../../adapters/outbound/node/calendar.ts';
import { createClock } from '../../../adapters/outbound/node/clock.ts';
import { createDigest } from '../../../adapters/outbound/node/digest.ts';
import { createIdSource } from '../../../adapters/outbound/node/id-source.ts';
import { createMarkup } from '../../../adapters/outbound/node/markup.ts';
import { createPublicSite } from '../../../adapters/outbound/node/public-site.ts';
import { createSealer } from '../../../adapters/outbound/node/sealer.ts';
import { createUploadDoor } from '../../../adapters/outbound/node/upload-door.ts';
import { createUrlFetcher } from '../../../adapters/outbound/node/url-fetcher.ts';
import { createWebDocuments } from '../../../adapters/outbound/node/web-documents.ts';
import { createSecurityRecorder } from '../../../application/audit/record-security-event.ts';
import { revokeGrant } from '../../../application/identity/revoke-grant.ts';
import type { Config } from '../../config/schema.ts';
import { loadMasterKeys } from '../../keys/master-keys.ts';
import { watchPublicSite } from '../../telemetry/instrument-ports.ts';
import { T } from '../tokens.ts';

/** Time, chance, hashing, text, and what is kept of who gets in: the same whatever the storage. */
export function systemModule(config: Config, logger: Logger): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(T.Config).toConstantValue(config);
    bind(T.Logger).toConstantValue(logger);
    bind(T.Clock).toResolvedValue(createClock, []);
    bind(T.Calendar).toResolvedValue(createCalendar, []);
    bind(T.Ids).toResolvedValue(createIdSource, []);
    bind(T.Digest).toResolvedValue(createDigest, []);
    bind(T.Markup).toResolvedValue(createMarkup, []);
    bind(T.Fetcher).toResolvedValue(() => createUrlFetcher({ allowedOrigins: config.importOrigins ?? [] }), []);
    bind(T.Sealer).toResolvedValue(
      (masterKeys, store, clock, ids) => createSealer({ masterKeys, store, clock, ids }),
      [T.MasterKeys, T.DataKeys, T.Clock, T.Ids],
    );
    bind(T.MasterKeys).toResolvedValue(
      () =>
        loadMasterKeys(config, (file) =>
          logger.info({ file }, 'made a key that seals what is stored; back it up, or give TOKEN_ENCRYPTION_KEY'),
        ),
      [],
    );
    bind(T.SealedStores).toResolvedValue((records, vault) => [records, vault], [T.OAuthRecords, T.Vault]);
    bind(T.PublicSite).toResolvedValue(
      (telemetry) => watchPublicSite(createPublicSite({ sites: config.publicSiteUrls ?? {} }), telemetry),
      [T.Telemetry],
    );
    bind(T.Documents).toResolvedValue(() => createWebDocuments({}), []);
    bind(T.UploadDoor).toResolvedValue(createUploadDoor, []);
    bind(T.GrantRevoker).toResolvedValue(
      (grants, oauthRecords, vault, events, security, clock) => ({
        grants,
        revoke: (id, reason) => revokeGrant(id, reason, { grants, oauthRecords, vault, events, security, clock }),
      }),
      [T.Grants, T.OAuthRecords, T.Vault, T.Events, T.Security, T.Clock],
    );
    bind(T.Security).toResolvedValue(
      (audit, clock) =>
        createSecurityRecorder({
          audit,
          clock,
          onProblem: (error) => logger.error({ err: error }, 'a security event could not be kept in the audit log'),
        }),
      [T.Audit, T.Clock],
    );
  });
}
