import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prompts } from '../../../src/adapters/inbound/mcp/prompts/index.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import { type Scope, scopes } from '../../../src/domain/model/principal.ts';
import { type McpBench, openMcpBench } from '../../support/mcp-bench.ts';
import { initializeBody, mcpHeaders, modernRequest, type RawAnswer, rawHttp, rpc } from '../../support/raw-http.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

/** A reading operation that needs `cms:admin` and that the operator has opened. */
const opened = 'Settings_GetOAuthIdentities';

/** Attack 63: a token that does not carry what a call needs is told so by HTTP, in both eras alike. */
describe.each(['2026-07-28', '2025-11-25'] as const)('scopes over HTTP, revision %s', (revision) => {
  let harness: TaskHarness;
  let bench: McpBench;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    harness = await openTaskHarness({ operationsAllow: [opened] });
    bench = await openMcpBench({ tasks, runtime: harness.runtime('admin') });
  });
  afterAll(async () => {
    await bench.close();
    await harness.close();
    expect(bench.problems).toEqual([]);
  });

  const tokenFor = async (held: readonly Scope[]): Promise<string> => {
    const known = tokens.get(held.join(' '));
    if (known !== undefined) return known;
    const { token } = await bench.issue({ scopes: held, subject: `with ${held.join(' ')}` });
    tokens.set(held.join(' '), token);
    return token;
  };
  const at = (path: string) => new URL(path, bench.mcpUrl);

  const send = async (
    held: readonly Scope[],
    method: string,
    params: Readonly<Record<string, unknown>>,
    path = '/mcp/x/all',
  ): Promise<RawAnswer> => {
    const token = await tokenFor(held);
    if (revision === '2026-07-28') return rawHttp(at(path), modernRequest(token, method, params));
    const opened = await rawHttp(at(path), { method: 'POST', headers: mcpHeaders(token), body: initializeBody });
    const session = String(opened.headers['mcp-session-id']);
    return rawHttp(at(path), {
      method: 'POST',
      headers: mcpHeaders(token, { 'Mcp-Session-Id': session }),
      body: rpc(method, params),
    });
  };
  const call = (held: readonly Scope[], name: string, args: object = {}, path?: string) =>
    send(held, 'tools/call', { name, arguments: args }, path);

  const expectChallenge = (answer: RawAnswer, wanted: readonly Scope[]): void => {
    expect(answer.status).toBe(403);
    const challenge = String(answer.headers['www-authenticate']);
    expect(challenge).toMatch(/^Bearer error="insufficient_scope", /);
    expect(challenge).toContain(`scope="${wanted.join(' ')}"`);
    expect(challenge).toContain(`resource_metadata="${bench.listening.url}/.well-known/oauth-protected-resource/mcp"`);
    expect(answer.json()).toMatchObject({ error: 'insufficient_scope', error_description: expect.any(String) });
  };

  const beyondReading = tasks.filter((task) => task.scopes.some((scope) => scope !== 'cms:read'));
  it.each(beyondReading.map((task) => [task.name, task.scopes] as const))(
    '%s asks for %j where the token only reads',
    async (name, needed) => {
      expectChallenge(await call(['cms:read'], name), needed);
      expect(bench.refusals.at(-1)).toMatchObject({ reason: 'insufficient_scope', task: name });
    },
  );

  it('names the scopes that the token has as well, and none that it could do without', async () => {
    const answer = await call(['cms:read', 'cms:admin'], 'edit_content');
    expectChallenge(answer, ['cms:read', 'cms:write', 'cms:admin']);
  });

  it('lets no scope stand for another', async () => {
    expectChallenge(await call(['cms:write'], 'edit_content'), ['cms:read', 'cms:write']);
    expectChallenge(await call(['cms:admin'], 'get_context'), ['cms:read', 'cms:admin']);
    const all = scopes.filter((scope) => scope !== 'cms:admin');
    expectChallenge(await call(all, 'list_audit_events'), scopes);
  });

  it('lists exactly the tools, resources and prompts that the token can use', async () => {
    for (const held of [['cms:read'], ['cms:write'], ['cms:read', 'cms:write'], scopes] as const) {
      const can = (needed: readonly Scope[]) => needed.every((scope) => (held as readonly Scope[]).includes(scope));
      const names = async (method: string, key: string) => {
        const { text } = await send(held, method, {});
        const json = text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? '{}');
        // The protocol's own schema of these lists.
        const { result } = JSON.parse(json) as { result: Record<string, { name: string }[]> };
        return (result[key] ?? []).map(({ name }) => name);
      };
      const usable = tasks.filter((task) => can(task.scopes)).map(({ name }) => name);
      expect(await names('tools/list', 'tools')).toEqual(usable);
      expect(await names('prompts/list', 'prompts')).toEqual(
        prompts.filter(({ tools }) => tools.every((tool) => usable.includes(tool))).map(({ name }) => name),
      );
      const pages = (await names('resources/templates/list', 'resourceTemplates')).includes('page');
      expect(pages).toBe(can(['cms:read']));
    }
  });

  it.each([
    ['call_read_operation', opened, ['cms:read', 'cms:admin']],
    ['call_write_operation', 'Pages_AdvanceWorkflow', ['cms:read', 'cms:write', 'cms:publish']],
    ['call_write_operation', 'pages_advanceworkflow', ['cms:read', 'cms:write', 'cms:publish']],
  ] as const)('%s asks for what %s needs', async (executor, operation, needed) => {
    expectChallenge(await call(['cms:read'], executor, { operation }), needed);
  });

  it('asks for no scopes for an operation that is closed or unknown: it is refused for what it is', async () => {
    const closed = harness
      .runtime()
      .ports.catalogue.all()
      .find(({ id, effect, sensitive }) => effect === 'read' && sensitive && id !== opened);
    for (const [operation, code] of [
      [closed?.id ?? '', 'FORBIDDEN'],
      ['No_SuchOperation', 'NOT_FOUND'],
    ] as const) {
      const answer = await call(['cms:read'], 'call_read_operation', { operation });
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(code);
    }
  });

  it('asks for scopes for resources and prompts, too', async () => {
    expectChallenge(await send(['cms:write'], 'resources/read', { uri: 'ingeniux://page/x1' }), [
      'cms:read',
      'cms:write',
    ]);
    const prompt = await send(['cms:read'], 'prompts/get', { name: 'edit_page', arguments: {} });
    expectChallenge(prompt, ['cms:read', 'cms:write']);
  });

  it('says of unknown and withheld tools that they are unknown or withheld, whatever the scopes', async () => {
    expect((await call(['cms:read'], 'no_such_tool')).text).toContain('Unknown tool');
    const withheld = await call(['cms:read'], 'edit_content', {}, '/mcp/readonly');
    expect(withheld.status).toBeLessThan(403);
    expect(withheld.text).toContain('not offered here');
  });

  it('looks into every message of a batch', async () => {
    const token = await tokenFor(['cms:read']);
    const message = (name: string) => ({ jsonrpc: '2.0', id: name, method: 'tools/call', params: { name } });
    const answer = await rawHttp(at('/mcp/x/all'), {
      method: 'POST',
      headers: mcpHeaders(token),
      body: JSON.stringify([message('get_context'), message('edit_content'), message('publish_content')]),
    });
    expectChallenge(answer, ['cms:read', 'cms:write', 'cms:publish']);
  });
});
