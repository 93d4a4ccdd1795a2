import type { Setting, SettingName } from '../../src/infrastructure/config/schema.ts';
import { FILE_SUFFIX } from '../../src/infrastructure/config/secrets.ts';
import { groupSettings } from './setting-groups.ts';

/** `.env.example`: every setting with its default, commented out, so that a copy changes nothing until it is edited. */
export function renderEnvExample(): string {
  const head = [
    '# The settings of ingeniux-cms-mcp-server, all optional. Copy to .env and take the # away where you change one.',
    '# Made from src/infrastructure/config/schema.ts by "npm run gen"; more in docs/reference/configuration.md.',
  ];
  const groups = groupSettings().flatMap(({ title, note, settings }) => [
    '',
    `## ${title}. ${withoutMarks(note)}`,
    ...settings.flatMap(([name, setting]) => renderSetting(name, setting)),
  ]);
  return `${[...head, ...groups].join('\n')}\n`;
}

function renderSetting(name: SettingName, setting: Setting): readonly string[] {
  const fallback = setting.default ?? withoutMarks(setting.derived ?? 'none');
  return [
    '',
    `# ${setting.description.replaceAll('`', '')}`,
    `# Expected: ${setting.value.description}. Default: ${fallback}.`,
    ...(setting.secret ? [`# Secret: ${name}${FILE_SUFFIX} can give the path of a file with it instead.`] : []),
    `# ${name}=${setting.default ?? setting.example ?? ''}`,
  ];
}

function withoutMarks(text: string): string {
  return text.replaceAll('`', '');
}
