import { z } from 'zod';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask, type Impact } from '../../define-task.ts';
import {
  argumentsParameter,
  bodyParameter,
  callOperation,
  checkOperationCall,
  itemIdsIn,
  operationAnswer,
  operationParameter,
  scopesThrough,
  shownArguments,
} from '../../items/call-operation.ts';
import { isAssetId } from '../../items/item-path.ts';
import { confirmParameter } from '../parameters.ts';

/** Calls an operation that may lose something. */
export const callDestructiveOperation = defineTask({
  name: 'call_destructive_operation',
  title: 'Call a destructive operation',
  summary:
    'Call an operation of the CMS that deletes, replaces or takes live something. The first call answers what it would be called with and a confirm token; nothing happens before that token comes back.',
  toolset: 'gateway',
  effect: 'destructive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  scopesFor: scopesThrough('call_destructive_operation'),
  // Of people's accounts, say.
  takesSecrets: true,
  needs: ['operations', 'catalogue', 'server', 'digest', 'pages', 'assets'],
  input: z
    .object({
      operation: operationParameter,
      parameters: argumentsParameter,
      body: bodyParameter,
      confirm: confirmParameter,
    })
    .strict(),
  output: operationAnswer,
  publishesOutputSchema: false,

  async impact({ confirm: _confirm, ...request }, ports): Promise<Impact> {
    const checked = checkOperationCall('call_destructive_operation', request, ports);
    const { operation, given } = checked;
    const ids = itemIdsIn(given).slice(0, itemsNamedMax);
    const items = (await Promise.all(ids.map((id) => readItem(id, ports)))).filter((item) => item !== undefined);
    const names = items.map(({ id, name }) => `"${name}" (${id})`);
    return {
      summary: `${operation.summary}. ${names.length === 0 ? 'No content item is named.' : `Items named: ${names.join(', ')}.`}`,
      facts: { ...shownArguments(checked), items: items.map(({ id, name, version }) => ({ id, name, version })) },
      warnings: ['The CMS offers no way back for most of these operations.', ...operation.quirks],
      fingerprint: JSON.stringify([
        operation.id,
        items.map(({ id, version, checkedOut }) => [id, version, checkedOut]),
      ]),
    };
  },

  async execute({ confirm: _confirm, ...request }, ports, call) {
    const checked = checkOperationCall('call_destructive_operation', request, ports);
    try {
      return await callOperation(checked, {}, ports);
    } finally {
      // Told also when the call failed: it may have changed something on its way.
      call.emit({
        type: 'content_changed',
        itemIds: itemIdsIn(checked.given),
        change: 'structure',
        subject: call.principal.subject,
      });
    }
  },
});

/** More names than that nobody reads before deciding. */
const itemsNamedMax = 10;

function readItem(id: string, ports: Pick<Ports, 'pages' | 'assets'>): Promise<ContentItem | undefined> {
  return isAssetId(id) ? ports.assets.get(id) : ports.pages.get(id);
}
