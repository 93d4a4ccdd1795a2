import { describe, expect, it } from 'vitest';
import { settingEntries } from '../../../../src/infrastructure/config/secrets.ts';
import { readModules } from '../../../support/source-tree.ts';

/** The names that are promised to operators; none may go. */
const promised = [
  ...['NODE_ENV', 'CMS_BASE_URL', 'OAUTH_CLIENT_ID', 'OAUTH_CLIENT_SECRET', 'OAUTH_REDIRECT_URI', 'LOG_LEVEL'],
  ...['API_TIMEOUT', 'RATE_LIMIT_RPM', 'PORT', 'HOST', 'CACHE_TTL', 'CACHE_MAX_SIZE', 'MAX_RETRIES', 'PUBLIC_URL'],
  ...['REDIS_URL', 'DATA_DIR', 'TOKEN_ENCRYPTION_KEY', 'METRICS_PORT', 'METRICS_HOST', 'CMS_SIGN_IN', 'CMS_SERVICES'],
  ...['OPERATIONS_ALLOW', 'ALLOWED_HOSTS', 'ALLOWED_ORIGINS', 'TRUST_PROXY', 'WORKER_INLINE', 'BACKUP_DIR', 'LOG_DIR'],
  ...[
    'SANDBOX_PORT',
    'OTEL_SERVICE_NAME',
    'OIDC_ISSUER',
    'OIDC_CLIENT_ID',
    'OIDC_CLIENT_SECRET',
    'CMS_IDENTITIES_FILE',
  ],
];

describe('the table of settings', () => {
  it('holds every promised name', () => {
    expect(settingEntries().map(([name]) => name)).toEqual(expect.arrayContaining(promised));
  });

  it('holds no setting that no other part of the product reads', () => {
    const readers = readModules('src').filter(
      // The file of identities is read with the configuration: the rest of the product gets what it holds.
      ({ path }) => !path.startsWith('src/infrastructure/config/') || path.endsWith('/cms-identities.ts'),
    );
    expect(readers.length).toBeGreaterThan(50);
    const isRead = (key: string): boolean => readers.some(({ text }) => new RegExp(`\\b${key}\\b`).test(text));
    const unread = settingEntries().filter(([, { key }]) => key !== undefined && !isRead(key));
    expect(unread.map(([name]) => name)).toEqual([]);
  });

  it.each(settingEntries())(
    '%s tells its default, what is expected, and an example unless it is secret',
    (_, setting) => {
      expect(setting.description).toMatch(/^[A-Z].*[.\w]$/);
      expect(setting.value.description).toBeTruthy();
      expect(Number('default' in setting) + Number('derived' in setting)).toBe(1);
      if (setting.default !== undefined) expect(setting.value.safeParse(setting.default).success).toBe(true);
      if (setting.secret) expect(setting.example).toBeUndefined();
      else expect(setting.value.safeParse(setting.example).success).toBe(true);
    },
  );
});
