import { z } from 'zod';
import { submitPublish, targetOf } from './cms/publishing.ts';
import type { Runtime } from './runtime.ts';

export const publishSchema = z.strictObject({
  targetId: z.string(),
  /** Absent = the whole target. */
  itemId: z.string().nullable().default(null),
  includeChildren: z.boolean().default(false),
  incremental: z.boolean().default(true),
  /** Who appears as the submitter; default the first user. */
  userId: z.string().optional(),
});

/** What to publish, with defaults for all but the target. */
export type PublishByHand = z.input<typeof publishSchema>;

/**
 * What a person does in the administration area: queues a publish without a workflow.
 * @returns the id of the queued task. @throws CmsException for an unknown target.
 */
export function publishByHand(runtime: Runtime, input: PublishByHand): string {
  const order = publishSchema.parse(input);
  targetOf(runtime.state, order.targetId);
  const user = runtime.state.users.find((candidate) => candidate.id === order.userId) ?? runtime.state.users[0];
  if (!user) throw new Error('The state has no user.');
  const actor = { state: runtime.state, user, now: runtime.now().toISOString() };
  const task = submitPublish(actor, {
    targetId: order.targetId,
    rootItemId: order.itemId,
    includeChildren: order.includeChildren,
    incremental: order.incremental,
    forcedIncremental: order.incremental && order.itemId !== null && !order.includeChildren,
  });
  runtime.changed();
  runtime.queue.wake();
  return task.id;
}
