import type { ErrorCode } from '../errors.ts';

/**
 * One thing that somebody did or was refused, as it is handed to the audit log. Plain JSON: ids, names of tasks, codes
 * and times; never content, never a secret, never the text of an argument.
 */
export interface AuditEvent {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** What was asked for: the name of a task, or `token_issue`, `token_revoke`. */
  readonly action: string;
  /** On whose behalf: the subject of the access token. */
  readonly subject: string;
  /** Which agent: the client that the access token was issued to. */
  readonly clientId: string;
  /** Who acted where it was not the agent: an operator at the command line. */
  readonly by?: 'operator';
  readonly outcome: AuditOutcome;
  /** Why, where it was refused or failed. */
  readonly code?: ErrorCode;
  /** What it was about or has touched: ids of pages and assets. */
  readonly itemIds: readonly string[];
  /** Versions before and after, of the items that were changed. */
  readonly versions?: readonly AuditVersions[];
  /** The operation of the CMS's API that was called by its id. */
  readonly operation?: string;
  /** The job that goes on with it. */
  readonly jobId?: string;
  readonly tokenId?: string;
  /** Finds the log lines of the call. */
  readonly requestId?: string;
  /** True when only the effect was asked for. */
  readonly dryRun?: boolean;
  /** True when an earlier answer was given again. */
  readonly replayed?: boolean;
}

/**
 * `confirmation`: held back until a person agrees. `refused`: a rule said no before anything was done. `failed`: it
 * went wrong; `code` tells whether it may have taken effect.
 */
export const auditOutcomes = ['ok', 'confirmation', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

export interface AuditVersions {
  readonly id: string;
  /** Absent for an item that was created. */
  readonly before?: number;
  /** Absent for an item that is gone. */
  readonly after?: number;
}

/** An event as a link of the chain. */
export interface AuditRecord extends AuditEvent {
  /** 1, 2, 3 … without a gap. */
  readonly sequence: number;
  /** The hash of the record before; 64 zeros in the first one. */
  readonly previousHash: string;
  /** SHA-256, hex, over the canonical JSON of everything else in this record. */
  readonly hash: string;
}

/** Which records are wanted; everything that is given must fit. */
export interface AuditFilter {
  readonly itemId?: string;
  readonly subject?: string;
  readonly clientId?: string;
  readonly outcome?: AuditOutcome;
  /** From this moment on. */
  readonly fromMs?: number;
  /** Before this moment. */
  readonly toMs?: number;
}
