#!/usr/bin/env node
// The entry. It only checks that this Node can run the rest, because an old one fails at the first import with an
// error that helps nobody; then it hands the command line over.
const needed = [24, 11] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `ingeniux-cms-mcp needs Node ${needed.join('.')} or newer, and this is ${process.versions.node}. In a checkout, "npm start" brings the right one along.\n`,
  );
  // As for settings that cannot be used: trying again would not help.
  process.exit(78);
}
const { runCommandLine } = await import('./infrastructure/cli/program.ts');
const { flushOutput, letReaderGo } = await import('./infrastructure/cli/flush-output.ts');
letReaderGo();
const exitCode = await runCommandLine(process.argv.slice(2));
await flushOutput();
process.exit(exitCode);
