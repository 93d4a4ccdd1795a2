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

/** Whom one can be in the sandbox CMS; its own page lists them all. */
const sandboxUsers = [
  { user: 'praman', password: 'sandbox-editor-pass', may: 'edit and publish' },
  { user: 'dreyes', password: 'sandbox-publisher-pass', may: 'edit, review, publish everywhere' },
  { user: 'gwhitfield', password: 'sandbox-viewer-pass', may: 'read' },
] as const;

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
  const signIn =
    container.get(T.Config).cmsSignIn === 'cms-login'
      ? sandboxUsers.map(({ user, password, may }) => `${user} / ${password} (${may})`).join('\n               ')
      : 'with the token below';
  const header = `Authorization: Bearer ${token}`;
  const json = (value: unknown) => JSON.stringify(value);
  print(`
  MCP server   ${mcpUrl}
  Sandbox CMS  ${cms.baseUrl}/   a demo university site; the page lists its users and their passwords
  Live site    ${cms.baseUrl}/live/production/
  Sign in as   ${signIn}
  Your grants  ${url}/oauth/grants

  Agents that have a browser need the URL alone; it asks you to sign in and to agree:
  Claude Code  claude mcp add --transport http ingeniux ${mcpUrl}     then /mcp in Claude Code
  Cursor       .cursor/mcp.json   ${json({ mcpServers: { ingeniux: { url: mcpUrl } } })}
  VS Code      .vscode/mcp.json   ${json({ servers: { ingeniux: { type: 'http', url: mcpUrl } } })}

  Agents without one bring a token:
  Token        ${token}
               ${tokenDays} days; earlier tokens stay valid until they expire
  Claude Code  claude mcp add --transport http ingeniux ${mcpUrl} --header "${header}"
  Inspector    npx @modelcontextprotocol/inspector --cli ${mcpUrl} --transport http --header "${header}" --method tools/list

  Try: "Find the page with our application deadlines, change January 15 to January 31, check it in and publish it to Production."
  Stop with Ctrl+C.

`);
}
