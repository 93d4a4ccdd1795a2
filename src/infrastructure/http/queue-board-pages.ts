import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { queueBoardPath } from '../../adapters/inbound/http/queue-board.ts';
import type { BoardQueue } from '../../adapters/outbound/redis/board-queues.ts';

/** The pages of bull-board, which only show: what it would change, our scripts keep count of. */
export function queueBoardPages(queues: readonly BoardQueue[]): RequestHandler {
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(queueBoardPath);
  createBullBoard({
    queues: queues.map(adapterOf),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Ingeniux queues' } },
  });
  // Its type says `any`.
  return serverAdapter.getRouter() as RequestHandler;
}

function adapterOf(queue: BoardQueue): BullMQAdapter {
  const adapter = new BullMQAdapter(queue, { readOnlyMode: true });
  adapter.setFormatter('name', titleOf);
  return adapter;
}

/** What the board is given of a job, as far as its title tells of it. */
const boardJob = z.object({
  name: z.string(),
  failedReason: z.string().default('').catch(''),
  data: z.object({ owner: z.string(), input: z.object({ task: z.string() }).optional().catch(undefined) }),
});

/** Whose work it is, by which tool; and that a job holds, which the board shows among the failed ones. */
function titleOf(job: unknown): string {
  const known = boardJob.safeParse(job).data;
  if (known === undefined) return 'unknown';
  const { name, data, failedReason } = known;
  const tool = data.input === undefined || data.input.task === name ? '' : ` (${data.input.task})`;
  const holds = failedReason.includes('"code":"HELD"') ? ', holds: waits for an answer' : '';
  return `${name}${tool} of ${data.owner}${holds}`;
}
