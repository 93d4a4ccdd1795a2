import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSeconds, recordsAdapter } from '../../../src/adapters/inbound/http/oauth/records-adapter.ts';
import { createDigest } from '../../../src/adapters/outbound/node/digest.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { createSealer } from '../../../src/adapters/outbound/node/sealer.ts';
import { createSqliteDataKeyStore } from '../../../src/adapters/outbound/sqlite/data-key-store.ts';
import { type Database, openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import { createSqliteOAuthRecords } from '../../../src/adapters/outbound/sqlite/oauth-records.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { testMasterKey } from '../../support/master-key.ts';
import { temporaryFolder } from '../../support/server-process.ts';

describe('a client that registered itself', () => {
  const folder = temporaryFolder();
  const clock = createFakeClock();
  let database: Database;
  beforeAll(() => {
    database = openDatabase(join(folder.path, 'server.db'));
  });
  afterAll(() => {
    database.close();
    folder.remove();
  });

  it('is forgotten after 90 days without use, although it is never told to expire; its use renews them', async () => {
    const sealer = createSealer({
      masterKeys: [testMasterKey],
      store: createSqliteDataKeyStore({ database }),
      clock,
      ids: createIdSource(),
    });
    const clients = recordsAdapter({
      records: createSqliteOAuthRecords({ database, clock, sealer }),
      digest: createDigest(),
      clock,
      resource: 'https://mcp.example.edu/mcp',
      revokeGrant: async () => undefined,
    })('Client');
    const metadata = { client_id: 'dcr-1', client_name: 'An agent', redirect_uris: ['http://127.0.0.1/callback'] };
    const dayMs = 86_400_000;
    expect(clientSeconds * 1000).toBe(90 * dayMs);

    await clients.upsert('dcr-1', metadata, 0);
    clock.advance(89 * dayMs);
    expect(await clients.find('dcr-1')).toMatchObject({ client_name: 'An agent' });
    // What the server does whenever the client is used.
    await clients.upsert('dcr-1', metadata, 0);
    clock.advance(89 * dayMs);
    expect(await clients.find('dcr-1')).toMatchObject({ client_name: 'An agent' });
    clock.advance(2 * dayMs);
    expect(await clients.find('dcr-1')).toBeUndefined();
  });
});
