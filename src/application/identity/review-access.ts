import type { Grant } from '../../domain/model/grant.ts';
import { type Scope, scopes } from '../../domain/model/principal.ts';
import type { AuditLog } from '../../domain/ports/audit-log.ts';
import type { GrantFilter, GrantStore } from '../../domain/ports/grant-store.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { TokenStore } from '../../domain/ports/token-store.ts';
import { type AccessTokenView, listAccessTokens } from '../authorization/list-access-tokens.ts';
import { listGrants } from './list-grants.ts';

/** What one client can do for one person today. */
export interface AccessRow {
  readonly subject: string;
  readonly clientId: string;
  /** What the client calls itself, where a person let it in: nobody has checked it. */
  readonly clientName?: string;
  /** Everything that the grants and tokens allow together. */
  readonly scopes: readonly Scope[];
  /** True where it cannot change anything: each grant is read-only, and no token has a scope beyond reading. */
  readonly readOnly: boolean;
  readonly grantIds: readonly string[];
  readonly tokenIds: readonly string[];
  /** Since when it has been let in, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** When the last of it ends by itself; absent where a grant stands, which a person or an operator ends. */
  readonly endsMs?: number;
  /** When tokens were last issued for a grant, or something was last kept of it in the audit log; absent for never. */
  readonly lastUsedMs?: number;
}

export interface ReviewPorts {
  readonly grants: GrantStore;
  readonly tokens: TokenStore;
  readonly audit: Pick<AuditLog, 'list'>;
  readonly clock: Clock;
}

/** Who is let in, one row for each person and client, by name: the list that an access review goes through. */
export async function reviewAccess(
  filter: Pick<GrantFilter, 'subject' | 'clientId'>,
  ports: ReviewPorts,
): Promise<readonly AccessRow[]> {
  const grants = await listGrants(filter, ports);
  const tokens = (await listAccessTokens(ports)).filter(
    ({ state, subject, clientId }) =>
      state === 'active' && (filter.subject ?? subject) === subject && (filter.clientId ?? clientId) === clientId,
  );
  const pairs = new Map<string, Pair>();
  const pairOf = ({ subject, clientId }: { readonly subject: string; readonly clientId: string }): Pair => {
    const key = JSON.stringify([subject, clientId]);
    const pair = pairs.get(key) ?? { subject, clientId, grants: [], tokens: [] };
    pairs.set(key, pair);
    return pair;
  };
  for (const grant of grants) pairOf(grant).grants.push(grant);
  for (const token of tokens) pairOf(token).tokens.push(token);
  const rows: AccessRow[] = [];
  for (const key of [...pairs.keys()].sort()) {
    const pair = pairs.get(key);
    if (pair !== undefined) rows.push(rowOf(pair, await lastActMs(pair, ports.audit)));
  }
  return rows;
}

interface Pair {
  readonly subject: string;
  readonly clientId: string;
  readonly grants: Grant[];
  readonly tokens: AccessTokenView[];
}

function rowOf({ subject, clientId, grants, tokens }: Pair, lastAct: number | undefined): AccessRow {
  const allowed = new Set([...grants, ...tokens].flatMap((given) => given.scopes));
  const used = [...grants.map(({ lastUsedAtMs }) => lastUsedAtMs), ...(lastAct === undefined ? [] : [lastAct])];
  const clientName = grants[0]?.clientName;
  return {
    subject,
    clientId,
    ...(clientName === undefined ? {} : { clientName }),
    scopes: scopes.filter((scope) => allowed.has(scope)),
    readOnly: grants.every(({ readOnly }) => readOnly) && tokens.every((token) => token.scopes.every(isReading)),
    grantIds: grants.map(({ id }) => id),
    tokenIds: tokens.map(({ id }) => id),
    sinceMs: Math.min(...grants.map(({ createdAtMs }) => createdAtMs), ...tokens.map(({ issuedAtMs }) => issuedAtMs)),
    ...(grants.length > 0 ? {} : { endsMs: Math.max(...tokens.map(({ expiresAtMs }) => expiresAtMs)) }),
    ...(used.length === 0 ? {} : { lastUsedMs: Math.max(...used) }),
  };
}

const isReading = (scope: Scope): boolean => scope === 'cms:read';

/** When the audit log last kept something that the client did for the person. */
async function lastActMs({ subject, clientId }: Pair, audit: ReviewPorts['audit']): Promise<number | undefined> {
  let before: number | undefined;
  do {
    const page = await audit.list({
      filter: { subject, clientId },
      limit: pageSize,
      ...(before === undefined ? {} : { before }),
    });
    // What an operator did about it is no use of it.
    const act = page.records.find(({ by }) => by !== 'operator');
    if (act !== undefined) return act.atMs;
    before = page.nextBefore;
  } while (before !== undefined);
  return undefined;
}

const pageSize = 100;
