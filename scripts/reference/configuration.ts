import type { Setting, SettingName } from '../../src/infrastructure/config/schema.ts';
import { FILE_SUFFIX, secretNames } from '../../src/infrastructure/config/secrets.ts';
import { groupSettings } from './setting-groups.ts';

/** docs/reference/configuration.md. */
export function renderConfiguration(): string {
  const head = [
    '# Configuration',
    '',
    'Made from `src/infrastructure/config/schema.ts` by `npm run gen`; do not edit by hand.',
    '',
    'Every setting is an environment variable, and none is needed for a first start. Settings may also stand in files in the working directory: `.env.production` (with the value of `NODE_ENV`) when there is one, then `.env`; the environment wins over both. An empty variable counts as absent.',
    '',
    'A bad value stops the start with exit code 78, after every problem was listed. So does a name that looks like a misspelt one of ours. Values of secrets are never shown.',
    '',
    `A secret can come from a file instead: ${secretNames.map((name) => `\`${name}${FILE_SUFFIX}\``).join(', ')} hold the path of a file with the secret.`,
  ];
  const groups = groupSettings().flatMap(({ title, note, settings }) => [
    '',
    `## ${title}`,
    '',
    note,
    ...settings.flatMap(([name, setting]) => renderSetting(name, setting)),
  ]);
  return `${[...head, ...groups].join('\n')}\n`;
}

function renderSetting(name: SettingName, setting: Setting): readonly string[] {
  const fallback = setting.default === undefined ? setting.derived : `\`${setting.default}\``;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Value', setting.value.description],
    ['Unit', setting.unit],
    ['Default', fallback],
    ['Example', setting.example === undefined ? undefined : `\`${name}=${setting.example}\``],
    ['Secret', setting.secret ? `yes; or \`${name}${FILE_SUFFIX}\`` : undefined],
  ];
  const rows = facts.filter(([, fact]) => fact !== undefined).map(([label, fact]) => `- ${label}: ${fact}`);
  return ['', `### ${name}`, '', setting.description, '', ...rows];
}
