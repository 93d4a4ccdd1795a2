import { DomainError } from '../../domain/errors.ts';
import type { LockdownSwitch } from '../../domain/ports/lockdown-switch.ts';

/**
 * Refuses what would change the CMS while the server is locked down. The switch is asked each time, so that it holds in
 * every process at once; where it cannot be asked, its own error stops the write.
 *
 * @throws DomainError LOCKED_DOWN
 */
export async function refuseLockdown(lockdown: Pick<LockdownSwitch, 'get'>): Promise<void> {
  const locked = await lockdown.get();
  if (locked === undefined) return;
  throw new DomainError(
    'LOCKED_DOWN',
    'The operator has made this server read-only for everyone. Nothing was changed; tell the user. Reading still works.',
    { details: { since: new Date(locked.sinceMs).toISOString(), reason: locked.reason } },
  );
}
