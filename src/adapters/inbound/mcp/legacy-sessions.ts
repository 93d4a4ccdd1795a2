import type { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import type { Clock } from '../../../domain/ports/system.ts';

/** One client of the 2025-11-25 revision or before. */
export interface LegacySession {
  readonly id: string;
  /** Subject, client and grant of the token that opened it: nobody else reaches it, whatever id they send. */
  readonly owner: string;
  readonly transport: NodeStreamableHTTPServerTransport;
}

export interface SessionLimits {
  /** A session without a request or an open stream for this long is ended: clients rarely say goodbye. */
  readonly idleTtlMs: number;
  readonly totalMax: number;
  readonly perOwnerMax: number;
}

export const defaultSessionLimits: SessionLimits = { idleTtlMs: 30 * 60_000, totalMax: 1_000, perOwnerMax: 100 };

/** What ended a session: its client, its idleness, another session of its owner, or this process. */
export type SessionEnd = 'client' | 'idle' | 'room' | 'shutdown';

/** The sessions of this process, in memory: bounded in number, and ended when nobody uses them. */
export interface LegacySessions {
  /** Takes a new session in, or answers false when there is no room. An owner's own oldest idle session makes room. */
  admit(session: LegacySession): boolean;
  /** The session, when it is this owner's. */
  find(id: string, owner: string): LegacySession | undefined;
  /** Marks the session as in use until the answered function is called. */
  use(session: LegacySession): () => void;
  remove(id: string): void;
  /** Ends the sessions that have been idle too long. */
  sweep(): void;
  readonly size: number;
  closeAll(): Promise<void>;
}

export function createLegacySessions(
  clock: Clock,
  limits: SessionLimits,
  onProblem: (error: unknown) => void,
  onEnded: (reason: SessionEnd) => void = () => undefined,
): LegacySessions {
  // In the order of last use, oldest first: a used session is put at the end.
  const entries = new Map<string, Entry>();

  const forget = (id: string, reason: SessionEnd): void => {
    if (entries.delete(id)) onEnded(reason);
  };
  const end = (entry: Entry, reason: SessionEnd): Promise<void> => {
    forget(entry.session.id, reason);
    // A transport that cannot close has already lost its connection; the session is gone either way.
    return entry.session.transport.close().catch(onProblem);
  };
  const touch = (entry: Entry): void => {
    entry.lastUsedMs = clock.nowMs();
    if (entries.delete(entry.session.id)) entries.set(entry.session.id, entry);
  };
  const oldestIdle = (owner?: string): Entry | undefined =>
    [...entries.values()].find((entry) => entry.users === 0 && (owner === undefined || entry.session.owner === owner));
  const sweep = (): void => {
    const before = clock.nowMs() - limits.idleTtlMs;
    for (const entry of [...entries.values()]) {
      if (entry.users === 0 && entry.lastUsedMs <= before) void end(entry, 'idle');
    }
  };

  return {
    admit(session) {
      sweep();
      const own = [...entries.values()].filter((entry) => entry.session.owner === session.owner).length;
      if (own >= limits.perOwnerMax) {
        const oldest = oldestIdle(session.owner);
        if (oldest === undefined) return false;
        void end(oldest, 'room');
      }
      if (entries.size >= limits.totalMax) return false;
      entries.set(session.id, { session, users: 0, lastUsedMs: clock.nowMs() });
      return true;
    },
    find(id, owner) {
      const entry = entries.get(id);
      return entry?.session.owner === owner ? entry.session : undefined;
    },
    use(session) {
      const entry = entries.get(session.id);
      if (entry === undefined) return () => undefined;
      entry.users += 1;
      touch(entry);
      return () => {
        entry.users -= 1;
        touch(entry);
      };
    },
    remove: (id) => forget(id, 'client'),
    sweep,
    get size() {
      return entries.size;
    },
    async closeAll() {
      await Promise.all([...entries.values()].map((entry) => end(entry, 'shutdown')));
    },
  };
}

interface Entry {
  readonly session: LegacySession;
  /** Requests and streams that are open at this moment. */
  users: number;
  lastUsedMs: number;
}
