import type { CommandContext } from './context.ts';

/** Exit codes, after sysexits where one fits. */
export const exitCodes = { ok: 0, failed: 1, usage: 64, configuration: 78 } as const;

/** A command answers its exit code. What it prints for the caller goes to standard output, all else to the log. */
export type RunCommand<Options> = (context: CommandContext, options: Options) => Promise<number>;
