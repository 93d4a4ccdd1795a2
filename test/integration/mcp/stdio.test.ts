import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1StdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, describe, expect, it } from 'vitest';
import { poll } from '../../support/poll.ts';
import { initializeBody, rpc } from '../../support/raw-http.ts';

const program = fileURLToPath(new URL('../../support/mcp-stdio-program.ts', import.meta.url));
const server = { command: process.execPath, args: [program], stderr: 'ignore' as const };
const info = { name: 'stdio-test', version: '1' };

describe('MCP over stdio', () => {
  it.each([
    ['auto', '2026-07-28'],
    ['legacy', '2025-11-25'],
  ] as const)('serves a client in %s mode', async (mode, revision) => {
    const client = new Client(info, { versionNegotiation: { mode } });
    const updated: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      updated.push(params.uri);
    });
    await client.connect(new StdioClientTransport(server));
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('echo_words');
    const result = await client.callTool({ name: 'tell_subject', arguments: {} });
    expect(result.structuredContent).toEqual({ subject: 'local' });
    await expect(client.callTool({ name: 'nope', arguments: {} })).rejects.toMatchObject({ code: -32602 });

    const page = 'ingeniux://page/x42';
    if (mode === 'auto') await client.listen({ resourceSubscriptions: [page] });
    else await client.subscribeResource({ uri: page });
    await client.callTool({ name: 'write_note', arguments: { note: 'a' } });
    await poll('the change of the page', () => updated.length > 0);
    expect(updated).toEqual([page]);

    const heard: number[] = [];
    await client.callTool(
      { name: 'report_steps', arguments: {} },
      { onprogress: ({ progress }) => heard.push(progress) },
    );
    expect(heard.length).toBeGreaterThan(1);
    await client.close();
  });

  it('serves a v1 client', async () => {
    const client = new V1Client(info);
    await client.connect(new V1StdioTransport(server));
    const result = await client.callTool({ name: 'tell_subject', arguments: {} });
    expect(result['structuredContent']).toEqual({ subject: 'local' });
    await client.close();
  });

  describe('as a process', () => {
    let child: ChildProcessWithoutNullStreams;
    let out: string;
    let err: string;

    const start = (): void => {
      out = '';
      err = '';
      child = spawn(server.command, server.args);
      child.stdout.on('data', (chunk) => {
        out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        err += chunk;
      });
    };
    const send = (line: string): void => {
      child.stdin.write(`${line}\n`);
    };
    const messages = (): { id?: unknown; error?: { code: number }; result?: unknown }[] =>
      out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));

    afterEach(() => {
      child.kill('SIGKILL');
    });

    it('writes JSON-RPC and nothing else to stdout, answers broken lines, and goes on', async () => {
      start();
      send('this is no JSON');
      send('{"no":"rpc"}');
      send('');
      send(initializeBody);
      await poll('the handshake', () => messages().some(({ id }) => id === 1));
      send('{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":');
      send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }));
      send(rpc('tools/call', { name: 'echo_words', arguments: { words: 'still here' } }, 2));
      await poll('the answer after it', () => messages().some(({ id }) => id === 2));
      const codes = messages()
        .filter(({ id }) => id === null)
        .map(({ error }) => error?.code);
      expect(codes.sort()).toEqual([-32600, -32700, -32700]);
      expect(messages().find(({ id }) => id === 2)).toMatchObject({
        result: { structuredContent: { words: 'still here' } },
      });
      expect(err).toContain('a library says hello');
      expect(out).not.toContain('hello');
    });

    it('ends by itself when its input ends', async () => {
      start();
      send(initializeBody);
      await poll('the handshake', () => messages().length > 0);
      const code = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      expect(await code).toBe(0);
      expect(err).toContain('ended');
      expect(err).not.toContain('problem');
    });

    it('answers what it was asked before its input ended', async () => {
      start();
      const code = new Promise((resolve) => child.once('close', resolve));
      send(initializeBody);
      send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }));
      send(rpc('tools/call', { name: 'report_steps', arguments: {} }, 2));
      send(rpc('tools/list', {}, 3));
      child.stdin.end();
      expect(await code).toBe(0);
      expect(messages().flatMap(({ id, result }) => (result === undefined ? [] : [id]))).toEqual([1, 3, 2]);
    });

    it('ends when a line never does', async () => {
      start();
      const code = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.on('error', () => undefined);
      const mebibyte = 'x'.repeat(1_048_576);
      for (let sent = 0; sent < 12; sent += 1) child.stdin.write(mebibyte);
      expect(await code).toBe(0);
      expect(err).toContain('A line passes');
    });
  });
});
