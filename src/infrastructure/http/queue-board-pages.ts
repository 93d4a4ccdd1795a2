import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { RequestHandler } from 'express';
import { queueBoardPath } from '../../adapters/inbound/http/queue-board.ts';
import type { BoardQueue } from '../../adapters/outbound/redis/board-queues.ts';

/** The pages of bull-board, which only show: what it would change, our scripts keep count of. */
export function queueBoardPages(queues: readonly BoardQueue[]): RequestHandler {
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(queueBoardPath);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Ingeniux CMS MCP server' } },
  });
  // Its type says `any`.
  return serverAdapter.getRouter() as RequestHandler;
}
