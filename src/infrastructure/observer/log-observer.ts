import type { Logger } from 'pino';
import type { Observer } from '../../application/pipeline/observer.ts';
import { errorTable } from '../../domain/errors.ts';
import { requestLogger } from '../logging/logger.ts';

/**
 * One log line for each call of a task: who, what, how long, how it ended. Arguments and answers are never logged:
 * they hold content. A caller's mistakes are `info`, trouble of the CMS or the operator is `warn`, our own is `error`.
 */
export function createLogObserver(logger: Logger): Observer {
  return {
    task: (_task, _request, work) => work(),
    taskEnded: (task, request, outcome) => {
      const line = {
        task: task.name,
        effect: task.effect,
        subject: request.principal.subject,
        client: request.principal.clientId,
        outcome: outcome.result,
        durationMs: Math.round(outcome.durationMs),
        ...(outcome.staleSeconds === undefined ? {} : { staleSeconds: outcome.staleSeconds }),
      };
      const log = requestLogger(logger, request.requestId);
      if (outcome.error === undefined) {
        log.info(line, 'task ended');
        return;
      }
      const { code, cause } = outcome.error;
      const level = levels[errorTable[code].fault];
      log[level](
        { ...line, code, err: level === 'info' ? undefined : cause, reason: outcome.error.message },
        'task failed',
      );
    },
    problem: (error, request) => {
      requestLogger(logger, request.requestId).error({ code: error.code, err: error.cause }, error.message);
    },
    // Each run has told its own end.
    jobEnded: () => undefined,
  };
}

const levels = { caller: 'info', cms: 'warn', operator: 'warn', server: 'error' } as const;
