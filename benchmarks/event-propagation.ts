import { performance } from 'node:perf_hooks';
import { createMemoryEventBus } from '../src/adapters/outbound/memory/event-bus.ts';
import { createIdSource } from '../src/adapters/outbound/node/id-source.ts';
import { connectRedis } from '../src/adapters/outbound/redis/connection.ts';
import { createRedisEventBus } from '../src/adapters/outbound/redis/event-bus.ts';
import type { DomainEvent } from '../src/domain/events.ts';
import type { EventBus } from '../src/domain/ports/event-bus.ts';
import { poll } from '../test/support/poll.ts';
import { startRedis } from '../test/support/redis.ts';
import { type Benchmark, figure } from './harness.ts';

/** How soon the other processes hear of a change: what stands between a write at one and a fresh read at another. */
export const eventPropagation: Benchmark = {
  name: 'event-propagation',
  asks: 'How long until another process on the same Redis hears of a change?',
  async run() {
    const redis = await startRedis();
    const closers: (() => Promise<unknown>)[] = [() => redis.close()];
    try {
      const [here, there] = [await open(redis.url, closers), await open(redis.url, closers)];
      await untilHeard(here.bus, there.bus);
      const [pings, news]: [number[], number[]] = [[], []];
      for (let at = 0; at < eventsMax; at += 1) {
        pings.push(await timed(() => here.connection.client.ping()));
        news.push(
          await timed(async () => {
            const { promise, resolve } = Promise.withResolvers<void>();
            const end = there.bus.subscribe(() => resolve());
            await here.bus.publish([change]);
            await promise;
            end();
          }),
        );
      }
      const row = (what: string, share: number) => [
        what,
        figure(at(news, share) / at(pings, share)),
        figure(at(news, share)),
        figure(1_000 / at(news, share)),
      ];
      return {
        columns: ['', 'times a PING', 'ms', 'second, times that'],
        rows: [row('median', 0.5), row('p99', 0.99), row('slowest', 1)],
        remarks: [
          `${eventsMax} changes, one after the other, from one connection to the subscriber of another. The last column is how often it goes into the second that is allowed.`,
        ],
      };
    } finally {
      for (const close of closers.reverse()) await close();
    }
  },
};

const eventsMax = 500;

async function open(url: string, closers: (() => Promise<unknown>)[]) {
  const onProblem = (error: unknown) => process.stderr.write(`${String(error)}\n`);
  const connection = connectRedis(url, { onProblem });
  closers.push(() => connection.close());
  await connection.ready(10_000);
  const bus = createRedisEventBus({
    ...{ connection, onProblem },
    ...{ local: createMemoryEventBus({ onProblem }), ids: createIdSource() },
  });
  closers.push(() => bus.close());
  return { connection, bus };
}

/** The other process subscribes when it can; what was told before that it has not heard. */
async function untilHeard(here: EventBus, there: EventBus): Promise<void> {
  let hasHeard = false;
  const end = there.subscribe(() => {
    hasHeard = true;
  });
  await poll('the other process to listen', async () => {
    await here.publish([change]);
    return hasHeard;
  });
  end();
}

const change: DomainEvent = { type: 'content_changed', itemIds: ['x1'], change: 'fields', subject: 'ada' };

async function timed(act: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await act();
  return performance.now() - beganMs;
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
