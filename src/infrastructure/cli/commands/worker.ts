import { untilStopped } from '../../lifecycle/until-stopped.ts';
import { startWorker } from '../../worker/start-worker.ts';
import { exitCodes, type RunCommand } from '../command.ts';
import { openProgram } from '../open-program.ts';

/** Works on jobs until it is stopped. What it cannot finish in time runs again in another worker. */
export const worker: RunCommand<object> = async (context) => {
  const { container } = await openProgram(context, { hasPage: true });
  await startWorker(container, context);
  process.send?.('ready');
  const reason = await untilStopped();
  context.logger.info({ reason }, 'stopping');
  return exitCodes.ok;
};
