import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectRoot, type Settings } from './harness.ts';

const issueMsMax = 30_000;

/** An access token for the servers with these settings, issued by the command line as an operator does it. */
export async function issueToken(settings: Settings): Promise<string> {
  const scopes = 'cms:read cms:write cms:publish';
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['dist/main.js', 'token', 'issue', '--subject', 'benchmark', '--scopes', scopes],
    { cwd: projectRoot, env: { PATH: process.env['PATH'], ...settings }, timeout: issueMsMax },
  );
  return stdout.trim();
}
