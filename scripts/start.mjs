// npm start: brings a fresh checkout to the point where the server runs, then runs it. Readable by old Nodes.
//   npm start [-- options of serve]
//   npm start -- <another command> [its options], such as: npm --silent start -- stdio
import { join } from 'node:path';
import { ensureBuilt, isBuilt } from './build.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { root, runNode, tell } from './run.mjs';

process.exitCode = await tell(async () => {
  await ensureInstalled({ dev: !isBuilt() });
  await ensureBuilt();
  const args = process.argv.slice(2);
  const isCommand = args[0] !== undefined && !args[0].startsWith('-');
  return runNode([join(root, 'dist', 'main.js'), ...(isCommand ? args : ['serve', '--print-clients', ...args])]);
});
