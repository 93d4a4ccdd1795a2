import { createClock } from '../../../adapters/outbound/node/clock.ts';
import type { CmsAddress } from '../../di/cms-address.ts';
import { openContainer } from '../../di/container.ts';
import { examineAll, printFindings } from '../../doctor/examination.ts';
import { examinations } from '../../doctor/examinations.ts';
import { reachableHost } from '../../http/listen.ts';
import { makeDataDir } from '../../lifecycle/make-data-dir.ts';
import { exitCodes, type RunCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { configuredCms } from '../open-cms.ts';

/** Examines an installation, or asks a running server. Exit code 1 when anything failed. */
export const doctor: RunCommand<{ ready?: boolean; json?: boolean }> = async (context, options) => {
  if (options.ready === true) return askReadiness(context);
  const { config, logger, resources, warnings } = context;
  makeDataDir(config.dataDir);
  const cms = configuredCms(config);
  const findings = await examineAll(
    examinations({
      config,
      warnings,
      cms,
      clock: createClock(),
      // The sandbox is not started only to be examined; its address is never called.
      open: () => openContainer({ config, logger, resources, cms: cms ?? noCms }),
    }),
  );
  process.stdout.write(options.json === true ? `${JSON.stringify({ findings })}\n` : printFindings(findings));
  return findings.some(({ status }) => status === 'failed') ? exitCodes.failed : exitCodes.ok;
};

const noCms: CmsAddress = { baseUrl: 'http://127.0.0.1:9', clientId: '', clientSecret: '', isSandbox: true };

/** The server's own check may take 2 seconds; an orchestrator commonly waits 5. */
const askMsMax = 4_000;

async function askReadiness({ config }: CommandContext): Promise<number> {
  const url = `http://${reachableHost(config.host)}:${config.port}/health/ready`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(askMsMax) });
    process.stdout.write(`${await answer.text()}\n`);
    return answer.ok ? exitCodes.ok : exitCodes.failed;
  } catch {
    // Whatever kept the answer away, the server is not ready.
    process.stdout.write(`Nothing answers at ${url} within ${askMsMax / 1000} seconds.\n`);
    return exitCodes.failed;
  }
}
