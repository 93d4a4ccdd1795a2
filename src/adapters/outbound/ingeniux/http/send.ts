import type { Dispatcher } from 'undici';
import type { Clock } from '../../../../domain/ports/system.ts';
import type { OnAttempt, OnProblem } from '../events.ts';
import { type Breakers, breaker } from './breaker.ts';
import { type CredentialSource, credential } from './credential.ts';
import { deadline } from './deadline.ts';
import { exchange } from './exchange.ts';
import type { Send, Step } from './outbound.ts';
import { retry } from './retry.ts';

export interface SendOptions {
  readonly dispatcher: Dispatcher;
  /** What stands between the origin and `/api/v1`, such as `/cxp4`; empty for a CMS at the root. */
  readonly mount: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timeoutMs: number;
  readonly slowTimeoutMs: number;
  readonly retriesMax: number;
  readonly credentials: CredentialSource;
  readonly breakers: Breakers;
  readonly onProblem: OnProblem;
  readonly onAttempt: OnAttempt;
}

/** The outbound chain: what every call to the CMS goes through, in this order. */
export function createSend(options: SendOptions): Send {
  const steps: readonly Step[] = [
    // The deadline comes first, so that signing in is part of the time that a caller waits at most.
    deadline(options),
    credential(options.credentials),
    breaker(options.breakers),
    retry(options),
  ];
  return steps.reduceRight<Send>((next, step) => (call) => step(call, next), exchange(options));
}
