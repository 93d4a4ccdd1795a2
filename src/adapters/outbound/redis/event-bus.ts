import type { DomainEvent } from '../../../domain/events.ts';
import type { EventBus } from '../../../domain/ports/event-bus.ts';
import type { IdSource } from '../../../domain/ports/system.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/**
 * Carries the events of one process to the listeners of all others, over a channel of Redis. The listeners of this
 * process are served by `local`, without Redis.
 *
 * Redis keeps no message: a process that is cut off from it hears nothing of that time, and its listeners are told that
 * when it is back. A connection that says nothing at all any more is noticed by a question now and then and made anew.
 * `onProblem` is told of events that could not be sent or read.
 */
export function createRedisEventBus(options: RedisEventBusOptions): EventBus {
  const { connection, local, onProblem } = options;
  const origin = options.ids.id('bus');
  const subscriber = connection.duplicateForWaiting();
  // Listeners are told what they missed before they hear more, so this file subscribes anew itself.
  subscriber.options.autoResubscribe = false;
  let isClosed = false;

  const tellOthers = async (events: readonly DomainEvent[]): Promise<void> => {
    try {
      const message: Message = { origin, events };
      await connection.run((client) => client.publish(keys.events, JSON.stringify(message)));
    } catch (error) {
      // What happened has happened: a lost message must not make the call fail that tells of it.
      onProblem(error);
    }
  };

  const hear = async (text: string): Promise<void> => {
    try {
      const message = readMessage(text);
      // Law: each process hears an event once, and the listeners of the origin have heard it.
      if (message.origin !== origin) await local.publish(message.events);
    } catch (error) {
      // A message that cannot be read is another program's or another version's.
      onProblem(error);
    }
  };

  /** True from the first subscription on: what was told before nobody here can have missed. */
  let hasListened = false;
  const listen = async (): Promise<void> => {
    try {
      await subscriber.subscribe(keys.events);
      if (hasListened) await local.publish([{ type: 'events_missed' }]);
      hasListened = true;
    } catch (error) {
      // The next connection tries again.
      if (!isClosed) onProblem(error);
    }
  };

  const ask = async (): Promise<void> => {
    if (subscriber.status !== 'ready') return;
    const silence = setTimeout(() => subscriber.disconnect(true), answerMs);
    try {
      await subscriber.ping();
    } catch {
      // The connection is made anew, which `listen` hears of.
    } finally {
      clearTimeout(silence);
    }
  };

  subscriber.on('message', (_channel, text) => void hear(text));
  subscriber.on('ready', () => void listen());
  const asking = setInterval(() => void ask(), askEveryMs);
  asking.unref();

  return {
    async publish(events) {
      if (events.length > 0) await Promise.all([local.publish(events), tellOthers(events)]);
    },
    subscribe: (listener) => local.subscribe(listener),
    async close() {
      isClosed = true;
      clearInterval(asking);
      subscriber.disconnect();
      await local.close();
    },
  };
}

/** How often the connection is asked whether it is alive, and how long it may take to answer, in milliseconds. */
const askEveryMs = 5_000;
const answerMs = 4_000;

export interface RedisEventBusOptions {
  /** Closed by whoever opened it; the bus opens and closes a further one to listen. */
  readonly connection: RedisConnection;
  /** Serves the listeners of this process, and is closed with this bus. */
  readonly local: EventBus;
  readonly ids: IdSource;
  readonly onProblem: (error: unknown) => void;
}

interface Message {
  /** Which bus sent it. */
  readonly origin: string;
  readonly events: readonly DomainEvent[];
}

function readMessage(text: string): Message {
  // Checked below as far as this file looks at it; the events themselves are written by the same release.
  const message = JSON.parse(text) as Partial<Message> | null;
  if (typeof message?.origin !== 'string' || !Array.isArray(message.events)) {
    throw new Error(`A message on ${keys.events} does not have the form of this server.`);
  }
  return { origin: message.origin, events: message.events };
}
