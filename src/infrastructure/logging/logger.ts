import { join } from 'node:path';
import {
  type DestinationStream,
  destination,
  type Logger,
  multistream,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino';
import { makeFolder } from '../../adapters/outbound/node/make-folder.ts';
import { createRedact, type Redact } from './redact.ts';

export interface LoggerOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** The name of the service, in every line. */
  readonly service: string;
  /** Which part of it writes: `serve`, `worker`, `stdio`; in every line. */
  readonly program: string;
  /** Texts that may never be written. */
  readonly secrets: readonly string[];
  /** Also appends to `combined.log` in this folder, and errors to `error.log`; opens both anew at SIGHUP. */
  readonly logDir?: string | undefined;
  /** What each line says of where it comes from, such as the ids of the trace that is under way. */
  readonly origin?: () => Readonly<Record<string, string>>;
  /** Where lines go; standard error when absent. */
  readonly output?: DestinationStream;
}

/** A logger with its end. */
export interface OpenLogger {
  readonly logger: Logger;
  /** How many lines could not be written to a file so far; they are on standard error all the same. */
  dropped(): number;
  /** Writes out what is left and lets go of the files and of the signals. */
  close(): void;
}

/**
 * Makes the logger of a process: JSON lines on standard error, since standard output belongs to MCP over stdio and to
 * the answers of the command line. Every line passes `createRedact` just before it is written. Lines are written at
 * once, so that the ones before a crash are there. Throws when the folder cannot be written to.
 *
 * A child made with `requestLogger` carries the request id.
 */
export function createLogger(options: LoggerOptions): OpenLogger {
  // Not the file descriptor: in a cluster PM2 takes what is written to the stream, and the descriptor is its own.
  const output = options.output ?? process.stderr;
  const { logDir } = options;
  const files =
    logDir === undefined ? [] : logFiles.map(({ name, level }) => ({ level, stream: openFile(logDir, name) }));
  ignoreErrors(output);
  const reopen = (): void => {
    for (const { stream } of files) stream.reopen();
  };
  let dropped = 0;
  for (const { stream } of files) {
    stream.on('error', (failure) => output.write(fileTrouble(options, failure)));
    stream.on('drop', () => {
      dropped += 1;
    });
  }
  if (files.length > 0) process.on('SIGHUP', reopen);
  const redact = createRedact(options.secrets);
  const logger = pino(
    {
      level: options.level,
      base: { service: options.service, program: options.program, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      ...(options.origin === undefined ? {} : { mixin: options.origin }),
      formatters: { level: (level) => ({ level }) },
      serializers: { err: serializeError, error: serializeError },
      hooks: { streamWrite: (line) => redactLine(line, redact) },
    },
    // pino has filtered by level already; a stream of `multistream` would filter again from info on.
    files.length === 0 ? output : multistream([{ stream: output, level: 'trace' }, ...files]),
  );
  const stopToggling = toggleDebug(logger);
  return {
    logger,
    dropped: () => dropped,
    close: () => {
      process.off('SIGHUP', reopen);
      stopToggling();
      for (const { stream } of files) stream.end();
    },
  };
}

/** The logger for one request: the id stands in each of its lines, and in the texts of errors that callers see. */
export function requestLogger(logger: Logger, requestId: string): Logger {
  return logger.child({ requestId });
}

/**
 * An error with its causes, less what a failed Redis command was given: its arguments hold content, such as the comment
 * of a job or a remembered page.
 */
function serializeError(error: Error): object {
  const serialized = stdSerializers.errWithCause(error);
  for (let level: unknown = serialized; isObject(level); level = level['cause']) {
    const { command } = level;
    if (isObject(command)) level['command'] = { name: command['name'] };
  }
  return serialized;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function redactLine(line: string, redact: Redact): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    // A line that is no JSON cannot be walked through, and must not pass unseen: as a text it still can be redacted.
    parsed = { level: 'error', msg: line };
  }
  return `${JSON.stringify(redact(parsed))}\n`;
}

/** The files of `logDir`. All processes append to the same two: a line is written at once and whole. */
const logFiles = [
  { name: 'combined.log', level: 'trace' },
  { name: 'error.log', level: 'error' },
] as const;

/** While a disk is full, lines up to this many characters wait for it; those that come then are dropped and counted. */
const waitingCharactersMax = 262_144;

function openFile(folder: string, name: string): ReturnType<typeof destination> {
  const path = join(folder, name);
  try {
    makeFolder(folder);
    return destination({ dest: path, append: true, mkdir: true, sync: true, maxLength: waitingCharactersMax });
  } catch (cause) {
    // The operator has to know which setting to change.
    throw new Error(`LOG_DIR: the file ${name} cannot be written in this folder.`, { cause });
  }
}

/**
 * SIGUSR2 writes debug lines from now on, and a second one goes back: to look at a process that is in trouble, without a
 * restart that would end the trouble. The audit log is kept at any level.
 */
function toggleDebug(logger: Logger): () => void {
  const configured = logger.level;
  const toggle = (): void => {
    logger.level = logger.level === configured ? 'debug' : configured;
    logger.warn({ level: logger.level }, 'the log level was changed by SIGUSR2');
  };
  process.on('SIGUSR2', toggle);
  return () => process.off('SIGUSR2', toggle);
}

/** A reader of standard error that went away must not end the server; there is nobody left to tell. */
function ignoreErrors(output: DestinationStream): void {
  if ('on' in output && typeof output.on === 'function') output.on('error', () => undefined);
}

/** A full disk must not end the server; the line on standard error tells what is missing in the file. */
function fileTrouble({ service, program }: LoggerOptions, failure: NodeJS.ErrnoException): string {
  const line = { level: 'error', service, program, msg: 'The log file cannot be written.', code: failure.code };
  return `${JSON.stringify(line)}\n`;
}
