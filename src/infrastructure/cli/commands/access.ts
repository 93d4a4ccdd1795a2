import { type AccessRow, reviewAccess } from '../../../application/identity/review-access.ts';
import { openContainer } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { exitCodes, type RunCommand } from '../command.ts';
import { printTable } from '../table.ts';

/** Who is let in, for whom, how far, and whether it is used. */
export const accessReview: RunCommand<{ user?: string; client?: string; json?: boolean }> = async (
  { config, logger, resources },
  { user, client, json },
) => {
  const container = await openContainer({ config, logger, resources });
  const rows = await reviewAccess(
    { ...(user === undefined ? {} : { subject: user }), ...(client === undefined ? {} : { clientId: client }) },
    {
      grants: container.get(T.Grants),
      tokens: container.get(T.Tokens),
      audit: container.get(T.Audit),
      clock: container.get(T.Clock),
    },
  );
  if (json === true) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
  else if (rows.length > 0) process.stdout.write(printTable(rows.map(toLine)));
  if (rows.length === 0) process.stderr.write('Nobody is let in.\n');
  return exitCodes.ok;
};

function toLine(row: AccessRow): Record<string, string> {
  return {
    user: visible(row.subject),
    client: visible(row.clientName === undefined ? row.clientId : `${row.clientName} (${row.clientId})`),
    scopes: row.scopes.join(' '),
    writes: row.readOnly ? 'no' : 'yes',
    grants: String(row.grantIds.length),
    tokens: String(row.tokenIds.length),
    since: day(row.sinceMs),
    ends: row.endsMs === undefined ? 'when revoked' : day(row.endsMs),
    'last used': row.lastUsedMs === undefined ? 'never' : day(row.lastUsedMs),
  };
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Whatever a client calls itself stays in its column. */
const visible = (text: string): string => text.replace(/\p{C}/gu, '�');
