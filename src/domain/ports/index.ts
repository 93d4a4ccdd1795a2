import type { CmsGateway } from './cms/gateway.ts';
import type { ExpiringRecords } from './expiring-records.ts';
import type { JobQueue } from './job-queue.ts';
import type { Clock, Digest, IdSource, Markup } from './system.ts';

/** What tasks can ask for by name; a task sees only what it needs. */
export interface Ports extends CmsGateway {
  readonly jobs: JobQueue;
  readonly records: ExpiringRecords;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly digest: Digest;
  readonly markup: Markup;
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
}
