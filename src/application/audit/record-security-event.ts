import type { AuditActor, AuditEvent, SecurityAction } from '../../domain/model/audit-event.ts';
import type { Scope } from '../../domain/model/principal.ts';
import { networkOf } from '../../domain/policy/network-of.ts';
import type { AuditLog } from '../../domain/ports/audit-log.ts';
import type { Clock } from '../../domain/ports/system.ts';

/** Something about who gets in. Texts may come from anybody: they are cut and cleaned here. Never a secret. */
export interface SecurityEvent {
  readonly action: SecurityAction;
  readonly outcome: 'ok' | 'refused' | 'failed';
  /** A fixed word of the code that records it, such as `expired`: never what somebody sent. */
  readonly reason?: string;
  /** How a token was asked for (RFC 6749), for whoever counts; not kept. */
  readonly grantType?: string;
  /** Absent where nobody has proven who they are. */
  readonly subject?: string;
  readonly clientId?: string;
  readonly by?: AuditActor;
  readonly grantId?: string;
  readonly tokenId?: string;
  readonly scopes?: readonly Scope[];
  /** The name of the task that was asked for. */
  readonly task?: string;
  /** The sender's address; its network is kept. */
  readonly address?: string | undefined;
  readonly requestId?: string;
  readonly traceId?: string;
}

/**
 * Keeps security events in the audit log. What was done is kept one by one. Refusals cost nothing to whoever causes
 * them, so equal ones (action, reason, task, subject, client, network) of a minute become two records: the first, at once, and
 * one with the count of the others. Beyond `kindsMax` kinds of refusals in a minute the rest is counted by action and
 * reason alone, so that the log grows by a fixed number of records a minute at most, whatever comes from how many
 * addresses.
 */
export interface SecurityRecorder {
  /** Never throws: an act is not undone because its record is late; the operator is told. */
  record(event: SecurityEvent): Promise<void>;
  /** Writes the counts of the minute so far. Runs by itself, too. */
  flush(): Promise<void>;
  /** Flushes and stops. */
  close(): Promise<void>;
}

export interface SecurityRecorderPorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Told of each record that could not be kept. */
  readonly onProblem: (error: unknown) => void;
}

const windowMs = 60_000;
/** Kinds of refusals that are counted apart within a minute. */
export const kindsMax = 100;
/** Longer names are nobody's. */
const textCharactersMax = 200;

export function createSecurityRecorder({ audit, clock, onProblem }: SecurityRecorderPorts): SecurityRecorder {
  let kinds = new Map<string, Counted>();
  let windowEndsMs = 0;

  const append = async (event: AuditEvent): Promise<void> => {
    try {
      await audit.append(event);
    } catch (error) {
      // Told to the operator; what has happened has happened.
      onProblem(error);
    }
  };

  const flush = async (): Promise<void> => {
    const ended = kinds;
    kinds = new Map();
    const counted = [...ended.values()].filter(({ more }) => more > 0);
    await Promise.all(counted.map(({ last, more }) => append(more === 1 ? last : { ...last, count: more })));
  };
  const timer = setInterval(() => void flush(), windowMs);
  timer.unref();

  const countRefusal = async (event: AuditEvent): Promise<void> => {
    if (event.atMs >= windowEndsMs) {
      windowEndsMs = event.atMs + windowMs;
      await flush();
    }
    const known = kinds.get(kindOf(event));
    if (known !== undefined) {
      count(known, event);
      return;
    }
    if (kinds.size < kindsMax) {
      kinds.set(kindOf(event), { last: event, more: 0 });
      await append(event);
      return;
    }
    const crowd = crowdOf(event);
    const others = kinds.get(kindOf(crowd)) ?? { last: crowd, more: 0 };
    count(others, crowd);
    kinds.set(kindOf(crowd), others);
  };

  return {
    record: (event) => {
      const kept = toAuditEvent(event, clock.nowMs());
      return kept.outcome === 'refused' ? countRefusal(kept) : append(kept);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

/** One kind of refusal within a minute: the last one of it, and how many came after the one that was kept at once. */
interface Counted {
  last: AuditEvent;
  more: number;
}

function count(counted: Counted, event: AuditEvent): void {
  counted.last = event;
  counted.more += 1;
}

function kindOf({ action, reason, task, subject, clientId, network }: AuditEvent): string {
  return JSON.stringify([action, reason, task, subject, clientId, network]);
}

/** A refusal among more kinds than are told apart: what it was, not whose. */
function crowdOf({ atMs, action, outcome, reason }: AuditEvent): AuditEvent {
  return {
    atMs,
    action,
    subject: '',
    clientId: '',
    network: 'many',
    outcome,
    itemIds: [],
    ...(reason === undefined ? {} : { reason }),
  };
}

function toAuditEvent(event: SecurityEvent, atMs: number): AuditEvent {
  const { action, outcome, by, scopes, address } = event;
  const texts = {
    reason: event.reason,
    grantId: event.grantId,
    tokenId: event.tokenId,
    task: event.task,
    requestId: event.requestId,
    traceId: event.traceId,
  };
  return {
    atMs,
    action,
    subject: clean(event.subject ?? ''),
    clientId: clean(event.clientId ?? ''),
    outcome,
    itemIds: [],
    ...(by === undefined ? {} : { by }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(address === undefined ? {} : { network: networkOf(address) }),
    ...Object.fromEntries(
      Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, clean(text)]])),
    ),
  };
}

/** One line of bounded length, whatever was sent. */
const clean = (text: string): string => text.replace(/\p{C}/gu, '�').slice(0, textCharactersMax);
