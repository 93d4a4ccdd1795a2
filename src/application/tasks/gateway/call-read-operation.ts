import { z } from 'zod';
import { defineTask } from '../../define-task.ts';
import {
  argumentsParameter,
  bodyParameter,
  callOperation,
  checkOperationCall,
  operationAnswer,
  operationParameter,
  scopesThrough,
  selectParameter,
} from '../../items/call-operation.ts';
import { cursorParameter } from '../parameters.ts';

/** Calls an operation that changes nothing. */
export const callReadOperation = defineTask({
  name: 'call_read_operation',
  title: 'Call a reading operation',
  summary:
    'Call an operation of the CMS that only reads. Arguments are checked first; secrets are hidden; long answers come in pages.',
  toolset: 'gateway',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  scopesFor: scopesThrough('call_read_operation'),
  needs: ['operations', 'catalogue', 'server', 'digest'],
  input: z
    .object({
      operation: operationParameter,
      parameters: argumentsParameter,
      body: bodyParameter,
      select: selectParameter,
      cursor: cursorParameter,
    })
    .strict(),
  output: operationAnswer,
  publishesOutputSchema: false,
  async execute({ select, cursor, ...request }, ports) {
    const checked = checkOperationCall('call_read_operation', request, ports);
    return callOperation(checked, { select, cursor }, ports);
  },
});
