import { allOperations } from '../../sandbox/contract/contract.ts';
import { routesWithRules } from '../../sandbox/route-table.ts';

/** `docs/reference/sandbox.md`: which operations of the contract the sandbox keeps a state for. */
export function renderSandbox(): string {
  const withRules = new Set(routesWithRules().map(({ operationId }) => operationId));
  const byTag = Map.groupBy(allOperations(), ({ operationId }) => operationId.split('_')[0] ?? '');
  const rows = [...byTag].map(([tag, operations]) => {
    const names = operations.map(({ operationId }) => operationId);
    const plain = names.filter((name) => !withRules.has(name)).map((name) => `\`${name.slice(tag.length + 1)}\``);
    return `| ${tag} | ${names.length - plain.length} of ${names.length} | ${plain.join(' ')} |`;
  });
  return `${[
    '# What the sandbox keeps a state for',
    '',
    'Made from `sandbox/` by `npm run gen`; do not edit by hand.',
    '',
    `The [sandbox CMS](../../sandbox/README.md) knows all ${allOperations().length} operations. ${withRules.size} of them work on a state: what was saved is read back, and an unknown id is refused or answered with nothing, as the contract says. The other ${allOperations().length - withRules.size} check method, keys, body and rights like the rest, and answer by shape.`,
    '',
    '| tag | on a state | by shape |',
    '|---|---|---|',
    ...rows,
  ].join('\n')}\n`;
}
