import { z } from 'zod';
import { accessTo, executorOf } from '../../../domain/policy/operation-access.ts';
import { signatureOf } from '../../../domain/policy/operation-signature.ts';
import { defineTask } from '../../define-task.ts';
import { limitParameter } from '../parameters.ts';

const shownMax = 15;

/** Finds operations of the CMS's API by words. */
export const searchOperations = defineTask({
  name: 'search_operations',
  title: 'Search API operations',
  summary:
    'Find operations of the CMS by what they do, for work that no other tool covers. Answers id, effect, arguments, and a better tool if there is one.',
  toolset: 'gateway',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['catalogue', 'server'],
  input: z
    .object({
      query: z.string().trim().min(1).max(300).describe('What it should do, in words'),
      limit: limitParameter,
    })
    .strict(),
  output: z.object({
    total: z.int(),
    operations: z.array(
      z.object({
        id: z.string(),
        effect: z.string(),
        summary: z.string(),
        call: z.string(),
        through: z.string(),
        better_tool: z.string().optional(),
        closed: z.string().optional(),
      }),
    ),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: false,
  async execute({ query, limit }, { catalogue, server }) {
    const found = catalogue.search(query);
    return {
      total: found.length,
      operations: found.slice(0, Math.min(limit, shownMax)).map((operation) => {
        const { closed } = accessTo(operation, server.operationsAllow);
        return {
          id: operation.id,
          effect: operation.effect,
          summary: operation.summary,
          call: signatureOf(operation, true),
          through: executorOf(operation),
          ...(operation.tool === undefined ? {} : { better_tool: operation.tool }),
          ...(closed === undefined ? {} : { closed }),
        };
      }),
      ...(found.length === 0
        ? { hint: 'Nothing fits. Try other words: what is changed or asked for, and a verb.' }
        : {}),
    };
  },
});
