import type { LogLine } from '../administration.ts';
import type { SandboxState } from '../model.ts';

/** A log file is put away when it is so long; the CMS starts the next one. */
const MAX_LINES = 2000;
const MAX_ARCHIVES = 5;

/** Writes a line into the CMS's own log. */
export function recordLine(state: SandboxState, time: string, type: LogLine['type'], message: string): void {
  const { log } = state.administration;
  if (log.lines.length >= MAX_LINES) archiveLog(state, time);
  log.lines.push({ number: (log.lines.at(-1)?.number ?? 0) + 1, type, time, message });
}

/** Puts the log file away and starts the next one. */
export function archiveLog({ administration: { log } }: SandboxState, time: string): void {
  log.archives.push({ name: `cms-${time.slice(0, 19).replace(/\D/g, '')}.log`, lines: log.lines });
  if (log.archives.length > MAX_ARCHIVES) log.archives.shift();
  log.lines = [];
}

/** A log file as a person reads it. */
export function logText(lines: LogLine[]): string {
  return lines.map(({ time, type, message }) => `${time} ${type.toUpperCase()} ${message}\r\n`).join('');
}
