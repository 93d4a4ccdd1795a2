import type { ErrorCode } from '../errors.ts';
import type { Scope } from './principal.ts';

/**
 * One thing that somebody did or was refused, as it is handed to the audit log. Plain JSON: ids, names of tasks, codes
 * and times; never content, never a secret, never the text of an argument.
 */
export interface AuditEvent {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** What was asked for: the name of a task, `job_end`, or one of `securityActions`. */
  readonly action: string;
  /** On whose behalf: the subject of the access token. Empty where nobody has proven who they are. */
  readonly subject: string;
  /** Which agent: the client that the access token was issued to. Empty where none is known. */
  readonly clientId: string;
  /** Who acted where it was not the agent: an operator at the command line, a person in a browser, a worker. */
  readonly by?: AuditActor;
  readonly outcome: AuditOutcome;
  /** Why a task was refused or failed. */
  readonly code?: ErrorCode;
  /** Why something around tokens and grants was refused or done: a fixed word such as `expired` or `invalid_grant`. */
  readonly reason?: string;
  /** What it was about or has touched: ids of pages and assets. */
  readonly itemIds: readonly string[];
  /** Versions before and after, of the items that were changed. */
  readonly versions?: readonly AuditVersions[];
  /** The task that a refused request asked for, or whose job has ended. */
  readonly task?: string;
  /** The operation of the CMS's API that was called by its id. */
  readonly operation?: string;
  /** The job that goes on with it. */
  readonly jobId?: string;
  readonly tokenId?: string;
  /** What the person gave the client. */
  readonly grantId?: string;
  /** What a token or a grant allows, or what a refused request lacked. */
  readonly scopes?: readonly Scope[];
  /** Where the request came from, as `networkOf` tells it. */
  readonly network?: string;
  /** Finds the log lines of the call. */
  readonly requestId?: string;
  /** The caller's own trace (W3C Trace Context): 32 hex digits. */
  readonly traceId?: string;
  /** How many equal refusals this record stands for, counted since the one before it; absent for one. */
  readonly count?: number;
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

/** What is recorded beside the calls of tasks: whatever decides who gets in, and whoever was not let in. */
export const securityActions = [
  /** Somebody proved who they are, or failed to. */
  'sign_in',
  /** A person said what a client may do, or said no. */
  'consent',
  /** The token endpoint gave a token: `reason` is the kind of grant. */
  'token_issued',
  'token_refused',
  /** A refresh token came a second time: its grant has ended. */
  'refresh_reuse',
  'grant_revoked',
  'client_registered',
  /** A request met 401, 403, 405 or 429, or a form came that was not this browser's own. */
  'access_refused',
  /** An operator issued or revoked a machine's token. */
  'token_issue',
  'token_revoke',
  /** An operator put a backup in the place of what was stored. */
  'backup_restored',
  /** An operator made the server read-only for everyone, or lifted that: `reason` is `on` or `off`. */
  'lockdown',
] as const;
export type SecurityAction = (typeof securityActions)[number];

export type AuditActor = 'operator' | 'person' | 'worker';

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
  readonly action?: string;
  readonly itemId?: string;
  readonly subject?: string;
  readonly clientId?: string;
  readonly grantId?: string;
  readonly network?: string;
  readonly outcome?: AuditOutcome;
  /** From this moment on. */
  readonly fromMs?: number;
  /** Before this moment. */
  readonly toMs?: number;
}
