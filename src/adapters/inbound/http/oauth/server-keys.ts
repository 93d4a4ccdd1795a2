import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { JWK } from 'oidc-provider';
import type { OAuthRecords } from '../../../../domain/ports/oauth-records.ts';

/** What the authorization server signs with, in every process the same. */
export interface ServerKeys {
  /** Signs cookies. */
  readonly cookieKey: string;
  /** Signs ID tokens, for clients that ask for one. */
  readonly signingKey: JWK;
}

const kind = 'ServerKeys';
const hash = 'current';
const cookieKeyBytes = 32;

/** Answers the keys; the first process of all makes them. They are stored sealed, like everything else there. */
export async function serverKeys(records: OAuthRecords): Promise<ServerKeys> {
  const stored = await records.find(kind, hash);
  // Only this function writes the record.
  if (stored !== undefined) return stored.value as unknown as ServerKeys;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signingKey = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'signing' };
  await records.create({
    kind,
    hash,
    value: { cookieKey: randomBytes(cookieKeyBytes).toString('base64url'), signingKey },
  });
  // Of several processes that begin at the same time one has created the record.
  return serverKeys(records);
}
