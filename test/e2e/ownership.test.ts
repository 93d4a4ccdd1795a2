import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { initializeBody, mcpHeaders, modernRequest, rpc } from '../support/raw-http.ts';
import { runCommand } from '../support/server-process.ts';

/** What came back, with the handle taken out of it: all that may differ between somebody else's handle and a made-up one. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

type Send = (token: string, method: string, params: object, session?: string) => Promise<Answer>;

/** Everything that one call answers and a later one takes. */
interface Handle {
  readonly what: string;
  /** Gets one as its owner. */
  readonly make: (send: Send, token: string) => Promise<string>;
  /** One that nobody has. */
  readonly madeUp: string;
  readonly use: (send: Send, token: string, handle: string) => Promise<Answer>;
  /** What its owner is answered. */
  readonly works: RegExp;
  /** What everybody else is answered. */
  readonly refused: RegExp;
}

const tool = (name: string, input: object) => ['tools/call', { name, arguments: input }] as const;
const found = (pattern: RegExp, { text }: Answer): string => {
  const handle = pattern.exec(text.replaceAll('\\"', '"'))?.[1];
  if (handle === undefined) throw new Error(`There is no handle in: ${text}`);
  return handle;
};

const report = tool('run_report', { report: 'broken_links' });
const makeJob: Handle['make'] = async (send, token) => found(/"job":"(job_[\w-]+)"/, await send(token, ...report));
const search = { query: 'the', limit: 1 };
const deletion = { items: ['/admissions/deadlines'] };

const handles: readonly Handle[] = [
  {
    what: 'a job, by get_job',
    make: makeJob,
    madeUp: 'job_made-up',
    use: (send, token, job) => send(token, ...tool('get_job', { job })),
    works: /succeeded|running|queued/,
    refused: /You have no job/,
  },
  {
    what: 'a page of the report of a job',
    make: makeJob,
    madeUp: 'job_made-up',
    use: (send, token, job) => send(token, ...tool('get_job', { job, wait_seconds: 1 })),
    works: /rows/,
    refused: /You have no job/,
  },
  {
    what: 'a job, as a resource',
    make: makeJob,
    madeUp: 'job_made-up',
    use: (send, token, job) => send(token, 'resources/read', { uri: `ingeniux://job/${job}` }),
    works: /contents/,
    refused: /You have no job/,
  },
  {
    what: 'a job, by cancel_job',
    make: makeJob,
    madeUp: 'job_made-up',
    use: (send, token, job) => send(token, ...tool('cancel_job', { job })),
    works: /succeeded|cancel/,
    refused: /You have no job/,
  },
  {
    what: 'a cursor',
    make: async (send, token) => found(/"next_cursor":"([^"]+)"/, await send(token, ...tool('search_content', search))),
    madeUp: '1.aaaaaaaaaaaa.bbbbbbbbbbbb',
    use: (send, token, cursor) => send(token, ...tool('search_content', { ...search, cursor })),
    works: /"results"|"hits"|"items"/,
    refused: /cursor does not belong to this query/,
  },
  {
    what: 'a confirm token',
    make: async (send, token) =>
      found(/"confirm":"(confirm_[\w-]+)"/, await send(token, ...tool('delete_content', deletion))),
    madeUp: `confirm_${'A'.repeat(43)}`,
    use: (send, token, confirm) => send(token, ...tool('delete_content', { ...deletion, confirm })),
    works: /recycle|deleted|changed/,
    refused: /confirm token is unknown, expired or was used already/,
  },
  {
    what: 'a session',
    make: async (send, token) => (await send(token, 'initialize', JSON.parse(initializeBody).params)).text,
    madeUp: 'mcp_made-up',
    use: (send, token, session) => send(token, 'tools/list', {}, session),
    works: /get_context/,
    refused: /Session not found/,
  },
];

