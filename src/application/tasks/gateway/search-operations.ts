import { z } from 'zod';
import type { OperationDescription } from '../../../domain/model/operation.ts';
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
      query: z.string().trim().min(1).max(300).optional().describe('What it should do; without: all ids'),
      limit: limitParameter,
    })
    .strict(),
  output: z.object({
    total: z.int(),
    areas: z.array(z.object({ area: z.string(), operations: z.array(z.string()) })).optional(),
    operations: z
      .array(
        z.object({
          id: z.string(),
          effect: z.string(),
          summary: z.string(),
          call: z.string(),
          through: z.string(),
          better_tool: z.string().optional(),
          closed: z.string().optional(),
        }),
      )
      .optional(),
    hint: z.string().optional(),
  }),
  publishesOutputSchema: false,
  async execute({ query, limit }, { catalogue, server }) {
    if (query === undefined) return overviewOf(catalogue.all());
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

/** Every id, by area in the order of the catalogue. */
function overviewOf(all: readonly OperationDescription[]) {
  const areas = [...Map.groupBy(all, ({ tag }) => tag)].map(([area, operations]) => ({
    area,
    operations: operations.map(({ id }) => id),
  }));
  return { total: all.length, areas };
}
