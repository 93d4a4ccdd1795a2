import { type SignInName, signInNames } from '../../domain/model/grant.ts';
import type { CmsIdentities } from './cms-identities.ts';
import {
  type BackupSchedule,
  backupKeep,
  backupTimes,
  bucketName,
  encryptionKeys,
  file,
  flag,
  folder,
  hosts,
  issuerAddress,
  listenHost,
  OUT_OF_BAND,
  oneOf,
  openidScopes,
  operationIds,
  origins,
  port,
  ratio,
  redirectAddress,
  redisAddress,
  type SettingValue,
  secureAddress,
  sitesOfTargets,
  text,
  trustedProxies,
  webAddress,
  wholeNumber,
} from './values.ts';

/**
 * Every setting of the product, in one table: the start checks the environment against it, and `.env.example` and
 * docs/reference/configuration.md are generated from it.
 *
 * - `key`: the name in `Config`. A row without one is checked and documented, and read by a library itself.
 * - `default`: as one would write it. `derived` tells in words what holds where the default depends on other settings.
 * - `secret`: its value is never shown, and it can come from a file: `NAME_FILE` holds the path.
 */
export const settings = {
  NODE_ENV: {
    group: 'process',
    key: 'environment',
    value: oneOf('development', 'production', 'test'),
    default: 'development',
    example: 'production',
    description: 'What this process is for.',
  },
  LOG_LEVEL: {
    group: 'process',
    key: 'logLevel',
    value: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    default: 'info',
    example: 'warn',
    description:
      'The least important kind of log line that is written. SIGUSR2 changes a running process to `debug`, and back.',
  },
  LOG_DIR: {
    group: 'process',
    key: 'logDir',
    value: folder(),
    derived: 'no file',
    example: './logs',
    description:
      'Writes the log lines to `combined.log` in this folder as well, beside standard error, and errors to `error.log`. SIGHUP opens the files anew, for log rotation (`ops/logging/logrotate.conf`).',
  },
  DATA_DIR: {
    group: 'process',
    key: 'dataDir',
    value: folder(),
    default: './data',
    example: '/var/lib/ingeniux-cms-mcp',
    description: 'Where the embedded drivers keep what must survive a restart.',
  },

  HOST: {
    group: 'http',
    key: 'host',
    value: listenHost(),
    default: '127.0.0.1',
    example: '0.0.0.0',
    description:
      'The address to listen on. All addresses (0.0.0.0 or ::) need PUBLIC_URL or ALLOWED_HOSTS, so that the Host header can be checked.',
  },
  PORT: {
    group: 'http',
    key: 'port',
    value: port(),
    default: '3000',
    example: '3000',
    description: 'The port of MCP over HTTP. 0 takes a free one.',
  },
  PUBLIC_URL: {
    group: 'http',
    key: 'publicUrl',
    value: secureAddress(),
    derived: 'OAUTH_REDIRECT_URI without its `/callback`, else the address listened on',
    example: 'https://mcp.example.edu',
    description: 'The address under which clients reach this server: what a reverse proxy offers.',
  },
  ALLOWED_HOSTS: {
    group: 'http',
    key: 'allowedHosts',
    value: hosts(),
    derived: 'the host of PUBLIC_URL and the names of this machine itself',
    example: 'mcp.example.edu,mcp.internal:3000',
    description: 'Host headers that are answered, beside the host of PUBLIC_URL.',
  },
  ALLOWED_ORIGINS: {
    group: 'http',
    key: 'allowedOrigins',
    value: origins(),
    derived: 'the origin of PUBLIC_URL and the ones of this machine itself',
    example: 'https://chat.example.edu',
    description: 'Origins of web pages whose requests are answered, beside that of PUBLIC_URL.',
  },
  DRAIN_SECONDS: {
    group: 'http',
    key: 'drainSeconds',
    value: wholeNumber(0, 15, 'a whole number of seconds from 0 to 15'),
    derived: '`3` with NODE_ENV=production, else `0`',
    example: '5',
    unit: 'seconds',
    description:
      'How long a server that was asked to end goes on serving while it tells proxies that it ends: /health/ready answers 503, every answer closes its connection.',
  },
  TRUST_PROXY: {
    group: 'http',
    key: 'trustProxy',
    value: trustedProxies(),
    default: 'false',
    example: '1',
    description: 'Which proxies in front are believed when they name the client (X-Forwarded-For).',
  },
  RATE_LIMIT_RPM: {
    group: 'http',
    key: 'rateLimitPerMinute',
    value: wholeNumber(1, 1_000_000),
    default: '500',
    example: '1000',
    unit: 'calls per minute',
    description: 'How many calls one user may make through one client in any minute; all processes count together.',
  },
  ANONYMOUS_RATE_LIMIT_RPM: {
    group: 'http',
    key: 'anonymousRateLimitPerMinute',
    value: wholeNumber(1, 1_000_000),
    default: '300',
    example: '60',
    unit: 'requests per minute',
    description:
      'How many requests without a valid token, and how many to the sign-in and token doors, one address (of IPv6 its /64) may send in any minute.',
  },

  CMS_BASE_URL: {
    group: 'cms',
    key: 'cmsBaseUrl',
    value: webAddress(),
    derived: 'the sandbox CMS, started beside the server',
    example: 'https://cms.example.edu/api',
    description: 'The CMS: its site root, with or without `/api` or `/api/v1`.',
  },
  OAUTH_CLIENT_ID: {
    group: 'cms',
    key: 'oauthClientId',
    value: text(),
    derived: 'none; needed with CMS_BASE_URL',
    example: 'mcp-server',
    description: 'Our client id at the OAuth of the CMS.',
  },
  OAUTH_CLIENT_SECRET: {
    group: 'cms',
    key: 'oauthClientSecret',
    value: text(),
    derived: 'none; needed with CMS_BASE_URL',
    secret: true,
    description: 'Our client secret at the OAuth of the CMS.',
  },
  OAUTH_REDIRECT_URI: {
    group: 'cms',
    key: 'oauthRedirectUri',
    value: redirectAddress(),
    default: OUT_OF_BAND,
    example: 'https://mcp.example.edu/callback',
    description: 'Where the CMS sends an authorization code; must be one that the CMS has on record for this client.',
  },
  CMS_SIGN_IN: {
    group: 'cms',
    key: 'cmsSignIn',
    value: oneOf(...signInNames),
    derived: '`cms-login` with the sandbox CMS, `service` with CMS_BASE_URL',
    example: 'oidc',
    description:
      'How people prove who they are when an agent asks for access, and whose rights the CMS sees then. `cms-login`: user name and password of the CMS, each with their own rights. `cms-oauth`: the same at the sign-in page of the CMS. `oidc`: the identity provider of your organisation; CMS_IDENTITIES_FILE says who works as which CMS identity. `service`: an access token that you issued; everybody works as the one CMS identity.',
  },
  CMS_IDENTITIES_FILE: {
    group: 'cms',
    key: 'cmsIdentitiesFile',
    value: file(),
    derived: 'none; needed with CMS_SIGN_IN=oidc',
    example: '/run/secrets/cms-identities.json',
    description:
      'A JSON file with the OAuth identities of the CMS that people work as, and the rules that choose one: docs/security/connect-sign-in.md. It holds secrets.',
  },
  OIDC_ISSUER: {
    group: 'cms',
    key: 'oidcIssuer',
    value: issuerAddress(),
    derived: 'none; needed with CMS_SIGN_IN=oidc',
    example: 'https://login.example.edu/realms/staff',
    description: 'The OpenID Connect provider that people sign in at: its issuer, exactly as it writes it.',
  },
  OIDC_CLIENT_ID: {
    group: 'cms',
    key: 'oidcClientId',
    value: text(),
    derived: 'none; needed with CMS_SIGN_IN=oidc',
    example: 'mcp-server',
    description: 'Our client id at that provider. Its redirect address is PUBLIC_URL with `/callback` behind it.',
  },
  OIDC_CLIENT_SECRET: {
    group: 'cms',
    key: 'oidcClientSecret',
    value: text(),
    derived: 'none; needed with CMS_SIGN_IN=oidc',
    secret: true,
    description: 'Our client secret at that provider.',
  },
  OIDC_SCOPES: {
    group: 'cms',
    key: 'oidcScopes',
    value: openidScopes(),
    default: 'openid profile email',
    example: 'openid profile email groups',
    description: 'What is asked for there: rules by group commonly need a scope of their own.',
  },
  CMS_SERVICES: {
    group: 'cms',
    key: 'cmsServices',
    value: oneOf('on', 'off'),
    default: 'off',
    example: 'on',
    description:
      'Whether the older service layer of the CMS is used beside its REST API, where the CMS serves it: it writes fields, undoes page check-outs and unmarks. Its use may not be covered by your support agreement. The sandbox CMS serves it when this is on.',
  },
  HOUSE_STYLE_ITEM: {
    group: 'cms',
    key: 'houseStyleItem',
    value: text(),
    derived: 'the help texts for AI of the content types, where the CMS has them',
    example: '/about/editorial-style',
    description:
      'The page or asset that says how the site writes: id, path or exact name. Agents read it as the resource `ingeniux://house-style`.',
  },
  OPERATIONS_ALLOW: {
    group: 'cms',
    key: 'operationsAllow',
    value: operationIds(),
    derived: 'none',
    example: 'Taxonomy_Move',
    description:
      'Operations of the CMS that agents may call beside the ones open by default: ids, or `*` for all. Those that administer the CMS also need the scope cms:admin; secrets in answers stay hidden.',
  },
  IMPORT_ORIGINS: {
    group: 'cms',
    key: 'importOrigins',
    value: origins(),
    derived: 'none',
    example: 'https://images.example.edu',
    description:
      'Origins from which agents may import files into the CMS by address. Addresses that are not on the public internet are refused whatever stands here.',
  },
  PUBLIC_SITE_URLS: {
    group: 'cms',
    key: 'publicSiteUrls',
    value: sitesOfTargets(),
    derived: 'none: what is public is not looked at',
    example: 'Production=https://www.example.edu,Intranet=https://intranet.example.edu/home',
    description:
      'Where visitors find what is published: publishing targets by name or id, each with the base address of its site. A publish then looks at the public address of each page, and tells whether visitors see it. A site that is down fails no publish.',
  },
  API_TIMEOUT: {
    group: 'cms',
    key: 'apiTimeoutMs',
    value: wholeNumber(100, 600_000, 'a whole number of milliseconds'),
    default: '30000',
    example: '45000',
    unit: 'milliseconds',
    description: 'How long one call to the CMS may take.',
  },
  MAX_RETRIES: {
    group: 'cms',
    key: 'retriesMax',
    value: wholeNumber(0, 10),
    default: '3',
    example: '5',
    unit: 'tries after the first',
    description: 'How often a call to the CMS that is safe to repeat is repeated.',
  },
  CACHE_TTL: {
    group: 'cms',
    key: 'cacheTtlSeconds',
    value: wholeNumber(0, 86_400, 'a whole number of seconds'),
    default: '300',
    example: '300',
    unit: 'seconds',
    description: 'How long an answer of the CMS is served again. 0 asks the CMS every time.',
  },
  CACHE_MAX_SIZE: {
    group: 'cms',
    key: 'cacheEntriesMax',
    value: wholeNumber(1, 1_000_000),
    default: '2000',
    example: '5000',
    unit: 'answers',
    description: 'How many answers of the CMS one process keeps in memory.',
  },
  SANDBOX_PORT: {
    group: 'cms',
    key: 'sandboxPort',
    value: port(),
    default: '3001',
    example: '3001',
    description: 'The port of the sandbox CMS. 0 takes a free one.',
  },

  REDIS_URL: {
    group: 'drivers',
    key: 'redisUrl',
    value: redisAddress(),
    derived: 'none: the embedded drivers',
    secret: true,
    description:
      'A Redis server (its eviction policy `noeviction`), or the sentinels that watch one. With it, jobs, tokens, cache, limits and events are shared by many processes.',
  },
  WORKER_INLINE: {
    group: 'drivers',
    key: 'workerInline',
    value: flag(),
    derived: '`true` without REDIS_URL, else `false`',
    example: 'true',
    description: 'Whether the HTTP server works on jobs as well.',
  },
  JOBS_MAX: {
    group: 'drivers',
    key: 'jobsMax',
    value: wholeNumber(1, 100),
    default: '4',
    example: '8',
    unit: 'jobs',
    description:
      'How many jobs run at a time, over all processes: so many calls the CMS gets from them at once. Publishes to one target always run one after the other.',
  },
  TOKEN_ENCRYPTION_KEY: {
    group: 'drivers',
    key: 'tokenEncryptionKeys',
    value: encryptionKeys(),
    derived: 'a key that is made at the first start and kept in DATA_DIR',
    secret: true,
    description:
      'The key that seals the keys of what is stored. Made by: openssl rand -base64 32. Several processes need the same one. To change it, put the new key first and the old one after it, and run `keys rotate`.',
  },

  BACKUP_DIR: {
    group: 'backups',
    key: 'backupDir',
    value: folder(),
    derived: '`backups` in `DATA_DIR`',
    example: '/var/backups/ingeniux-cms-mcp',
    description:
      'Where backups are kept, unless BACKUP_S3_ENDPOINT says otherwise. A backup beside what it is of is lost with it: name another disk.',
  },
  BACKUP_SCHEDULE: {
    group: 'backups',
    key: 'backupSchedule',
    value: backupTimes(),
    derived: '`17 3 * * * UTC` in production, else `off`',
    example: '30 1 * * * Europe/Berlin',
    description:
      'When a backup is taken, by whichever process works on jobs. A time that was slept through is made up for.',
  },
  BACKUP_KEEP: {
    group: 'backups',
    key: 'backupKeep',
    value: backupKeep(),
    default: '30d',
    example: '14',
    description:
      'How many backups stay when one was taken: those of so many days, or so many. The newest always stays.',
  },
  SNAPSHOT_KEEP: {
    group: 'backups',
    key: 'snapshotKeep',
    value: backupKeep(),
    default: '90d',
    example: '20',
    description:
      'How many snapshots of content stay when one was taken, for each page or folder that they begin at: those of so many days, or so many. The newest always stays.',
  },
  SNAPSHOT_FILE_MAX_MB: {
    group: 'backups',
    key: 'snapshotFileMegabytesMax',
    value: wholeNumber(0, 512),
    default: '32',
    example: '100',
    description:
      'Files of assets that are larger are told of in a snapshot and not kept, in megabytes. One at a time is held in memory.',
  },
  BACKUP_S3_ENDPOINT: {
    group: 'backups',
    key: 'backupS3Endpoint',
    value: webAddress(),
    derived: 'none: the folder BACKUP_DIR',
    example: 'https://s3.eu-central-1.amazonaws.com',
    description:
      'A service that speaks S3, where backups are kept instead of in BACKUP_DIR: its address without the bucket.',
  },
  BACKUP_S3_BUCKET: {
    group: 'backups',
    key: 'backupS3Bucket',
    value: bucketName(),
    derived: 'none; needed with BACKUP_S3_ENDPOINT',
    example: 'cms-mcp-backups',
    description: 'The bucket there. It is not made here, and holds nothing else.',
  },
  BACKUP_S3_REGION: {
    group: 'backups',
    key: 'backupS3Region',
    value: text(),
    default: 'us-east-1',
    example: 'eu-central-1',
    description: 'The region of the bucket, as the service calls it.',
  },
  BACKUP_S3_ACCESS_KEY_ID: {
    group: 'backups',
    key: 'backupS3AccessKeyId',
    value: text(),
    derived: 'none; needed with BACKUP_S3_ENDPOINT',
    secret: true,
    description: 'The account there: it needs to list, read, write and remove objects of the bucket.',
  },
  BACKUP_S3_SECRET_ACCESS_KEY: {
    group: 'backups',
    key: 'backupS3SecretAccessKey',
    value: text(),
    derived: 'none; needed with BACKUP_S3_ENDPOINT',
    secret: true,
    description: 'The secret of that account.',
  },

  METRICS_HOST: {
    group: 'telemetry',
    key: 'metricsHost',
    value: listenHost(),
    default: '127.0.0.1',
    example: '0.0.0.0',
    description: 'The address of the metrics page, `/metrics`, of `serve` and `worker`.',
  },
  METRICS_PORT: {
    group: 'telemetry',
    key: 'metricsPort',
    value: port(),
    default: '9464',
    example: '9464',
    description:
      'The port of the metrics page, one for each process: under PM2 the number of the instance is added. A port that is taken is told in the log, and the process goes on without a page. 0 takes a free one.',
  },
  NODE_APP_INSTANCE: {
    group: 'telemetry',
    key: 'instanceNumber',
    value: wholeNumber(0, 9_999),
    default: '0',
    example: '1',
    description: 'Which of several equal processes this is. PM2 sets it.',
  },
  OTEL_SERVICE_NAME: {
    group: 'telemetry',
    key: 'serviceName',
    value: text(),
    default: 'ingeniux-cms-mcp-server',
    example: 'ingeniux-cms-mcp-server',
    description: 'The name of this service in log lines and telemetry.',
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    group: 'telemetry',
    value: text(),
    derived: 'none',
    example: 'deployment.environment.name=production',
    description: 'Attributes of everything that is sent.',
  },
  OTEL_SDK_DISABLED: {
    group: 'telemetry',
    key: 'telemetryDisabled',
    value: flag(),
    default: 'false',
    example: 'false',
    description: 'Sends and measures nothing.',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    group: 'telemetry',
    key: 'otlpEndpoint',
    value: webAddress(),
    derived: 'none',
    example: 'http://127.0.0.1:4318',
    description: 'The collector that traces are sent to.',
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    group: 'telemetry',
    key: 'otlpProtocol',
    value: oneOf('http/protobuf', 'http/json'),
    default: 'http/protobuf',
    example: 'http/protobuf',
    description: 'How the collector is spoken to.',
  },
  OTEL_TRACES_SAMPLER: {
    group: 'telemetry',
    key: 'tracesSampler',
    value: oneOf(
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ),
    default: 'parentbased_always_on',
    example: 'parentbased_traceidratio',
    description: 'Which traces are kept.',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    group: 'telemetry',
    key: 'tracesSamplerArg',
    value: ratio(),
    default: '1',
    example: '0.1',
    description: 'The argument of the samplers with a ratio: the share of traces that are kept.',
  },
} as const satisfies Record<string, Setting>;

