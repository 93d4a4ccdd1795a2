import type { Logger } from 'pino';
import { loadConfig } from '../config/load.ts';
import { printConfig } from '../config/print.ts';
import { readEnvironment } from '../config/read-environment.ts';
import { readSecretFile } from '../config/read-secret-file.ts';
import type { Config } from '../config/schema.ts';
import { secretValuesOf } from '../config/secrets.ts';
import { createResources, type Resources } from '../lifecycle/resources.ts';
import { createLogger, type LoggerOptions, type OpenLogger } from '../logging/logger.ts';
import { activeTraceIds } from '../telemetry/tracing.ts';

/** What every command begins with. */
export interface CommandContext {
  readonly config: Config;
  /** What is doubtful about the settings; each was logged. */
  readonly warnings: readonly string[];
  readonly logger: Logger;
  /** How many log lines could not be written to a file so far. */
  readonly logDropped: () => number;
  /** What the command opens; closed in reverse when it ends. */
  readonly resources: Resources;
  close(): Promise<void>;
}

/** Reads the configuration; `undefined` when it cannot be used, after every problem was written to standard error. */
export function openContext(program: string): CommandContext | undefined {
  const loaded = loadConfig(readEnvironment(), readSecretFile);
  if (!loaded.ok) {
    const list = loaded.problems.map((problem) => `  - ${problem}\n`).join('');
    process.stderr.write(`The configuration has ${loaded.problems.length} problem(s); nothing was started:\n${list}`);
    return undefined;
  }
  const { config } = loaded;
  const opened = openLogger({
    level: config.logLevel,
    service: config.serviceName,
    program,
    secrets: secretValuesOf(config),
    logDir: config.logDir,
    origin: activeTraceIds,
  });
  if (opened === undefined) return undefined;
  const { logger, dropped, close } = opened;
  for (const warning of loaded.warnings) logger.warn(warning);
  logger.debug({ settings: printConfig(config) }, 'configuration');
  const resources = createResources((name, error) =>
    logger.error({ err: error, resource: name }, 'a resource did not close'),
  );
  return {
    config,
    warnings: loaded.warnings,
    logger,
    logDropped: dropped,
    resources,
    close: async () => {
      await resources.closeAll();
      close();
    },
  };
}

/** The logger, or `undefined` after standard error was told why there is none. */
function openLogger(options: LoggerOptions): OpenLogger | undefined {
  try {
    return createLogger(options);
  } catch (error) {
    // Only the folder of the log can stand in the way, and without a logger nobody else tells of it.
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Nothing was started: ${reason}\n`);
    return undefined;
  }
}
