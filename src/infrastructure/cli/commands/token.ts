import { issueAccessToken } from '../../../application/authorization/issue-access-token.ts';
import { listAccessTokens } from '../../../application/authorization/list-access-tokens.ts';
import { revokeAccessToken } from '../../../application/authorization/revoke-access-token.ts';
import { revokeGrants } from '../../../application/identity/revoke-grants.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { AccessTokenRecord } from '../../../domain/model/access-token.ts';
import type { AuditEvent } from '../../../domain/model/audit-event.ts';
import { openContainer } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { exitCodes, type RunCommand } from '../command.ts';

/** Prints the new token alone on standard output, so that a script can take it; what it may do goes to standard error. */
export const tokenIssue: RunCommand<{ subject: string; scopes: string; ttl: string; client: string }> = async (
  { config, logger, resources },
  options,
) => {
  const container = await openContainer({ config, logger, resources });
  try {
    const { token, record } = await issueAccessToken(
      {
        subject: options.subject,
        clientId: options.client,
        scopes: options.scopes.split(/[\s,]+/).filter(Boolean),
        ttlSeconds: seconds(options.ttl),
      },
      {
        tokens: container.get(T.Tokens),
        ids: container.get(T.Ids),
        digest: container.get(T.Digest),
        clock: container.get(T.Clock),
      },
    );
    // Before the token is shown: one that the audit log does not know is in nobody's hands.
    await container.get(T.Audit).append({
      atMs: record.issuedAtMs,
      action: 'token_issue',
      ...actedFor(record),
    });
    process.stdout.write(`${token}\n`);
    process.stderr.write(
      `Token ${record.id} for ${record.subject}: ${record.scopes.join(' ')}, until ${new Date(record.expiresAtMs).toISOString()}. It is shown only once.\n`,
    );
    return exitCodes.ok;
  } catch (error) {
    // What the caller got wrong is told in words; everything else is the command line's last resort.
    if (!(error instanceof DomainError) || error.code !== 'BAD_INPUT') throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodes.usage;
  }
};

export const tokenList: RunCommand<object> = async ({ config, logger, resources }) => {
  const container = await openContainer({ config, logger, resources });
  const rows = await listAccessTokens({ tokens: container.get(T.Tokens), clock: container.get(T.Clock) });
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  for (const row of rows) {
    process.stdout.write(
      `${[row.id, row.state, row.subject, row.clientId, row.scopes.join(' '), `issued ${day(row.issuedAtMs)}`, `expires ${day(row.expiresAtMs)}`].join('\t')}\n`,
    );
  }
  return exitCodes.ok;
};

export const tokenRevoke: RunCommand<{ id: string }> = async ({ config, logger, resources }, { id }) => {
  const container = await openContainer({ config, logger, resources });
  const tokens = container.get(T.Tokens);
  const clock = container.get(T.Clock);
  try {
    await revokeAccessToken(id, { tokens, clock, events: container.get(T.Events) });
    // Whoever signed in with it has given only what was theirs to give.
    await revokeGrants({ sourceTokenId: id }, 'source_revoked', container.get(T.GrantRevoker));
    const record = (await tokens.list()).find((token) => token.id === id);
    if (record !== undefined) {
      await container.get(T.Audit).append({ atMs: clock.nowMs(), action: 'token_revoke', ...actedFor(record) });
    }
  } catch (error) {
    // An unknown id is the caller's mistake, told in words.
    if (!(error instanceof DomainError) || error.code !== 'NOT_FOUND') throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodes.failed;
  }
  process.stderr.write(`Token ${id} is revoked.\n`);
  return exitCodes.ok;
};

/** The operator at the command line did something with a token. */
function actedFor(record: AccessTokenRecord): Omit<AuditEvent, 'atMs' | 'action'> {
  const { subject, clientId, id: tokenId } = record;
  return { subject, clientId, tokenId, by: 'operator', outcome: 'ok', itemIds: [] };
}

/** `45m`, `12h`, `30d` or a number of seconds. */
function seconds(text: string): number {
  const match = /^(\d+)\s*([smhd]?)$/.exec(text.trim());
  if (match === null)
    throw new DomainError('BAD_INPUT', `The lifetime "${text}" is not a time such as 45m, 12h or 30d.`);
  return Number(match[1]) * (units[match[2] ?? ''] ?? 1);
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
