import { issueAccessToken } from '../../application/authorization/issue-access-token.ts';
import type { CmsAddress } from '../di/cms-address.ts';
import type { Wired } from '../di/container.ts';
import { T } from '../di/tokens.ts';

export interface WelcomeOptions {
  readonly container: Wired;
  readonly cms: CmsAddress;
  readonly url: string;
  readonly print: (text: string) => void;
}

const tokenDays = 30;

/**
 * Tells whoever started the server what there is and how to connect. With the sandbox CMS a ready token is issued;
 * with a real CMS tokens are left to the operator, who knows who should have one.
 */
export async function welcome({ container, cms, url, print }: WelcomeOptions): Promise<void> {
  const mcpUrl = `${url}/mcp`;
  if (!cms.isSandbox) {
    print(
      `\n  MCP server   ${mcpUrl}\n  CMS          ${cms.baseUrl}\n\n  Issue a token for an agent:\n    npx ingeniux-cms-mcp token issue --subject you@example.edu --scopes "cms:read cms:write cms:publish"\n\n`,
    );
    return;
  }
  const { token } = await issueAccessToken(
    {
      subject: 'demo',
      clientId: 'demo',
      scopes: ['cms:read', 'cms:write', 'cms:publish'],
      ttlSeconds: tokenDays * 86_400,
    },
    {
      tokens: container.get(T.Tokens),
      ids: container.get(T.Ids),
      digest: container.get(T.Digest),
      clock: container.get(T.Clock),
    },
  );
  const header = `Authorization: Bearer ${token}`;
  const json = (value: unknown) => JSON.stringify(value);
  print(`
  MCP server   ${mcpUrl}
  Sandbox CMS  ${cms.baseUrl}/   a demo university site; the page lists its users and their passwords
  Live site    ${cms.baseUrl}/live/production/
  Token        ${token}
               for agents, ${tokenDays} days; earlier tokens stay valid until they expire

  Claude Code  claude mcp add --transport http ingeniux ${mcpUrl} --header "${header}"
  Cursor       .cursor/mcp.json   ${json({ mcpServers: { ingeniux: { url: mcpUrl, headers: { Authorization: `Bearer ${token}` } } } })}
  VS Code      .vscode/mcp.json   ${json({ servers: { ingeniux: { type: 'http', url: mcpUrl, headers: { Authorization: `Bearer ${token}` } } } })}
  Inspector    npx @modelcontextprotocol/inspector --cli ${mcpUrl} --transport http --header "${header}" --method tools/list

  Try: "Find the page with our application deadlines, change January 15 to January 31, check it in and publish it to Production."
  Stop with Ctrl+C.

`);
}
