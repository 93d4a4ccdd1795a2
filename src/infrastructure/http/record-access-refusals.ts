import type { Logger } from 'pino';
import type { OnAccessRefused } from '../../adapters/inbound/http/access-refusal.ts';
import type { SecurityRecorder } from '../../application/audit/record-security-event.ts';
import { traceIdOf } from '../../domain/policy/trace-id.ts';
import { requestIdOf } from './middleware/request-id.ts';

/** Keeps refused requests in the log and in the audit log. The answer does not wait for it. */
export function recordAccessRefusals(security: SecurityRecorder, logger: Logger): OnAccessRefused {
  return ({ reason, principal, scopes, task }, response) => {
    const requestId = requestIdOf(response);
    const traceId = traceIdOf(response.req.get('traceparent'));
    const who =
      principal === undefined
        ? {}
        : {
            subject: principal.subject,
            clientId: principal.clientId,
            ...(principal.grantId === undefined ? {} : { grantId: principal.grantId }),
          };
    logger.info({ reason, requestId, ...who }, 'access refused');
    void security.record({
      action: 'access_refused',
      outcome: 'refused',
      reason,
      ...who,
      ...(scopes === undefined ? {} : { scopes }),
      ...(task === undefined ? {} : { task }),
      address: response.req.ip,
      requestId,
      ...(traceId === undefined ? {} : { traceId }),
    });
  };
}
