import { z } from 'zod';
import { accessTo, executorOf } from '../../../domain/policy/operation-access.ts';
import { signatureOf, typeTextOf } from '../../../domain/policy/operation-signature.ts';
import { defineTask } from '../../define-task.ts';
import { findOperation } from '../../items/call-operation.ts';

/** Types are written out this deep; below that they are named. */
const depthMax = 3;
const typeCharactersMax = 2_500;

/** Tells how operations of the CMS's API are called. */
export const describeOperation = defineTask({
  name: 'describe_operation',
  title: 'Describe API operations',
  summary: 'Tell how operations of the CMS are called: arguments with types, body, answer, quirks, who may call them.',
  toolset: 'gateway',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['catalogue', 'server'],
  input: z
    .object({
      operations: z.array(z.string().trim().min(1).max(200)).min(1).max(5).describe('At most 5 ids'),
    })
    .strict(),
  output: z.object({
    operations: z.array(
      z.object({
        id: z.string(),
        http: z.string(),
        effect: z.string(),
        summary: z.string(),
        call: z.string(),
        body: z.string().optional(),
        answer: z.string(),
        quirks: z.array(z.string()).optional(),
        through: z.string(),
        scopes: z.array(z.string()),
        slow: z.boolean().optional(),
        better_tool: z.string().optional(),
        closed: z.string().optional(),
      }),
    ),
  }),
  publishesOutputSchema: false,
  async execute({ operations }, ports) {
    const typeText = (type: string) => {
      const text = typeTextOf(type, depthMax, (name) => ports.catalogue.model(name));
      return text.length <= typeCharactersMax
        ? text
        : typeTextOf(type, 1, (name) => ports.catalogue.model(name)).slice(0, typeCharactersMax);
    };
    return {
      operations: operations.map((id) => {
        const operation = findOperation(id, ports);
        const { closed, scopes } = accessTo(operation, ports.server.operationsAllow);
        return {
          id: operation.id,
          http: `${operation.method} ${operation.path}`,
          effect: operation.effect,
          summary: operation.summary,
          call: signatureOf(operation, false),
          ...(operation.body === undefined ? {} : { body: typeText(operation.body) }),
          answer: typeText(operation.answer),
          ...(operation.quirks.length === 0 ? {} : { quirks: [...operation.quirks] }),
          through: executorOf(operation),
          scopes: [...scopes],
          ...(operation.slow ? { slow: true } : {}),
          ...(operation.tool === undefined ? {} : { better_tool: operation.tool }),
          ...(closed === undefined ? {} : { closed }),
        };
      }),
    };
  },
});
