import { createRegistry } from '../../src/adapters/inbound/mcp/registry.ts';
import type { AnyTask } from '../../src/application/define-task.ts';
import { tasks } from '../../src/application/tasks/index.ts';
import type { Principal } from '../../src/domain/model/principal.ts';

/** docs/reference/tools.json: the list of tools exactly as a client with all scopes gets it, to review every change. */
export function renderToolSurface(): string {
  return `${JSON.stringify(listTools(), undefined, 2)}\n`;
}

/** docs/reference/tools.md. */
export function renderTools(): string {
  const head = [
    '# Tools',
    '',
    'Made from `src/application/tasks` by `npm run gen`; do not edit by hand. The schemas as clients get them are in [tools.json](tools.json), the error codes in [errors.md](errors.md).',
  ];
  const listed = listTools();
  const chapters = catalogue.flatMap((task) =>
    renderTask(
      task,
      listed.find(({ name }) => name === task.name),
    ),
  );
  return `${[...head, ...chapters].join('\n')}\n`;
}

const catalogue: readonly AnyTask[] = tasks;

type ListedTool = ReturnType<ReturnType<typeof createRegistry>['toolsFor']>[number];

function listTools(): readonly ListedTool[] {
  const reader: Principal = {
    subject: 'reference',
    clientId: 'reference',
    scopes: [...new Set(catalogue.flatMap((task) => task.scopes))],
  };
  return createRegistry(catalogue).toolsFor(reader);
}

function renderTask(task: AnyTask, tool: ListedTool | undefined): readonly string[] {
  const properties = Object.entries(tool?.inputSchema.properties ?? {});
  const required = tool?.inputSchema.required ?? [];
  const facts = [
    `Toolset: ${task.toolset}`,
    `Effect: ${task.effect}${task.idempotent ? ', idempotent' : ''}`,
    `Scopes: ${task.scopes.map((scope) => `\`${scope}\``).join(', ')}`,
  ];
  const table = properties.map(
    ([name, schema]) =>
      `| \`${name}\` | ${required.includes(name) ? 'yes' : 'no'} | ${cell(typeOf(schema))} | ${cell(describe(schema))} |`,
  );
  return [
    '',
    `## ${task.name}`,
    '',
    `**${task.title}.** ${task.summary}`,
    '',
    ...facts.map((fact) => `- ${fact}`),
    ...(table.length === 0 ? [] : ['', '| Argument | Required | Type | Meaning |', '|---|---|---|---|', ...table]),
  ];
}

/** The type of an argument in a word or two; the whole schema is in tools.json. */
function typeOf(schema: unknown): string {
  if (!isRecord(schema)) return 'any';
  if (Array.isArray(schema['enum'])) return schema['enum'].map((word) => `\`${word}\``).join(', ');
  if ('const' in schema) return `\`${schema['const']}\``;
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return [...new Set(choices.map(typeOf))].join(' or ');
  if (schema['type'] === 'array') return `list of ${typeOf(schema['items'])}`;
  return typeof schema['type'] === 'string' ? schema['type'] : 'any';
}

function describe(schema: unknown): string {
  return isRecord(schema) && typeof schema['description'] === 'string' ? schema['description'] : '';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
