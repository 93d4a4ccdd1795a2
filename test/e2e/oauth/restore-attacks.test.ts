import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { openOAuthClient } from '../../support/oauth-client.ts';
import { createPerson } from '../../support/person.ts';
import { modernRequest, rawHttp } from '../../support/raw-http.ts';
import { runCommand, type Settings, startServer, temporaryFolder } from '../../support/server-process.ts';
import { expectAudited } from './attacks.ts';

/** Whoever brings an old backup back, or makes an operator do it, brings no access back that was taken away. */
describe.each(['embedded', 'redis'] as const)('a backup on %s does not bring back', (storage) => {
  let deployment: Deployment;
  let settings: Settings;
  let folder: ReturnType<typeof temporaryFolder>;

  beforeAll(async () => {
    folder = temporaryFolder();
    deployment = await openDeployment(storage, {
      CMS_SIGN_IN: 'cms-login',
      BACKUP_DIR: join(folder.path, 'backups'),
    });
    ({ settings } = deployment);
  });
  afterAll(async () => {
    await deployment?.close();
    folder?.remove();
  });

  const command = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await runCommand(args, settings);
    expect([args[0], exitCode], stderr).toEqual([args[0], 0]);
    return stdout;
  };
  const status = async (url: string, token: string) =>
    (await rawHttp(new URL('/mcp', url), modernRequest(token, 'tools/list'))).status;

  it('a grant that was revoked after the backup (83), and the others it does', async () => {
    const connect = async () => {
      const client = await openOAuthClient(deployment.url);
      const person = createPerson({ username: 'praman', password: 'sandbox-editor-pass' });
      return { client, tokens: await client.connect(person, { scope: 'cms:read' }) };
    };
    const [revoked, kept] = [await connect(), await connect()];
    expect(await status(deployment.url, revoked.tokens.access_token)).toBe(200);
    await command('backup');
    await command('grants', 'revoke', '--client', revoked.client.clientId);
    expect(await status(deployment.url, revoked.tokens.access_token)).toBe(401);

    await deployment.worker?.close();
    await deployment.server.close();
    const [newest = ''] = /\S+\.\S+/.exec(await command('backup', 'list')) ?? [];
    await command('restore', newest, '--replace', '--yes');
    // The address of the first server is part of its tokens.
    const server = await startServer({ ...settings, PORT: new URL(deployment.url).port });
    try {
      expect(await status(server.url, revoked.tokens.access_token)).toBe(401);
      await expect(revoked.client.refresh(revoked.tokens.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      });
      expect(await status(server.url, kept.tokens.access_token)).toBe(200);
      expect(await kept.client.refresh(kept.tokens.refresh_token ?? '')).toHaveProperty('access_token');
      await expectAudited(settings, 'e2e/oauth/restore-attacks.test.ts');
    } finally {
      await server.close();
    }
  });
});
