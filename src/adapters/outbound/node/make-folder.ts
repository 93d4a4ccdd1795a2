import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, with those above it that are missing, for the account of the server alone. One that is there is left as
 * it is, whoever made it.
 *
 * Folder by folder, since `mkdir` of Node with `recursive` never ends where the file system says of a new folder that its
 * parent is missing, although it is there: below `/proc`, for instance.
 *
 * @throws Error of node:fs that says what stands in the way.
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process that was faster is welcome.
    if (!isFolder(folder)) throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
