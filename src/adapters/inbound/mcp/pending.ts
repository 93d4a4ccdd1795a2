/** Counts what is under way. */
export interface Pending {
  /** Begins one thing; the answered function ends it. */
  begin(): () => void;
  /** Ends when nothing is under way, or after `graceMs`. */
  ended(graceMs: number): Promise<void>;
}

export function createPending(): Pending {
  let count = 0;
  let onZero: (() => void) | undefined;
  return {
    begin() {
      count += 1;
      return () => {
        count -= 1;
        if (count === 0) onZero?.();
      };
    },
    async ended(graceMs) {
      if (count === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        onZero = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
