import type { CommandContext } from '../cli/context.ts';
import { openMetricsPage } from './metrics-page.ts';
import type { Telemetry } from './start.ts';

/**
 * Opens the metrics page of this process. A port that cannot be opened is told and no reason to end: who serves agents is
 * not stopped by what watches it, and the alert for a target that is down tells of it.
 */
export async function openPage(
  { renderPage }: Telemetry,
  { config, logger, resources }: Pick<CommandContext, 'config' | 'logger' | 'resources'>,
): Promise<void> {
  if (renderPage === undefined) return;
  const port = config.metricsPort === 0 ? 0 : config.metricsPort + config.instanceNumber;
  try {
    const page = await openMetricsPage({
      host: config.metricsHost,
      port,
      allowedHosts: config.allowedHosts ?? [],
      render: renderPage,
    });
    resources.own('metrics page', () => page.close());
    logger.info({ url: page.url }, 'the metrics page is open');
  } catch (error) {
    // Whatever the system says: another process has the port, or this user may not open it.
    logger.warn(
      { err: error, port },
      'METRICS_HOST, METRICS_PORT: the metrics page cannot be opened. This process goes on without it; give it a port of its own.',
    );
  }
}
