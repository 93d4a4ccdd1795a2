import { prompts } from '../../src/adapters/inbound/mcp/prompts/index.ts';
import { resources } from '../../src/adapters/inbound/mcp/resources/index.ts';

/** docs/reference/resources.md. */
export function renderResources(): string {
  const templates = resources.filter(({ address }) => typeof address !== 'string');
  const fixed = resources.filter(({ address }) => typeof address === 'string');
  return `${[
    '# Resources and prompts',
    '',
    'Made from `src/adapters/inbound/mcp` by `npm run gen`; do not edit by hand.',
    '',
    'A resource is read through the tool that is named, with its scopes: without the tool among those that a token may call there is no resource. Ids of assets hold a slash, which is encoded in an address: `ingeniux://asset/a%2F5`.',
    '',
    `## The ${templates.length} templates`,
    '',
    ...table(templates),
    '',
    `## The ${fixed.length} fixed ones`,
    '',
    ...table(fixed),
    '',
    `## The ${prompts.length} prompts`,
    '',
    '| Prompt | Arguments | What it is for |',
    '|---|---|---|',
    ...prompts.map(
      ({ name, description, arguments: given }) =>
        `| \`${name}\` | ${given.map((argument) => `\`${argument.name}\``).join(' ')} | ${description} |`,
    ),
  ].join('\n')}\n`;
}

function table(some: typeof resources): readonly string[] {
  return [
    '| Address | What it is | Read through |',
    '|---|---|---|',
    ...some.map((resource) => {
      const address = typeof resource.address === 'string' ? resource.address : resource.address.text;
      const tool = 'task' in resource ? `\`${resource.task}\`` : 'the server itself';
      return `| \`${address}\` | ${resource.description} | ${tool} |`;
    }),
  ];
}
