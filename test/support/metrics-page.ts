import { poll } from './poll.ts';
import type { ServerProcess } from './server-process.ts';

/** The address of the metrics page of a process, as its log tells it. */
export function metricsPageOf(process: ServerProcess): Promise<string> {
  return poll('the page is open', () => {
    const line = process.stderr.find((text) => text.includes('the metrics page is open'));
    return line === undefined ? undefined : String(JSON.parse(line).url);
  });
}

/** What the metrics page of a process holds now. */
export async function scrape(process: ServerProcess): Promise<string> {
  const answer = await fetch(await metricsPageOf(process));
  if (answer.headers.get('content-type')?.includes('version=0.0.4') !== true)
    throw new Error('The metrics page does not say which format it has.');
  return answer.text();
}
