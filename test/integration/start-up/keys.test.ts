import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../../sandbox/server.ts';
import { startRedis } from '../../support/redis.ts';
import { runCommand, startServer, temporaryFolder } from '../../support/server-process.ts';

const keyFile = 'token-encryption.key';

/** A production server on Redis, with tokens of the operator as the sign-in: what is given is needed, no more. */
describe('production on Redis without TOKEN_ENCRYPTION_KEY', () => {
  it('starts with a warning and a key of its own folder; a process with another folder stops and says why', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const sandbox = await startSandbox({ port: 0 });
    onTestFinished(() => sandbox.close());
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    onTestFinished(one.remove);
    onTestFinished(other.remove);
    const settings = {
      NODE_ENV: 'production',
      CMS_BASE_URL: sandbox.siteRoot,
      OAUTH_CLIENT_ID: 'sandbox-editor',
      OAUTH_CLIENT_SECRET: 'sandbox-secret-editor',
      REDIS_URL: redis.url,
      HOST: '127.0.0.1',
      PORT: '0',
    };
    const first = await startServer({ ...settings, DATA_DIR: one.path });
    onTestFinished(() => first.close());
    const said = [...first.stdout, ...first.stderr].join('\n');
    expect(said).toContain('TOKEN_ENCRYPTION_KEY: not given');
    expect(statSync(join(one.path, keyFile)).mode & 0o777).toBe(0o600);

    const stopped = await runCommand(['serve'], { ...settings, DATA_DIR: other.path });
    expect(stopped.exitCode).not.toBe(0);
    expect(`${stopped.stdout}${stopped.stderr}`).toContain('TOKEN_ENCRYPTION_KEY does not open what is stored');
    expect(existsSync(join(other.path, keyFile))).toBe(true);

    const beside = await startServer({ ...settings, DATA_DIR: one.path });
    onTestFinished(() => beside.close());
    expect((await fetch(`${beside.url}/health/live`)).status).toBe(200);
  });
});
