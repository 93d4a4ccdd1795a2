/**
 * Waits for the signal to stop: SIGTERM or SIGINT, or `alsoWhen` ends. A second signal while closing ends the process
 * at once, as people expect of Ctrl+C.
 */
export async function untilStopped(alsoWhen?: Promise<unknown>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const onSignal = (signal: NodeJS.Signals) => {
    for (const name of stopSignals) process.removeListener(name, onSignal);
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
