/** Longer than any reader that still reads needs, and short enough for one that is stuck. */
const waitMsMax = 10_000;

/**
 * Waits until what was printed has been taken: a pipe holds only so much, and ending the process before would cut off
 * the rest.
 */
export async function flushOutput(): Promise<void> {
  const written = [process.stdout, process.stderr].map(
    // A reader that is gone is told to the callback, and has all that it wanted.
    (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
  );
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, waitMsMax);
  await Promise.race([Promise.all(written), promise]);
  clearTimeout(timer);
}

/** Lets a reader go before everything was printed, as `head` does: the rest is for nobody, and nothing is wrong. */
export function letReaderGo(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
