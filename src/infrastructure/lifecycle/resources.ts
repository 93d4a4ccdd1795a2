/** Something that was opened and has to be closed again. */
export interface Resource {
  readonly name: string;
  close(): Promise<void> | void;
}

/**
 * What a program has opened, closed in reverse order: workers before queues, queues before connections. One that
 * fails to close, or hangs, does not keep the others open.
 */
export interface Resources {
  own(name: string, close: () => Promise<void> | void): void;
  closeAll(): Promise<void>;
}

/** How long one resource may take to close. */
const closeMsMax = 20_000;

/** `onProblem` hears of resources that did not close. */
export function createResources(onProblem: (name: string, error: unknown) => void): Resources {
  const opened: Resource[] = [];
  return {
    own: (name, close) => {
      opened.push({ name, close });
    },
    closeAll: async () => {
      for (let resource = opened.pop(); resource !== undefined; resource = opened.pop()) {
        try {
          await within(closeMsMax, Promise.resolve(resource.close()));
        } catch (error) {
          // The process ends anyway; the others must still be closed.
          onProblem(resource.name, error);
        }
      }
    },
  };
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`did not close within ${limitMs} ms`)), limitMs);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
