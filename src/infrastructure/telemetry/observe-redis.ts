import { tracingChannel } from 'node:diagnostics_channel';
import { keepsEverything, type RedisConnection } from '../../adapters/outbound/redis/connection.ts';
import type { Metrics } from './metrics.ts';

/**
 * Measures Redis: whether it answers, whether it keeps what it is given, and how long its commands take, as ioredis tells
 * on its channel. Answers how to stop.
 */
export function measureRedis(metrics: Metrics, connection: RedisConnection): () => void {
  metrics.observe('redis_up', async () => [
    { value: await connection.run((client) => client.ping()).then(...asNumber), labels: {} },
  ]);
  metrics.observe('redis_noeviction', async () => [{ value: (await keepsEverything(connection)) ? 1 : 0, labels: {} }]);
  const begunAtMs = new WeakMap<object, number>();
  const channel = tracingChannel<unknown, CommandContext>('ioredis:command');
  const subscriber = {
    start: (command: CommandContext) => {
      if (!waiting.has(opOf(command))) begunAtMs.set(command, performance.now());
    },
    asyncEnd: (command: CommandContext) => {
      const startMs = begunAtMs.get(command);
      if (startMs === undefined) return;
      const op = opOf(command);
      metrics.record('redis_command_duration_seconds', (performance.now() - startMs) / 1000, {
        op: measured.has(op) ? op : 'other',
      });
    },
    end: () => undefined,
    asyncStart: () => undefined,
    error: () => undefined,
  };
  channel.subscribe(subscriber);
  return () => channel.unsubscribe(subscriber);
}

const asNumber = [() => 1, () => 0] as const;

/** What ioredis tells of a command; its arguments hold keys and content, and are not looked at. */
interface CommandContext {
  readonly command: string;
}

const opOf = ({ command }: CommandContext): string => command.toLowerCase();

/** Commands that wait until there is something: how long they take says nothing. */
const waiting: ReadonlySet<string> = new Set([
  'bzpopmin',
  'brpoplpush',
  'blmove',
  'brpop',
  'blpop',
  'subscribe',
  'wait',
]);

/** What the drivers and BullMQ send most. */
const measured: ReadonlySet<string> = new Set([
  'get',
  'set',
  'getdel',
  'del',
  'unlink',
  'mget',
  'hget',
  'hgetall',
  'hset',
  'hmget',
  'eval',
  'evalsha',
  'info',
  'ping',
  'publish',
  'zadd',
  'zrange',
  'zrevrange',
]);
