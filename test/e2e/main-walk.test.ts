import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentClient, connectAgent } from '../support/agent-clients.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';

/**
 * The main job, through every client that agents use: find a page by words, read it, edit one sentence, check in,
 * publish, wait for the job, and see the new version live on the target.
 */
describe.each(['embedded', 'redis'] as const)('the main job on %s', (storage) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await openDeployment(storage);
  });
  afterAll(() => deployment.close());

  // Each client edits its own page, so that one walk does not stand on another's changes.
  const walks = [
    {
      client: 'v2 auto',
      words: 'application deadlines',
      path: '/admissions/deadlines',
      find: 'January 15, 2026',
      value: 'January 31, 2026',
    },
    {
      client: 'v2 pinned 2026-07-28',
      words: 'tuition and fees',
      path: '/admissions/tuition',
      find: 'is $60',
      value: 'is $75',
    },
    {
      client: 'v2 legacy',
      words: 'library opening hours',
      path: '/library/opening-hours',
      find: '',
      value: ' Edited by a legacy client.',
    },
    { client: 'v1', words: 'campus parking', path: '/services/parking', find: '', value: ' Edited by an old client.' },
  ] as const;

  it.each(walks)(
    '$client finds, reads, edits, checks in and publishes $path',
    async ({ client, words, path, find, value }) => {
      const agent = await connectAgent(client, deployment.mcpUrl, await deployment.token());
      try {
        await walk(agent, { words, path, find, value });
      } finally {
        await agent.close();
      }
    },
  );

  async function walk(
    agent: AgentClient,
    { words, path, find, value }: { words: string; path: string; find: string; value: string },
  ) {
    expect((await agent.listTools()).map((tool) => tool.name)).toContain('publish_content');

    const found = (await agent.call('search_content', { query: words })) as { hits: { id: string }[] };
    expect(found.hits.length).toBeGreaterThan(0);

    const read = (await agent.call('get_content', { items: [path], include: ['fields'], format: 'detailed' })) as {
      items: {
        id: string;
        name: string;
        version_token: string;
        version: number;
        fields: { name: string; value: string }[];
      }[];
    };
    const page = read.items[0];
    if (page === undefined) throw new Error('the page was not read');
    expect(found.hits.map((hit) => hit.id)).toContain(page.id);

    const change =
      find === '' ? { op: 'append', field: 'Summary', value } : { op: 'replace_text', field: 'Body', find, value };
    const edited = await agent.call('edit_content', { item: page.id, version: page.version_token, changes: [change] });
    expect(edited['changed']).toMatchObject([{ id: page.id, checked_out: true }]);

    const checkedIn = (await agent.call('check_in_content', { items: [page.id], comment: 'End-to-end walk' })) as {
      changed: { version_after: number; checked_out: boolean }[];
    };
    const version = checkedIn.changed[0]?.version_after ?? 0;
    expect(checkedIn.changed[0]).toMatchObject({ checked_out: false });
    expect(version).toBeGreaterThan(page.version);

    expect(await deployment.live(path)).not.toContain(value.trim());
    const started = await agent.call('publish_content', { items: [page.id], target: 'Production' });
    const job = await untilDone(agent, String(started['job']));
    expect(job['state']).toBe('succeeded');
    expect(job['result']).toMatchObject({ items: [{ id: page.id, outcome: 'live', version }] });

    expect(await deployment.live(path)).toContain(value.trim());
  }
});

/** Waits as an agent does: by asking for the job again and again. */
async function untilDone(agent: AgentClient, job: string): Promise<Record<string, unknown>> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const answer = await agent.call('get_job', { job, wait_seconds: 10 });
    if (['succeeded', 'failed', 'cancelled'].includes(String(answer['state']))) return answer;
  }
  throw new Error(`the job ${job} did not end`);
}
