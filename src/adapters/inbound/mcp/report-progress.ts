import type { ServerContext } from '@modelcontextprotocol/server';
import type { Clock } from '../../../domain/ports/system.ts';

/** At most five notifications a second: enough for a bar that moves, too few to flood a client. */
const intervalMsMin = 200;

export interface ProgressReporter {
  readonly report: (percent: number, message: string) => void;
  /** Ends when everything that was reported has left: nothing may follow the result. */
  sent(): Promise<void>;
}

/** Tells progress on the request's own stream. `undefined` when the caller gave no token to ask for it. */
export function createProgressReporter(context: ServerContext, clock: Clock): ProgressReporter | undefined {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let lastPercent = -1;
  let lastMs = Number.NEGATIVE_INFINITY;
  let sending = Promise.resolve();
  return {
    report(percent, message) {
      const nowMs = clock.nowMs();
      // The value must rise with each notification (MCP, basic/utilities/progress).
      if (percent <= lastPercent || nowMs - lastMs < intervalMsMin) return;
      lastPercent = percent;
      lastMs = nowMs;
      sending = sending
        .then(() =>
          context.mcpReq.notify({
            method: 'notifications/progress',
            params: { progressToken, progress: percent, total: 100, message },
          }),
        )
        // A client that went away misses its progress; the call itself is ended by its signal, not by this.
        .catch(() => undefined);
    },
    sent: () => sending,
  };
}
