import { z } from 'zod';
import { defineTask } from '../../define-task.ts';
import {
  argumentsParameter,
  bodyParameter,
  callOperation,
  checkOperationCall,
  itemIdsIn,
  operationAnswer,
  operationParameter,
  scopesThrough,
  selectParameter,
  shownArguments,
} from '../../items/call-operation.ts';
import { dryRunParameter } from '../parameters.ts';

/** Calls an operation that changes or adds something. */
export const callWriteOperation = defineTask({
  name: 'call_write_operation',
  title: 'Call a writing operation',
  summary:
    'Call an operation of the CMS that changes or adds something, for work that no other tool covers. Nothing is read back: look at what changed afterwards. A dry run checks the arguments only.',
  toolset: 'gateway',
  effect: 'additive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  scopesFor: scopesThrough('call_write_operation'),
  // Of people's accounts, say.
  takesSecrets: true,
  needs: ['operations', 'catalogue', 'server', 'digest'],
  input: z
    .object({
      operation: operationParameter,
      parameters: argumentsParameter,
      body: bodyParameter,
      select: selectParameter,
      dry_run: dryRunParameter,
    })
    .strict(),
  output: operationAnswer.extend({
    dry_run: z.boolean(),
    would_call: z.record(z.string(), z.unknown()).optional().describe('In a dry run: what would be sent'),
  }),
  publishesOutputSchema: false,
  async execute({ select, dry_run, ...request }, ports, call) {
    const checked = checkOperationCall('call_write_operation', request, ports);
    if (dry_run) return { operation: checked.operation.id, dry_run, would_call: shownArguments(checked) };
    const itemIds = itemIdsIn(checked.given);
    try {
      return { ...(await callOperation(checked, { select }, ports)), dry_run };
    } finally {
      // Told also when the call failed: it may have changed something on its way.
      call.emit({ type: 'content_changed', itemIds, change: 'structure', subject: call.principal.subject });
    }
  },
});
