/**
 * Waits for the signal to stop: SIGTERM or SIGINT, or `alsoWhen` ends. A second signal while closing ends the process
 * at once, as people expect of Ctrl+C; one that comes right after the first is the same wish told twice, because npm
 * and process managers pass on a signal that the whole group of processes has received already.
 */
export async function untilStopped(alsoWhen?: Promise<unknown>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const ignoreEcho = () => undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    for (const name of stopSignals) {
      process.removeListener(name, onSignal);
      process.on(name, ignoreEcho);
    }
    // From here on the default holds again: the next signal ends the process.
    setTimeout(() => {
      for (const name of stopSignals) process.removeListener(name, ignoreEcho);
    }, echoMsMax).unref();
    resolve(signal);
  };
  for (const name of stopSignals) process.on(name, onSignal);
  const reason = await Promise.race([
    promise,
    ...(alsoWhen === undefined ? [] : [alsoWhen.then(() => 'end of input')]),
  ]);
  for (const name of stopSignals) process.removeListener(name, onSignal);
  return reason;
}

const stopSignals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/** Faster than anybody presses Ctrl+C twice on purpose. */
const echoMsMax = 1_000;
