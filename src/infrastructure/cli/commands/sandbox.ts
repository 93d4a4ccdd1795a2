import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { sandboxProgram } from '../../sandbox/sandbox-process.ts';
import type { RunCommand } from '../command.ts';

/** Runs the sandbox CMS alone, until it is stopped. It talks to standard output itself. */
export const sandbox: RunCommand<{ data?: string }> = async ({ config }, options) => {
  const child = spawn(
    process.execPath,
    [
      sandboxProgram(),
      '--port',
      String(config.sandboxPort),
      '--services',
      config.cmsServices,
      ...(options.data === undefined ? [] : ['--data', options.data]),
    ],
    { stdio: 'inherit' },
  );
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGTERM', pass);
  process.on('SIGINT', pass);
  const [code] = await once(child, 'exit');
  process.off('SIGTERM', pass);
  process.off('SIGINT', pass);
  return typeof code === 'number' ? code : 0;
};
