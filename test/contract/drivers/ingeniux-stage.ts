import type { SandboxRole } from '../../../sandbox/seed/people.ts';
import { createSeedState } from '../../../sandbox/seed.ts';
import { type SandboxOptions, startSandbox } from '../../../sandbox/server.ts';
import type { IngeniuxEvent } from '../../../src/adapters/outbound/ingeniux/events.ts';
import { createIngeniux, type IngeniuxOptions } from '../../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../../src/adapters/outbound/memory/cache.ts';
import { createClock } from '../../../src/adapters/outbound/node/clock.ts';
import type { Cache } from '../../../src/domain/ports/cache.ts';
import type { CmsConnector } from '../../../src/domain/ports/cms/gateway.ts';
import type { CmsStage } from '../suites/cms-stage.ts';

/** A stage with the REST driver, and what tests of the driver itself look at. */
export interface IngeniuxStage extends CmsStage {
  readonly cache: Cache;
  /** What the drivers told their observer, oldest first. */
  readonly events: readonly IngeniuxEvent[];
  /** The connector that runs as the CMS user of a role. */
  connector(role?: SandboxRole): CmsConnector;
}

/** Starts a sandbox CMS; a connector is made for each role that is asked for. */
export async function openIngeniuxStage(
  sandboxOptions: Partial<SandboxOptions> = {},
  driverOptions: Partial<IngeniuxOptions> = {},
): Promise<IngeniuxStage> {
  const sandbox = await startSandbox({
    port: 0,
    state: createSeedState(),
    ...sandboxOptions,
    knobs: { reportTickMs: 5, publishTickMs: 5, ...sandboxOptions.knobs },
  });
  const clock = createClock();
  const cache = createMemoryCache({ maxSize: 1000, clock });
  const connectors = new Map<SandboxRole, CmsConnector>();
  const events: IngeniuxEvent[] = [];
  const connector = (role: SandboxRole = 'editor'): CmsConnector => {
    const existing = connectors.get(role);
    if (existing !== undefined) return existing;
    const made = createIngeniux({
      baseUrl: sandbox.siteRoot,
      clientId: `sandbox-${role}`,
      clientSecret: `sandbox-secret-${role}`,
      timeoutMs: 10_000,
      retriesMax: 2,
      cache,
      cacheTtlSeconds: 300,
      clock,
      onProblem: (event) => events.push(event),
      ...driverOptions,
    });
    connectors.set(role, made);
    return made;
  };
  return {
    sandbox,
    cache,
    events,
    connector,
    as: (role, call = {}, subject = `agent-of-${role ?? 'editor'}`) =>
      connector(role).as(
        { subject, clientId: 'contract', scopes: [] },
        { signal: new AbortController().signal, allowStale: false, ...call },
      ),
    callsOf: (operationId) => sandbox.calls.list().filter((call) => call.operationId === operationId),
    close: async () => {
      await Promise.all([...connectors.values()].map((made) => made.close()));
      await cache.close();
      await sandbox.close();
    },
  };
}
