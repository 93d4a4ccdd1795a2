import { mkdirSync } from 'node:fs';
import type { Container } from 'inversify';
import { createReactions, startReactions } from '../../application/reactions/index.ts';
import { type CmsAddress, openContainer } from '../di/container.ts';
import { T } from '../di/tokens.ts';
import { openCms } from './cms-address.ts';
import type { CommandContext } from './context.ts';

/** What `serve`, `worker` and `stdio` have in common: the CMS, the wiring, the reactions. */
export async function openProgram(
  context: CommandContext,
): Promise<{ readonly container: Container; readonly cms: CmsAddress }> {
  const { config, logger, resources } = context;
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const cms = await openCms(context);
  const container = await openContainer({ config, logger, resources, cms });
  const end = startReactions(container.get(T.Events), createReactions({ cache: container.get(T.Cache) }));
  resources.own('reactions', end);
  return { container, cms };
}
