import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteLockdownSwitch } from '../../src/adapters/outbound/sqlite/lockdown-switch.ts';
import type { LockdownSwitch } from '../../src/domain/ports/lockdown-switch.ts';

/** A switch of its own, which nobody has turned. */
export function openLockdown(): LockdownSwitch {
  return createSqliteLockdownSwitch({ database: openDatabase(':memory:') });
}
