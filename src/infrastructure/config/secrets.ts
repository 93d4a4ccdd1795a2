import { Buffer } from 'node:buffer';
import { type Config, type Setting, type SettingName, settings } from './schema.ts';

/** Reads a file as text; throws where it cannot. */
export type ReadFile = (path: string) => string;

/** The end of the name that gives a secret's file instead of the secret. */
export const FILE_SUFFIX = '_FILE';

/** The names of all secrets: they can come from files, and their values are shown nowhere. */
export const secretNames: readonly SettingName[] = settingEntries()
  .filter(([, setting]) => setting.secret === true)
  .map(([name]) => name);

/** The table row by row, under the common type of its rows. */
export function settingEntries(): readonly (readonly [SettingName, Setting])[] {
  // Object.entries widens the names to string; the table is a literal without further keys.
  return Object.entries(settings) as [SettingName, Setting][];
}

/**
 * The text of a secret: from its variable or from the file that `NAME_FILE` names. The problems never hold the path,
 * since a secret put there by mistake would be shown.
 */
export function readSecret(
  name: SettingName,
  env: Readonly<Record<string, string | undefined>>,
  readFile: ReadFile,
): { readonly text?: string; readonly problem?: string } {
  const direct = env[name]?.trim() ?? '';
  const fileName = `${name}${FILE_SUFFIX}`;
  const path = env[fileName]?.trim() ?? '';
  if (path === '') return direct === '' ? {} : { text: direct };
  if (direct !== '') return { text: direct, problem: `${name} and ${fileName} are both given: give one of them.` };
  try {
    const text = readFile(path)
      .replace(/^\u{FEFF}/u, '')
      .trim();
    return text === '' ? { problem: `${fileName}: the file is empty.` } : { text };
  } catch (failure) {
    // A missing or unreadable file is one of the problems to list, not the end of the check.
    return { problem: `${fileName}: the file cannot be read (${reasonOf(failure)}).` };
  }
}

/** Every form in which the secrets of a configuration could turn up in a text. */
export function secretValuesOf(config: Config): readonly string[] {
  return [
    ...(config.oauthClientSecret === undefined ? [] : [config.oauthClientSecret]),
    ...(config.oidcClientSecret === undefined ? [] : [config.oidcClientSecret]),
    ...(config.backupS3AccessKeyId === undefined ? [] : [config.backupS3AccessKeyId]),
    ...(config.backupS3SecretAccessKey === undefined ? [] : [config.backupS3SecretAccessKey]),
    ...Object.values(config.cmsIdentities?.identities ?? {}).map(({ clientSecret }) => clientSecret),
    ...redisSecrets(config.redisUrl),
    ...(config.tokenEncryptionKeys ?? []).flatMap(keySecrets),
  ];
}

function keySecrets(key: Uint8Array): readonly string[] {
  const bytes = Buffer.from(key);
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase(), withoutPadding(bytes.toString('base64')), bytes.toString('base64url')];
}

function redisSecrets(address: string | undefined): readonly string[] {
  if (address === undefined) return [];
  // Not by URL.parse: an address that names several sentinels is no URL.
  const password = /^[a-z+]+:\/\/[^:@/]*:([^@/]*)@/.exec(address)?.[1] ?? '';
  return password === '' ? [address] : [address, password, decodeURIComponent(password)];
}

function withoutPadding(base64: string): string {
  return base64.replace(/=+$/, '');
}

function reasonOf(failure: unknown): string {
  // Errors of node:fs carry a code; their message holds the path and is not shown.
  const code = failure instanceof Error ? (failure as NodeJS.ErrnoException).code : undefined;
  return code ?? 'it is no readable text';
}
