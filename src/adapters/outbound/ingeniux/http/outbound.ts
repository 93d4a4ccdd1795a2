import type { Principal } from '../../../../domain/model/principal.ts';
import type { Operation } from '../catalogue/operation.ts';

/** A call on its way through the chain; each step hands an enriched one on. */
export interface OutboundCall {
  readonly operation: Operation;
  /** Path and query, relative to the site root. */
  readonly target: string;
  readonly body: OutboundBody | undefined;
  /** `value`: the JSON value of the answer. `file`: a FileReply with its bytes as they are. */
  readonly expects: 'value' | 'file';
  /** How many bytes a file may have. */
  readonly fileBytesMax: number;
  readonly principal: Principal;
  /** The caller's own signal: tells a cancellation from a deadline. */
  readonly callerSignal: AbortSignal;
  /** Ends the call: the caller's signal and, after the deadline step, the deadline. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly deadlineAtMs: number;
  /** Set by the credential step. */
  readonly token: string;
  /** Set by the retry step: which repetition of the call this is. */
  readonly resendCount: number;
  /** Cookies to keep and send back, for calls that have to reach the same server again. */
  readonly cookies: Map<string, string> | undefined;
}

/** A body, serialised, and what it is. */
export interface OutboundBody {
  readonly contentType: string;
  readonly content: string | Uint8Array;
}

/** What a call that expects a file is answered with. */
export interface FileReply {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  /** As the CMS names it. */
  readonly fileName: string | undefined;
}

/** Sends a call and answers what it expects. @throws CallFailure and nothing else. */
export type Send = (call: OutboundCall) => Promise<unknown>;

/** One step of the chain. */
export type Step = (call: OutboundCall, next: Send) => Promise<unknown>;
