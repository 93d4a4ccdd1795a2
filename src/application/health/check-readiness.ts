import { DomainError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/system.ts';

/** One thing that must work for this process to serve. */
export interface ReadinessCheck {
  readonly name: 'storage' | 'cms' | 'memory' | 'disk' | 'queue';
  /** Throws when it does not work; may answer a fact to show. Must give up when the signal aborts. */
  check(signal: AbortSignal): Promise<string | undefined>;
}

export interface CheckResult {
  readonly status: 'ok' | 'failed';
  readonly latency_ms: number;
  readonly detail?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** A probe of an orchestrator commonly waits 5 seconds; the answer must be there before. */
const checkTimeoutMs = 2_000;

/** Anybody may ask: however many do, the things behind the checks are asked once in this time. */
const freshMs = 1_000;

/**
 * A function that tells whether this process can serve. All checks run at the same time, each within its bound;
 * callers at the same time share one run.
 */
export function createReadiness(checks: readonly ReadinessCheck[], clock: Clock): () => Promise<Readiness> {
  let latest: { readonly atMs: number; readonly answer: Promise<Readiness> } | undefined;
  return () => {
    const nowMs = clock.nowMs();
    if (latest === undefined || nowMs - latest.atMs >= freshMs) {
      latest = { atMs: nowMs, answer: checkReadiness(checks, clock) };
    }
    return latest.answer;
  };
}

async function checkReadiness(checks: readonly ReadinessCheck[], clock: Clock): Promise<Readiness> {
  const results = await Promise.all(checks.map(async (check) => [check.name, await runCheck(check, clock)] as const));
  return { ready: results.every(([, result]) => result.status === 'ok'), checks: Object.fromEntries(results) };
}

async function runCheck(check: ReadinessCheck, clock: Clock): Promise<CheckResult> {
  const startMs = clock.nowMs();
  const outcome = await withinBound(check).then(
    (detail) => ({ status: 'ok' as const, ...(detail === undefined ? {} : { detail }) }),
    // A failed check is an answer. Only our own words are shown: anybody may read them.
    (thrown) => ({ status: 'failed' as const, detail: thrown instanceof DomainError ? thrown.message : 'failed' }),
  );
  return { ...outcome, latency_ms: clock.nowMs() - startMs };
}

/** Ends at the bound even when the check does not heed its signal. */
function withinBound(check: ReadinessCheck): Promise<string | undefined> {
  const signal = AbortSignal.timeout(checkTimeoutMs);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () =>
      reject(new DomainError('TIMED_OUT', `no answer within ${checkTimeoutMs / 1000} seconds`)),
    );
  });
  return Promise.race([check.check(signal), late]);
}
