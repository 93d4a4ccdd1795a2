import express, { type RequestHandler } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chooseExposure, mcpPaths } from '../../../src/adapters/inbound/mcp/choose-exposure.ts';
import { createIdSource } from '../../../src/adapters/outbound/node/id-source.ts';
import { toolsets } from '../../../src/application/define-task.ts';
import {
  defaultExposure,
  exposes,
  exposureWords,
  onDemandTools,
  parseExposure,
  readOnlyExposure,
  withinGrant,
} from '../../../src/application/tasks/exposure.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import { type GrantedExposure, type Scope, scopes } from '../../../src/domain/model/principal.ts';
import { type Listening, listen } from '../../../src/infrastructure/http/listen.ts';
import { requestId } from '../../../src/infrastructure/http/middleware/request-id.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { type ClientKind, clientKinds, connectClient } from '../../support/mcp-clients.ts';
import { initializeBody, mcpHeaders, modernRequest, rawHttp } from '../../support/raw-http.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

/** The tools that every client gets, decided one by one: a new one comes into this list on purpose. */
const promisedByDefault = [
  'get_context',
  'search_content',
  'browse_tree',
  'get_content',
  'describe_schema',
  'compare_versions',
  'analyze_impact',
  'create_page',
  'edit_content',
  'move_content',
  'delete_content',
  'check_in_content',
  'list_work',
  'advance_workflow',
  'preview_publish',
  'publish_content',
  'get_publish_status',
  'plan_changes',
  'apply_changes',
  'undo_changes',
  'get_job',
  'cancel_job',
  'search_operations',
  'describe_operation',
  'call_read_operation',
];

const byDefault = tasks.filter((task) => exposes(defaultExposure, task)).map(({ name }) => name);

describe('what a client is offered', () => {
  it('is by default what was decided, and not one tool more', () => {
    expect(byDefault.filter((name) => !promisedByDefault.includes(name))).toEqual([]);
    expect(promisedByDefault.filter((name) => onDemandTools.has(name))).toEqual([]);
    expect(byDefault.length).toBeLessThanOrEqual(25);
  });

  it('brings every tool with its toolset and with "all"', () => {
    for (const task of tasks) {
      expect(exposes({ words: [task.toolset], readOnly: false }, task)).toBe(true);
      expect(exposes({ words: ['all'], readOnly: false }, task)).toBe(true);
    }
  });

  it('reads a list whatever its order, case and repetition', () => {
    expect(parseExposure('Assets, core,assets')).toEqual({ exposure: { words: ['core', 'assets'], readOnly: false } });
    expect(parseExposure('core,,nope')).toEqual({ unknown: ['', 'nope'] });
    expect(parseExposure('')).toEqual({ unknown: [''] });
  });

  it('never passes what a grant is for, whatever is asked', () => {
    for (const word of exposureWords) {
      for (const picks of [[], ['core'], ['default'], ['all'], ['default', 'assets'], ['a-word-of-tomorrow']]) {
        for (const readOnly of [true, false]) {
          const grant = { readOnly, toolsets: picks };
          const words =
            picks.length === 0 ? (['default'] as const) : exposureWords.filter((one) => picks.includes(one));
          const limit = { words, readOnly };
          const exposure = withinGrant({ words: [word], readOnly: false }, grant);
          const beyond = tasks.filter((task) => exposes(exposure, task) && !exposes(limit, task));
          expect(beyond.map(({ name }) => name)).toEqual([]);
        }
      }
    }
    const asked = { words: ['assets'], readOnly: false } as const;
    expect(withinGrant(asked, undefined)).toBe(asked);
  });

  it.each([
    ['/mcp', undefined, ['default'], false],
    ['/mcp/', undefined, ['default'], false],
    ['/mcp/readonly', undefined, ['default'], true],
    ['/mcp/x/authoring,publishing', undefined, ['authoring', 'publishing'], false],
    ['/mcp/x/default%2Cassets/', undefined, ['default', 'assets'], false],
    ['/mcp', 'dita', ['dita'], false],
    ['/mcp', 'readonly', ['default'], true],
    ['/mcp/readonly', 'all', ['default'], true],
  ])('is chosen by %s with the header %s', (path, header, words, readOnly) => {
    expect(chooseExposure(path, header)).toEqual({ exposure: { words, readOnly } });
  });

  it.each(['/mcp/x/', '/mcp/x', '/mcp/x/nope', '/mcp/x/core,nope', '/mcp/x/core/nope', '/mcp/nope', '/mcp/x/%ZZ'])(
    'is refused at %s, with all names that there are',
    (path) => {
      const choice = chooseExposure(path, undefined);
      expect(choice).toHaveProperty('problem');
      for (const word of exposureWords) expect(JSON.stringify(choice)).toContain(word);
    },
  );
});

