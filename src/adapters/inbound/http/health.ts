import { Router } from 'express';
import type { Readiness } from '../../../application/health/check-readiness.ts';
import type { Clock } from '../../../domain/ports/system.ts';

export interface HealthOptions {
  readonly version: string;
  readonly clock: Clock;
  /** When this process began to serve, in milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly readiness: () => Promise<Readiness>;
  /** True while this process is about to end: it serves what comes, and should be sent nothing more. */
  readonly isRetiring: () => boolean;
}

/**
 * - `/health`: that the process answers, and for how many seconds; exactly four properties, which operators' scripts rely on.
 * - `/health/live`: nothing but an answer, for the orchestrator that restarts a hanging process.
 * - `/health/ready`: whether this process can do its work, for the load balancer; 503 when it cannot.
 */
export function healthRoutes(options: HealthOptions): Router {
  const router = Router();
  router.get('/health', (_request, response) => {
    const nowMs = options.clock.nowMs();
    response.json({
      status: 'healthy',
      timestamp: new Date(nowMs).toISOString(),
      version: options.version,
      uptime: Math.floor((nowMs - options.startedAtMs) / 1000),
    });
  });
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/health/ready', async (_request, response) => {
    const { ready, checks } = await options.readiness();
    const isRetiring = options.isRetiring();
    response
      .status(ready && !isRetiring ? 200 : 503)
      .json({ status: isRetiring ? 'retiring' : ready ? 'healthy' : 'unhealthy', checks });
  });
  return router;
}
