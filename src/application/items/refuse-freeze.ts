import { DomainError } from '../../domain/errors.ts';
import { freezeAt } from '../../domain/policy/content-freeze.ts';
import type { Ports } from '../../domain/ports/index.ts';

/** @throws DomainError CONTENT_FREEZE while the CMS is in a freeze that does not let the caller through. */
export async function refuseFreeze({ site, clock }: Pick<Ports, 'site' | 'clock'>): Promise<void> {
  if (freezeAt(await site.contentFreeze(), clock.nowMs()) === undefined) return;
  // It may have been lifted since: whoever goes on after it is not refused by what is remembered.
  const frozen = freezeAt(await site.contentFreeze({ fresh: true }), clock.nowMs());
  if (frozen === undefined) return;
  throw new DomainError(
    'CONTENT_FREEZE',
    `The CMS is in a content freeze${frozen.endsAt === undefined ? '' : ` until ${frozen.endsAt}`}. Nothing was changed; tell the user and try again after it.`,
    {
      details: {
        message: frozen.message.slice(0, 500),
        ...(frozen.endsAt === undefined ? {} : { ends_at: frozen.endsAt }),
      },
      ...(frozen.secondsLeft === undefined ? {} : { retryAfterSeconds: frozen.secondsLeft }),
    },
  );
}
