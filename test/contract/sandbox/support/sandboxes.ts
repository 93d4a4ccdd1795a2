import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../sandbox/server.ts';

/** A sandbox of the test's own, with a fast clockwork, ended with the test. */
export async function ownSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ ...options, knobs: { publishTickMs: 5, reportTickMs: 2, ...options.knobs } });
  onTestFinished(() => sandbox.close());
  return sandbox;
}
