import type { Response } from 'express';
import type { TokenRefusal } from '../../../application/authorization/verify-access-token.ts';
import type { Principal, Scope } from '../../../domain/model/principal.ts';

/** A request that was turned away: with 401, 403 or 429. Never holds the token. */
export interface AccessRefusal {
  readonly reason:
    | TokenRefusal
    | 'no_token'
    | 'insufficient_scope'
    | 'rate_limited'
    | 'foreign_host'
    | 'foreign_origin';
  /** Absent where no valid token came. */
  readonly principal?: Principal;
  /** What was lacking. */
  readonly scopes?: readonly Scope[];
  /** The task that was asked for. */
  readonly task?: string;
}

/** Told of each refusal, for the audit log. */
export type OnAccessRefused = (refusal: AccessRefusal, response: Response) => void;
