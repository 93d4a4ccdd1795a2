import type { Scope } from '../../domain/model/principal.ts';
import { withBasis } from '../../domain/policy/access.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { AnyTask } from '../define-task.ts';

/**
 * All scopes that one call of a task needs: those of the task, those of what the call names, and what each is of no use
 * without. The input is as it came: nobody has checked it yet.
 */
export function neededScopes(task: AnyTask, rawInput: unknown, ports: Pick<Ports, 'catalogue' | 'server'>): Scope[] {
  return withBasis([...task.scopes, ...(task.scopesFor?.(rawInput, ports) ?? [])]);
}
