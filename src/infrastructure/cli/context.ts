import type { Logger } from 'pino';
import { loadConfig } from '../config/load.ts';
import { printConfig } from '../config/print.ts';
import { readEnvironment } from '../config/read-environment.ts';
import { readSecretFile } from '../config/read-secret-file.ts';
import type { Config } from '../config/schema.ts';
import { secretValuesOf } from '../config/secrets.ts';
import { createResources, type Resources } from '../lifecycle/resources.ts';
import { createLogger } from '../logging/logger.ts';

/** What every command begins with. */
export interface CommandContext {
  readonly config: Config;
  readonly logger: Logger;
  /** What the command opens; closed in reverse when it ends. */
  readonly resources: Resources;
  close(): Promise<void>;
}

/** Reads the configuration; `undefined` when it is broken, after every problem was written to standard error. */
export function openContext(program: string): CommandContext | undefined {
  const loaded = loadConfig(readEnvironment(), readSecretFile);
  if (!loaded.ok) {
    const list = loaded.problems.map((problem) => `  - ${problem}\n`).join('');
    process.stderr.write(`The configuration has ${loaded.problems.length} problem(s); nothing was started:\n${list}`);
    return undefined;
  }
  const { config } = loaded;
  const { logger, close } = createLogger({
    level: config.logLevel,
    service: config.serviceName,
    program,
    secrets: secretValuesOf(config),
    logDir: config.logDir,
  });
  for (const warning of loaded.warnings) logger.warn(warning);
  logger.debug({ settings: printConfig(config) }, 'configuration');
  const resources = createResources((name, error) =>
    logger.error({ err: error, resource: name }, 'a resource did not close'),
  );
  return {
    config,
    logger,
    resources,
    close: async () => {
      await resources.closeAll();
      close();
    },
  };
}
