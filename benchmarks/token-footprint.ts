import { modernRequest } from '../test/support/raw-http.ts';
import { type Benchmark, figure, startServer, temporaryFolder } from './harness.ts';
import { issueToken } from './issue-token.ts';

/** What the list of tools takes of an agent's context before it has asked anything. */
export const tokenFootprint: Benchmark = {
  name: 'token-footprint',
  asks: 'How much of an agent’s context does tools/list take?',
  async run() {
    const tools = await listTools();
    const sized = tools.map((tool) => ({ tool, characters: sizeOf(tool) })).sort((a, b) => b.characters - a.characters);
    const total = sized.reduce((sum, { characters }) => sum + characters, 0);
    const row = (what: string, characters: number, input: number, output: number) => [
      what,
      figure(characters),
      figure(characters / charactersPerToken),
      `${figure((100 * characters) / total)} %`,
      figure(input),
      figure(output),
    ];
    const sum = (part: 'inputSchema' | 'outputSchema') => tools.reduce((all, tool) => all + sizeOf(tool[part]), 0);
    return {
      columns: ['tool', 'characters', '≈ tokens', 'share', 'of them input schema', 'of them output schema'],
      rows: [
        row(`all ${tools.length}`, total, sum('inputSchema'), sum('outputSchema')),
        ...sized.map(({ tool, characters }) =>
          row(tool.name, characters, sizeOf(tool.inputSchema), sizeOf(tool.outputSchema)),
        ),
      ],
      remarks: [
        `Characters of each entry as compact JSON, as the server answers it to a token that may read, write and publish. Tokens are characters divided by ${charactersPerToken}: a rule of thumb, no tokenizer. Many hosts do not show output schemas to the model.`,
      ],
    };
  },
};

/** What tokenizers come to with English text and JSON, roughly. */
const charactersPerToken = 4;

interface Tool {
  readonly name: string;
  readonly inputSchema: unknown;
  readonly outputSchema?: unknown;
}

/** Asks a server over HTTP: what is counted is what agents get. */
async function listTools(): Promise<readonly Tool[]> {
  const folder = temporaryFolder();
  const settings = { DATA_DIR: folder.path };
  try {
    const server = await startServer(['dist/main.js', 'serve'], settings);
    try {
      const answer = await fetch(`${server.url}/mcp`, modernRequest(await issueToken(settings), 'tools/list'));
      // The shape is that of the protocol's ListToolsResult.
      const { result } = (await answer.json()) as { result: { tools: readonly Tool[]; nextCursor?: string } };
      if (result.nextCursor !== undefined) throw new Error('The list has more pages than were counted.');
      return result.tools;
    } finally {
      await server.close();
    }
  } finally {
    folder.remove();
  }
}

function sizeOf(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}
