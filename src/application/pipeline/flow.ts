import type { DomainEvent } from '../../domain/events.ts';
import type { AuditLog } from '../../domain/ports/audit-log.ts';
import type { CmsConnector, CmsGateway } from '../../domain/ports/cms/gateway.ts';
import type { EventBus } from '../../domain/ports/event-bus.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { LockdownSwitch } from '../../domain/ports/lockdown-switch.ts';
import type { RateLimiter } from '../../domain/ports/rate-limiter.ts';
import type { CallRequest } from '../call.ts';
import type { AnyTask } from '../define-task.ts';
import type { Observer } from './observer.ts';

/** What the pipeline is built with, once per process. */
export interface Runtime {
  readonly connector: CmsConnector;
  /** Ports that do not depend on who asks. */
  readonly ports: Omit<Ports, keyof CmsGateway>;
  readonly rateLimiter: RateLimiter;
  readonly lockdown: LockdownSwitch;
  readonly events: EventBus;
  readonly audit: AuditLog;
  readonly observer: Observer;
}

/** One call on its way through the steps. Each step may narrow it for those below. */
export interface Flow {
  readonly runtime: Runtime;
  readonly task: AnyTask;
  readonly request: CallRequest;
  readonly rawInput: unknown;
  /** Set by parse-input. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The request's signal, joined by the deadline's below enforce-deadline. */
  readonly signal: AbortSignal;
  /** Events emitted so far; released by release-events. */
  readonly emitted: DomainEvent[];
  /** Ages of stale answers that the CMS driver had to give, in seconds. */
  readonly staleAgesSeconds: number[];
  /** Jobs that the call has started. */
  readonly startedJobs: string[];
  /** True below replay-idempotent when an earlier run of the same call was lost. */
  readonly mayHaveRun?: boolean;
}

/** How a call ended well. */
export interface TaskAnswer {
  /** `asking`: it goes on as a job, which asks the user. */
  readonly kind: 'done' | 'confirmation' | 'asking';
  /** Plain JSON that fits the task's output schema (`done`) or tells what is needed first (the others). */
  readonly output: Readonly<Record<string, unknown>>;
  /** True when an earlier answer was given again under the same idempotency key. */
  readonly replayed: boolean;
  /** The job that the call has started: there is more to hear of it. */
  readonly startedJob?: string;
  /** Set when the CMS could not be asked and the answer shows an earlier state: how old, at most. */
  readonly staleSeconds?: number;
}

export type Next = (flow: Flow) => Promise<TaskAnswer>;

/** One concern of every call. Runs what is below it by calling `next`, once or not at all. */
export type Step = (flow: Flow, next: Next) => Promise<TaskAnswer>;
