import { createIngeniux } from '../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../src/adapters/outbound/memory/cache.ts';
import { createClock } from '../../src/adapters/outbound/node/clock.ts';
import type { Runtime } from '../../src/application/pipeline/flow.ts';
import { type ScriptedAnswer, type ScriptedCms, startScriptedCms } from '../unit/adapters/ingeniux/scripted-cms.ts';
import type { TaskHarness } from './task-harness.ts';

/** The harness's runtime on another CMS: one that answers each path below `/api/v1` with what the script says. */
export interface ScriptedTasks {
  readonly cms: ScriptedCms;
  readonly runtime: Runtime;
  close(): Promise<void>;
}

export async function openScriptedTasks(
  harness: TaskHarness,
  answers: Record<string, ScriptedAnswer>,
): Promise<ScriptedTasks> {
  const cms = await startScriptedCms(({ path }) => answers[path.replace('/api/v1', '')]);
  const clock = createClock();
  const cache = createMemoryCache({ maxSize: 100, clock });
  const connector = createIngeniux({
    baseUrl: cms.siteRoot,
    clientId: 'client',
    clientSecret: 'secret',
    timeoutMs: 5_000,
    retriesMax: 0,
    cache,
    cacheTtlSeconds: 60,
    clock,
  });
  return {
    cms,
    runtime: { ...harness.runtime(), connector },
    async close() {
      await connector.close();
      await cache.close();
      await cms.close();
    },
  };
}
