import { Client as ModernClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** What the end-to-end tests need of any MCP client. */
export interface AgentClient {
  readonly kind: string;
  listTools(): Promise<readonly { readonly name: string }[]>;
  /** The structured answer; throws the text of a tool error. */
  call(name: string, input?: Record<string, unknown>): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const clientInfo = { name: 'end-to-end-tests', version: '1.0.0' };

/** The clients that agents really use: SDK v2 in each of its modes, and SDK v1 for the earlier protocol era. */
export const agentKinds = ['v2-auto', 'v2-pinned', 'v2-legacy', 'v1'] as const;
export type AgentKind = (typeof agentKinds)[number];

/** Connects one to the endpoint with an access token. */
export async function connectAgent(kind: AgentKind, url: string, token: string): Promise<AgentClient> {
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  if (kind === 'v1') {
    const client = new LegacyClient(clientInfo);
    // SDK v1's own types disagree under exactOptionalPropertyTypes; the transport is its own.
    await client.connect(new LegacyTransport(new URL(url), { requestInit }) as Parameters<LegacyClient['connect']>[0]);
    return wrap(kind, client);
  }
  const mode = kind === 'v2-auto' ? 'auto' : kind === 'v2-legacy' ? 'legacy' : { pin: '2026-07-28' };
  const client = new ModernClient(clientInfo, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  return wrap(kind, client);
}

interface AnyClient {
  listTools(): Promise<{ tools: readonly { name: string }[] }>;
  callTool(parameters: { name: string; arguments?: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

/** Makes the one face of any SDK client. */
export function wrap(kind: string, client: AnyClient): AgentClient {
  return {
    kind,
    listTools: async () => (await client.listTools()).tools,
    call: async (name, input = {}) => {
      const result: unknown = await client.callTool({ name, arguments: input });
      const { isError, structuredContent, content } = result as {
        isError?: boolean;
        structuredContent?: Record<string, unknown>;
        content: readonly { text?: string }[];
      };
      if (isError === true) throw new Error(content.map((part) => part.text ?? '').join('\n'));
      if (structuredContent === undefined) throw new Error(`${name} answered no structured content`);
      return structuredContent;
    },
    close: () => client.close(),
  };
}
