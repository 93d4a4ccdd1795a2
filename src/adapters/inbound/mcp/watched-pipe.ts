import type { Readable, Writable } from 'node:stream';
import { type JSONRPCMessage, SUBSCRIPTION_ID_META_KEY } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { messagesOf } from './messages.ts';
import { listenMethod, type Refusal, watchListen } from './watch-listens.ts';
import type { WatchOperation } from './watch-operation.ts';

export interface WatchedPipeOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly bufferBytesMax: number;
  readonly watch: WatchOperation | undefined;
  /** What the two ends have agreed on, asked when a request is answered. */
  readonly protocolVersion: () => string;
}

interface Listen {
  readonly id: string | number;
  readonly end: (refusal?: Refusal) => void;
}

/**
 * The SDK's pipe, every `subscriptions/listen` of which is watched: none of its servers is asked, so `WatchedServer` sees
 * none. What answers it is seen here, where it is sent.
 */
export class WatchedPipe extends StdioServerTransport {
  readonly #options: WatchedPipeOptions;
  /** What was asked and is not answered, the oldest first. */
  #listens: Listen[] = [];

  constructor(options: WatchedPipeOptions) {
    super(options.input, options.output, { maxBufferSize: options.bufferBytesMax });
    this.#options = options;
  }

  /** Whoever reads from the pipe has said so by now. */
  override async start(): Promise<void> {
    const receive = this.onmessage;
    this.onmessage = (message) => {
      this.#watch(message);
      receive?.(message);
    };
    await super.start();
  }

  override async send(message: JSONRPCMessage): Promise<void> {
    const id = answeredBy(message);
    const listen = this.#listens.find((candidate) => candidate.id === id);
    if (listen !== undefined) {
      this.#listens = this.#listens.filter((candidate) => candidate !== listen);
      listen.end('error' in message ? message.error : undefined);
    }
    await super.send(message);
  }

  override async close(): Promise<void> {
    for (const { end } of this.#listens.splice(0)) end();
    await super.close();
  }

  #watch(received: JSONRPCMessage): void {
    const { watch, protocolVersion } = this.#options;
    const [message] = messagesOf(received);
    if (watch === undefined || message?.method !== listenMethod || message.id === null) return;
    const { id } = message;
    const { promise, resolve: end } = Promise.withResolvers<Refusal | undefined>();
    this.#listens.push({ id, end });
    void watchListen(message, { transport: 'stdio', protocolVersion }, () => promise, watch);
  }
}

/** The request that a message is the first answer to: of a stream that is its acknowledgement. */
function answeredBy(message: JSONRPCMessage): unknown {
  if (!('method' in message)) return message.id;
  return message.method === 'notifications/subscriptions/acknowledged'
    ? message.params?._meta?.[SUBSCRIPTION_ID_META_KEY]
    : undefined;
}
