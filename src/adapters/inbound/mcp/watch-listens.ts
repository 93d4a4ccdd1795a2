import { type McpHttpHandler, ProtocolError } from '@modelcontextprotocol/server';
import { type Message, messagesOf } from './messages.ts';
import type { McpOperation, WatchOperation } from './watch-operation.ts';

/**
 * The method that the SDK serves in front of its servers, over HTTP as over a pipe: it is a stream, which belongs to no
 * single answer.
 */
export const listenMethod = 'subscriptions/listen';

/** The only revision that has it so far. */
const listenRevision = '2026-07-28';

/** The error that a request is answered with. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

/**
 * Watches a `subscriptions/listen` from its arrival to its acknowledgement, which is the first thing on its stream: how
 * long a client listens says nothing about how it was served.
 *
 * @param answered - Ends with the acknowledgement, or with the refusal in its place.
 */
export async function watchListen(
  { id, params }: Message,
  reached: Pick<McpOperation, 'transport' | 'protocolVersion'>,
  answered: () => Promise<Refusal | undefined>,
  watch: WatchOperation,
): Promise<void> {
  const operation: McpOperation = { method: listenMethod, rpcId: String(id), meta: params['_meta'], ...reached };
  const work = async (): Promise<void> => {
    const refusal = await answered();
    if (refusal !== undefined) throw new ProtocolError(refusal.code, refusal.message);
  };
  // The refusal is in the answer; it is thrown for those who watch alone.
  await watch(operation, work).catch(() => undefined);
}

/** Watches those that come over HTTP. Every other request goes through as it is. */
export function watchListens(fetch: McpHttpHandler['fetch'], watch: WatchOperation | undefined): typeof fetch {
  return async (request, options) => {
    const [message] = messagesOf(options?.parsedBody);
    if (watch === undefined || message?.method !== listenMethod) return fetch(request, options);
    const answer = fetch(request, options);
    const reached = { transport: 'http', protocolVersion: () => listenRevision } as const;
    await watchListen(message, reached, async () => refusalIn(await answer), watch);
    return answer;
  };
}

async function refusalIn(answer: Response): Promise<Refusal | undefined> {
  if (answer.headers.get('content-type')?.includes('json') !== true) return undefined;
  const { error } = (await answer.clone().json()) as { readonly error?: Refusal };
  return error;
}
