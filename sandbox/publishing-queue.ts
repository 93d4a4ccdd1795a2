import { publishTick } from './cms/publishing.ts';
import type { SandboxState } from './model.ts';

/** Works the publishing queue, tick by tick, as long as there is something in it. */
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
  const schedule = () => {
    timer = setTimeout(() => {
      timer = null;
      const more = publishTick(options.state, options.now().toISOString());
      options.changed();
      if (more) schedule();
    }, options.tickMs());
  };
  return {
    wake() {
      if (timer === null && options.state.publishing.queue.length > 0) schedule();
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
