import { createInterface } from 'node:readline';
import { createIngeniux } from '../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../src/adapters/outbound/memory/cache.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import { DomainError } from '../../src/domain/errors.ts';
import { openCredentialStores } from './credential-stores.ts';
import type { RenewalOrder, RenewalReport } from './renewal-processes.ts';
import type { StorePlace } from './store-processes.ts';

/**
 * A process of its own that calls the CMS in the name of grants: says that it is ready, obeys each line on stdin, and
 * lives on until it is killed.
 */
const [driver = '', location = '', siteRoot = '', timeoutMs = ''] = process.argv.slice(2);
const stores = await openCredentialStores({ driver: driver as StorePlace['driver'], location });
const clock = createClock();
const revocations: string[] = [];
const events: string[] = [];
const connector = createIngeniux({
  baseUrl: siteRoot,
  clientId: 'sandbox-editor',
  clientSecret: 'sandbox-secret-editor',
  grants: {
    ...stores,
    identities: {},
    revokeGrant: async (id, reason) => {
      await stores.vault.remove(id);
      revocations.push(reason);
    },
  },
  timeoutMs: Number(timeoutMs),
  retriesMax: 0,
  cache: createMemoryCache({ maxSize: 10, clock }),
  cacheTtlSeconds: 0,
  clock,
  onProblem: ({ kind }) => events.push(kind),
});
process.stdout.write('"ready"\n');
for await (const line of createInterface({ input: process.stdin })) {
  // Written by renewal-processes.ts.
  process.stdout.write(`${JSON.stringify(await obey(JSON.parse(line) as RenewalOrder))}\n`);
}

async function obey({ grantId, calls }: RenewalOrder): Promise<RenewalReport> {
  const gateway = connector.as(
    { subject: 'whoever', clientId: 'agent', scopes: [], grantId },
    { signal: new AbortController().signal, allowStale: false },
  );
  revocations.length = 0;
  events.length = 0;
  const outcomes = await Promise.all(
    Array.from({ length: calls }, () =>
      gateway.site.ping().then(
        () => 'ok',
        (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
      ),
    ),
  );
  return {
    outcomes: [...new Set(outcomes)].sort(),
    calls: outcomes.length,
    revocations: [...revocations],
    events: [...events],
  };
}
