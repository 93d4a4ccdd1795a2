import { randomUUID } from 'node:crypto';
import type { CredentialOwner } from '../../../domain/model/cms-credential.ts';
import { openCredential, resealCredential, sealCredential } from '../../../domain/policy/seal-credential.ts';
import type { CredentialVault } from '../../../domain/ports/credential-vault.ts';
import type { Sealer } from '../../../domain/ports/sealer.ts';
import type { Database, Row } from './database.ts';

/**
 * CMS credentials of grants in the database file: the owner in clear, the credential sealed.
 *
 * Throws `STORAGE_UNAVAILABLE` where the file cannot be used, and what the sealer throws for a text that does not open.
 */
export function createSqliteCredentialVault({ database, sealer }: SqliteCredentialVaultOptions): CredentialVault {
  const rowOf = (grantId: string): Row | undefined =>
    database.get('SELECT * FROM credentials WHERE grant_id = ?', grantId);

  return {
    async put(grantId, owner, credential) {
      const sealed = await sealCredential(sealer, grantId, owner, credential);
      database.run(
        `INSERT INTO credentials (grant_id, subject, client_id, provider, sealed, version) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (grant_id) DO UPDATE SET subject = excluded.subject, client_id = excluded.client_id,
           provider = excluded.provider, sealed = excluded.sealed, version = excluded.version`,
        grantId,
        owner.subject,
        owner.clientId,
        owner.provider,
        sealed,
        randomUUID(),
      );
    },
    async find(grantId) {
      const row = rowOf(grantId);
      if (row === undefined) return undefined;
      const owner = ownerOf(row);
      const credential = await openCredential(sealer, grantId, owner, String(row['sealed']));
      return { owner, credential, version: String(row['version']) };
    },
    async replace(grantId, expectedVersion, next) {
      const row = rowOf(grantId);
      if (row === undefined || row['version'] !== expectedVersion) return false;
      // The owner belongs to the version, so whoever finds the version unchanged has sealed for the right one.
      const sealed = await sealCredential(sealer, grantId, ownerOf(row), next);
      const replaced = database.run(
        'UPDATE credentials SET sealed = ?, version = ? WHERE grant_id = ? AND version = ?',
        sealed,
        randomUUID(),
        grantId,
        expectedVersion,
      );
      return replaced > 0;
    },
    async remove(grantId) {
      database.run('DELETE FROM credentials WHERE grant_id = ?', grantId);
    },
    async reseal() {
      let resealed = 0;
      for (const { grant_id: id } of database.all('SELECT grant_id FROM credentials')) {
        const grantId = String(id);
        const row = rowOf(grantId);
        if (row === undefined) continue;
        const sealed = await resealCredential(sealer, grantId, ownerOf(row), String(row['sealed']));
        if (sealed === undefined) continue;
        // Whoever stored another one meanwhile has sealed it with the current key.
        resealed += database.run(
          'UPDATE credentials SET sealed = ? WHERE grant_id = ? AND sealed = ?',
          sealed,
          grantId,
          String(row['sealed']),
        );
      }
      return resealed;
    },
    close: async () => undefined,
  };
}

export interface SqliteCredentialVaultOptions {
  /** Closed by whoever opened it. */
  readonly database: Database;
  readonly sealer: Sealer;
}

function ownerOf(row: Row): CredentialOwner {
  return {
    subject: String(row['subject']),
    clientId: String(row['client_id']),
    provider: String(row['provider']),
  };
}
