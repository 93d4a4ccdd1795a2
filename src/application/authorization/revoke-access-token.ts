import { DomainError } from '../../domain/errors.ts';
import type { EventBus } from '../../domain/ports/event-bus.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { TokenStore } from '../../domain/ports/token-store.ts';

export interface RevokePorts {
  readonly tokens: TokenStore;
  readonly clock: Clock;
  readonly events: EventBus;
}

/**
 * Ends a token at once, for every process, and the streams that were opened with it.
 *
 * @throws DomainError NOT_FOUND for an id that no token has.
 */
export async function revokeAccessToken(id: string, ports: RevokePorts): Promise<void> {
  if (!(await ports.tokens.revoke(id, ports.clock.nowMs()))) {
    throw new DomainError('NOT_FOUND', 'No access token has this id. The list of tokens shows the ids.');
  }
  await ports.events.publish([{ type: 'token_revoked', tokenId: id }]);
}
