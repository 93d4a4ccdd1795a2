import { createMemoryCache } from '../../../src/adapters/outbound/memory/cache.ts';
import { createMemoryEventBus } from '../../../src/adapters/outbound/memory/event-bus.ts';
import { createMemoryRateLimiter } from '../../../src/adapters/outbound/memory/rate-limiter.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createMemoryExpiringRecords } from '../../support/memory-expiring-records.ts';
import { createMemoryTokenStore } from '../../support/memory-token-store.ts';
import { cacheContract, cacheSize } from '../suites/cache.ts';
import { eventBusContract } from '../suites/event-bus.ts';
import { expiringRecordsContract } from '../suites/expiring-records.ts';
import { rateLimiterContract, shortWindowSeconds } from '../suites/rate-limiter.ts';
import { tokenStoreContract } from '../suites/token-store.ts';

const oneProcess = 'it lives in one process';
const noStore = 'it has no store beside its process that could fail';
const notDurable = 'it ends with its process; only tests use it';

tokenStoreContract({
  name: 'memory',
  open: async () => {
    const subject = createMemoryTokenStore();
    return { subject, close: () => subject.close() };
  },
  exempt: {
    '`add` is durable when it answers': notDurable,
    '`revoke` is seen in every process as soon as it answers': oneProcess,
  },
});

expiringRecordsContract({
  name: 'memory',
  open: async () => {
    const clock = createFakeClock();
    const subject = createMemoryExpiringRecords({ clock });
    return {
      subject,
      elapse: async (seconds) => clock.advance(seconds * 1000),
      race: (act, keys) =>
        Promise.all(
          ['first', 'second', 'third'].map((contender) =>
            Promise.all(
              keys.map(async (key) =>
                act === 'create' ? subject.create(key, contender, 600) : (await subject.take(key)) !== undefined,
              ),
            ),
          ),
        ),
      close: () => subject.close(),
    };
  },
  exempt: {
    'records are seen by all processes': oneProcess,
    'what `create` answered survives a restart': notDurable,
    'what `replace` answered survives a restart': notDurable,
  },
});

cacheContract({
  name: 'memory',
  open: async () => {
    const clock = createFakeClock();
    const subject = createMemoryCache({ maxSize: cacheSize, clock });
    return { subject, clock, problems: [], forgetShared: async () => undefined, close: () => subject.close() };
  },
  exempt: {
    'what one process loaded, another one answers': oneProcess,
    'after `drop` it is answered in no process that shares the store': oneProcess,
    'many reads and drops in both processes never answer what was dropped': oneProcess,
    'a load that was under way at a drop in another process is answered to its own caller only and not kept':
      oneProcess,
    'a store that is gone is a miss, never an error': noStore,
    'a store that does not answer is a miss, never an error': noStore,
    'a drop that the store could not take is made up for when it is back': noStore,
    'a drop that the store refuses holds in its own process all the same': noStore,
    'an emptied store brings nothing old back': noStore,
  },
});

eventBusContract({
  name: 'memory',
  open: async () => {
    const problems: unknown[] = [];
    const subject = createMemoryEventBus({ onProblem: (error) => problems.push(error) });
    return { subject, problems, close: () => subject.close() };
  },
  exempt: {
    'listeners of other processes hear it too, soon after': oneProcess,
    'each process hears an event once': oneProcess,
    'a process that was cut off is told `events_missed` when it is back, before what is told later': oneProcess,
    'a lost connection to the others neither stops listeners here nor fails `publish`': noStore,
  },
});

rateLimiterContract({
  name: 'memory',
  open: async () => {
    const subject = createMemoryRateLimiter();
    const short = createMemoryRateLimiter({ windowSeconds: shortWindowSeconds });
    return {
      subject,
      short,
      problems: [],
      close: async () => {
        await Promise.all([subject.close(), short.close()]);
      },
    };
  },
  exempt: {
    'processes that share a store share the count': oneProcess,
    'a store that fails is told to `onProblem`, and each process counts for itself': noStore,
  },
});
