import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { freePort } from '../../support/free-port.ts';
import { createPerson } from '../../support/person.ts';
import { temporaryFolder } from '../../support/server-process.ts';

const program = fileURLToPath(
  new URL('../../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url),
);
const waitMsMax = 90_000;

/** The MCP Inspector's command line: a client of other people's, which signs in over OAuth by itself. */
describe('the Inspector', () => {
  let deployment: Deployment;
  let folder: ReturnType<typeof temporaryFolder>;
  let callbackUrl: string;
  const person = createPerson({ username: 'praman', password: 'sandbox-editor-pass' });

  beforeAll(async () => {
    deployment = await openDeployment('embedded', { CMS_SIGN_IN: 'cms-login' });
    folder = temporaryFolder();
    callbackUrl = `http://127.0.0.1:${await freePort()}/oauth/callback`;
  });
  afterAll(async () => {
    await deployment?.close();
    folder?.remove();
  });

  /** Runs it; where it prints an address to sign in at, a person does that, and their browser calls it back. */
  const run = async (...args: string[]) => {
    const child = spawn(
      process.execPath,
      [
        program,
        '--cli',
        '--server-url',
        deployment.mcpUrl,
        '--transport',
        'http',
        '--callback-url',
        callbackUrl,
        ...args,
      ],
      {
        cwd: folder.path,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: waitMsMax,
        env: {
          PATH: process.env['PATH'],
          HOME: folder.path,
          MCP_STORAGE_DIR: join(folder.path, 'storage'),
          MCP_INSPECTOR_SECRET_STORE: 'file',
          // Without a terminal it takes this for the word that somebody is there to sign in.
          MCP_AUTO_OPEN_ENABLED: 'true',
        },
      },
    );
    let [stdout, stderr] = ['', ''];
    const asked = new Set<string>();
    const look = async () => {
      for (const [address] of `${stdout}\n${stderr}`.matchAll(/http:\/\/\S+\/oauth\/authorize\?\S+(?=\s)/g)) {
        if (asked.has(address)) continue;
        asked.add(address);
        const back = await person.authorize(address);
        await (await fetch(back)).text();
      }
    };
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      void look();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      void look();
    });
    const [exitCode] = await once(child, 'close');
    return {
      exitCode,
      stdout,
      stderr,
      scopes: [...asked].map((address) => new URL(address).searchParams.get('scope')),
    };
  };

  it('signs in, and calls a tool with the rights of the person', async () => {
    const answer = await run('--method', 'tools/call', '--tool-name', 'get_context', '--format', 'json');
    expect(answer, answer.stderr).toMatchObject({ exitCode: 0, scopes: [expect.stringContaining('cms:read')] });
    expect(answer.stdout).toContain('Priya Raman');
  });

  it.each(['legacy', 'modern'])('goes on with what it was given, in the %s era', async (era) => {
    const answer = await run('--use-stored-auth', '--protocol-era', era, '--method', 'tools/list', '--format', 'json');
    expect(answer, answer.stderr).toMatchObject({ exitCode: 0, scopes: [] });
    expect(answer.stdout).toContain('get_content');
  });

  it('writes, as far as the person lets it', async () => {
    const call = ['--method', 'tools/call', '--tool-name', 'check_in_content', '--tool-arg', 'items=["/Nowhere"]'];
    const answer = await run('--use-stored-auth', ...call, '--format', 'json');
    expect(answer.stdout + answer.stderr).toContain('NOT_FOUND');
  });
});
