import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { createPerson, type Person, type PersonChoice } from '../../support/person.ts';

let deployment: Deployment;

beforeAll(async () => {
  deployment = await openDeployment('embedded', { CMS_SIGN_IN: 'cms-login', ANONYMOUS_RATE_LIMIT_RPM: '100000' });
});
afterAll(() => deployment.close());

const redirectUrl = 'http://localhost:45454/callback';
const clientMetadata = {
  client_name: 'Agent of the SDK',
  redirect_uris: [redirectUrl],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
};

/** What a host keeps for one server, as both SDKs ask for it; and where it sent the browser last. */
function createStore() {
  const kept = new Map<string, unknown>();
  const asked: URL[] = [];
  const provider = {
    redirectUrl,
    clientMetadata,
    clientInformation: () => kept.get('client') as never,
    saveClientInformation: (information: unknown) => void kept.set('client', information),
    tokens: () => kept.get('tokens') as never,
    saveTokens: (tokens: unknown) => void kept.set('tokens', tokens),
    redirectToAuthorization: (url: URL) => void asked.push(url),
    saveCodeVerifier: (verifier: string) => void kept.set('verifier', verifier),
    codeVerifier: () => String(kept.get('verifier')),
    discoveryState: () => kept.get('discovery') as never,
    saveDiscoveryState: (state: unknown) => void kept.set('discovery', state),
  };
  return { provider, asked };
}

interface Connection {
  callTool(
    name: string,
    input: Record<string, unknown>,
  ): Promise<{ readonly isError?: unknown; readonly text: string }>;
  listTools(): Promise<readonly string[]>;
  finishAuth(answer: URLSearchParams): Promise<void>;
  close(): Promise<void>;
}

type Connect = (store: ReturnType<typeof createStore>) => {
  readonly connected: Promise<unknown>;
  readonly connection: Connection;
};

const connectors: Readonly<Record<'v2' | 'v1', Connect>> = {
  v2: ({ provider }) => {
    const transport = new StreamableHTTPClientTransport(new URL(deployment.mcpUrl), { authProvider: provider });
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    return {
      connected: client.connect(transport),
      connection: {
        callTool: async (name, input) => {
          const result = await client.callTool({ name, arguments: input });
          return { isError: result.isError, text: JSON.stringify(result.content) };
        },
        listTools: async () => (await client.listTools()).tools.map((tool) => tool.name),
        finishAuth: (answer) => transport.finishAuth(answer),
        close: () => client.close(),
      },
    };
  },
  v1: ({ provider }) => {
    const transport = new V1Transport(new URL(deployment.mcpUrl), { authProvider: provider });
    const client = new V1Client({ name: 'test', version: '1' });
    return {
      // The v1 package declares its optional members without `undefined`, which exactOptionalPropertyTypes minds.
      connected: client.connect(transport as unknown as Parameters<typeof client.connect>[0]),
      connection: {
        callTool: async (name, input) => {
          const result = await client.callTool({ name, arguments: input });
          return { isError: result.isError, text: JSON.stringify(result.content) };
        },
        listTools: async () => (await client.listTools()).tools.map((tool) => tool.name),
        finishAuth: (answer) => transport.finishAuth(answer.get('code') ?? ''),
        close: () => client.close(),
      },
    };
  },
};

describe.each(['v2', 'v1'] as const)('the OAuth client of the SDK, %s', (version) => {
  const open = connectors[version];
  const editor = () => createPerson({ username: 'praman', password: 'sandbox-editor-pass' });

  /** Connects as a host does: at first nobody knows it, so the person is asked. */
  const connect = async (person: Person, choice?: PersonChoice) => {
    const store = createStore();
    const first = open(store);
    await expect(first.connected).rejects.toThrow(/unauthorized/i);
    const back = await person.authorize(store.asked.at(-1) ?? '', choice);
    await first.connection.finishAuth(back.searchParams);
    const second = open(store);
    await second.connected;
    return { store, connection: second.connection };
  };

  it('finds its way from the URL alone, and works with the rights of the person', async () => {
    const person = editor();
    const { store, connection } = await connect(person);
    expect(store.asked).toHaveLength(1);
    expect(store.asked[0]?.searchParams.get('scope')).toContain('cms:read');
    expect(store.asked[0]?.searchParams.get('resource')).toBe(deployment.mcpUrl);
    const context = await connection.callTool('get_context', {});
    expect(context.isError).not.toBe(true);
    expect(context.text.toLowerCase()).toContain('raman');
    await connection.close();
  });

  it('asks for more when a call needs more, and goes on with it', async () => {
    const person = editor();
    const { store, connection } = await connect(person);
    const write = () => connection.callTool('check_in_content', { items: ['/Nowhere'] });
    // The older SDK renews its token instead of asking the person, and gives up: that token allows no more than before.
    await expect(write()).rejects.toThrow(version === 'v2' ? /unauthorized/i : /403/);
    if (version === 'v2') {
      const asked = store.asked.at(-1);
      expect(store.asked).toHaveLength(2);
      expect(asked?.searchParams.get('scope')?.split(' ')).toEqual(expect.arrayContaining(['cms:write']));
      const seen = person.seen.length;
      const back = await person.authorize(asked ?? '');
      // The person has signed in already, and only says whether it may be more.
      expect(person.seen.slice(seen)).toEqual(['Allow Agent of the SDK to work in your CMS?']);
      await connection.finishAuth(back.searchParams);
      expect((await write()).text).toContain('NOT_FOUND');
    }
    await connection.close();
  });

  it('gets what the person picked: here only tools that read', async () => {
    const { connection } = await connect(editor(), { readOnly: true });
    const tools = await connection.listTools();
    expect(tools).toContain('get_content');
    expect(tools).not.toContain('edit_content');
    await connection.close();
  });
});
