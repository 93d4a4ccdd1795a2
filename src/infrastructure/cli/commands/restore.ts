import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { countRecords, type ProvenArchive } from '../../../application/backups/prove-archive.ts';
import { proveBackup, restoreBackup } from '../../../application/backups/restore-backup.ts';
import { printConfig } from '../../config/print.ts';
import type { Config } from '../../config/schema.ts';
import { openContainer } from '../../di/container.ts';
import { T } from '../../di/tokens.ts';
import { keyFile } from '../../keys/master-keys.ts';
import { findBackup } from '../backup-files.ts';
import { exitCodes, type RunCommand } from '../command.ts';
import { toldInWords } from '../told-in-words.ts';

export interface RestoreOptions {
  readonly file: string;
  readonly intoEmpty?: boolean;
  readonly replace?: boolean;
  readonly yes?: boolean;
  /** `--without-journal`. */
  readonly withoutJournal?: boolean;
}

/** Puts a backup back. With `--replace` and without `--yes` it checks everything and changes nothing. */
export const restore: RunCommand<RestoreOptions> = ({ config, logger, resources }, options) =>
  toldInWords(async () => {
    const { file, intoEmpty = false, replace = false, yes = false, withoutJournal = false } = options;
    if (intoEmpty && replace) return refuse('Give one of --into-empty and --replace.');
    if (isKeyMissing(config)) {
      return refuse(
        `A backup opens only with the key that it was sealed with. Give TOKEN_ENCRYPTION_KEY as it was then, or put its file back: ${join(config.dataDir, keyFile)}.`,
      );
    }
    const container = await openContainer({ config, logger, resources });
    const ports = { backups: container.get(T.Backups), clock: container.get(T.Clock), ids: container.get(T.Ids) };
    const { name, source } = await findBackup(file, ports.backups.store);
    if (replace && !yes) {
      tell(name, await proveBackup(source, ports), config);
      return refuse('Nothing was changed. Stop the servers, then say --yes to put it in the place of what is there.');
    }
    const restored = await restoreBackup(source, { replace, withoutJournal }, ports);
    tell(name, restored, config);
    if (restored.replacedBackup !== undefined) {
      process.stderr.write(`What was there before is kept as ${restored.replacedBackup}.\n`);
    }
    await container.get(T.Security).record({ action: 'backup_restored', outcome: 'ok', by: 'operator' });
    process.stderr.write(`Restored. ${restored.revocations} grants and tokens are known as revoked and stay so.\n`);
    return exitCodes.ok;
  });

/** Without it a new key would be made, which opens no backup. */
function isKeyMissing({ tokenEncryptionKeys, dataDir }: Config): boolean {
  return tokenEncryptionKeys === undefined && !existsSync(join(dataDir, keyFile));
}

function tell(name: string, { facts, parts }: ProvenArchive, config: Config): void {
  const time = new Date(facts.createdAtMs).toISOString();
  process.stderr.write(
    `${name}: whole and unchanged; taken ${time} by version ${facts.productVersion}; ${countRecords(parts)} records.\n`,
  );
  const ours = printConfig(config);
  for (const setting of lasting) {
    const [then = '(not set)', now = '(not set)'] = [facts.configuration[setting], ours[setting]];
    if (then !== now) process.stderr.write(`${setting} was ${then} then, and is ${now} now: ${whyItMatters}\n`);
  }
}

/** Tokens and grants are bound to these. */
const lasting = ['PUBLIC_URL', 'CMS_BASE_URL', 'CMS_SIGN_IN'];
const whyItMatters = 'people may have to sign in again.';

function refuse(text: string): number {
  process.stderr.write(`${text}\n`);
  return exitCodes.usage;
}
