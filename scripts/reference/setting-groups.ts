import { type Setting, type SettingName, settingGroups } from '../../src/infrastructure/config/schema.ts';
import { settingEntries } from '../../src/infrastructure/config/secrets.ts';

export interface SettingGroup {
  readonly title: string;
  readonly note: string;
  readonly settings: readonly (readonly [SettingName, Setting])[];
}

/** The table of settings by groups, in the order of the reference. */
export function groupSettings(): readonly SettingGroup[] {
  return Object.entries(settingGroups).map(([group, { title, note }]) => ({
    title,
    note,
    settings: settingEntries().filter(([, setting]) => setting.group === group),
  }));
}
