import type { DomainEvent } from '../../../domain/events.ts';
import type { EventBus } from '../../../domain/ports/event-bus.ts';
import type { IdSource } from '../../../domain/ports/system.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';

/**
 * Carries the events of one process to the listeners of all others, over a channel of Redis. The listeners of this
 * process are served by `local`, without Redis.
 *
 * Redis keeps no message: a process that is cut off from it hears nothing of that time. What must not be missed rests
 * on something else (the cache on its versions, jobs on the queue). `onProblem` is told of events that could not be
 * sent or read.
 */
export function createRedisEventBus(options: RedisEventBusOptions): EventBus {
  const { connection, local, onProblem } = options;
  const origin = options.ids.id('bus');
  const subscriber = connection.duplicateForWaiting();
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

  subscriber.on('message', (_channel, text) => void hear(text));
  // ioredis subscribes anew by itself whenever the connection comes back.
  subscriber.subscribe(keys.events).catch((error: unknown) => {
    if (!isClosed) onProblem(error);
  });

  return {
    async publish(events) {
      if (events.length > 0) await Promise.all([local.publish(events), tellOthers(events)]);
    },
    subscribe: (listener) => local.subscribe(listener),
    async close() {
      isClosed = true;
      subscriber.disconnect();
      await local.close();
    },
  };
}

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
