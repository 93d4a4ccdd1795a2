import { createIdSource } from '../../src/adapters/outbound/node/id-source.ts';
import { createSealer } from '../../src/adapters/outbound/node/sealer.ts';
import { createSqliteDataKeyStore } from '../../src/adapters/outbound/sqlite/data-key-store.ts';
import { openDatabase } from '../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteOAuthRecords } from '../../src/adapters/outbound/sqlite/oauth-records.ts';
import type { OAuthRecords } from '../../src/domain/ports/oauth-records.ts';
import type { Clock } from '../../src/domain/ports/system.ts';
import { testMasterKey } from './master-key.ts';

/** Records of the authorization server that end with the process, for tests. */
export function createMemoryOAuthRecords(clock: Clock): OAuthRecords {
  const database = openDatabase(':memory:');
  const store = createSqliteDataKeyStore({ database });
  const sealer = createSealer({ masterKeys: [testMasterKey], store, clock, ids: createIdSource() });
  return createSqliteOAuthRecords({ database, sealer, clock });
}
