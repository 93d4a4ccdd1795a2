import type { RunTask } from '../../../application/pipeline/run-task.ts';
import type { ServerFacts } from '../../../domain/ports/index.ts';
import type { LockdownSwitch } from '../../../domain/ports/lockdown-switch.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import type { Registry } from './registry.ts';
import type { WatchOperation } from './watch-operation.ts';

/** What every MCP server of this process is made with. */
export interface McpDeps {
  readonly registry: Registry;
  readonly runTask: RunTask;
  /** Asked for each list: what would be refused anyway is not offered. */
  readonly lockdown: Pick<LockdownSwitch, 'get'>;
  readonly server: ServerFacts;
  readonly clock: Clock;
  /** Told of defects: things that no caller should be able to cause. */
  readonly onProblem: (error: unknown, requestId?: string) => void;
  /** Told of what the protocol layer refused or could not deliver: a caller's mistake or a lost connection. */
  readonly onRefusal: (error: Error) => void;
  /** Runs each request within what watches it; just runs it when absent. */
  readonly watch?: WatchOperation;
}

/** `modern` is revision 2026-07-28, stateless; `legacy` is 2025-11-25 and before, with sessions. */
export type Era = 'modern' | 'legacy';
