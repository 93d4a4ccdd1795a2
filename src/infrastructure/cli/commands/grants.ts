import { listGrants } from '../../../application/identity/list-grants.ts';
import { revokeGrants } from '../../../application/identity/revoke-grants.ts';
import type { Wired } from '../../di/container.ts';
import { openContainer } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { exitCodes, type RunCommand } from '../command.ts';

export const grantsList: RunCommand<{ user?: string; client?: string }> = async (
  { config, logger, resources },
  { user, client },
) => {
  const container = await openContainer({ config, logger, resources });
  const grants = await listGrants(
    { ...(user === undefined ? {} : { subject: user }), ...(client === undefined ? {} : { clientId: client }) },
    { grants: container.get(T.Grants) },
  );
  const minute = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  for (const grant of grants) {
    const row = [
      grant.id,
      grant.subject,
      visible(grant.clientName),
      visible(grant.clientId),
      grant.scopes.join(' '),
      grant.readOnly ? 'read only' : 'read and write',
      `granted ${minute(grant.createdAtMs)}`,
      `used ${minute(grant.lastUsedAtMs)}`,
    ];
    process.stdout.write(`${row.join('\t')}\n`);
  }
  return exitCodes.ok;
};

export interface RevokeChoice {
  readonly id?: string;
  readonly user?: string;
  readonly client?: string;
  readonly all?: boolean;
}

/** Ends one grant, all of a user, all of a client, or every one; at once, in every process. */
export const grantsRevoke: RunCommand<RevokeChoice> = async ({ config, logger, resources }, choice) => {
  const { id, user, client, all } = choice;
  if ([id, user, client, all].filter((given) => given !== undefined).length !== 1) {
    process.stderr.write('Give one of --id, --user, --client and --all.\n');
    return exitCodes.usage;
  }
  const container = await openContainer({ config, logger, resources });
  const count = id === undefined ? await revokeMany(choice, container) : await revokeOne(id, container);
  process.stderr.write(count === 0 ? 'No grant fits; nothing was revoked.\n' : `Revoked: ${count}.\n`);
  return count === 0 ? exitCodes.failed : exitCodes.ok;
};

async function revokeOne(id: string, container: Wired): Promise<number> {
  const grant = await container.get(T.Grants).find(id);
  if (grant === undefined) return 0;
  await container.get(T.GrantRevoker).revoke(id, 'operator');
  return 1;
}

function revokeMany({ user, client }: RevokeChoice, container: Wired): Promise<number> {
  const filter = {
    ...(user === undefined ? {} : { subject: user }),
    ...(client === undefined ? {} : { clientId: client }),
  };
  return revokeGrants(filter, 'operator', container.get(T.GrantRevoker));
}

/** Whatever a client calls itself stays in its column. */
function visible(text: string): string {
  return text.replace(/\p{C}/gu, '�');
}
