import { expect, it } from 'vitest';
import { loadConfig } from '../../../../src/infrastructure/config/load.ts';
import { printConfig } from '../../../../src/infrastructure/config/print.ts';
import { secretValuesOf } from '../../../../src/infrastructure/config/secrets.ts';

const KEY = Buffer.alloc(32, 0xa7);

it('prints settings by name and of a secret only whether there is one', () => {
  const config = load();
  const printed = printConfig(config);
  expect(printed).toMatchObject({
    PORT: '3000',
    LOG_DIR: '(not set)',
    OAUTH_CLIENT_SECRET: '(set, not shown)',
    REDIS_URL: '(set, not shown)',
    TOKEN_ENCRYPTION_KEY: '(set, not shown)',
  });
  for (const secret of secretValuesOf(config)) expect(JSON.stringify(printed)).not.toContain(secret);
});

it('knows a secret in every form it can take', () => {
  expect(secretValuesOf(load())).toEqual(
    expect.arrayContaining([
      'canary-client-secret',
      'redis://app:canary%21redis@localhost:6379',
      'canary%21redis',
      'canary!redis',
      KEY.toString('hex'),
      KEY.toString('base64url'),
    ]),
  );
});

function load() {
  const env = {
    CMS_BASE_URL: 'https://cms.example',
    OAUTH_CLIENT_ID: 'id',
    OAUTH_CLIENT_SECRET: 'canary-client-secret',
    REDIS_URL: 'redis://app:canary%21redis@localhost:6379',
    TOKEN_ENCRYPTION_KEY: KEY.toString('base64'),
  };
  const result = loadConfig(env, () => '');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}
