import { listFiles, readBackupFacts } from '../../../application/backups/list-backups.ts';
import { recordRecoveryTest } from '../../../application/backups/record-recovery-test.ts';
import { takeBackup, takeStoredBackup } from '../../../application/backups/take-backup.ts';
import { openContainer } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { fileAsPlace } from '../backup-files.ts';
import { exitCodes, type RunCommand } from '../command.ts';
import { printTable } from '../table.ts';
import { toldInWords } from '../told-in-words.ts';

/** Takes a backup now; prints where it is. */
export const backup: RunCommand<{ to?: string }> = ({ config, logger, resources }, { to }) =>
  toldInWords(async () => {
    const container = await openContainer({ config, logger, resources });
    const ports = { backups: container.get(T.Backups), clock: container.get(T.Clock), ids: container.get(T.Ids) };
    const taken =
      to === undefined ? await takeStoredBackup(ports) : { name: to, ...(await takeBackup(fileAsPlace(to), ports)) };
    const place = to === undefined ? ` in ${ports.backups.store.place}` : '';
    process.stderr.write(
      `${taken.records} records, ${taken.sizeBytes} bytes${place}, read back and proven. It opens only with the key ${taken.keyId}: keep that apart.\n`,
    );
    process.stdout.write(`${taken.name}\n`);
    return exitCodes.ok;
  });

export const backupList: RunCommand<object> = ({ config, logger, resources }) =>
  toldInWords(async () => {
    const { store } = (await openContainer({ config, logger, resources })).get(T.Backups);
    const backups = await listFiles('backup', store);
    const rows = backups.map(({ name, atMs, sizeBytes }) => ({ taken: timeOf(atMs), bytes: String(sizeBytes), name }));
    process.stdout.write(rows.length === 0 ? '' : printTable(rows));
    const { restoreTestedAtMs } = await readBackupFacts(store);
    const tested = restoreTestedAtMs === undefined ? 'never' : timeOf(restoreTestedAtMs);
    process.stderr.write(`${backups.length} backups in ${store.place}. A recovery was last tested: ${tested}.\n`);
    return exitCodes.ok;
  });

export const backupMarkTested: RunCommand<object> = ({ config, logger, resources }) =>
  toldInWords(async () => {
    const container = await openContainer({ config, logger, resources });
    await recordRecoveryTest({ store: container.get(T.Backups).store, clock: container.get(T.Clock) });
    return exitCodes.ok;
  });

function timeOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
