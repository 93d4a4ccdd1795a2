import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until `probe` answers something other than `undefined` or `false`, and answers that. A probe that
 * throws rises at once. Throws an error that names `what` when the time is over.
 */
export async function poll<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  options: PollOptions = {},
): Promise<T> {
  const { timeoutMs = 15_000, everyMs = 20 } = options;
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endMs) throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`);
    await pause(everyMs);
  }
}

export interface PollOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}