/** Attack 64 and what goes with it: a handle is no right. */
describe.each(['embedded', 'redis'] as const)('handles on %s', (storage) => {
  let deployment: Deployment;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    deployment = await openDeployment(storage, {
      OAUTH_CLIENT_ID: 'sandbox-admin',
      OAUTH_CLIENT_SECRET: 'sandbox-secret-admin',
    });
    const issue = async (subject: string, client: string) => {
      const args = ['token', 'issue', '--subject', subject, '--client', client, '--scopes', 'cms:read cms:write'];
      tokens.set(`${subject} through ${client}`, (await runCommand(args, deployment.settings)).stdout.trim());
    };
    await Promise.all([issue('ada', 'agent'), issue('eve', 'agent'), issue('ada', 'other agent')]);
  });
  afterAll(() => deployment.close());

  const tokenOf = (who: string) => tokens.get(who) ?? '';
  const url = () => `${deployment.url}/mcp/x/all`;

  const send: Send = async (token, method, params, session) => {
    if (method === 'initialize') {
      const opened = await fetch(url(), { method: 'POST', headers: mcpHeaders(token), body: rpc(method, params) });
      await opened.text();
      return { status: opened.status, text: opened.headers.get('mcp-session-id') ?? '' };
    }
    const request =
      session === undefined
        ? modernRequest(token, method, { ...params })
        : { method: 'POST', headers: mcpHeaders(token, { 'Mcp-Session-Id': session }), body: rpc(method, params) };
    const answer = await fetch(url(), request);
    return { status: answer.status, text: await answer.text() };
  };

  /** Without what is new in every answer, and without the handle that was sent. */
  const bare = ({ status, text }: Answer, handle: string): Answer => ({
    status,
    text: text.replaceAll(/req_[\w-]+/g, 'req').replaceAll(handle, 'HANDLE'),
  });

  it.each(handles)('$what is its own user’s, and to everybody else one that nobody has (64)', async (handle) => {
    const ada = tokenOf('ada through agent');
    const real = await handle.make(send, ada);
    const strangers = ['eve through agent', ...(handle.what.includes('job') ? [] : ['ada through other agent'])];
    for (const stranger of strangers) {
      const token = tokenOf(stranger);
      const foreign = bare(await handle.use(send, token, real), real);
      expect(foreign.text).toMatch(handle.refused);
      expect(foreign).toEqual(bare(await handle.use(send, token, handle.madeUp), handle.madeUp));
    }
    // Nobody has used it up meanwhile.
    const own = await handle.use(send, ada, real);
    expect(own.text).toMatch(handle.works);
    expect(own.text).not.toMatch(handle.refused);
  });

  it('a session is neither read from nor ended by anybody else', async () => {
    const session = await handles.at(-1)?.make(send, tokenOf('ada through agent'));
    for (const method of ['GET', 'DELETE']) {
      for (const id of [session ?? '', 'mcp_made-up']) {
        const headers = mcpHeaders(tokenOf('eve through agent'), { 'Mcp-Session-Id': id });
        const answer = await fetch(url(), { method, headers });
        expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('Session not found')]);
      }
    }
    expect((await send(tokenOf('ada through agent'), 'tools/list', {}, session)).status).toBe(200);
  });

  it('an idempotency key is a name of its user’s own: nobody is given the answer to another’s call', async () => {
    const write = async (who: string) => {
      const call = { name: 'run_report', arguments: { report: 'broken_links' } };
      const params = { ...call, _meta: { 'ingeniux/idempotency-key': 'key-of-everybody' } };
      const request = modernRequest(tokenOf(who), 'tools/call', call);
      const body = JSON.parse(request.body);
      body.params._meta = { ...body.params._meta, ...params._meta };
      const answer = await fetch(url(), { ...request, body: JSON.stringify(body) });
      return { status: answer.status, text: await answer.text() };
    };
    const [ada, eve] = [await write('ada through agent'), await write('eve through agent')];
    expect(found(/"job":"(job_[\w-]+)"/, eve)).not.toBe(found(/"job":"(job_[\w-]+)"/, ada));
  });

  it('an upload address is used once; then it is one that never was', async () => {
    const answer = await send(
      tokenOf('ada through agent'),
      ...tool('upload_asset', { folder: 'Documents', file_name: 'notes.pdf' }),
    );
    const address = /http:\/\/[^"\\ ]+\/uploads\/(up_[\w-]+)/.exec(answer.text);
    expect(address).not.toBeNull();
    const put = async (ticket: string) => {
      const given = await fetch(`${deployment.url}/uploads/${ticket}`, { method: 'PUT', body: 'bytes' });
      return bare({ status: given.status, text: await given.text() }, ticket);
    };
    const ticket = address?.[1] ?? '';
    expect((await put(ticket)).status).toBe(201);
    const again = await put(ticket);
    expect(again.status).toBe(404);
    expect(again).toEqual(await put(`up_${'A'.repeat(43)}`));
  });
});
