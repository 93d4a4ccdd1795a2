import type { CallClass } from './http/call-class.ts';

/** What the driver tells its observer. Holds no content, no token and no text of the CMS. */
export type IngeniuxEvent =
  | { readonly kind: 'retry'; readonly operation: string; readonly attempt: number; readonly waitMs: number }
  | { readonly kind: 'breaker'; readonly callClass: CallClass; readonly state: 'open' | 'half_open' | 'closed' }
  | { readonly kind: 'token_renewed'; readonly grant: 'refresh_token' | 'authorization_code' }
  | { readonly kind: 'background_failure'; readonly operation: string; readonly error: unknown };

export type OnProblem = (event: IngeniuxEvent) => void;