describe('toolsets over HTTP', () => {
  let harness: TaskHarness;
  let bench: McpBench;
  let listening: Listening;
  let held: readonly Scope[] = scopes;
  let picked: GrantedExposure | undefined;

  beforeAll(async () => {
    harness = await openTaskHarness();
    bench = await openMcpBench({ tasks, runtime: harness.runtime() });
    // The endpoint at all its addresses, with a caller whose scopes the tests choose.
    listening = await listen({ host: '127.0.0.1', port: 0 }, () => {
      const app = express();
      const admit: RequestHandler = (_request, response, next) => {
        const principal = {
          subject: 'ada',
          clientId: 'tests',
          scopes: held,
          ...(picked === undefined ? {} : { exposure: picked }),
        };
        response.locals['grant'] = { principal, tokenId: 'tok_1' };
        next();
      };
      app.use(requestId(createIdSource()));
      app.all([...mcpPaths], admit, ...bench.endpoint.handlers);
      return app;
    });
  });

  afterAll(async () => {
    await listening.close(async () => undefined, 1_000);
    await bench.close();
    await harness.close();
    expect(bench.problems).toEqual([]);
  });

  const at = (path: string) => new URL(`${listening.url}${path}`);
  const namesAt = async (kind: ClientKind, path: string) => {
    const client = await connectClient(kind, at(path), 'any');
    const names = (await client.listTools()).map(({ name }) => name);
    await client.close();
    return names;
  };

  it.each(clientKinds)('lists by address (%s)', async (kind) => {
    expect(await namesAt(kind, '/mcp')).toEqual(byDefault);
    expect(await namesAt(kind, '/mcp/readonly')).toEqual(
      tasks.filter((task) => exposes(readOnlyExposure, task)).map(({ name }) => name),
    );
    expect(await namesAt(kind, '/mcp/x/jobs,workflow')).toEqual(
      tasks.filter(({ toolset }) => toolset === 'jobs' || toolset === 'workflow').map(({ name }) => name),
    );
    expect(await namesAt(kind, '/mcp/x/all')).toEqual(tasks.map(({ name }) => name));
  });

  it('lists what the token allows of it', async () => {
    held = ['cms:read'];
    const names = await namesAt('v2 auto', '/mcp/x/all');
    held = scopes;
    const readable = tasks.filter((task) => task.scopes.every((scope) => scope === 'cms:read'));
    expect(names).toEqual(readable.map(({ name }) => name));
    expect(names.length).toBeLessThan(tasks.length);
  });

  it('calls only what it lists, and says where the rest is', async () => {
    const client = await connectClient('v2 auto', at('/mcp/readonly'), 'any');
    await expect(client.callTool('edit_content', {})).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('/mcp/x/default,authoring'),
    });
    expect((await client.callTool('get_context')).isError).toBe(false);
    expect(await client.listPrompts()).toEqual(['content_audit', 'weekly_report']);
    await client.close();
  });

  describe.each(clientKinds)('within what the person picked (%s)', (kind) => {
    afterEach(() => {
      picked = undefined;
    });
    const namesOf = (fits: (task: (typeof tasks)[number]) => boolean) => tasks.filter(fits).map(({ name }) => name);

    it('lists what was picked, whatever the address asks for', async () => {
      picked = { readOnly: false, toolsets: ['core', 'assets'] };
      const inGrant = ({ toolset }: (typeof tasks)[number]) => toolset === 'core' || toolset === 'assets';
      expect(await namesAt(kind, '/mcp')).toEqual(namesOf(inGrant));
      expect(await namesAt(kind, '/mcp/x/all')).toEqual(namesOf(inGrant));
      expect(await namesAt(kind, '/mcp/x/assets,authoring')).toEqual(namesOf(({ toolset }) => toolset === 'assets'));
      expect(await namesAt(kind, '/mcp/readonly')).toEqual(namesOf((task) => inGrant(task) && task.effect === 'read'));
    });

    it('lists reading tools only where that was picked, and calls no other', async () => {
      picked = { readOnly: true, toolsets: ['all'] };
      expect(await namesAt(kind, '/mcp/x/all')).toEqual(namesOf(({ effect }) => effect === 'read'));
      const client = await connectClient(kind, at('/mcp/x/all'), 'any');
      await expect(client.callTool('edit_content', {})).rejects.toThrow('not offered');
      expect(await client.listPrompts()).toEqual(['content_audit', 'weekly_report']);
      const context = await client.callTool('get_context');
      expect(offeredIn(context.text)).toEqual({
        toolsets: ['all'],
        read_only: true,
        why: expect.stringContaining('picked all, reading only'),
      });
      await client.close();
    });
  });

  /** What an answer of get_context says of what is offered. */
  const offeredIn = (text: string) => JSON.parse(/"offered":\s*(\{[^}]*\})/.exec(text)?.[1] ?? 'null');

  it('says in get_context who decided what is offered, and nothing where it is the usual', async () => {
    const offeredAt = async (path: string) => {
      const client = await connectClient('v2 auto', at(path), 'any');
      const { text } = await client.callTool('get_context');
      await client.close();
      return offeredIn(text);
    };
    expect(await offeredAt('/mcp')).toBeNull();
    expect(await offeredAt('/mcp/readonly')).toEqual({
      toolsets: ['default'],
      read_only: true,
      why: expect.stringContaining('address'),
    });
    picked = { readOnly: false, toolsets: ['core', 'authoring'] };
    expect(await offeredAt('/mcp/x/core,publishing')).toMatchObject({ toolsets: ['core'], read_only: false });
    picked = undefined;
  });

  it.each(['/mcp/x/nope', '/mcp/nope'])('answers 404 with the list at %s, in both eras', async (path) => {
    for (const request of [
      modernRequest('any', 'tools/list'),
      { method: 'POST', headers: mcpHeaders('any'), body: initializeBody },
    ]) {
      const answer = await rawHttp(at(path), request);
      expect(answer.status).toBe(404);
      for (const toolset of toolsets)
        expect(answer.json()).toMatchObject({ error: { message: expect.stringContaining(toolset) } });
    }
  });

  it('lets clients that cannot choose their URL choose by header', async () => {
    const { token } = await bench.issue();
    const { headers, ...request } = modernRequest(token, 'tools/list');
    const asked = await rawHttp(bench.mcpUrl, { ...request, headers: { ...headers, 'Ingeniux-Toolsets': 'jobs' } });
    expect(asked.json()).toMatchObject({ result: { tools: [{ name: 'get_job' }, { name: 'cancel_job' }] } });
    const wrong = await rawHttp(bench.mcpUrl, { ...request, headers: { ...headers, 'Ingeniux-Toolsets': 'jbs' } });
    expect(wrong.status).toBe(404);
  });
});
