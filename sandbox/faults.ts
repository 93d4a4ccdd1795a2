import { z } from 'zod';
import { type ExceptionKind, exceptionKinds } from './exceptions.ts';
import type { SandboxState } from './model.ts';

/** Which calls a fault meets; no key = every call of the API. */
export type FaultMatch = { operationId?: string | undefined; path?: string | undefined; method?: string | undefined };

/** What goes wrong. */
export type FaultSpec = { match?: FaultMatch | undefined; times?: number | undefined } & (
  | { kind: 'latency'; ms: number }
  | {
      kind: 'exception';
      type: ExceptionKind;
      message?: string | undefined;
      details?: Record<string, unknown> | undefined;
    }
  | { kind: 'unauthorized-after'; calls: number }
  | { kind: 'too-many-requests'; retryAfterSeconds: number }
  | { kind: 'drop-connection'; afterEffect?: boolean | undefined }
  | { kind: 'null-answer' }
  | { kind: 'false-answer' }
  | { kind: 'html-login-page' }
  | { kind: 'status'; code: number }
  | { kind: 'stale-index' }
  | { kind: 'tokens-of'; username: string }
);

export type Fault = FaultSpec & {
  id: string;
  /** Calls it will still meet; null = until it is cleared. */
  remaining: number | null;
  seen: number;
  /** `stale-index` only: the state when the fault was switched on. */
  snapshot: SandboxState | null;
};

/** What a call looks like to the matcher. */
export type FaultSubject = { operationId: string | null; path: string; apiPath: string; method: string };

export type Faults = {
  /** @returns the fault's id. */
  add(spec: FaultSpec): string;
  list(): Omit<Fault, 'snapshot'>[];
  clear(): void;
  /** The faults that meet this call, each counted as used once. */
  take(subject: FaultSubject): Fault[];
};

const MAX_LATENCY_MS = 600_000;
// zod wants a non-empty tuple; the table above has entries.
const kindNames = Object.keys(exceptionKinds) as [ExceptionKind, ...ExceptionKind[]];
const common = {
  match: z
    .strictObject({
      operationId: z.string().optional(),
      path: z.string().optional(),
      method: z.string().toUpperCase().optional(),
    })
    .optional(),
  times: z.int().positive().optional(),
};

/** A fault as JSON, for the control endpoint. */
export const faultSchema: z.ZodType<FaultSpec> = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('latency'), ms: z.int().min(0).max(MAX_LATENCY_MS) }),
  z.strictObject({
    ...common,
    kind: z.literal('exception'),
    type: z.enum(kindNames),
    message: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
  z.strictObject({ ...common, kind: z.literal('unauthorized-after'), calls: z.int().min(0) }),
  z.strictObject({ ...common, kind: z.literal('too-many-requests'), retryAfterSeconds: z.int().min(0) }),
  z.strictObject({ ...common, kind: z.literal('drop-connection'), afterEffect: z.boolean().optional() }),
  z.strictObject({ ...common, kind: z.literal('null-answer') }),
  z.strictObject({ ...common, kind: z.literal('false-answer') }),
  z.strictObject({ ...common, kind: z.literal('html-login-page') }),
  z.strictObject({ ...common, kind: z.literal('status'), code: z.int().min(200).max(599) }),
  z.strictObject({ ...common, kind: z.literal('stale-index') }),
  z.strictObject({ ...common, kind: z.literal('tokens-of'), username: z.string() }),
]);

/** The faults that are switched on. A fault with `times` switches itself off after so many calls. */
export function createFaults(state: SandboxState): Faults {
  let active: Fault[] = [];
  let count = 0;
  return {
    add(spec) {
      count += 1;
      const id = `fault-${count}`;
      const snapshot = spec.kind === 'stale-index' ? structuredClone(state) : null;
      active.push({ ...spec, id, remaining: spec.times ?? null, seen: 0, snapshot });
      return id;
    },
    list: () => active.map(({ snapshot: _, ...fault }) => fault),
    clear() {
      active = [];
    },
    take(subject) {
      const met = active.filter((fault) => matches(fault.match ?? {}, subject));
      for (const fault of met) fault.seen += 1;
      const due = met.filter(isDue);
      for (const fault of due) if (fault.remaining !== null) fault.remaining -= 1;
      active = active.filter((fault) => fault.remaining !== 0);
      return due.map((fault) => ({ ...fault }));
    },
  };
}

/** `unauthorized-after` lets its calls pass and strikes at the next one; every other fault strikes at once. */
function isDue(fault: Fault): boolean {
  if (fault.kind !== 'unauthorized-after') return true;
  if (fault.seen <= fault.calls) return false;
  fault.seen = 0;
  // Without a count it strikes once; striking for ever would never let a renewed token pass.
  fault.remaining ??= 1;
  return true;
}

function matches(match: FaultMatch, subject: FaultSubject): boolean {
  if (match.method !== undefined && match.method !== subject.method) return false;
  if (match.operationId !== undefined && match.operationId !== subject.operationId) return false;
  if (match.path !== undefined) return subject.path.endsWith(match.path) || subject.apiPath === match.path;
  // A fault without an address is about the API; the token endpoints have to be named.
  return match.operationId !== undefined || subject.apiPath !== '';
}
