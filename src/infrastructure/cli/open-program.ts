import { createReactions, startReactions } from '../../application/reactions/index.ts';
import { DomainError } from '../../domain/errors.ts';
import type { CmsAddress } from '../di/cms-address.ts';
import { openContainer, type Wired } from '../di/container.ts';
import { T } from '../di/tokens.ts';
import { makeDataDir } from '../lifecycle/make-data-dir.ts';
import { StartFailure } from '../lifecycle/start-failure.ts';
import { observeBackups } from '../telemetry/observe-backups.ts';
import { observeSnapshots } from '../telemetry/observe-snapshots.ts';
import { openPage } from '../telemetry/open-page.ts';
import { startTelemetry, type Telemetry } from '../telemetry/start.ts';
import type { CommandContext } from './context.ts';
import { openCms } from './open-cms.ts';

/**
 * What `serve`, `worker` and `stdio` have in common: telemetry, the CMS, the wiring, the reactions. `hasPage`: whether the
 * metrics are served; desktop programs start `stdio` as often as they like, and nobody would know which port is whose.
 */
export async function openProgram(
  context: CommandContext,
  options: { readonly hasPage: boolean },
): Promise<{ readonly container: Wired; readonly cms: CmsAddress; readonly telemetry: Telemetry }> {
  const { config, logger, resources } = context;
  makeDataDir(config.dataDir);
  // First of all, so that it ends last, when everything else has told what it had to.
  const telemetry = startTelemetry({
    config,
    onProblem: (problem) => logger.warn({ problem }, 'trouble with telemetry'),
  });
  resources.own('telemetry', () => telemetry.close());
  telemetry.metrics.observe('log_dropped_total', () => [{ value: context.logDropped(), labels: {} }]);
  if (options.hasPage) await openPage(telemetry, context);
  const cms = await openCms(context);
  const container = await openContainer({ config, logger, resources, telemetry, cms });
  observeBackups(telemetry.metrics, { store: () => container.get(T.Backups).store, clock: container.get(T.Clock) });
  observeSnapshots(telemetry.metrics, { store: () => container.get(T.Snapshots).store, clock: container.get(T.Clock) });
  telemetry.metrics.observe('mcp_lockdown_active', async () => [
    { value: (await container.get(T.Lockdown).get()) === undefined ? 0 : 1, labels: {} },
  ]);
  await proveKeys(container);
  const end = startReactions(container.get(T.Events), createReactions({ cache: container.get(T.Cache) }));
  resources.own('reactions', end);
  return { container, cms, telemetry };
}

/** What is stored must be readable before anything is served: a wrong key is found at the start, not at midnight. */
async function proveKeys(container: Wired): Promise<void> {
  try {
    await container.get(T.Sealer).checkKeys();
  } catch (error) {
    // The message of the table says what the operator can do.
    if (!(error instanceof DomainError) || error.code !== 'STORAGE_UNAVAILABLE') throw error;
    throw new StartFailure(error.message, error);
  }
}
