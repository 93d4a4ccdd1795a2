import { Queue } from 'bullmq';
import { queueNames } from '../../../domain/model/job.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/** A queue of BullMQ, for the board to look at. */
export type BoardQueue = Queue;

/** The queues as the board wants them: BullMQ's own, which read and write where ours do. */
export function createBoardQueues({ connection }: { readonly connection: RedisConnection }): readonly BoardQueue[] {
  return queueNames.map((name) => {
    const queue = new Queue(name, {
      connection: connection.client,
      prefix: keys.jobs,
      skipVersionCheck: true,
      skipMetasUpdate: true,
    });
    // The connection reports its own troubles; a page of the board that cannot be made says so.
    queue.on('error', () => undefined);
    return queue;
  });
}
