import type { Logger } from 'pino';

/**
 * Ends the process on an error that nobody caught, as Node does by itself, but tells of it in the log, where secrets are
 * redacted: Node would print the error with all its properties, such as the arguments of a Redis command.
 */
export function tellCrashes(logger: Logger, exitCode: number): void {
  // Rejections that nobody handles come here as well.
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'the process ends by a defect');
    process.exit(exitCode);
  });
}
