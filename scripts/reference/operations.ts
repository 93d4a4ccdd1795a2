import { createOperationCatalogue } from '../../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import type { OperationDescription } from '../../src/domain/model/operation.ts';
import { accessTo, executorOf } from '../../src/domain/policy/operation-access.ts';

/** docs/reference/operations.md. */
export function renderOperations(): string {
  const operations = createOperationCatalogue().all();
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const chapters = tags.flatMap((tag) =>
    renderTag(
      tag,
      operations.filter((operation) => operation.tag === tag),
    ),
  );
  return `${[...head(operations), ...chapters].join('\n')}\n`;
}

function head(operations: readonly OperationDescription[]): readonly string[] {
  const executors = [...new Set(operations.map(executorOf))];
  const isClosed = (operation: OperationDescription) => accessTo(operation, []).closed !== undefined;
  return [
    '# Operations',
    '',
    'Made from `src/adapters/outbound/ingeniux/catalogue` by `npm run gen`; do not edit by hand.',
    '',
    `All ${operations.length} operations of the CMS's REST API, version 10.6, as the gateway tools call them. Where a tool is named, it covers the operation and is the better way. The ${operations.filter(isClosed).length} marked 🔒 configure the CMS or carry credentials: they are closed until \`OPERATIONS_ALLOW\` names them, and need the scope \`cms:admin\`.`,
    '',
    '| Runs through | Operations |',
    '|---|---|',
    ...executors.map((name) => `| \`${name}\` | ${operations.filter((one) => executorOf(one) === name).length} |`),
  ];
}

function renderTag(tag: string, operations: readonly OperationDescription[]): readonly string[] {
  return [
    '',
    `## ${tag}`,
    '',
    '| Operation | Call | Effect | What it does | Tool |',
    '|---|---|---|---|---|',
    ...operations.map(row),
  ];
}

function row(operation: OperationDescription): string {
  const { closed } = accessTo(operation, []);
  return `| ${[
    `\`${operation.id}\`${closed === undefined ? '' : ' 🔒'}`,
    `\`${operation.method} ${operation.path}\``,
    operation.effect,
    cell([operation.summary, ...operation.quirks].join('. ')),
    operation.tool === undefined ? '' : `\`${operation.tool}\``,
  ].join(' | ')} |`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('..', '.');
