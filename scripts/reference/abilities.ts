import { type AbilityWay, abilityWays, type Driver } from '../../src/adapters/outbound/ingeniux/abilities.ts';
import type { Abilities } from '../../src/domain/model/site.ts';
import { abilityMeanings } from '../../src/domain/policy/explain-abilities.ts';

/** docs/reference/abilities.md. */
export function renderAbilities(): string {
  // Object.keys forgets that it answers the keys of the very table it is given.
  const abilities = Object.keys(abilityWays) as (keyof Abilities)[];
  const lines = [
    '# Abilities',
    '',
    'Made from `src/adapters/outbound/ingeniux/abilities.ts` and `src/domain/policy/explain-abilities.ts` by `npm run gen`; do not edit by hand.',
    '',
    'What the REST API of the CMS lacks or does only under conditions, and how each driver does it. `rest` is always there; `services` adds the older service layer where the operator has switched it on (`CMS_SERVICES=on`) and the CMS serves it. The first way of which the CMS serves everything is taken; `none` = not at all. `get_context` says what the configured CMS can do.',
    '',
    '| Ability | `rest` | `services` |',
    '|---|---|---|',
    ...abilities.map(
      (ability) => `| \`${snake(ability)}\` | ${ways(ability, ['rest'])} | ${ways(ability, ['rest', 'services'])} |`,
    ),
    '',
    '## What the CMS must serve',
    '',
    "Operations are looked for in the CMS's own description of its API (`swagger/v1/swagger.json`) and taken to be there where it does not serve one; transitions in the workflow definitions of the site; methods of the service layer by calls that change nothing. What was found is remembered for an hour per CMS account, and forgotten when the CMS answers otherwise.",
    '',
    '| Ability | Way | Needs |',
    '|---|---|---|',
    ...abilities.flatMap((ability) =>
      waysOf(ability).map((way) => `| \`${snake(ability)}\` | \`${way.how}\` | ${needs(way)} |`),
    ),
    '',
    '## What it means',
    '',
    '| Ability | Way | Meaning |',
    '|---|---|---|',
    ...abilities.flatMap((ability) =>
      Object.entries(abilityMeanings[ability]).map(
        ([how, meaning]) => `| \`${snake(ability)}\` | \`${how}\` | ${meaning.replaceAll('|', '\\|')} |`,
      ),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const waysOf = (ability: keyof Abilities): readonly AbilityWay<string>[] => abilityWays[ability];

/** The ways that these drivers have, the best one first. */
function ways(ability: keyof Abilities, drivers: readonly Driver[]): string {
  const found = waysOf(ability).filter(({ driver }) => drivers.includes(driver));
  return found.length === 0 ? '`none`' : found.map(({ how }) => `\`${how}\``).join(', else ');
}

function needs(way: AbilityWay<string>): string {
  if (way.driver === 'services') return way.methods.map((method) => `\`${method}\``).join(', ');
  const operations = way.operations.map((id) => `\`${id}\``).join(', ');
  return way.transition === undefined ? operations : `${operations}, a transition that does \`${way.transition}\``;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
