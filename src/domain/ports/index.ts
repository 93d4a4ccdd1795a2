import type { AuditLog } from './audit-log.ts';
import type { BackupTools } from './backup-tools.ts';
import type { Calendar } from './calendar.ts';
import type { CmsGateway } from './cms/gateway.ts';
import type { ExpiringRecords } from './expiring-records.ts';
import type { UploadDoor, UrlFetcher } from './files.ts';
import type { GrantRevoker } from './grant-revoker.ts';
import type { JobQueue } from './job-queue.ts';
import type { JobScheduler } from './job-scheduler.ts';
import type { OperationCatalogue } from './operation-catalogue.ts';
import type { PublicSite } from './public-site.ts';
import type { SnapshotTools } from './snapshot-tools.ts';
import type { Clock, Digest, IdSource, Markup } from './system.ts';

/** What tasks can ask for by name; a task sees only what it needs. */
export interface Ports extends CmsGateway {
  readonly jobs: JobQueue;
  readonly schedules: JobScheduler;
  readonly calendar: Calendar;
  readonly records: ExpiringRecords;
  readonly backups: BackupTools;
  readonly snapshots: SnapshotTools;
  readonly grantRevoker: GrantRevoker;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly digest: Digest;
  readonly markup: Markup;
  readonly catalogue: OperationCatalogue;
  /** To read only: the pipeline alone appends. */
  readonly auditTrail: Pick<AuditLog, 'list'>;
  readonly fetcher: UrlFetcher;
  readonly uploadDoor: UploadDoor;
  readonly publicSite: PublicSite;
  readonly server: ServerFacts;
}

export type PortName = keyof Ports;

/** What this server tells about itself and its limits. Holds no secret. */
export interface ServerFacts {
  readonly version: string;
  /** The site root of the CMS, without credentials. */
  readonly cmsBaseUrl: string;
  readonly isSandbox: boolean;
  readonly rateLimitRpm: number;
  /** Operation ids, or `*`, that the operator opens beside the default. */
  readonly operationsAllow: readonly string[];
  /** Id, path or name of the page or asset that says how the site writes. */
  readonly houseStyleItem?: string;
}
