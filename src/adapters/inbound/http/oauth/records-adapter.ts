import { type Adapter, type AdapterFactory, type AdapterPayload, errors, Provider } from 'oidc-provider';
import type { RevocationReason } from '../../../../domain/model/grant.ts';
import type { Json } from '../../../../domain/model/job.ts';
import type { NewOAuthRecord, OAuthRecord, OAuthRecords } from '../../../../domain/ports/oauth-records.ts';
import type { Clock, Digest } from '../../../../domain/ports/system.ts';

export interface RecordsAdapterDeps {
  readonly records: OAuthRecords;
  readonly digest: Digest;
  readonly clock: Clock;
  /** The canonical name of the protected resource. */
  readonly resource: string;
  /** Ends a grant with everything that belongs to it. */
  readonly revokeGrant: (grantId: string, reason: RevocationReason) => Promise<void>;
}

/** Registered clients that nobody has used for this long are forgotten. */
export const clientSeconds = 90 * 24 * 3600;

/** What ends with its grant. An interaction names a grant, too, but belongs to the person who is asked. */
const kindsOfGrant: ReadonlySet<string> = new Set([
  'AccessToken',
  'AuthorizationCode',
  'DeviceCode',
  'Grant',
  'RefreshToken',
]);

/**
 * What oidc-provider keeps, on our records: by hashes of its ids, since those are the tokens, codes and cookies
 * themselves.
 */
export function recordsAdapter(deps: RecordsAdapterDeps): AdapterFactory {
  return (kind) => createAdapter(kind, deps);
}

function createAdapter(kind: string, { records, digest, clock, resource, revokeGrant }: RecordsAdapterDeps): Adapter {
  const hash = (id: string): string => digest.sha256(id);
  return {
    async upsert(id, payload, expiresIn) {
      await records.put(toRecord(kind, id, payload, expiresIn, hash));
    },
    find: async (id) => toPayload(await records.find(kind, hash(id))),
    findByUid: async (uid) => toPayload(await records.findByUid(kind, hash(uid))),
    findByUserCode: async (userCode) => toPayload(await records.findByUserCode(kind, hash(userCode))),
    async consume(id) {
      // The library looks at it only when the code is used up, and then the client could not ask again.
      if (!isOurs(Provider.ctx?.oidc.params?.['resource'], resource)) throw new errors.InvalidTarget();
      if (await records.consume(kind, hash(id), clock.nowMs())) return;
      // The library has looked before, but another process was faster: this is a second use like any other.
      const grantId = (await records.find(kind, hash(id)))?.grantId;
      if (grantId !== undefined) await revokeGrant(grantId, 'reuse');
      throw new errors.InvalidGrant('already used');
    },
    async destroy(id) {
      // The library destroys a grant when it revokes it.
      if (kind === 'Grant') await revokeGrant(id, reasonNow());
      else await records.remove(kind, hash(id));
    },
    revokeByGrantId: (grantId) => revokeGrant(grantId, reasonNow()),
  };
}

/** Whether a request names our resource, with or without a slash at its end, or none. */
export function isOurs(asked: unknown, resource: string): boolean {
  const names: readonly unknown[] = Array.isArray(asked) ? asked : [asked];
  return names.every((name) => name === undefined || name === resource || name === `${resource}/`);
}

/** Why the library ends a grant: the client gave it back, or something was used twice. */
function reasonNow(): RevocationReason {
  return Provider.ctx?.oidc.route === 'revocation' ? 'client' : 'reuse';
}

function toRecord(
  kind: string,
  id: string,
  payload: AdapterPayload,
  expiresIn: number | undefined,
  hash: (id: string) => string,
): NewOAuthRecord {
  const { uid, userCode, grantId = kind === 'Grant' ? id : undefined } = payload;
  const ttlSeconds = kind === 'Client' ? clientSeconds : expiresIn;
  return {
    kind,
    hash: hash(id),
    // Whatever the library hands over survives JSON: its other adapters are databases.
    value: JSON.parse(JSON.stringify(payload)) as Json,
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    ...(grantId !== undefined && kindsOfGrant.has(kind) ? { grantId } : {}),
    ...(uid === undefined ? {} : { uidHash: hash(uid) }),
    ...(userCode === undefined ? {} : { userCodeHash: hash(userCode) }),
  };
}

function toPayload(record: OAuthRecord | undefined): AdapterPayload | undefined {
  if (record === undefined) return undefined;
  // Only `upsert` writes these records, and the library hands over objects.
  const payload = record.value as unknown as AdapterPayload;
  return record.consumedAtMs === undefined ? payload : { ...payload, consumed: Math.floor(record.consumedAtMs / 1000) };
}
