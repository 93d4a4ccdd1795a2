import type { Response } from 'express';
import type { SecurityEvent } from '../../../../application/audit/record-security-event.ts';
import type { Grant, RevocationReason } from '../../../../domain/model/grant.ts';
import type { WebDocuments } from '../../../../domain/ports/files.ts';
import type { GrantStore } from '../../../../domain/ports/grant-store.ts';
import type { OAuthRecords } from '../../../../domain/ports/oauth-records.ts';
import type { RateLimiter } from '../../../../domain/ports/rate-limiter.ts';
import type { SignedIn, SignIn } from '../../../../domain/ports/sign-in.ts';
import type { Clock, Digest, IdSource } from '../../../../domain/ports/system.ts';
import type { BrowserBinding } from './browser-binding.ts';
import type { PendingSignIns } from './pending-sign-in.ts';

/** What the authorization server works with. */
export interface OAuthDeps {
  /** This server's own URL as clients see it: the issuer. */
  readonly publicUrl: string;
  /** The canonical name of the protected resource. */
  readonly resource: string;
  readonly cms: { readonly address: string; readonly isSandbox: boolean };
  readonly records: OAuthRecords;
  readonly grants: Pick<GrantStore, 'find' | 'touch'>;
  readonly signIn: SignIn;
  readonly binding: BrowserBinding;
  readonly pending: PendingSignIns;
  readonly limiter: RateLimiter;
  /** How many requests one address may send in a minute without having proven anything. */
  readonly requestsPerMinute: number;
  readonly documents: WebDocuments;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly digest: Digest;
  readonly recordGrant: (grant: Grant, signedIn: SignedIn | undefined) => Promise<void>;
  readonly revokeGrant: (grantId: string, reason: RevocationReason) => Promise<void>;
  readonly recordSecurity: (event: SecurityEvent) => Promise<void>;
  readonly requestIdOf: (response: Response) => string;
  /** Told of each defect. */
  readonly onProblem: (error: unknown, requestId: string) => void;
}
