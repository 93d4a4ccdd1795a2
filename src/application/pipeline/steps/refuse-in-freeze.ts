import { DomainError } from '../../../domain/errors.ts';
import { freezeAt } from '../../../domain/policy/content-freeze.ts';
import type { Step } from '../flow.ts';
import { portsOf } from '../ports-of.ts';

/** Stops writes while the CMS is in a content freeze that does not let the caller through. */
export const refuseInFreeze: Step = async (flow, next) => {
  if (!flow.task.heedsFreeze) return next(flow);
  const ports = portsOf(flow);
  const freeze = await ports.site.contentFreeze();
  const frozen = freezeAt(freeze, ports.clock.nowMs());
  if (frozen !== undefined) {
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
  return next(flow);
};
