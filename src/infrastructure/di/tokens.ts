import type { ServiceIdentifier } from 'inversify';
import type { Logger } from 'pino';
import type { IngeniuxConnector } from '../../adapters/outbound/ingeniux/index.ts';
import type { OpenableUploadDoor } from '../../adapters/outbound/node/upload-door.ts';
import type { BoardQueue } from '../../adapters/outbound/redis/board-queues.ts';
import type { SecurityRecorder } from '../../application/audit/record-security-event.ts';
import type { RevocationJournal } from '../../application/backups/revocation-journal.ts';
import type { Runtime } from '../../application/pipeline/flow.ts';
import type { Observer } from '../../application/pipeline/observer.ts';
import type { RunTask } from '../../application/pipeline/run-task.ts';
import type { AuditLog } from '../../domain/ports/audit-log.ts';
import type { BackupTools } from '../../domain/ports/backup-tools.ts';
import type { Cache } from '../../domain/ports/cache.ts';
import type { Calendar } from '../../domain/ports/calendar.ts';
import type { CredentialVault } from '../../domain/ports/credential-vault.ts';
import type { DataKeyStore } from '../../domain/ports/data-key-store.ts';
import type { EventBus } from '../../domain/ports/event-bus.ts';
import type { ExpiringRecords } from '../../domain/ports/expiring-records.ts';
import type { UrlFetcher, WebDocuments } from '../../domain/ports/files.ts';
import type { GrantRevoker } from '../../domain/ports/grant-revoker.ts';
import type { GrantStore } from '../../domain/ports/grant-store.ts';
import type { ServerFacts } from '../../domain/ports/index.ts';
import type { JobQueue } from '../../domain/ports/job-queue.ts';
import type { JobScheduler } from '../../domain/ports/job-scheduler.ts';
import type { Lock } from '../../domain/ports/lock.ts';
import type { LockdownSwitch } from '../../domain/ports/lockdown-switch.ts';
import type { OAuthRecords } from '../../domain/ports/oauth-records.ts';
import type { OperationCatalogue } from '../../domain/ports/operation-catalogue.ts';
import type { PublicSite } from '../../domain/ports/public-site.ts';
import type { RateLimiter } from '../../domain/ports/rate-limiter.ts';
import type { SealedStore, Sealer } from '../../domain/ports/sealer.ts';
import type { SignIn } from '../../domain/ports/sign-in.ts';
import type { SnapshotTools } from '../../domain/ports/snapshot-tools.ts';
import type { StorageDump } from '../../domain/ports/storage-dump.ts';
import type { Clock, Digest, IdSource, Markup } from '../../domain/ports/system.ts';
import type { TokenStore } from '../../domain/ports/token-store.ts';
import type { Config } from '../config/schema.ts';
import type { Telemetry } from '../telemetry/start.ts';
import type { StorageProbe, StorageSettingsProbe } from './open-storage.ts';

const token = <T>(name: string): ServiceIdentifier<T> => Symbol.for(name);

/** One symbol per thing that is wired; the type travels with it, so that wrong wiring does not compile. */
export const T = {
  Config: token<Config>('Config'),
  Logger: token<Logger>('Logger'),
  Telemetry: token<Telemetry>('Telemetry'),
  Facts: token<ServerFacts>('ServerFacts'),
  Clock: token<Clock>('Clock'),
  Ids: token<IdSource>('IdSource'),
  Digest: token<Digest>('Digest'),
  Markup: token<Markup>('Markup'),
  Catalogue: token<OperationCatalogue>('OperationCatalogue'),
  Fetcher: token<UrlFetcher>('UrlFetcher'),
  Documents: token<WebDocuments>('WebDocuments'),
  GrantRevoker: token<GrantRevoker>('GrantRevoker'),
  PublicSite: token<PublicSite>('PublicSite'),
  UploadDoor: token<OpenableUploadDoor>('UploadDoor'),
  Tokens: token<TokenStore>('TokenStore'),
  DataKeys: token<DataKeyStore>('DataKeyStore'),
  /** The operator's keys: the first one seals, all of them open. */
  MasterKeys: token<readonly Uint8Array[]>('MasterKeys'),
  Sealer: token<Sealer>('Sealer'),
  /** Everything that `keys rotate` has to seal anew. */
  SealedStores: token<readonly SealedStore[]>('SealedStores'),
  OAuthRecords: token<OAuthRecords>('OAuthRecords'),
  Grants: token<GrantStore>('GrantStore'),
  Vault: token<CredentialVault>('CredentialVault'),
  Audit: token<AuditLog>('AuditLog'),
  Security: token<SecurityRecorder>('SecurityRecorder'),
  Records: token<ExpiringRecords>('ExpiringRecords'),
  Lock: token<Lock>('Lock'),
  Lockdown: token<LockdownSwitch>('LockdownSwitch'),
  Cache: token<Cache>('Cache'),
  RateLimiter: token<RateLimiter>('RateLimiter'),
  Events: token<EventBus>('EventBus'),
  Jobs: token<JobQueue>('JobQueue'),
  /** What the queue board shows; `undefined` where there is no BullMQ to look at. */
  BoardQueues: token<readonly BoardQueue[] | undefined>('BoardQueues'),
  Schedules: token<JobScheduler>('JobScheduler'),
  Calendar: token<Calendar>('Calendar'),
  Dump: token<StorageDump>('StorageDump'),
  Backups: token<BackupTools>('BackupTools'),
  Snapshots: token<SnapshotTools>('SnapshotTools'),
  Journal: token<RevocationJournal>('RevocationJournal'),
  StorageProbe: token<StorageProbe>('StorageProbe'),
  StorageSettings: token<StorageSettingsProbe>('StorageSettings'),
  SignIn: token<SignIn>('SignIn'),
  Connector: token<IngeniuxConnector>('CmsConnector'),
  Observer: token<Observer>('Observer'),
  Runtime: token<Runtime>('Runtime'),
  RunTask: token<RunTask>('RunTask'),
} as const;
