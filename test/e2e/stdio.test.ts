import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentOf } from '../support/agent-clients.ts';
import { adaptV2 } from '../support/mcp-clients.ts';
import { poll } from '../support/poll.ts';
import { startCommand, temporaryFolder } from '../support/server-process.ts';
import { projectRoot } from '../support/source-tree.ts';

describe('MCP over stdio', () => {
  const folder = temporaryFolder();
  const settings = { DATA_DIR: folder.path, SANDBOX_PORT: '0', LOG_LEVEL: 'trace', NODE_ENV: 'test' };
  afterAll(folder.remove);

  describe('with a real client', () => {
    let client: Client;
    beforeAll(async () => {
      client = new Client({ name: 'end-to-end-tests', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
      await client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: [join(projectRoot, 'src/main.ts'), 'stdio'],
          env: { PATH: process.env['PATH'] ?? '', ...settings },
          stderr: 'ignore',
        }),
      );
    });
    afterAll(() => client.close());

    it('reads and edits a page of the sandbox CMS that it started itself', async () => {
      const agent = agentOf(adaptV2('v2 auto', client));
      const read = (await agent.call('get_content', { items: ['/admissions/deadlines'], include: ['fields'] })) as {
        items: { id: string; version_token: string }[];
      };
      const page = read.items[0];
      const edited = await agent.call('edit_content', {
        item: page?.id,
        version: page?.version_token,
        changes: [{ op: 'replace_text', field: 'Body', find: 'January 15, 2026', value: 'January 31, 2026' }],
      });
      expect(edited['diff']).toHaveLength(1);
    });

    it('publishes with a worker of its own', async () => {
      const agent = agentOf(adaptV2('v2 auto', client));
      const started = await agent.call('publish_content', { items: ['/admissions/tuition'], target: 'Production' });
      const ended = await agent.call('get_job', { job: started['job'], wait_seconds: 25 });
      expect(ended).toMatchObject({ state: 'succeeded' });
    });
  });

  it('writes JSON-RPC and nothing else to standard output, from the first byte on, whatever comes in', async () => {
    const other = temporaryFolder();
    const child = startCommand(['stdio'], { ...settings, DATA_DIR: other.path }, 'pipe');
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.resume();
    const lines = [
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}',
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      'this is not JSON',
      '{"jsonrpc":"2.0","id":2,"method":"no/such/method"}',
      '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"no_such_tool"}}',
      '{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"get_content","arguments":{"items":7}}}',
      '{"jsonrpc":"2.0","id":5,"method":"tools/list"}',
    ];
    child.stdin?.write(`${lines.join('\n')}\n`);
    const closed = once(child, 'close');
    await poll('the last request is answered', () => Buffer.concat(chunks).toString('utf8').includes('"id":5'));
    child.stdin?.end();
    await closed;
    other.remove();
    const written = Buffer.concat(chunks).toString('utf8').split('\n').filter(Boolean);
    const messages = written.map(
      (line) => JSON.parse(line) as { jsonrpc: string; id?: number | null; error?: { code: number } },
    );
    expect(messages.every((message) => message.jsonrpc === '2.0')).toBe(true);
    expect(messages.map((message) => message.id)).toEqual(expect.arrayContaining([1, 2, 3, 4, 5]));
    expect(messages.find((message) => message.id === 2)?.error?.code).toBe(-32601);
    expect(messages.find((message) => message.id === 3)?.error?.code).toBe(-32602);
  });
});