/** The groups of the settings, in the order of the reference. */
export const settingGroups = {
  process: { title: 'Process', note: 'Every command reads these.' },
  http: { title: 'HTTP', note: 'For `serve`.' },
  cms: { title: 'CMS', note: 'The CMS that agents work in, and how it is called.' },
  drivers: {
    title: 'Drivers',
    note: 'Without REDIS_URL everything runs in one process and keeps its state in DATA_DIR.',
  },
  backups: {
    title: 'Backups',
    note: 'How to take, keep, try and restore them: docs/operations/backup-and-restore.md.',
  },
  telemetry: {
    title: 'Telemetry',
    note: 'The OTEL names are those of OpenTelemetry. Further ones of its OTLP exporter work as they do everywhere, such as OTEL_EXPORTER_OTLP_HEADERS, _TIMEOUT and _COMPRESSION.',
  },
} as const;

/** One row of the table. */
export interface Setting {
  readonly group: keyof typeof settingGroups;
  readonly key?: string;
  readonly value: SettingValue;
  readonly default?: string;
  readonly derived?: string;
  readonly example?: string;
  readonly unit?: string;
  readonly secret?: true;
  readonly description: string;
}

export type SettingName = keyof typeof settings;

/** The settings as they were given: typed, defaults filled in, nothing derived. */
export type GivenSettings = {
  readonly [Name in SettingName as Row<Name> extends { key: infer Key extends string } ? Key : never]:
    | Output<Row<Name>['value']>
    | (Row<Name> extends { default: string } ? never : undefined);
};

/** The configuration of a process. Units are in the names; what depends on other settings is filled in. */
export type Config = Omit<
  GivenSettings,
  'workerInline' | 'backupDir' | 'backupSchedule' | 'drainSeconds' | 'cmsSignIn'
> & {
  readonly workerInline: boolean;
  readonly backupDir: string;
  readonly backupSchedule: BackupSchedule;
  readonly drainSeconds: number;
  readonly cmsSignIn: SignInName;
  /** What the file of CMS_IDENTITIES_FILE holds; secrets are part of it. */
  readonly cmsIdentities: CmsIdentities | undefined;
};

type Row<Name extends SettingName> = (typeof settings)[Name];
type Output<Value> = Value extends SettingValue<infer Type> ? Type : never;
