import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tasks } from '../../../src/application/tasks/index.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { connectClient, type TestClient, type ToolResult } from '../../support/mcp-clients.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

/** More than one page of an answer, and no text in any encoding. */
const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * 7) % 256));

describe.each(['v2 auto', 'v1'] as const)('the gateway through MCP (%s)', (kind) => {
  let harness: TaskHarness;
  let bench: McpBench;
  let client: TestClient;
  let other: TestClient;

  beforeAll(async () => {
    harness = await openTaskHarness({ operationsAllow: ['Settings_GetOAuthIdentities'] });
    bench = await openMcpBench({ tasks, runtime: harness.runtime('admin') });
    const url = new URL(`${bench.mcpUrl}/x/gateway`);
    client = await connectClient(kind, url, (await bench.issue()).token);
    other = await connectClient(kind, url, (await bench.issue({ subject: 'grace' })).token);
  });

  afterAll(async () => {
    await Promise.all([client.close(), other.close()]);
    await bench.close();
    await harness.close();
    expect(bench.problems).toEqual([]);
  });

  const refusalOf = (answer: ToolResult) => {
    expect(answer.isError, answer.text).toBe(true);
    return answer.text;
  };
  const doneBy = (answer: ToolResult): Readonly<Record<string, unknown>> => {
    expect(answer.isError, answer.text).toBe(false);
    return answer.structured ?? {};
  };

  it('leads from words to a description to the call, each answer naming the next', async () => {
    const found = await client.callTool('search_operations', { query: 'move pages below another page' });
    expect(found.text).toContain('Pages_Move');
    const described = await client.callTool('describe_operation', { operations: ['Pages_Move'] });
    expect(described.text).toContain('IGX_MAKE_CHILD');
    expect(described.text).toContain('call_write_operation');
  });

  it('uploads a file of a form, and hands it out again in pages that make up the same bytes', async () => {
    const [folder] = Object.values(harness.state.assetFolders);
    const before = new Set(Object.keys(harness.state.assets));
    doneBy(
      await client.callTool('call_write_operation', {
        operation: 'Assets_Upload',
        parameters: {
          file: { file_name: `noise-${kind.replace(' ', '-')}.pdf`, content_base64: bytes.toString('base64') },
          parentfolder: folder?.id,
        },
      }),
    );
    const id = Object.keys(harness.state.assets).find((known) => !before.has(known));
    const parts: Buffer[] = [];
    let cursor: unknown;
    do {
      const page = doneBy(
        await client.callTool('call_read_operation', {
          operation: 'Assets_GetFileBinary',
          parameters: { assetId: id, download: true },
          ...(cursor === undefined ? {} : { cursor }),
        }),
      );
      const file = page['file'] as { content_base64: string; byte_size: number };
      expect(file.byte_size).toBe(bytes.length);
      parts.push(Buffer.from(file.content_base64, 'base64'));
      cursor = page['next_cursor'];
      if (cursor !== undefined) expect(String(page['left_out'])).toContain(`of ${bytes.length}`);
    } while (cursor !== undefined);
    expect(parts.length).toBeGreaterThan(1);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });

  it('says that an upload was refused although the CMS answers it with success', async () => {
    const refused = await client.callTool('call_write_operation', {
      operation: 'Assets_Upload',
      parameters: { file: { file_name: 'a.unheard-of', content_base64: 'aGVsbG8=' }, parentfolder: 'af/1' },
    });
    expect(String(doneBy(refused)['hints'])).toContain('The CMS lists 1 error(s)');
  });

  it('opens what the operator names and nothing beside it, and hides the secrets in it even then', async () => {
    const opened = await client.callTool('call_read_operation', { operation: 'Settings_GetOAuthIdentities' });
    expect(doneBy(opened)).toMatchObject({ operation: 'Settings_GetOAuthIdentities', result: expect.anything() });
    expect(opened.text).not.toContain('sandbox-secret-');
    const closed = await client.callTool('call_read_operation', { operation: 'Settings_GetServerVariables' });
    expect(refusalOf(closed)).toContain('OPERATIONS_ALLOW');
  });

  it('refuses the wrong executor with the call that is right, which then works', async () => {
    const input = { operation: 'Pages_GetPage', parameters: '{"id":"x1"}' };
    const wrong = await client.callTool('call_write_operation', input);
    expect(refusalOf(wrong)).toContain('call_read_operation');
    const { next } = JSON.parse(wrong.text) as { next: { tool: string; input: Readonly<Record<string, unknown>> } };
    expect(doneBy(await client.callTool(next.tool, next.input))['result']).toMatchObject({ Id: 'x1' });
  });

  it('destroys only with the token of this caller for these arguments', async () => {
    const victim = harness.landmarks.neverPublishedPage;
    const input = { operation: 'Pages_DeletePage', parameters: { id: victim } };
    const tokenOf = async (): Promise<string> => {
      const asked = doneBy(await client.callTool('call_destructive_operation', input));
      expect(asked['impact']).toMatchObject({ items: [{ id: victim }] });
      return String(asked['confirm']);
    };
    const [first, second] = [await tokenOf(), await tokenOf()];
    expect(first).not.toBe(second);
    const stolen = await other.callTool('call_destructive_operation', { ...input, confirm: first });
    expect(refusalOf(stolen)).toContain('CONFIRMATION_INVALID');
    const swapped = await client.callTool('call_destructive_operation', {
      ...input,
      parameters: { id: harness.landmarks.tuitionPage },
      confirm: second,
    });
    expect(refusalOf(swapped)).toContain('CONFIRMATION_INVALID');
    expect(harness.state.pages[victim]?.parentId).not.toBe(harness.landmarks.recycleFolder);
    expect(
      doneBy(await client.callTool('call_destructive_operation', { ...input, confirm: await tokenOf() })),
    ).toMatchObject({
      result: true,
    });
    expect(harness.state.pages[victim]?.parentId).toBe(harness.landmarks.recycleFolder);
  });
});
