import { publishTick } from './cms/publishing.ts';
import { replicationTick } from './cms/replication.ts';
import type { SandboxState } from './model.ts';

/** Works the publishing queue and the copies that follow, tick by tick, as long as there is something to do. */
export type PublishingQueue = {
  /** To be called after anything may have been queued; harmless when nothing was. */
  wake(): void;
  stop(): void;
};

export type PublishingQueueOptions = {
  state: SandboxState;
  /** Read at each tick, so that a test can change it while the sandbox runs. */
  tickMs: () => number;
  now: () => Date;
  /** Called after every tick that changed the state. */
  changed: () => void;
};

/** The worker behind every publish; one task at a time, in order of submission. */
export function createPublishingQueue(options: PublishingQueueOptions): PublishingQueue {
  let timer: NodeJS.Timeout | null = null;
  const hasWork = () =>
    options.state.publishing.queue.length > 0 || options.state.administration.replication.tasks.length > 0;
  const schedule = () => {
    timer = setTimeout(() => {
      timer = null;
      const now = options.now().toISOString();
      replicationTick(options.state, now);
      publishTick(options.state, now);
      options.changed();
      if (hasWork()) schedule();
    }, options.tickMs());
  };
  return {
    wake() {
      if (timer === null && hasWork()) schedule();
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
