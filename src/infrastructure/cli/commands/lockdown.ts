import { openContainer } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { exitCodes, type RunCommand } from '../command.ts';

/** Enough for a sentence and the number of a ticket. */
const reasonCharactersMax = 300;

/** Makes every process read-only with its next call. */
export const lockdownOn: RunCommand<{ reason: string }> = async ({ config, logger, resources }, { reason }) => {
  const said = reason.replace(/\p{C}/gu, ' ').trim();
  if (said === '' || said.length > reasonCharactersMax) {
    process.stderr.write(`--reason must be a text of at most ${reasonCharactersMax} characters.\n`);
    return exitCodes.usage;
  }
  const container = await openContainer({ config, logger, resources });
  const sinceMs = container.get(T.Clock).nowMs();
  // The switch first: while an incident lasts, stopping writes matters more than the record of it.
  await container.get(T.Lockdown).set({ sinceMs, reason: said });
  await record(container, 'on', sinceMs);
  process.stderr.write('Locked down: nothing is written to the CMS any more. "lockdown off" lifts it.\n');
  return exitCodes.ok;
};

/** Lets writes through again. */
export const lockdownOff: RunCommand<object> = async ({ config, logger, resources }) => {
  const container = await openContainer({ config, logger, resources });
  const lockdown = container.get(T.Lockdown);
  if ((await lockdown.get()) === undefined) {
    process.stderr.write('There is no lockdown; nothing was changed.\n');
    return exitCodes.ok;
  }
  // Here the record comes first: no write may come before the log says that writes are let through.
  await record(container, 'off', container.get(T.Clock).nowMs());
  await lockdown.set(undefined);
  process.stderr.write('The lockdown is lifted.\n');
  return exitCodes.ok;
};

/** Exit code 0 whether there is one or not: the answer is on standard output. */
export const lockdownStatus: RunCommand<object> = async ({ config, logger, resources }) => {
  const container = await openContainer({ config, logger, resources });
  const locked = await container.get(T.Lockdown).get();
  process.stdout.write(
    locked === undefined ? 'off\n' : `on\tsince ${new Date(locked.sinceMs).toISOString()}\t${locked.reason}\n`,
  );
  return exitCodes.ok;
};

async function record(
  container: Awaited<ReturnType<typeof openContainer>>,
  reason: 'on' | 'off',
  atMs: number,
): Promise<void> {
  await container.get(T.Audit).append({
    atMs,
    action: 'lockdown',
    reason,
    subject: '',
    clientId: '',
    by: 'operator',
    outcome: 'ok',
    itemIds: [],
  });
}
