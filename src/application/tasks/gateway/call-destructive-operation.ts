import { z } from 'zod';
import { defineTask, type Impact } from '../../define-task.ts';
import {
  argumentsParameter,
  bodyParameter,
  callOperation,
  checkOperationCall,
  itemIdsIn,
  operationAnswer,
  operationParameter,
} from '../../items/call-operation.ts';
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
  needs: ['operations', 'catalogue', 'server', 'digest'],
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

  async impact({ confirm: _confirm, ...request }, ports, call): Promise<Impact> {
    const { operation, given } = checkOperationCall('call_destructive_operation', request, ports, call);
    const itemIds = itemIdsIn(given);
    return {
      summary: `${operation.summary}. ${itemIds.length === 0 ? 'No content item is named.' : `Items named: ${itemIds.join(', ')}.`}`,
      facts: {
        operation: operation.id,
        http: `${operation.method} ${operation.path}`,
        parameters: given.parameters,
        quirks: operation.quirks,
      },
      warnings: ['The CMS offers no way back for most of these operations.'],
      fingerprint: operation.id,
    };
  },

  async execute({ confirm: _confirm, ...request }, ports, call) {
    const checked = checkOperationCall('call_destructive_operation', request, ports, call);
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
