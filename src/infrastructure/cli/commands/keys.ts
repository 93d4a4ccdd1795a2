import { rotateKeys } from '../../../application/identity/rotate-keys.ts';
import { openContainer } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { exitCodes, type RunCommand } from '../command.ts';

/** A new key for everything that is sealed, while the servers work. */
export const keysRotate: RunCommand<object> = async ({ config, logger, resources }) => {
  const container = await openContainer({ config, logger, resources });
  const { keyId, rewrapped, resealed, dropped } = await rotateKeys({
    sealer: container.get(T.Sealer),
    sealedStores: container.get(T.SealedStores),
  });
  process.stdout.write(
    `The new key is ${keyId}. Sealed anew: ${resealed} records, ${rewrapped} keys. Removed: ${dropped} old keys.\n`,
  );
  return exitCodes.ok;
};
