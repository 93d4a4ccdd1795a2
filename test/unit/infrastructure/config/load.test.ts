import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/infrastructure/config/load.ts';
import type { Config } from '../../../../src/infrastructure/config/schema.ts';
import { secretValuesOf, settingEntries } from '../../../../src/infrastructure/config/secrets.ts';

const KEY_HEX = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

describe('loadConfig', () => {
  it('needs nothing: every setting has a default or is free to be absent', () => {
    const { config, warnings } = loaded({});
    expect(warnings).toEqual([]);
    expect(config).toEqual({
      environment: 'development',
      logLevel: 'info',
      logDir: undefined,
      dataDir: './data',
      drainSeconds: 0,
      backupDir: 'data/backups',
      backupSchedule: 'off',
      backupKeep: { unit: 'days', count: 30 },
      snapshotKeep: { unit: 'days', count: 90 },
      snapshotFileMegabytesMax: 32,
      backupS3Endpoint: undefined,
      backupS3Bucket: undefined,
      backupS3Region: 'us-east-1',
      backupS3AccessKeyId: undefined,
      backupS3SecretAccessKey: undefined,
      host: '127.0.0.1',
      port: 3000,
      publicUrl: undefined,
      allowedHosts: undefined,
      allowedOrigins: undefined,
      trustProxy: false,
      rateLimitPerMinute: 500,
      anonymousRateLimitPerMinute: 300,
      cmsBaseUrl: undefined,
      oauthClientId: undefined,
      oauthClientSecret: undefined,
      oauthRedirectUri: 'urn:ietf:wg:oauth:2.0:oob',
      cmsSignIn: 'cms-login',
      cmsIdentitiesFile: undefined,
      cmsIdentities: undefined,
      oidcIssuer: undefined,
      oidcClientId: undefined,
      oidcClientSecret: undefined,
      oidcScopes: 'openid profile email',
      cmsServices: 'off',
      houseStyleItem: undefined,
      operationsAllow: undefined,
      apiTimeoutMs: 30_000,
      retriesMax: 3,
      cacheTtlSeconds: 300,
      cacheEntriesMax: 2000,
      sandboxPort: 3001,
      redisUrl: undefined,
      workerInline: true,
      jobsMax: 4,
      tokenEncryptionKey: undefined,
      metricsHost: '127.0.0.1',
      metricsPort: 9464,
      instanceNumber: 0,
      serviceName: 'ingeniux-cms-mcp-server',
      telemetryDisabled: false,
      otlpEndpoint: undefined,
      otlpProtocol: 'http/protobuf',
      tracesSampler: 'parentbased_always_on',
      tracesSamplerArg: 1,
    });
  });

  it("takes the operations guide's production environment as it stands", () => {
    const { config } = loaded({
      NODE_ENV: 'production',
      CMS_BASE_URL: 'https://cms.example.com/api',
      OAUTH_CLIENT_ID: 'prod_client_id',
      OAUTH_CLIENT_SECRET: 'prod_client_secret',
      OAUTH_REDIRECT_URI: 'https://mcp-server.example.com/callback',
      LOG_LEVEL: 'warn',
      API_TIMEOUT: '30000',
      RATE_LIMIT_RPM: '500',
      PORT: '3000',
      HOST: '0.0.0.0',
    });
    expect(config).toMatchObject({
      environment: 'production',
      cmsBaseUrl: 'https://cms.example.com/api',
      publicUrl: 'https://mcp-server.example.com',
      host: '0.0.0.0',
    });
  });

  it('takes an empty variable for a missing one', () => {
    const empty = Object.fromEntries(settingEntries().map(([name]) => [name, ' ']));
    expect(loaded(empty)).toEqual(loaded({}));
  });

  it('takes every example of the reference', () => {
    const examples = Object.fromEntries(settingEntries().map(([name, { example }]) => [name, example]));
    const secrets = {
      OAUTH_CLIENT_SECRET: 'a-client-secret',
      OIDC_CLIENT_SECRET: 'another-client-secret',
      REDIS_URL: 'rediss://u:p@redis:6379/1',
      TOKEN_ENCRYPTION_KEY: KEY_HEX,
      BACKUP_S3_ACCESS_KEY_ID: 'an-account',
      BACKUP_S3_SECRET_ACCESS_KEY: 'its-long-secret',
    };
    const warnings = loaded(
      { ...examples, ...secrets },
      { [examples['CMS_IDENTITIES_FILE'] ?? '']: '{"identities":{}}' },
    ).warnings;
    expect(warnings).toEqual([]);
  });

  it.each<[string, Record<string, string>, Partial<Config>]>([
    [
      'words in any letter case',
      { LOG_LEVEL: 'WARN', NODE_ENV: ' Production ' },
      { logLevel: 'warn', environment: 'production' },
    ],
    [
      'addresses without their closing slash',
      { PUBLIC_URL: 'https://m.example/x/' },
      { publicUrl: 'https://m.example/x' },
    ],
    ['http for this machine', { PUBLIC_URL: 'http://127.0.0.1:8080' }, { publicUrl: 'http://127.0.0.1:8080' }],
    ['lists', { ALLOWED_HOSTS: 'a.example, [::1]:3000 ,' }, { allowedHosts: ['a.example', '[::1]:3000'] }],
    ['origins', { ALLOWED_ORIGINS: 'https://A.example:8443' }, { allowedOrigins: ['https://A.example:8443'] }],
    ['a number of proxies', { TRUST_PROXY: '2' }, { trustProxy: 2 }],
    [
      'addresses of proxies',
      { TRUST_PROXY: 'loopback,10.0.0.0/8,::1' },
      { trustProxy: ['loopback', '10.0.0.0/8', '::1'] },
    ],
    ['a star', { OPERATIONS_ALLOW: '*' }, { operationsAllow: ['*'] }],
    ['no worker inside with Redis', { REDIS_URL: 'redis://localhost' }, { workerInline: false }],
    ['a worker inside with Redis', { REDIS_URL: 'redis://localhost', WORKER_INLINE: 'yes' }, { workerInline: true }],
    [
      'any free ports',
      { PORT: '0', METRICS_PORT: '0', SANDBOX_PORT: '0' },
      { port: 0, metricsPort: 0, sandboxPort: 0 },
    ],
    ['no cache', { CACHE_TTL: '0' }, { cacheTtlSeconds: 0 }],
    [
      'when backups are taken',
      { BACKUP_SCHEDULE: '30 1 * * 1-5 Europe/Berlin' },
      { backupSchedule: { cron: '30 1 * * 1-5', timeZone: 'Europe/Berlin' } },
    ],
    [
      'backups at night in production',
      { NODE_ENV: 'production' },
      { backupSchedule: { cron: '17 3 * * *', timeZone: 'UTC' } },
    ],
    ['no backups by themselves', { NODE_ENV: 'production', BACKUP_SCHEDULE: 'off' }, { backupSchedule: 'off' }],
    [
      'sites of targets, by name or id',
      { PUBLIC_SITE_URLS: 'Main Site = https://www.example.edu/ , PublishingTargets/2=http://10.0.0.5:8080/home' },
      {
        publicSiteUrls: { 'main site': 'https://www.example.edu', 'publishingtargets/2': 'http://10.0.0.5:8080/home' },
      },
    ],
    ['a number of backups', { BACKUP_KEEP: '14' }, { backupKeep: { unit: 'backups', count: 14 } }],
    ['all addresses with named hosts', { HOST: '::', ALLOWED_HOSTS: 'mcp.example' }, { host: '::' }],
  ])('takes %s', (_, env, expected) => {
    expect(loaded(env).config).toMatchObject(expected);
  });

  it.each([
    ['hex', KEY_HEX],
    ['hex in capitals', KEY_HEX.toUpperCase()],
    ['base64', Buffer.from(KEY_HEX, 'hex').toString('base64')],
    ['base64url', Buffer.from(KEY_HEX, 'hex').toString('base64url')],
  ])('reads an encryption key in %s', (_, key) => {
    const { tokenEncryptionKeys = [] } = loaded({ TOKEN_ENCRYPTION_KEY: `${key},${'ab'.repeat(32)}` }).config;
    expect(tokenEncryptionKeys.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual([KEY_HEX, 'ab'.repeat(32)]);
  });

  it('reads secrets from files, without byte order mark and line end', () => {
    const files: Record<string, string> = { '/run/secrets/cms': '\u{FEFF}from-a-file\r\n' };
    const result = loadConfig(
      { CMS_BASE_URL: 'https://cms.example', OAUTH_CLIENT_ID: 'id', OAUTH_CLIENT_SECRET_FILE: '/run/secrets/cms' },
      (path) => files[path] ?? '',
    );
    expect(result).toMatchObject({ ok: true, config: { oauthClientSecret: 'from-a-file' } });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'http to a CMS elsewhere in production',
      {
        NODE_ENV: 'production',
        CMS_BASE_URL: 'http://cms.example',
        OAUTH_CLIENT_ID: 'i',
        OAUTH_CLIENT_SECRET: 'a-long-secret',
      },
      /^CMS_BASE_URL: http:\/\//,
    ],
    ['the sandbox in production', { NODE_ENV: 'production' }, /^CMS_BASE_URL: not given/],
    ['credentials without a CMS', { OAUTH_CLIENT_ID: 'i' }, /^OAUTH_CLIENT_ID.*no effect/],
    ['no worker at all', { WORKER_INLINE: 'false' }, /^WORKER_INLINE/],
    ['a bucket without its service', { BACKUP_S3_BUCKET: 'backups' }, /^BACKUP_S3_BUCKET: has no effect without/],
    [
      'an identity provider that nobody signs in at',
      { OIDC_ISSUER: 'https://login.example' },
      /^OIDC_ISSUER.*no effect without CMS_SIGN_IN=oidc/,
    ],
    ['a name that only resembles ours', { APP_TIMEOUT: '5' }, /^APP_TIMEOUT.*did you mean API_TIMEOUT/],
  ])('warns of %s', (_, env, warning) => {
    expect(loaded(env).warnings).toEqual([expect.stringMatching(warning)]);
  });

  it('says nothing about http to a CMS on the same machine', () => {
    const env = { CMS_BASE_URL: 'http://localhost:8080', OAUTH_CLIENT_ID: 'i', OAUTH_CLIENT_SECRET: 'a-long-secret' };
    expect(loaded({ ...env, NODE_ENV: 'production' }).warnings).toEqual([]);
  });

  it.each([
    ['the sandbox', {}, 'cms-login'],
    [
      'a CMS',
      { CMS_BASE_URL: 'https://cms.example', OAUTH_CLIENT_ID: 'i', OAUTH_CLIENT_SECRET: 'a-secret' },
      'service',
    ],
    ['what was said', { CMS_SIGN_IN: 'Service' }, 'service'],
  ])('lets people sign in by %s', (_, env, expected) => {
    expect(loaded(env).config.cmsSignIn).toBe(expected);
  });

  it('reads who works as which identity, with secrets from files', () => {
    const people = {
      identities: {
        editors: { clientId: 'id-1', clientSecret: 'secret-1' },
        viewers: { clientId: 'id-2', clientSecretFile: '/run/secrets/viewers' },
      },
      rules: [{ claim: 'groups', equals: 'Web Team', identity: 'editors' }],
      default: 'viewers',
    };
    const { config } = loaded(
      {
        CMS_SIGN_IN: 'oidc',
        PUBLIC_URL: 'https://mcp.example',
        OIDC_ISSUER: 'https://login.example/',
        OIDC_CLIENT_ID: 'mcp',
        OIDC_CLIENT_SECRET: 'oidc-secret',
        CMS_IDENTITIES_FILE: '/etc/people.json',
      },
      { '/etc/people.json': JSON.stringify(people), '/run/secrets/viewers': 'secret-2\n' },
    );
    expect(config.oidcIssuer).toBe('https://login.example/');
    expect(config.cmsIdentities).toEqual({
      identities: {
        editors: { clientId: 'id-1', clientSecret: 'secret-1' },
        viewers: { clientId: 'id-2', clientSecret: 'secret-2' },
      },
      rules: people.rules,
      defaultIdentity: 'viewers',
      requireVerifiedEmail: true,
    });
    expect(secretValuesOf(config)).toEqual(expect.arrayContaining(['secret-1', 'secret-2', 'oidc-secret']));
  });

  it.each([
    'HOSTNAME',
    'HOME',
    'PORTS',
    'POSTS',
    'XDG_DATA_DIRS',
    'CACHE_URL',
    'REDIS_HOST',
    'LOGNAME',
    'OTEL_SERVICE_NAM',
    'npm_config_cache',
  ])('leaves %s to other programs', (name) => {
    expect(loaded({ [name]: 'x' }).warnings).toEqual([]);
  });

  it('leaves a near name to other programs where the right one is given as well', () => {
    expect(loaded({ RATE_LIMIT_RPMS: 'x', RATE_LIMIT_RPM: '5' }).warnings).toEqual([]);
  });
});

function loaded(env: Record<string, string | undefined>, files: Readonly<Record<string, string>> = {}) {
  const result = loadConfig(env, (path) => {
    const text = files[path];
    if (text === undefined) throw new Error('no such file was named');
    return text;
  });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result;
}
