import { poll } from './poll.ts';
import { modernRequest } from './raw-http.ts';

/** Jobs that are begun while processes come and go; whatever happens to these, each job has to succeed. */
export interface JobsUnderWay {
  begin(count: number): Promise<void>;
  /** Waits for all that were begun; answers how many those are. */
  allSucceed(): Promise<number>;
}

/** `mcpUrl` has to offer all toolsets: `/mcp/x/all`. */
export function jobsUnderWay(mcpUrl: URL, token: string): JobsUnderWay {
  const jobs: string[] = [];
  const call = async (name: string, input: object): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await fetch(mcpUrl, modernRequest(token, 'tools/call', { name, arguments: input }));
    const text = await answer.text();
    const { result } = JSON.parse(text) as { result?: { structuredContent?: Record<string, unknown> } };
    if (result?.structuredContent === undefined) throw new Error(text);
    return result.structuredContent;
  };
  return {
    async begin(count) {
      for (let begun = 0; begun < count; begun += 1) {
        const { job } = await call('run_report', { report: 'broken_links' });
        if (typeof job !== 'string') throw new Error('The report is no job.');
        jobs.push(job);
      }
    },
    async allSucceed() {
      for (const job of jobs) {
        await poll(`${job} to succeed`, async () => (await call('get_job', { job }))['state'] === 'succeeded', {
          timeoutMs: 90_000,
          everyMs: 200,
        });
      }
      return jobs.length;
    },
  };
}
