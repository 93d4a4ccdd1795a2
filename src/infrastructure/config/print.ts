import type { Config } from './schema.ts';
import { settingEntries } from './secrets.ts';

/** A configuration by the names of its variables, for people and logs: of a secret only whether there is one. */
export function printConfig(config: Config): Readonly<Record<string, string>> {
  const printed: Record<string, string> = {};
  for (const [name, setting] of settingEntries()) {
    if (setting.key === undefined) continue;
    // The keys of the rows are the keys of `Config`, by its type.
    const value = config[setting.key as keyof Config];
    if (value === undefined) printed[name] = '(not set)';
    else printed[name] = setting.secret ? '(set, not shown)' : textOf(value);
  }
  return printed;
}

function textOf(value: NonNullable<Config[keyof Config]>): string {
  // Lists are shown as they are given; only what has parts of its own needs their names.
  return typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value);
}
