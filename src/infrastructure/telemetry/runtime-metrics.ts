import { readdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import {
  constants,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { LabelsOf, Metrics } from './metrics.ts';

/** Measures the process itself under the names that Prometheus clients share. Answers how to stop. */
export function measureRuntime(metrics: Metrics): () => void {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  let utilization = performance.eventLoopUtilization();

  metrics.observe('process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage();
    return [{ value: (user + system) / 1e6, labels: {} }];
  });
  metrics.observe('process_resident_memory_bytes', () => [{ value: process.memoryUsage.rss(), labels: {} }]);
  metrics.observe('process_start_time_seconds', () => [{ value: performance.timeOrigin / 1000, labels: {} }]);
  metrics.observe('process_open_fds', async () => [{ value: (await readdir('/proc/self/fd')).length, labels: {} }]);
  metrics.observe('process_max_fds', async () => {
    const limit = /^Max open files\s+(\d+)/m.exec(await readFile('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? [] : [{ value: Number(limit), labels: {} }];
  });
  metrics.observe('nodejs_eventloop_lag_p99_seconds', () => {
    // What is measured is the distance of two timers: how late the second was is what is more than the resolution.
    const lateMs = Math.max(0, delay.percentile(99) / 1e6 - delayResolutionMs);
    delay.reset();
    return [{ value: Number.isFinite(lateMs) ? lateMs / 1000 : 0, labels: {} }];
  });
  metrics.observe('nodejs_eventloop_utilization_ratio', () => {
    const since = performance.eventLoopUtilization(utilization).utilization;
    utilization = performance.eventLoopUtilization();
    return [{ value: since, labels: {} }];
  });
  metrics.observe('nodejs_heap_size_used_bytes', () => [{ value: process.memoryUsage().heapUsed, labels: {} }]);
  metrics.observe('mcp_heap_limit_bytes', () => [{ value: getHeapStatistics().heap_size_limit, labels: {} }]);
  metrics.observe('mcp_memory_limit_bytes', () => {
    const constrained = process.constrainedMemory();
    // Without a limit the system answers 0 or a number beyond all memory.
    return [{ value: constrained > 0 ? Math.min(constrained, totalmem()) : totalmem(), labels: {} }];
  });

  const collections = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      metrics.record('nodejs_gc_duration_seconds', entry.duration / 1000, { kind: kindOf(entry) });
    }
  });
  collections.observe({ entryTypes: ['gc'] });
  return () => {
    delay.disable();
    collections.disconnect();
  };
}

const delayResolutionMs = 10;

function kindOf(entry: PerformanceEntry): LabelsOf<'nodejs_gc_duration_seconds'>['kind'] {
  // Entries of the type `gc` carry this detail.
  const { kind } = (entry as PerformanceEntry & { readonly detail: { readonly kind: number } }).detail;
  return collectionKinds.get(kind) ?? 'other';
}

const collectionKinds: ReadonlyMap<number, LabelsOf<'nodejs_gc_duration_seconds'>['kind']> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);
