import { statfs } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';
import type { ReadinessCheck } from '../../application/health/check-readiness.ts';
import type { Principal } from '../../domain/model/principal.ts';
import type { CmsConnector } from '../../domain/ports/cms/gateway.ts';
import type { JobQueue } from '../../domain/ports/job-queue.ts';
import type { StorageProbe } from '../di/open-storage.ts';

export interface ReadinessPorts {
  readonly storage: StorageProbe;
  readonly connector: CmsConnector;
  readonly jobs: JobQueue;
  /** The folder whose disk must not be full. */
  readonly dataDir: string;
}

/** Above this share of the heap limit the process spends its time collecting garbage, and soon ends. */
const heapShareMax = 0.95;

/** Less than this and SQLite or the log cannot go on for long. */
const freeBytesMin = 50 * 1024 * 1024;

/** The checks ask the CMS in nobody's name. */
const nobody: Principal = { subject: 'readiness', clientId: 'server', scopes: [] };

/** What has to work for this process to serve, one check each. */
export function readinessChecks(ports: ReadinessPorts): readonly ReadinessCheck[] {
  const ping = oneAtATime(() => ports.connector.as(nobody, { signal: neverAborted, allowStale: false }).site.ping());
  return [
    {
      name: 'storage',
      check: async () => {
        await ports.storage();
        return undefined;
      },
    },
    {
      name: 'cms',
      check: async (signal) => {
        await Promise.race([ping(), abortOf(signal)]);
        return undefined;
      },
    },
    {
      name: 'memory',
      check: async () => {
        const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
        const share = `${Math.round((100 * used) / limit)} % of the heap limit in use`;
        if (used / limit > heapShareMax) throw new Error(share);
        return share;
      },
    },
    {
      name: 'disk',
      check: async () => {
        const { bavail, bsize } = await statfs(ports.dataDir);
        const free = `${Math.floor((bavail * bsize) / (1024 * 1024))} MiB free`;
        if (bavail * bsize < freeBytesMin) throw new Error(free);
        return free;
      },
    },
    {
      name: 'queue',
      check: async () => {
        const counts = Object.values(await ports.jobs.counts());
        const sum = (key: 'queued' | 'running') => counts.reduce((total, count) => total + count[key], 0);
        return `${sum('queued')} queued, ${sum('running')} running`;
      },
    },
  ];
}

const neverAborted = new AbortController().signal;

/**
 * Shares a call that is under way. A ping that a check has given up goes on to its own deadline: cancelled ones would
 * spoil, check after check, the one trial that a half-open breaker allows, and keep a slow CMS away from everybody.
 */
function oneAtATime(call: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  return () => {
    underWay ??= call().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
