import { setTimeout as delay } from 'node:timers/promises';

const INTERVAL_MS = 10;
const LIMIT_MS = 10_000;

/** Asks again and again until the answer is something, within a bound. */
export async function until<T>(what: string, ask: () => Promise<T | null | undefined | false>): Promise<T> {
  const endMs = performance.now() + LIMIT_MS;
  while (performance.now() < endMs) {
    const answer = await ask();
    if (answer) return answer;
    await delay(INTERVAL_MS);
  }
  throw new Error(`Waited in vain: ${what}`);
}
