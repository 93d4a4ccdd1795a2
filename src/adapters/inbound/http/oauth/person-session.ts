import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '../../../../domain/model/job.ts';
import type { ExpiringRecords } from '../../../../domain/ports/expiring-records.ts';
import type { Digest, IdSource } from '../../../../domain/ports/system.ts';
import type { Cookies } from './cookies.ts';
import { csrfTokenOf, isSame } from './csrf.ts';

/** Who is signed in on the pages about their grants. It is no credential for anything else. */
export interface SignedInPerson {
  readonly subject: string;
  readonly displayName: string;
  readonly csrfToken: string;
  /** How many grants were revoked by the request before this one. */
  readonly revoked?: number;
}

export interface PersonSessionDeps {
  readonly records: Pick<ExpiringRecords, 'get' | 'replace' | 'remove'>;
  readonly ids: Pick<IdSource, 'secret'>;
  readonly digest: Digest;
  readonly cookies: Cookies;
}

export interface PersonSessions {
  start(response: ServerResponse, person: Pick<SignedInPerson, 'subject' | 'displayName'>): Promise<void>;
  find(request: IncomingMessage): Promise<SignedInPerson | undefined>;
  /** Whether a form came with the token of this session. */
  accepts(person: SignedInPerson, csrfToken: string | null): boolean;
  /** Keeps for the next page how many grants were revoked; absent forgets it. */
  remember(request: IncomingMessage, revoked?: number): Promise<void>;
  end(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** A person looks and revokes within minutes; who comes back later signs in again. In seconds. */
const sessionSecondsMax = 900;

const cookieName = 'igx-person';

export function createPersonSessions({ records, ids, digest, cookies }: PersonSessionDeps): PersonSessions {
  const key = (secret: string): string => `person-session:${digest.sha256(secret)}`;

  const read = async (request: IncomingMessage): Promise<[secret: string, kept: Kept] | undefined> => {
    const secret = cookies.read(request, cookieName);
    if (secret === undefined) return undefined;
    const kept = await records.get(key(secret));
    return isKept(kept) ? [secret, kept] : undefined;
  };

  return {
    start: async (response, { subject, displayName }) => {
      const secret = ids.secret('person');
      await records.replace(key(secret), { subject, displayName }, sessionSecondsMax);
      cookies.write(response, cookieName, secret, sessionSecondsMax);
    },
    find: async (request) => {
      const found = await read(request);
      if (found === undefined) return undefined;
      const [secret, kept] = found;
      return { ...kept, csrfToken: csrfTokenOf(secret, 'person') };
    },
    accepts: (person, csrfToken) => csrfToken !== null && isSame(csrfToken, person.csrfToken),
    remember: async (request, revoked) => {
      const found = await read(request);
      if (found === undefined) return;
      const [secret, { subject, displayName }] = found;
      const kept = { subject, displayName, ...(revoked === undefined ? {} : { revoked }) };
      await records.replace(key(secret), kept, sessionSecondsMax);
    },
    end: async (request, response) => {
      const secret = cookies.read(request, cookieName);
      if (secret !== undefined) await records.remove(key(secret));
      cookies.remove(response, cookieName);
    },
  };
}

type Kept = Omit<SignedInPerson, 'csrfToken'>;

function isKept(value: Json | undefined): value is Kept & { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && 'subject' in value && 'displayName' in value;
}
