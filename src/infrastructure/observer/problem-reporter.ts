import type { Logger } from 'pino';
import { DomainError, errorTable } from '../../domain/errors.ts';

/**
 * Logs what no call of a task reports: trouble that the operator or the CMS has to end is `warn`, everything else is our
 * own defect and `error`.
 */
export function createProblemReporter(logger: Logger): (error: unknown, requestId?: string) => void {
  return (error, requestId) => {
    if (error instanceof DomainError && errorTable[error.code].fault !== 'server') {
      logger.warn({ code: error.code, err: error.cause, requestId }, error.message);
      return;
    }
    logger.error({ err: error, requestId }, 'a defect');
  };
}
