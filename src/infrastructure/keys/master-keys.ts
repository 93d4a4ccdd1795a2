import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../adapters/outbound/node/make-folder.ts';
import type { Config } from '../config/schema.ts';
import { StartFailure } from '../lifecycle/start-failure.ts';

/** The file in `DATA_DIR` that holds the key where the operator gives none. */
export const keyFile = 'token-encryption.key';

const keyBytes = 32;

/**
 * The operator's keys: those of the settings, else the one in `DATA_DIR`, which is made where it is missing and told of.
 *
 * @throws StartFailure when the file cannot be made or holds no key.
 */
export function loadMasterKeys(
  { tokenEncryptionKeys, dataDir }: Pick<Config, 'tokenEncryptionKeys' | 'dataDir'>,
  onMade: (file: string) => void,
): readonly Uint8Array[] {
  if (tokenEncryptionKeys !== undefined) return tokenEncryptionKeys;
  const file = join(dataDir, keyFile);
  try {
    if (!existsSync(file) && makeKeyFile(dataDir, file)) onMade(file);
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
    if (key.length !== keyBytes) throw new Error('not 32 bytes of base64');
    return [key];
  } catch (error) {
    // Whatever is wrong with the file, the operator has to mend it.
    throw new StartFailure(
      `DATA_DIR: the file ${keyFile} in it cannot be used, and TOKEN_ENCRYPTION_KEY is not given.`,
      error,
    );
  }
}

/** Answers false when another process was faster: its key counts. */
function makeKeyFile(dataDir: string, file: string): boolean {
  makeFolder(dataDir);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600 });
  try {
    // A link appears with its whole content or not at all, and never in the place of another file.
    linkSync(draft, file);
    return true;
  } catch (error) {
    // Only that the file is there by now is no failure.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}
