import { modernRequest } from './raw-http.ts';

export interface Load {
  /** Requests that were answered well so far. */
  answered(): number;
  stop(): Promise<{ readonly failures: readonly string[]; readonly answered: number }>;
}

/** Asks a server for its tools again and again, a few requests at a time and without a pause, until it is stopped. */
export function startLoad(mcpUrl: URL, token: string, concurrency: number): Load {
  const failures: string[] = [];
  let answered = 0;
  let isStopped = false;
  const ask = async (): Promise<void> => {
    try {
      const answer = await fetch(mcpUrl, modernRequest(token, 'tools/list'));
      const text = await answer.text();
      if (answer.ok) answered += 1;
      else failures.push(`${answer.status} ${text.slice(0, 200)}`);
    } catch (error) {
      // What the network says is the finding.
      failures.push(String(error instanceof Error ? (error.cause ?? error) : error));
    }
  };
  const loops = Array.from({ length: concurrency }, async () => {
    while (!isStopped) await ask();
  });
  return {
    answered: () => answered,
    stop: async () => {
      isStopped = true;
      await Promise.all(loops);
      return { failures, answered };
    },
  };
}
