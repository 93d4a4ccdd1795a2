import { type Implementation, Server, type ServerContext, type ServerOptions } from '@modelcontextprotocol/server';
import type { McpDeps } from './mcp-deps.ts';
import { prompts } from './prompts/index.ts';
import { type McpOperation, operationOf } from './watch-operation.ts';

type Wrap = Server['_wrapHandler'];
type Handler = ReturnType<Wrap>;

/**
 * The SDK's server, every request of which runs within `deps.watch`: those with a handler of ours, and those that the SDK
 * answers itself (`initialize`, `ping`, `server/discover`, `logging/setLevel`). The hook that it gives to subclasses sees
 * all of them; it is first called while the SDK's own constructor runs, so nothing of ours is read before a request comes.
 */
export class WatchedServer extends Server {
  readonly #deps: Pick<McpDeps, 'watch' | 'registry'>;

  constructor(deps: Pick<McpDeps, 'watch' | 'registry'>, identity: Implementation, options: ServerOptions) {
    super(identity, options);
    this.#deps = deps;
  }

  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const answered = super._wrapHandler(method, handler);
    return (request, context: ServerContext) => {
      const { watch } = this.#deps;
      if (watch === undefined) return answered(request, context);
      const protocolVersion = () => this.getNegotiatedProtocolVersion() ?? 'unknown';
      return watch(operationOf(context, this.#targetOf(request), protocolVersion), () => answered(request, context));
    };
  }

  /** What somebody else calls a tool or a prompt is theirs to choose, and could be anything. */
  #targetOf({ method, params }: Parameters<Handler>[0]): Pick<McpOperation, 'tool' | 'prompt'> {
    const name = String(params?.['name']);
    if (method === 'tools/call') return { tool: this.#deps.registry.find(name)?.name ?? 'other' };
    if (method === 'prompts/get') return { prompt: prompts.find((prompt) => prompt.name === name)?.name ?? 'other' };
    return {};
  }
}
