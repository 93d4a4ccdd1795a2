import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { createBackupArchive } from '../../../adapters/outbound/node/backup-archive.ts';
import { createBackupFolder } from '../../../adapters/outbound/node/backup-folder.ts';
import { createSnapshotStore } from '../../../adapters/outbound/node/snapshot-store.ts';
import { createS3BackupStore } from '../../../adapters/outbound/s3/backup-store.ts';
import { createRevocationJournal } from '../../../application/backups/revocation-journal.ts';
import type { BackupStore } from '../../../domain/ports/backup-store.ts';
import { printConfig } from '../../config/print.ts';
import type { Config } from '../../config/schema.ts';
import type { Resources } from '../../lifecycle/resources.ts';
import { version } from '../../version.ts';
import { T } from '../tokens.ts';

/** What backups are made with, what keeps revocations beside them, and snapshots of content in the same place. */
export function backupsModule(config: Config, logger: Logger, resources: Resources): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(T.Backups).toResolvedValue(
      (dump, masterKeys) => ({
        dump,
        store: openBackupStore(config),
        archive: createBackupArchive({ masterKeys }),
        installation: { productVersion: version, configuration: printConfig(config) },
      }),
      [T.Dump, T.MasterKeys],
    );
    bind(T.Snapshots).toResolvedValue(
      ({ store, archive, dump }, lock, clock) => ({
        store: createSnapshotStore({
          ...{ store, archive, lock, clock },
          facts: { productVersion: version, layout: dump.layout },
        }),
        keep: config.snapshotKeep,
        fileBytesMax: config.snapshotFileMegabytesMax * 1024 * 1024,
      }),
      [T.Backups, T.Lock, T.Clock],
    );
    bind(T.Journal).toDynamicValue((context) => {
      const journal = createRevocationJournal({
        backups: () => context.get(T.Backups),
        clock: context.get(T.Clock),
        ids: context.get(T.Ids),
        onProblem: (error) => logger.error({ err: error }, 'revocations could not be written beside the backups'),
      });
      resources.own('journal of revocations', () => journal.close());
      return journal;
    });
  });
}

function openBackupStore(config: Config): BackupStore {
  const { backupS3Endpoint, backupS3Bucket, backupS3AccessKeyId, backupS3SecretAccessKey } = config;
  if (backupS3Endpoint === undefined) return createBackupFolder({ folder: config.backupDir });
  // The rules of the configuration ask for all of them together.
  return createS3BackupStore({
    endpoint: backupS3Endpoint,
    bucket: backupS3Bucket ?? '',
    region: config.backupS3Region,
    accessKeyId: backupS3AccessKeyId ?? '',
    secretAccessKey: backupS3SecretAccessKey ?? '',
  });
}
