// npm start: brings a fresh checkout to the point where the server runs, then runs it. Readable by old Nodes.
import { join } from 'node:path';
import { ensureBuilt, isBuilt } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { root, runNode, tell } from './run.mjs';

process.exitCode = await tell(async () => {
  await ensureInstalled({ dev: !isBuilt() });
  await ensureBuilt();
  return runNode([join(root, 'dist', 'main.js'), 'serve', '--print-clients', ...process.argv.slice(2)]);
});
