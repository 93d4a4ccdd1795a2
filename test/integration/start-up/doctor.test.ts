import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../../sandbox/server.ts';
import { startRedis } from '../../support/redis.ts';
import { runCommand, type ServerProcess, startServer, temporaryFolder } from '../../support/server-process.ts';

/** Reserved for nobody: nothing answers on this port of the loopback address. */
const closedPort = 'http://127.0.0.1:9';

describe('doctor', () => {
  const folder = temporaryFolder();
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0 });
  });
  afterAll(async () => {
    await sandbox.close();
    folder.remove();
  });
  const settings = () => ({
    DATA_DIR: folder.path,
    LOG_LEVEL: 'silent',
    CMS_BASE_URL: sandbox.siteRoot,
    OAUTH_CLIENT_ID: 'sandbox-editor',
    OAUTH_CLIENT_SECRET: 'sandbox-secret-editor',
  });
  const examine = async (changes: Record<string, string>) => {
    const { exitCode, stdout } = await runCommand(['doctor', '--json'], { ...settings(), ...changes });
    const { findings } = JSON.parse(stdout) as {
      findings: { name: string; status: string; says: string; advice?: string }[];
    };
    return { exitCode, of: (name: string) => findings.find((finding) => finding.name === name), findings };
  };

  it('finds an installation well, and tells as whom the CMS sees it and what it can do', async () => {
    const { exitCode, of, findings } = await examine({});
    expect(findings.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(of('sign-in')?.says).toContain('praman');
    expect(of('abilities')?.says).toContain('submitPublish: workflow');
    expect(of('clock')?.status).toBe('ok');
  });

  it('tells apart a CMS that is away and one that refuses, each with advice', async () => {
    const away = await examine({ CMS_BASE_URL: closedPort });
    expect(away.exitCode).toBe(1);
    expect(away.of('CMS')).toMatchObject({ status: 'failed', advice: expect.stringContaining('CMS_BASE_URL') });
    expect(away.of('sign-in')).toMatchObject({ status: 'skipped', says: expect.stringContaining('CMS') });
    const refused = await examine({ OAUTH_CLIENT_SECRET: 'not-the-secret-of-the-editor' });
    expect(refused.exitCode).toBe(1);
    expect(refused.of('CMS')?.status).toBe('ok');
    expect(refused.of('sign-in')).toMatchObject({
      status: 'failed',
      advice: expect.stringContaining('OAUTH_CLIENT_SECRET'),
    });
  });

  it('fails for a storage that is away, and skips what needs it', async () => {
    const { exitCode, of } = await examine({ REDIS_URL: 'redis://:hunter2@127.0.0.1:9' });
    expect(exitCode).toBe(1);
    expect(of('storage')).toMatchObject({ status: 'failed', advice: expect.stringContaining('REDIS_URL') });
    expect(of('storage')?.says).not.toContain('hunter2');
    for (const name of ['storage settings', 'keys', 'sign-in', 'abilities'])
      expect(of(name)).toMatchObject({ status: 'skipped', says: expect.stringContaining('storage') });
  });

  it('fails for a Redis that would throw jobs away', async () => {
    const redis = await startRedis({ arguments: ['--maxmemory-policy', 'allkeys-lru'] });
    onTestFinished(() => redis.close());
    const { exitCode, of } = await examine({ REDIS_URL: redis.url });
    expect(exitCode).toBe(1);
    expect(of('storage')?.status).toBe('ok');
    expect(of('storage settings')).toMatchObject({
      status: 'failed',
      says: expect.stringContaining('allkeys-lru'),
      advice: expect.stringContaining('noeviction'),
    });
  });

  it('fails for a key that does not open what is stored', async () => {
    expect((await examine({})).of('keys')?.says).toContain('token-encryption.key in DATA_DIR');
    const other = await examine({ TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('base64') });
    expect(other.exitCode).toBe(1);
    expect(other.of('keys')).toMatchObject({
      status: 'failed',
      says: expect.stringContaining('sealed with another key'),
      advice: expect.stringContaining('key'),
    });
  });

  it('fails for clocks that differ', async () => {
    // Ten minutes behind; everything else it says is the CMS's own.
    const late = createServer((_request, response) => {
      response.writeHead(404, { date: new Date(Date.now() - 600_000).toUTCString() }).end();
    });
    late.listen(0, '127.0.0.1');
    await once(late, 'listening');
    onTestFinished(() => void late.close());
    const { port } = late.address() as AddressInfo;
    const { exitCode, of } = await examine({ CMS_BASE_URL: `http://127.0.0.1:${port}` });
    expect(exitCode).toBe(1);
    expect(of('clock')).toMatchObject({
      status: 'failed',
      says: expect.stringMatching(/by (599|60\d) s$/),
      advice: expect.stringContaining('chrony'),
    });
  });

  it('warns of settings that can be used and should not be', async () => {
    const { exitCode, of } = await examine({ OIDC_CLIENT_ID: 'nobody-asks' });
    expect(exitCode).toBe(0);
    expect(of('configuration')).toMatchObject({
      status: 'warning',
      says: expect.stringContaining('OIDC_CLIENT_ID'),
      advice: expect.stringContaining('configuration.md'),
    });
  });

  it('warns of a public site of no target, and of one that nobody reaches, without failing', async () => {
    const live = `${sandbox.siteRoot}/live/production`;
    const well = await examine({ PUBLIC_SITE_URLS: `Production=${live}` });
    expect(well.of('public sites')).toMatchObject({ status: 'ok', says: expect.stringContaining('1 belongs') });
    const { exitCode, of } = await examine({ PUBLIC_SITE_URLS: `Prodution=${live},Production=${closedPort}` });
    expect(exitCode).toBe(0);
    expect(of('public sites')).toMatchObject({
      status: 'warning',
      says: `no target of the CMS is called "prodution"; nobody is seen at ${closedPort} (no_connection)`,
      advice: expect.stringContaining('PUBLIC_SITE_URLS'),
    });
  });

  it('warns of a collector that is away without failing', async () => {
    const { exitCode, of } = await examine({ OTEL_EXPORTER_OTLP_ENDPOINT: closedPort });
    expect(exitCode).toBe(0);
    expect(of('telemetry')).toMatchObject({
      status: 'warning',
      advice: expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT'),
    });
  });

  it('prints lines for people, and never a secret', async () => {
    const { stdout } = await runCommand(['doctor'], { ...settings(), LOG_LEVEL: 'debug' });
    expect(stdout).toContain('✓ storage');
    expect(stdout).toMatch(/\d+ ok, 0 warnings, 0 failed/);
    expect(stdout).not.toContain('sandbox-secret-editor');
  });

  describe('--ready', () => {
    let server: ServerProcess;
    beforeAll(async () => {
      server = await startServer({ ...settings(), LOG_LEVEL: 'info' });
    });
    afterAll(() => server.close());

    it('asks the server on this machine, and fails when none answers', async () => {
      const port = new URL(server.url).port;
      const ready = await runCommand(['doctor', '--ready'], { ...settings(), PORT: port });
      expect(ready.exitCode).toBe(0);
      expect(JSON.parse(ready.stdout)).toMatchObject({ status: 'healthy' });
      const nobody = await runCommand(['doctor', '--ready'], { ...settings(), PORT: '9' });
      expect(nobody.exitCode).toBe(1);
    });
  });
});
