import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SandboxState } from './model.ts';

/** Keeps the state in a file. */
export type Persistence = {
  /** Schedules a save; many calls in a short time become one. */
  changed(): void;
  /** Saves now if anything is unsaved. */
  flush(): void;
};

const SAVE_DELAY_MS = 200;

/** @throws Error when the file exists and does not hold a state of this format. Null when there is no file. */
export function loadState(file: string): SandboxState | null {
  if (!existsSync(file)) return null;
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null || !('formatVersion' in parsed) || parsed.formatVersion !== 2) {
    throw new Error(`${file} is not a data file of this sandbox. Delete it, or name another file with --data.`);
  }
  // The file is written by this program only; its format number stands for its whole shape.
  return parsed as SandboxState;
}

/** Without a file nothing is kept. */
export function createPersistence(file: string | null, state: SandboxState): Persistence {
  let timer: NodeJS.Timeout | null = null;
  let dirty = false;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (!dirty || file === null) return;
    dirty = false;
    makeFolder(dirname(file));
    // Written beside and renamed, so that a crash leaves either the old file or the new one.
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(state));
    renameSync(temporary, file);
  };
  return {
    changed() {
      if (file === null) return;
      dirty = true;
      timer ??= setTimeout(flush, SAVE_DELAY_MS);
    },
    flush,
  };
}

/** One by one: `mkdir` with `recursive` never ends where a file system takes no new folders, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  mkdirSync(folder);
}
