import { type ClientKind, connectClient, type TestClient } from './mcp-clients.ts';

/** A client as an agent uses it: tools by name, structured answers, errors as exceptions. */
export interface AgentClient {
  listTools(): Promise<readonly { readonly name: string }[]>;
  /** The structured answer; throws the text of a tool error. */
  call(name: string, input?: Record<string, unknown>): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Connects a client to the endpoint with an access token. */
export async function connectAgent(kind: ClientKind, url: string, token: string): Promise<AgentClient> {
  return agentOf(await connectClient(kind, new URL(url), token));
}

/** Makes an agent of any connected client. */
export function agentOf(client: Pick<TestClient, 'listTools' | 'callTool' | 'close'>): AgentClient {
  return {
    listTools: () => client.listTools(),
    call: async (name, input = {}) => {
      const result = await client.callTool(name, input);
      if (result.isError) throw new Error(result.text);
      if (result.structured === undefined) throw new Error(`${name} answered no structured content`);
      return { ...result.structured };
    },
    close: () => client.close(),
  };
}
